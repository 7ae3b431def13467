// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// The right operand comes first, whether the operator is built in, a member or free, and also if an operand branches.
struct Op { Op &operator=(const Op &); Op &operator+=(int *); };
struct Plain { int *p; };
Op &operator-=(Op &, Op &);
Op &pick(int);
Plain &plain(int);
int *&pointer(int);
Op &operator<<(Op &, int *);

void overloaded() {
  pick(1) = pick(2);
  pick(3) += pointer(4);
  pick(5) -= pick(6);
}
// CHECK-LABEL: "overloaded()"
// CHECK:       @_Z4picki(const"2")
// CHECK:       @_Z4picki(const"1")
// CHECK:       @_ZN2OpaSERKS_
// CHECK:       @_Z7pointeri(const"4")
// CHECK:       @_Z4picki(const"3")
// CHECK:       @_ZN2OppLEPi
// CHECK:       call [[R:%.+]] <- @_Z4picki(const"6")
// CHECK:       call [[L:%.+]] <- @_Z4picki(const"5")
// CHECK:       @_ZmIR2OpS0_([[L]], [[R]])

void builtin() {
  pointer(1) = pointer(2);
  plain(3) = plain(4);
}
// CHECK-LABEL: "builtin()"
// CHECK:       call [[R:%.+]] <- @_Z7pointeri(const"2")
// CHECK:       use [[R]]*
// CHECK:       call [[L:%.+]] <- @_Z7pointeri(const"1")
// CHECK:       use [[L]]* write
// CHECK-NEXT:  copy [[L]]* <- [[R]]* assign
// CHECK:       @_Z5plaini(const"4")
// CHECK:       @_Z5plaini(const"3")

void branching(bool c) { pick(1) = c ? pick(2) : pick(3); }
// CHECK-LABEL: "branching(bool)"
// CHECK:       @_Z4picki(const"2")
// CHECK:       @_Z4picki(const"3")
// CHECK:       @_Z4picki(const"1")
// CHECK:       @_ZN2OpaSERKS_

void shifted() { pick(1) << pointer(2); }
// CHECK-LABEL: "shifted()"
// CHECK:       @_Z4picki(const"1")
// CHECK:       @_Z7pointeri(const"2")
