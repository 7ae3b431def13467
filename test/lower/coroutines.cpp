// What a call of a coroutine gives back holds what the body needs after it was left.
// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
#include <coroutine>
#include <string>

template <class Start> struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    Start initial_suspend() { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
  std::coroutine_handle<promise_type> handle;
};
using Lazy = Task<std::suspend_always>;
using Eager = Task<std::suspend_never>;
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

Lazy lazy(const std::string &text, int *count) {
  *count = int(text.size());
  co_return;
}
// CHECK-LABEL: "lazy(const std::string &, int *)"
// CHECK-DAG:   copy ret."Task<{{.*}}>::handle"[in] <- arg1 frame
// CHECK-DAG:   borrow ret."Task<{{.*}}>::handle"[in] <- arg0* ref frame

Eager eager(const std::string &before, const std::string &after) {
  int size = int(before.size());
  co_await std::suspend_always();
  size += int(after.size());
}
// CHECK-LABEL: "eager(const std::string &, const std::string &)"
// CHECK-NOT:   <- arg0* ref frame
// CHECK:       borrow ret."Task<{{.*}}>::handle"[in] <- arg1* ref frame
// CHECK-NOT:   <- arg0* ref frame

Eager atOnce(const std::string &text) {
  int size = int(text.size());
  co_return;
}
// CHECK-LABEL: "atOnce(const std::string &)"
// CHECK-NOT:   frame
// CHECK:       block 1

struct Server {
  int requests = 0;
  Detached run() {
    co_await std::suspend_always();
    ++requests;
  }
};
// CHECK-LABEL: "Server::run()"
// CHECK:       borrow @detached_coroutines[in] <- this* ref frame
