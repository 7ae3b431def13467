#include <map>
#include <string>
#include <unordered_map>
#include <vector>

void repeat(std::vector<int> &values) {
  for (int value : values) // expect: range-for-mutation
    if (value > 10) values.push_back(value);
}

struct Graph {
  std::unordered_map<int, std::vector<int>> edges;

  void link(int from, int to) { edges[from].push_back(to); }

  void mirror() {
    for (auto &[from, targets] : edges) // expect: range-for-mutation
      for (int to : targets)            // expect: range-for-mutation
        link(to, from);
  }
};

void purge(std::map<int, int> &table) {
  for (auto &entry : table) // expect: range-for-mutation
    if (entry.second == 0) table.erase(entry.first);
}
