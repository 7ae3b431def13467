// What closure-captures-local gets wrong.
#include <functional>
#include <memory>

std::function<int()> shared() {
  auto count = std::make_shared<int>(0);
  int *raw = count.get();
  return [raw] { return *raw; }; // FN_closure-captures-local
}
