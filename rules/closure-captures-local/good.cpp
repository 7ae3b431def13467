#include <functional>
#include <string>
#include <thread>
#include <vector>

std::function<int()> makeCounter() {
  int count = 0;
  return [count]() mutable { return ++count; };
}

static std::vector<std::function<void()>> handlers;

static void onExit(std::function<void()> handler) { handlers.push_back(std::move(handler)); }

void session(std::string name) {
  onExit([name]() mutable { name.clear(); });
}

static void runNow(const std::function<void(int)> &each) {
  for (int i = 0; i < 3; ++i) each(i);
}

int sum() {
  int total = 0;
  runNow([&total](int i) { total += i; });
  return total;
}

void wait() {
  int result = 0;
  std::thread worker([&result] { result = 1; });
  worker.join();
}

struct Button {
  std::function<void()> pressed;
};

void press(Button &button) {
  int presses = 0;
  button.pressed = [&presses] { ++presses; };
  button.pressed = nullptr;
}
