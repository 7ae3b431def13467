#include <functional>
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

// What was queued is moved to another member before it runs, and closes the connection then.
struct Write {
  std::vector<char> bytes;
  std::function<void(bool)> done;
};
struct Queue {
  std::vector<Write> waiting, running;
  void add(std::vector<char> bytes, std::function<void(bool)> done) {
    waiting.push_back({std::move(bytes), std::move(done)});
  }
  void fill() {
    for (Write &each : waiting) running.push_back(std::move(each));
    waiting.clear();
  }
  void finish() {
    for (Write &each : running) each.done(false); // expect: range-for-mutation
  }
};
struct Connection {
  Queue queue;
  void send(std::vector<char> bytes) {
    queue.add(std::move(bytes), [this](bool failed) {
      if (failed) queue.running.clear();
    });
  }
};

// The loop comes to each element, so to the one that is looked up by whatever key.
struct Sparse {
  std::map<int, int> cells;
  void sweep() {
    for (auto &[id, weight] : cells) { // expect: range-for-mutation
      int opposite = -id;
      if (weight == 0) cells.erase(opposite);
    }
  }
};
