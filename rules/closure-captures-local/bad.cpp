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
