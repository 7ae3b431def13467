// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <new>
struct T { T(int *); int *p; };
void sink(int *);

void single(int *q) {
  T *t = new T(q);
  int *i = new int(3);
  sink(i);
}
// CHECK-LABEL: "single(int *)"
// CHECK:       live heap0
// CHECK-NEXT:  borrow %0 <- heap0 ref this
// CHECK-NEXT:  call @_ZN1TC1EPi(this=%0, arg0)
// CHECK-NEXT:  borrow l0 <- heap0 ref new
// CHECK:       borrow l1 <- heap1 ref new

void array(int *q) {
  int **many = new int *[3]{q};
  many[1] = q;
}
// CHECK-LABEL: "array(int *)"
// CHECK:       copy heap0[in] <- arg0 init
// CHECK:       borrow l0 <- heap0[in] ref new
// CHECK:       use l0* write
// CHECK-NEXT:  copy l0* <- arg0 assign

T *placed(void *where, int *q) { return new (where) T(q); }
// CHECK-LABEL: "placed(void *, int *)"
// CHECK:       call @_ZN1TC1EPi(this=arg0, arg1)
// CHECK-NEXT:  copy ret <- arg0 return
