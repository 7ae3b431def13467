// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
int *g;
struct T { ~T(); int *p; };

void cases(int k, int *p) {
  switch (k) {
  case 1: g = p; break;
  case 2:
  case 3: {
    T t;
    g = t.p;
  }
  default: g = nullptr;
  }
}
// CHECK-LABEL: "cases(int, int *)"
// CHECK:       block 0 -> 1 2 3
// CHECK:       block 1 -> [[OUT:[0-9]+]]
// CHECK-NEXT:  copy @g <- arg1 assign
// CHECK:       block 2 -> 3
// CHECK:       copy @g <- l0."T::p" assign
// CHECK:       expire l0 scope
// CHECK:       block 3 -> [[OUT]]
// CHECK-NEXT:  clear @g

enum class E { A, B };
void covered(E e, int *p) {
  switch (e) {
  case E::A: g = p; break;
  case E::B: g = nullptr;
  }
}
// CHECK-LABEL: "covered(E, int *)"
// CHECK:       block 0 -> 1 2{{$}}

void open(int k, int *p) {
  switch (k)
  case 1: g = p;
}
// CHECK-LABEL: "open(int, int *)"
// CHECK:       block 0 -> 1 2{{$}}
// CHECK:       block 1 -> 2
