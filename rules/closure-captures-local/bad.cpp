#include <functional>
#include <string>
#include <thread>
#include <vector>

std::function<int()> makeCounter() {
  int count = 0;
  return [&count] { return ++count; }; // expect: closure-captures-local
}

static std::vector<std::function<void()>> handlers;

static void onExit(std::function<void()> handler) { handlers.push_back(std::move(handler)); }

void session(std::string name) {
  onExit([&] { name.clear(); }); // expect: closure-captures-local
}

struct Button {
  std::function<void()> pressed;
};

void wire(Button &button) {
  int presses = 0;
  button.pressed = [&presses] { ++presses; }; // expect: closure-captures-local
}

struct Pool {
  std::vector<std::function<void()>> queue;
  bool idle() const { return queue.empty(); }
  void serve() {
    while (!queue.empty()) {
      auto next = std::move(queue.back());
      queue.pop_back();
      next();
    }
  }

  // Waiting at the end is too late for what each round of the loop ends.
  void each(int last) {
    int done = 0;
    for (int i = 0; i < last; ++i) {
      int half = i / 2;
      queue.push_back([&half, &done] { done += half; }); // expect: closure-captures-local: 'half'
    }
    while (!idle()) std::this_thread::yield();
  }
};
