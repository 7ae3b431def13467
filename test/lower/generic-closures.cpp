// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
template <class F> void run(int *p, F f) { f(p); }

void generic(int *p) {
  int s;
  run(p, [&](auto *x) { s = *x; });
  auto never = [](auto x) { return x; };
}
// CHECK-LABEL: "run(int *, (lambda))"
// CHECK:       borrow %0 <- arg1 ref this
// CHECK-NEXT:  call @[[CODE:.*]](this=%0, arg0)
// CHECK-LABEL: "generic(int *)"
// CHECK:       borrow %0 <- code@[[CODE]] code argument
// CHECK-NEXT:  borrow %0.s <- l0 ref capture
// CHECK:       give-up "a generic lambda that is never called here"

template <class... A> int *pack(A... a) {
  auto f = [&] { return (a + ...); };
  return f();
}
int *packed(int *p) { return pack(p, 1); }
// CHECK-LABEL: "pack(int *, int)"
// CHECK:       borrow l0.a <- arg[[FIRST:.]] ref capture
// CHECK-NEXT:  borrow l0."a#2" <- arg{{[01]}} ref capture

// CHECK:       function @[[CODE]] "lambda"
// CHECK:       use arg0*
// CHECK-NEXT:  use this*.s* write
