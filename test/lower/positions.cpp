// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#define DEREF(x) *(x)
#define TOUCH(p) f(p); (void)*p
void f(int *);
void inMacro(int *p) {
  DEREF(p) = 1;
  TOUCH(p);
  /* ä€😀 */ *p = 2;
  f(
    p);
}
// CHECK-LABEL: "inMacro(int *)" at 0:5:6-5:13
// CHECK-NEXT:  param 0 pointer "p" at 0:5:19-5:20
// CHECK:       use arg0* write at 0:6:3-6:15
// CHECK-NEXT:  call @_Z1fPi(arg0) at 0:7:3-7:
// CHECK:       use arg0* write at 0:8:19-8:25
// CHECK-NEXT:  call @_Z1fPi(arg0) at 0:9:3-10:7
