// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <vector>
struct Range { int *begin(); int *end(); ~Range(); };
Range make();

void own(Range &r) {
  for (int &x : r) x = 1;
}
// CHECK-LABEL: "own(Range &)"
// CHECK:       borrow l0 <- arg0* ref range-for
// CHECK:       call %0 <- @_ZN5Range5beginEv(this=l0)
// CHECK-NEXT:  copy l1 <- %0 range-for
// CHECK:       call %1 <- @_ZN5Range3endEv(this=l0)
// CHECK-NEXT:  copy l2 <- %1 range-for
// CHECK:       block 1 -> [[BODY:[0-9]+]] [[OUT:[0-9]+]]
// CHECK:       block [[BODY]] -> 1
// CHECK-NEXT:  live l3
// CHECK-NEXT:  borrow l3 <- l1* ref bind
// CHECK-NEXT:  use l3* write

void temporary() {
  for (int x : make()) {}
}
// CHECK-LABEL: "temporary()"
// CHECK:       borrow l0 <- %0 ref temporary
// CHECK:       use l1*
// CHECK:       expire %0 temporary

void array() {
  int *pointers[3];
  for (int *p : pointers) *p = 1;
}
// CHECK-LABEL: "array()"
// CHECK:       borrow l1 <- l0 ref range-for
// CHECK:       borrow l2 <- l1*[in] ref decay

void library(std::vector<int> &v) {
  for (int x : v)
    if (x) v.push_back(x);
}
// CHECK-LABEL: "library(std::vector<int> &)"
// CHECK:       call l1 <- @{{.*}}begin{{.*}}(this=l0)
// CHECK:       call @{{.*}}push_back{{.*}}(this=arg0, %{{[0-9]+}})
