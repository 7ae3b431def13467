// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <cstdint>
struct B { virtual ~B(); int *p; };
struct D : B { int *q; };
void sink(int *);

void laundered(int *p) {
  auto n = reinterpret_cast<std::uintptr_t>(p);
  std::uintptr_t m = n;
  sink(reinterpret_cast<int *>(m));
  void *v = p;
  sink(static_cast<int *>(v));
}
// CHECK-LABEL: "laundered(int *)"
// CHECK:       copy [[A:%.]] <- arg0 cast
// CHECK-NEXT:  copy l0 <- [[A]] init
// CHECK:       copy l1 <- l0 init
// CHECK:       copy [[B:%.]] <- l1 cast
// CHECK-NEXT:  call @_Z4sinkPi([[B]])
// CHECK:       copy [[C:%.]] <- arg0 cast
// CHECK-NEXT:  copy l2 <- [[C]] init
// CHECK:       copy [[E:%.]] <- l2 cast
// CHECK-NEXT:  call @_Z4sinkPi([[E]])

int *between(D *d, B &b) {
  B *up = d;
  if (D *down = dynamic_cast<D *>(&b)) return down->q;
  return static_cast<D &>(b).p;
}
// CHECK-LABEL: "between(D *, B &)"
// CHECK:       copy l0 <- arg0 init
// CHECK:       borrow l1 <- arg1* ref address-of
// CHECK:       copy ret <- l1*."D::q" return
// CHECK:       copy ret <- arg1*."B::p" return

bool tested(int *p) {
  bool b = p;
  return p == nullptr || b;
}
// CHECK-LABEL: "tested(int *)"
// CHECK-NOT:   copy
// CHECK:       block 1{{$}}
