// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// Copies and moves that the compiler writes are facts; those that somebody wrote are calls.
#include <vector>
struct Plain { int *p; int n; };
struct Numbers { int a, b; };
struct Own { std::vector<int *> v; };
struct User { User(); User(const User &); User(User &&); User &operator=(const User &); int *p; };

void plain(Plain &a, Plain b, Numbers n) {
  Plain c = a;
  c = b;
  a = c;
  Numbers m = n;
  m = n;
}
// CHECK-LABEL: "plain(Plain &, Plain, Numbers)"
// CHECK:       use arg0*
// CHECK-NEXT:  copy l0 <- arg0* init
// CHECK-NEXT:  copy l0 <- arg1 assign
// CHECK-NEXT:  use arg0* write
// CHECK-NEXT:  copy arg0* <- l0 assign
// CHECK-NEXT:  block 1

void moved(Own a) {
  Own b = std::move(a);
  a = static_cast<Own &&>(b);
  Own c = b;
}
// CHECK-LABEL: "moved(Own)"
// CHECK:       move l0 <- arg0 init
// CHECK-NEXT:  move arg0 <- l0 assign
// CHECK:       copy l1 <- l0 init

void user(User &u) {
  User a = u;
  User b = static_cast<User &&>(a);
  b = a;
  User c = User();
}
// CHECK-LABEL: "user(User &)"
// CHECK:       borrow %0 <- l0 ref this
// CHECK-NEXT:  call @_ZN4UserC1ERKS_(this=%0, arg0)
// CHECK:       call @_ZN4UserC1EOS_
// CHECK:       call {{.*}}@_ZN4UseraSERKS_
// CHECK:       borrow [[C:%.]] <- l2 ref this
// CHECK-NEXT:  call @_ZN4UserC1Ev(this=[[C]])
