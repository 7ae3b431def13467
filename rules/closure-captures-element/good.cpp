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
    later.push_back([this, index] { names[index].clear(); });
  }
};

std::function<int()> lastOf(std::vector<int> values) {
  int last = values.back();
  return [last] { return last; };
}

struct Fixed {
  std::vector<int> values = std::vector<int>(8);
  std::vector<std::function<int()>> later;

  // Nothing changes the length of values.
  void schedule() {
    int &first = values[0];
    later.push_back([&first] { return first; });
  }
};

struct Later {
  std::vector<std::function<void()>> work;
  void defer(std::function<void()> each) { work.push_back(std::move(each)); }
};

struct Table {
  Later &later;
  std::unordered_map<int, std::string> running;

  void launch(int id) {
    auto [it, isNew] = running.emplace(id, "");
    if (isNew) later.defer([text = &it->second] { text->clear(); });
  }
};

struct Entry {
  std::function<void()> action;
};

struct Query {
  std::vector<std::shared_ptr<Entry>> matches;
};

struct Commands {
  Query query;
  std::vector<std::string> lines;

  // Who loads new lines drops what was found in the old ones.
  void reload() {
    query.matches.clear();
    lines = {"lock", "logout"};
  }

  void answer() {
    for (auto it = lines.begin(); it != lines.end(); ++it) {
      auto found = std::make_shared<Entry>();
      found->action = [=] { it->clear(); };
      query.matches.push_back(found);
    }
  }
};
