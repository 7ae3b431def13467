// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// Objects end in reverse order on each way out, after what is returned has been read.
struct Guard { ~Guard(); int *p; };
void sink(int *);

int *early(int n, int *given) {
  Guard first;
  int x;
  sink(&x);
  if (n) return given;
  Guard second;
  return nullptr;
}
// CHECK-LABEL: "early(int, int *)"
// CHECK:       copy ret <- arg1 return
// CHECK-NOT:   l2
// CHECK:       expire l1 scope
// CHECK-NEXT:  borrow [[T:%.]] <- l0 ref this
// CHECK-NEXT:  call @_ZN5GuardD1Ev(this=[[T]])
// CHECK-NEXT:  expire l0 scope
// CHECK:       clear ret
// CHECK:       expire l2 scope
// CHECK-NEXT:  expire l1 scope
// CHECK:       expire l0 scope

int unborrowed() {
  int x = 1;
  return x;
}
// CHECK-LABEL: "unborrowed()"
// CHECK-NOT:   live
// CHECK-NOT:   expire

void parameter(Guard g, int n) { sink(&n); }
// CHECK-LABEL: "parameter(Guard, int)"
// CHECK:       expire arg1 scope
// CHECK:       expire arg0 scope

struct Holder { Guard a; Guard b; };
void nested() { Holder h; }
// CHECK-LABEL: "nested()"
// CHECK:       borrow [[B:%.]] <- l0."Holder::b" ref this
// CHECK-NEXT:  call @_ZN5GuardD1Ev(this=[[B]])
// CHECK-NEXT:  borrow [[A:%.]] <- l0."Holder::a" ref this
// CHECK-NEXT:  call @_ZN5GuardD1Ev(this=[[A]])
// CHECK-NEXT:  expire l0 scope

Guard returned() {
  Guard g;
  return g;
}
// CHECK-LABEL: "returned()"
// CHECK:       move ret <- l0 elided
// CHECK-NEXT:  block 1

// An object that is returned in a register is copied there, and ends.
struct Pair {
  int *a, *b;
};
Pair returnedInRegisters(Pair *&where) {
  Pair pair{};
  where = &pair;
  return pair;
}
// CHECK-LABEL: "returnedInRegisters(Pair *&)"
// CHECK:       move ret <- l0 return
// CHECK-NEXT:  expire l0 scope
