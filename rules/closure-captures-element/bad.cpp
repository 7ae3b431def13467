#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

struct Jobs {
  std::vector<std::string> names;
  std::vector<std::function<void()>> later;

  void add(const std::string &name) { names.push_back(name); }

  void schedule(std::size_t index) {
    std::string &name = names[index];
    later.push_back([&name] { name.clear(); }); // expect: closure-captures-element
  }
};

std::function<int()> lastOf(std::vector<int> values) {
  int &last = values.back();
  return [&last] { return last; }; // expect: closure-captures-element
}
