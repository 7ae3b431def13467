// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <coroutine>
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};
Task coroutine(int *p) { co_return; }
// CHECK-LABEL: "coroutine(int *)"
// CHECK:       give-up "coroutine"

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
