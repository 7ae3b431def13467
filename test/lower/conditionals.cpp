// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
void sink(int *);

int *pointer(bool c, int *a) {
  int x;
  return c ? &x : a;
}
// CHECK-LABEL: "pointer(bool, int *)"
// CHECK:       block 1 -> 3
// CHECK-NEXT:  assume arg0 true
// CHECK-NEXT:  borrow %0 <- l0 ref address-of
// CHECK:       block 2 -> 3
// CHECK-NEXT:  assume arg0 false
// CHECK-NEXT:  copy %0 <- arg1
// CHECK:       block 3 -> 4
// CHECK-NEXT:  copy ret <- %0 return
// CHECK-NEXT:  expire l0 scope

int &reference(bool c, int &a, int &b) { return c ? a : b; }
// CHECK-LABEL: "reference(bool, int &, int &)"
// CHECK:       borrow %0 <- arg1* ref bind
// CHECK:       borrow %0 <- arg2* ref bind
// CHECK:       borrow ret <- %0* ref return

struct Pair { int *a, *b; };
Pair make(int *);
Pair object(bool c, int *p, int *q) { return c ? make(p) : Pair{q, q}; }
Pair copied(bool c, Pair &p, Pair q) { return c ? p : q; }
// CHECK-LABEL: "object(bool, int *, int *)"
// CHECK:       call ret <- @_Z4makePi(arg1)
// CHECK:       copy ret."Pair::a" <- arg2 return
// CHECK-LABEL: "copied(bool, Pair &, Pair)"
// CHECK:       borrow %0 <- arg1* ref bind
// CHECK:       borrow %0 <- arg2 ref bind
// CHECK:       use %0*
// CHECK-NEXT:  copy ret <- %0* return

void shortCircuit(int *p, int *q) {
  if (p && *p && (q || !*p)) sink(p);
}
// CHECK-LABEL: "shortCircuit(int *, int *)"
// CHECK:       block 0 -> 1 [[NULL:[0-9]+]]
// CHECK:       block 1 -> 2 [[OUT:[0-9]+]]
// CHECK-NEXT:  use arg0*
// CHECK:       block 2 -> [[SINK:[0-9]+]] 3
// CHECK:       block 3 -> [[OUT]] [[SINK]]
// CHECK-NEXT:  assume arg1 null
// CHECK-NEXT:  use arg0*
// CHECK:       block [[NULL]] -> [[OUT]]
// CHECK-NEXT:  assume arg0 null

template <bool B> int *constant(int *p, int *q) {
  if constexpr (B)
    return p;
  else
    return q;
}
int *both(int *p, int *q) { return constant<true>(p, constant<false>(p, q)); }
// CHECK-LABEL: "constant(int *, int *)"
// CHECK:       copy ret <- arg{{[01]}} return
// CHECK-NOT:   copy
// CHECK:       block 1{{$}}

int *elvis(int *p, int *q) { return p ?: q; }
// CHECK-LABEL: "elvis(int *, int *)"
// CHECK:       ret <- %0
