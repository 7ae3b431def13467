// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s --implicit-check-not=give-up
int *load(int **p) { return __atomic_load_n(p, 5); }
// CHECK-LABEL: "load(int **)"
// CHECK:       use arg0*
// CHECK:       copy ret <- arg0*

void loadTo(int **p, int **to) { __atomic_load(p, to, 5); }
// CHECK-LABEL: "loadTo(int **, int **)"
// CHECK:       copy arg1* <- arg0*

void store(int **p, int *value) { __atomic_store_n(p, value, 5); }
// CHECK-LABEL: "store(int **, int *)"
// CHECK:       use arg0* write
// CHECK-NEXT:  copy arg0* <- arg1

int *exchange(int **p, int *value) { return __atomic_exchange_n(p, value, 5); }
// CHECK-LABEL: "exchange(int **, int *)"
// CHECK:       copy %0 <- arg0*
// CHECK:       copy arg0* <- arg1
// CHECK:       copy ret <- %0

bool compare(int **p, int **expected, int *value) {
  return __atomic_compare_exchange_n(p, expected, value, false, 5, 5);
}
// CHECK-LABEL: "compare(int **, int **, int *)"
// CHECK:       copy arg0* <- arg2
// CHECK:       copy arg1* <- arg0*

void standard(_Atomic(int *) *p, int *value) { __c11_atomic_store(p, value, 5); }
// CHECK-LABEL: "standard(
// CHECK:       copy arg0* <- arg1

int count(int *p) { return __atomic_fetch_add(p, 1, 5); }
// CHECK-LABEL: "count(int *)"
// CHECK:       use arg0* write
