// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <initializer_list>
#include <vector>
void take(std::initializer_list<int *>);

void lists(int *p) {
  int x;
  take({p, &x});
  std::vector<int *> v{p};
}
// CHECK-LABEL: "lists(int *)"
// CHECK:       copy [[A:%.]][in] <- arg0 init
// CHECK-NEXT:  borrow [[A]][in] <- l0 ref address-of
// CHECK-NEXT:  borrow [[L:%.]] <- [[A]][in] view temporary
// CHECK-NEXT:  call @{{.*}}take{{.*}}([[L]])
// CHECK:       expire [[A]] temporary
// CHECK:       call {{.*}}vector{{.*}}(this=%{{.*}}, %{{[0-9]+}}, _)
