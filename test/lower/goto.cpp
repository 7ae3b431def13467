// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// A jump ends what stands above the label, forwards and backwards.
struct T { ~T(); };
void sink(int);

void jumps(int n) {
again: {
  T t;
  if (n == 1) goto out;
  if (n == 2) goto again;
}
out:
  sink(n);
}
// CHECK-LABEL: "jumps(int)"
// CHECK:       block 1 -> [[OUT:[0-9]+]] [[NOT:[0-9]+]]
// CHECK-NEXT:  live l0
// CHECK:       block [[OUT]] -> [[SINK:[0-9]+]]
// CHECK:       expire l0 scope
// CHECK:       block [[NOT]] -> [[AGAIN:[0-9]+]] [[FALL:[0-9]+]]
// CHECK:       block [[AGAIN]] -> 1
// CHECK:       expire l0 scope
// CHECK:       block [[FALL]] -> [[SINK]]
// CHECK:       expire l0 scope
// CHECK:       block [[SINK]]
// CHECK-NEXT:  call @_Z4sinki(arg0)
