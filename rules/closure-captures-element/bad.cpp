#include <functional>
#include <memory>
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

struct Later {
  std::vector<std::function<void()>> work;
  void defer(std::function<void()> each) { work.push_back(std::move(each)); }
};

struct Table {
  Later &later;
  std::unordered_map<int, std::string> running;

  // A copy of an iterator is as good as the table it walks.
  void launch(int id) {
    auto [it, isNew] = running.emplace(id, "");
    if (isNew) later.defer([it = it] { it->second.clear(); }); // expect: closure-captures-element
  }
};

struct Entry {
  std::function<void()> action;
};

struct Query {
  std::vector<std::shared_ptr<Entry>> matches;
};

struct Commands {
  std::vector<std::string> lines;
  void reload() { lines = {"lock", "logout"}; }

  // The closure lies in an object that the query shares.
  void answer(Query *query) {
    for (auto it = lines.begin(); it != lines.end(); ++it) {
      auto found = std::make_shared<Entry>();
      found->action = [=] { it->clear(); }; // expect: closure-captures-element
      query->matches.push_back(found);
    }
  }
};
