// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
struct G { ~G(); };
int *p;
struct Base { G g; virtual ~Base() { p = nullptr; } };
struct D : Base {
  G a, b;
  ~D() override {
    if (p) return;
    p = nullptr;
  }
};
// CHECK-LABEL: "Base::~Base()"
// CHECK:       clear @p
// CHECK-NEXT:  borrow %0 <- this*."Base::g" ref this
// CHECK-NEXT:  call @_ZN1GD1Ev(this=%0)

// CHECK-LABEL: "D::~D()"
// CHECK-SAME:  overrides @_ZN4BaseD1Ev
// CHECK:       block 0 -> [[PARTS:[0-9]+]] 1
// CHECK:       clear @p
// CHECK:       block [[PARTS]] ->
// CHECK-NEXT:  borrow [[B:%.]] <- this*."D::b" ref this
// CHECK-NEXT:  call @_ZN1GD1Ev(this=[[B]])
// CHECK-NEXT:  borrow [[A:%.]] <- this*."D::a" ref this
// CHECK-NEXT:  call @_ZN1GD1Ev(this=[[A]])
// CHECK-NEXT:  call @_ZN4BaseD1Ev(this=this)

void deletes(Base *b, int *q, D *many) {
  delete b;
  delete q;
  delete[] many;
}
// CHECK-LABEL: "deletes(Base *, int *, D *)"
// CHECK:       use arg0* write
// CHECK-NEXT:  call @_ZN4BaseD1Ev(this=arg0) virtual
// CHECK-NEXT:  expire arg0* delete
// CHECK:       expire arg1* delete
// CHECK:       expire arg2* delete

void explicitly(G *g) { g->~G(); }
// CHECK-LABEL: "explicitly(G *)"
// CHECK:       call @_ZN1GD1Ev(this=arg0)
// CHECK-NEXT:  block 1
