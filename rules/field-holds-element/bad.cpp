#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

struct Menu {
  std::vector<std::string> items;
  std::string *selected = nullptr;

  void add(const std::string &item) { items.push_back(item); }

  void select(std::size_t index) {
    selected = &items[index]; // expect: field-holds-element
  }
};

struct Cache {
  std::unordered_map<int, std::string> entries;
  std::unordered_map<int, std::string>::iterator newest;

  void touch(int key) {
    newest = entries.find(key); // FN_field-holds-element
  }

  void evict(int key) { entries.erase(key); }
};
