// Erasing while walking.
#include <map>
#include <string>
#include <vector>

void sweepWrong(std::map<std::string, int> &sockets) {
  for (auto it = sockets.begin(); it != sockets.end(); ++it) // expect: iterator-invalidated | iterator-invalidated
    if (it->second == 0) sockets.erase(it);
}

void sweepRight(std::map<std::string, int> &sockets) {
  for (auto it = sockets.begin(); it != sockets.end();)
    it = it->second == 0 ? sockets.erase(it) : std::next(it);
}

class Tree {
public:
  void growWrong() {
    for (int node : nodes) // expect: range-for-mutation
      if (node > 0) add(-node);
  }

  void growRight() {
    for (std::size_t i = 0; i != nodes.size(); ++i)
      if (nodes[i] > 0) add(-nodes[i]);
  }

private:
  void add(int node) { nodes.push_back(node); }
  std::vector<int> nodes;
};
