// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
int *g;
struct T { T(); T(int *); ~T(); };

struct S {
  int &r;
  int *p = g;
  T t;
  S(int &x) : r(x), t(&x) {}
  S() : S(*g) {}
};
// CHECK-LABEL: "S::S(int &)" {{.*}}method
// CHECK:       borrow this*."S::r" <- arg0* ref field
// CHECK-NEXT:  copy this*."S::p" <- @g field
// CHECK-NEXT:  borrow %0 <- arg0* ref address-of
// CHECK-NEXT:  borrow %1 <- this*."S::t" ref this
// CHECK-NEXT:  call @_ZN1TC1EPi(this=%1, %0)
// CHECK-LABEL: "S::S()"
// CHECK:       call @_ZN1SC1ERi(this=this, @g)

struct D : S {
  using S::S;
  D(int &x, int) : S(x) {}
};
// CHECK-LABEL: "D::D(int &, int)"
// CHECK:       call @_ZN1SC1ERi(this=this, arg0)

void inherited(int &x) { D d(x); }
// CHECK-LABEL: "inherited(int &)"
// CHECK:       borrow %0 <- l0 ref this
// CHECK-NEXT:  call @_ZN1DCI11SERi(this=%0, arg0)

struct Implicit { int *p = g; T t; };
void implicit() { Implicit i; }
// CHECK-LABEL: "Implicit::Implicit()"
// CHECK:       copy this*."Implicit::p" <- @g field
// CHECK:       call @_ZN1TC1Ev
// CHECK-LABEL: "implicit()"
// CHECK:       call @_ZN8ImplicitC1Ev

void aggregate(int *q) { Implicit i{.p = q}; }
// CHECK-LABEL: "aggregate(int *)"
// CHECK:       copy l0."Implicit::p" <- arg0 init
// CHECK:       borrow %0 <- l0."Implicit::t" ref this
// CHECK-NEXT:  call @_ZN1TC1Ev(this=%0)

struct U { union { int *a; long b; }; U(int *p) : a(p) {} };
// CHECK-LABEL: "U::U(int *)"
// CHECK:       copy this*."U::{{.*}}a" <- arg0 field
