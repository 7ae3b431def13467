// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// Control may get from each call in a try block to its handlers, after the ends of what has been made by then.
struct T { T(); ~T(); };
void sink(int *);

int *handled(int *p) {
  try {
    T t;
    sink(p);
  } catch (int e) {
    return nullptr;
  } catch (...) {
    sink(p);
  }
  return p;
}
// CHECK-LABEL: "handled(int *)"
// CHECK:       block 0 -> [[HANDLERS:[0-9]+]] 1
// CHECK:       call @_ZN1TC1Ev
// CHECK:       block {{[0-9]+}} -> [[HANDLERS]]
// CHECK:       call @_ZN1TD1Ev
// CHECK-NEXT:  expire l0 scope
// CHECK:       block [[HANDLERS]] -> [[INT:[0-9]+]] [[ALL:[0-9]+]]
// CHECK:       block [[INT]] ->
// CHECK-NEXT:  clear ret
// CHECK:       block [[ALL]] ->
// CHECK-NEXT:  call @_Z4sinkPi(arg0)

void thrown(int *p, bool c) {
  if (c) throw p;
  sink(p);
}
// CHECK-LABEL: "thrown(int *, bool)"
// CHECK:       block 1{{$}}
// CHECK:       copy %0 <- arg0 init
// CHECK:       block 2 -> 3
// CHECK-NEXT:  assume arg1 false
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
