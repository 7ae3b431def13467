// A reference into a flat table does not survive the next insert.
#include <string>
#include <vector>

class Cache {
public:
  std::string &get(int key) {
    for (auto &entry : entries)
      if (entry.key == key) return entry.text;
    return entries.emplace_back(key, "").text;
  }

private:
  struct Entry {
    Entry(int key, const char *text) : key(key), text(text) {}
    int key;
    std::string text;
  };
  std::vector<Entry> entries;
};

void mergeWrong(Cache &cache, int from, int to) {
  std::string &target = cache.get(to);
  std::string &source = cache.get(from);
  target += source; // expect: element-invalidated
}

void mergeRight(Cache &cache, int from, int to) {
  std::string source = cache.get(from);
  cache.get(to) += source;
}
