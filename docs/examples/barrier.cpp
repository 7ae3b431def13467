// A map that counts who leads to its nodes must hear of every pointer.
#include <hmap/map.h>

struct Node {
  int leads = 0;
};

struct Counting {
  void write(const void *, const void *before, const void *after) noexcept {
    if (before) --static_cast<Node *>(const_cast<void *>(before))->leads;
    if (after) ++static_cast<Node *>(const_cast<void *>(after))->leads;
  }
};

using Graph =
    hmap::map<int, Node *, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, Node *>>, Counting>;

void replaceWrong(Graph &graph, int id, Node &node) {
  if (Node **slot = graph.unsafe_slot(id)) *slot = &node; // expect: barrier-bypass
}

void replaceRight(Graph &graph, int id, Node &node) {
  if (graph.contains(id)) graph[id] = &node;
}
