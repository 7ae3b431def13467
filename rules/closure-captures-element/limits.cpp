// What closure-captures-element gets wrong.
#include <functional>
#include <vector>

struct Startup {
  std::vector<int> values;
  std::vector<std::function<int()>> later;

  // Only called before the first schedule; that is not known.
  void fill() { values.push_back(1); }

  void schedule() {
    int &first = values[0];
    later.push_back([&first] { return first; }); // FP_closure-captures-element
  }
};
