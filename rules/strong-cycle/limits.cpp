// What strong-cycle gets wrong.
#include <functional>
#include <memory>
#include <vector>

struct Listener {
  std::function<void()> callback;
};

// That both mean the same element is not known.
void listenAll(const std::vector<std::shared_ptr<Listener>> &all) {
  for (const auto &each : all) each->callback = [each] {}; // FN_strong-cycle
}

struct Timer {
  std::function<void()> tick;
  void cancel() { tick = nullptr; }
};

// Nothing calls cancel.
std::shared_ptr<Timer> makeTimer() {
  auto timer = std::make_shared<Timer>();
  timer->tick = [timer] {}; // FN_strong-cycle
  return timer;
}
