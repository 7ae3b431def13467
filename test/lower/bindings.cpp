// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <utility>
#include <tuple>
struct P { int *a; int b; };
void sink(int *);

void aggregate(P p) {
  auto [a, b] = p;
  auto &[c, d] = p;
  sink(a);
  sink(c);
  d = b;
}
// CHECK-LABEL: "aggregate(P)"
// CHECK:       copy l0 <- arg0 init
// CHECK:       borrow l1 <- arg0 ref bind
// CHECK:       call @_Z4sinkPi(l0."P::a")
// CHECK:       call @_Z4sinkPi(l1*."P::a")
// CHECK:       use l1*."P::b" write

void array() {
  int *pointers[2];
  auto &[x, y] = pointers;
  sink(y);
}
// CHECK-LABEL: "array()"
// CHECK:       borrow l1 <- l0 ref bind
// CHECK:       call @_Z4sinkPi(l1*[in])

void pair(std::pair<int *, int &> &p) {
  auto &[x, y] = p;
  sink(x);
  sink(&y);
}
// CHECK-LABEL: "pair(
// CHECK-NOT:   get
// CHECK:       call @_Z4sinkPi(l0*.first)
// CHECK:       borrow %0 <- l0*.second* ref address-of

void tuple(std::tuple<int *, int> &t) {
  auto &[x, y] = t;
  sink(x);
}
// CHECK-LABEL: "tuple(
// CHECK:       call %0 <- @{{.*}}get{{.*}}(l0)
// CHECK-NEXT:  borrow l1 <- %0* ref bind
// CHECK:       call @_Z4sinkPi(l1*)
