// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// Attributes are effects where no body says more.
struct [[gsl::Owner]] Owner { int *begin(); int &at(int); int size(); Owner &self(); };
struct [[gsl::Pointer]] Pointer { Pointer(const Owner &); int *p; };
int &chosen(int &x [[clang::lifetimebound]], int *y);
struct Hold {
  Hold(int &r [[clang::lifetimebound]]);
  const int &get() const [[clang::lifetimebound]];
  void keep(int *p [[clang::lifetime_capture_by(this)]]);
};
void kept(int *p [[clang::lifetime_capture_by(into)]], Hold &into);
void passing(int *p __attribute__((noescape)));
int &here(int &x [[clang::lifetimebound]]) { return x; }

void all(Owner &o, int *q) {
  Pointer p(o);
  int &r = o.at(1);
  o.begin();
  o.size();
  o.self();
  Hold h(r);
  h.get();
  h.keep(q);
  kept(q, h);
  passing(q);
  chosen(r, q);
  here(r);
}
// CHECK-LABEL: effects @_ZN7PointerC1ERK5Owner {{.*}} annotation
// CHECK-NEXT:  borrow this* <- arg0*[] view lend
// CHECK-LABEL: effects @_ZN5Owner2atEi
// CHECK-NEXT:  borrow ret <- this*[] ref lend
// CHECK-LABEL: effects @_ZN5Owner5beginEv
// CHECK-NEXT:  borrow ret <- this*[] ref lend
// CHECK-NOT:   size
// CHECK-NOT:   self
// CHECK-LABEL: effects @_ZN4HoldC1ERi
// CHECK-NEXT:  copy this* <- arg0 lend
// CHECK-LABEL: effects @_ZNK4Hold3getEv
// CHECK-NEXT:  borrow ret <- this* ref lend
// CHECK-LABEL: effects @_ZN4Hold4keepEPi
// CHECK-NEXT:  copy this* <- arg0 insert
// CHECK-LABEL: effects @_Z4keptPiR4Hold
// CHECK-NEXT:  copy arg1* <- arg0 insert
// CHECK-LABEL: effects @_Z7passingPi
// CHECK-NEXT:  use arg0* call
// CHECK-LABEL: effects @_Z6chosenRiPi
// CHECK-NEXT:  copy ret <- arg0 lend
// CHECK-NOT:   here
