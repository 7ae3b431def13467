#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

struct Menu {
  std::vector<std::string> items;
  std::size_t selected = 0;

  void add(const std::string &item) { items.push_back(item); }

  void select(std::size_t index) { selected = index; }
};

struct Stable {
  std::list<std::string> items;
  std::string *selected = nullptr;

  // The elements of a list stay where they are, and nothing erases them.
  void add(const std::string &item) { items.push_back(item); }
  void select() { selected = &items.front(); }
};

struct Mending {
  std::vector<std::string> items;
  std::string *selected = nullptr;

  void add(const std::string &item) {
    items.push_back(item);
    selected = &items.back();
  }
};
