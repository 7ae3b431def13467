// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// A temporary ends with its full expression, unless a reference prolongs its life to that of its own.
struct T { T(); ~T(); int *get() const; int *p; };
T make();
void take(const T &);
void takeValue(T);
void sink(int *);
const int &pick(const int &, const int &);

void ends() { take(make()); }
// CHECK-LABEL: "ends()"
// CHECK:       live %0
// CHECK-NEXT:  call %0 <- @_Z4makev()
// CHECK-NEXT:  borrow %1 <- %0 ref argument
// CHECK-NEXT:  call @_Z4takeRK1T(%1)
// CHECK:       call @_ZN1TD1Ev
// CHECK-NEXT:  expire %0 temporary

void prolonged() {
  const T &r = make();
  sink(r.get());
}
// CHECK-LABEL: "prolonged()"
// CHECK:       borrow l0 <- %0 ref temporary
// CHECK-NOT:   expire
// CHECK:       call @_Z4sinkPi
// CHECK:       expire %0 temporary

void passedByValue() { takeValue(make()); }
// CHECK-LABEL: "passedByValue()"
// CHECK:       call @_Z9takeValue1T(%0)
// CHECK-NOT:   expire

void discarded() { make(); }
// CHECK-LABEL: "discarded()"
// CHECK:       expire %0 temporary

int number(int a) {
  const int &r = pick(a, 3);
  return r;
}
// CHECK-LABEL: "number(int)"
// CHECK:       borrow %0 <- arg0 ref argument
// CHECK-NEXT:  live %1
// CHECK-NEXT:  borrow %2 <- %1 ref argument
// CHECK-NEXT:  call %3 <- @_Z4pickRKiS0_(%0, %2)
// CHECK-NEXT:  borrow l0 <- %3* ref bind
// CHECK-NEXT:  expire %1 temporary
// CHECK-NEXT:  use l0*

void onOneSide(bool c) {
  if (c && make().get()) sink(nullptr);
}
// CHECK-LABEL: "onOneSide(bool)"
// CHECK:       block 0 -> [[MADE:[0-9]+]] [[AFTER:[0-9]+]]
// CHECK:       block [[MADE]] ->
// CHECK:       @_ZNK1T3getEv
// CHECK:       expire %0 temporary
// CHECK:       call @_Z4sinkPi
// CHECK:       expire %0 temporary
