#include <hmap/map.h>

struct Node {
  int weight = 0;
};

// Counts how many slots lead to each node.
struct Counted {
  void write(const void *slot, const void *before, const void *after) noexcept;
};

using Graph =
    hmap::map<int, Node *, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, Node *>>, Counted>;
using Plain = hmap::map<int, Node *>;

void replace(Graph &graph, int id, Node &node) {
  if (graph.contains(id)) graph[id] = &node;
}

// Reading, null, and what is no pointer.
int read(Graph &graph) {
  Node **slot = graph.unsafe_slot(1);
  return slot && *slot ? (*slot)->weight : 0;
}

void forget(Graph &graph) {
  if (Node **slot = graph.unsafe_slot(1)) *slot = nullptr;
}

void weigh(Graph &graph) {
  if (Node **slot = graph.unsafe_slot(1)) (*slot)->weight = 3;
}

using Numbers = hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, int>>, Counted>;

void number(Numbers &numbers) {
  if (int *slot = numbers.unsafe_slot(1)) *slot = 3;
}

// A map without a barrier, and a slot that was only passed through.
void plain(Plain &map, Node &node) {
  if (Node **slot = map.unsafe_slot(1)) *slot = &node;
}

void copied(Graph &graph, Node &node) {
  Node *held = *graph.unsafe_slot(1);
  held = &node;
  held->weight = 1;
}

void iterated(Graph &graph, Node &node) {
  for (auto [id, slot] : graph) slot = &node;
}
