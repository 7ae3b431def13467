// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
void assembly(int *p) {
  asm("");
  *p = 1;
}
// CHECK-LABEL: "assembly(int *)"
// CHECK:       give-up "inline assembly"
// CHECK-NEXT:  use arg0* write

void computed(void *p) {
  void *target = &&here;
  goto *target;
here:
  return;
}
// CHECK-LABEL: "computed(void *)"
// CHECK:       give-up "computed goto"
