// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// Tests of flags, and what is written to them. What no other test or value can tell from is left out.
void sink(int *);

void twice(int *p, int n) {
  bool found = false;
  for (int i = 0; i < n; ++i)
    if (p[i]) found = true;
  if (!found) sink(p);
}
// CHECK-LABEL: "twice(int *, int)"
// CHECK:       clear l0
// CHECK-NEXT:  assume l0 false
// CHECK:       clear l0
// CHECK-NEXT:  assume l0 true
// CHECK:       assume l0 false
// CHECK-NEXT:  call @_Z4sinkPi(arg0)

void computed(int *p, int n) {
  bool found = n > 3;
  if (found) sink(p);
  found = n > 4;
  if (found) sink(nullptr);
}
// CHECK-LABEL: "computed(int *, int)"
// CHECK:       assume l0 true
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
// CHECK:       clear l0
// CHECK-NOT:   clear
// CHECK:       assume l0 true
// CHECK-NEXT:  call @_Z4sinkPi(_)

void once(int *p, int n) {
  bool found = n > 3;
  if (found) sink(p);
}
// CHECK-LABEL: "once(int *, int)"
// CHECK-NOT:   assume

void set(bool *);
void elsewhere(int *p) {
  bool found = false;
  set(&found);
  if (found) sink(p);
  if (!found) sink(nullptr);
}
// CHECK-LABEL: "elsewhere(int *)"
// CHECK-NOT:   assume

void counted(int *p, int n) {
  if (n == 0) sink(p);
  --n;
  if (n) sink(nullptr);
}
// CHECK-LABEL: "counted(int *, int)"
// CHECK:       assume arg1 false
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
// CHECK:       clear arg1
// CHECK:       assume arg1 true
// CHECK-NEXT:  call @_Z4sinkPi(_)

void captured(int *p, bool b) {
  auto change = [&] { b = !b; };
  if (b) sink(p);
  change();
  if (b) sink(nullptr);
}
// CHECK-LABEL: "captured(int *, bool)"
// CHECK-NOT:   assume

void null(int *p, bool b) {
  if (p != nullptr) return;
  sink(p);
}
// CHECK-LABEL: "null(int *, bool)"
// CHECK:       assume arg0 null
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
