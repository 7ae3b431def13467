// What closure-captures-local gets wrong.
#include <functional>

void runSometime(std::function<void()> job); // no body, no annotation

void post() {
  int count = 0;
  runSometime([&count] { ++count; }); // FN_closure-captures-local
}
