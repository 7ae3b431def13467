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

void replace(Graph &graph, int id, Node &node) {
  Node **slot = graph.unsafe_slot(id);
  if (slot) *slot = &node; // expect: barrier-bypass: around the write barrier
}

void byReference(Graph &graph, Node *node) {
  Node *&slot = *graph.unsafe_slot(1);
  slot = node; // expect: barrier-bypass(likely)
}

void allocated(Graph &graph) {
  *graph.unsafe_slot(1) = new Node; // expect: barrier-bypass(definite)
}

static void set(Node **slot, Node *to) { *slot = to; }

void byCallee(Graph &graph, Node &node) {
  set(graph.unsafe_slot(1), &node); // expect: barrier-bypass
}

static Node **slotOf(Graph &graph, int id) { return graph.unsafe_slot(id); }

void fromCallee(Graph &graph, Node &node) {
  *slotOf(graph, 1) = &node; // expect: barrier-bypass
}
