// What callers learn of a function.
//
// RUN: %refleak effects %s -- -std=c++20 | FileCheck %s

#include <memory>

struct Pool {
  int *first = nullptr;
};

// What a static variable is initialised with is, to callers, what the variable leads to.
Pool &shared() {
  static std::shared_ptr<Pool> pool = std::make_shared<Pool>();
  return *pool;
}
// CHECK-LABEL: "shared()" body
// CHECK-NOT:   heap
// CHECK:       borrow ret <- @"{{.*}}shared()::pool"* ref
// CHECK-NOT:   heap

void keep(int *value) {
  static Pool *pool = new Pool;
  pool->first = value;
}
// CHECK-LABEL: "keep(int *)" body
// CHECK-NOT:   heap
// CHECK:       copy @"{{.*}}keep(int *)::pool"*."Pool::first" <- arg0

// What another call of the function puts there is not.
Pool &renewed() {
  static std::unique_ptr<Pool> pool = std::make_unique<Pool>();
  pool = std::make_unique<Pool>();
  return *pool;
}
// CHECK-LABEL: "renewed()" body
// CHECK:       borrow @"{{.*}}renewed()::pool" <- heap0 own new

// That it may have been let go.
void letGo(Pool &pool, bool all) {
  if (all) pool.first = nullptr;
}
// CHECK-LABEL: "letGo(Pool &, bool)" body
// CHECK:       clear arg0*."Pool::first" may
