// What barrier-bypass gets wrong.
#include <hmap/map.h>

struct Node {};

struct Told {
  void write(const void *slot, const void *before, const void *after) noexcept;
};

struct Edge {
  Node *to = nullptr;
};

template <> struct hmap::pointer_fields<Edge> {
  static constexpr std::size_t count = 1;
  static void list(const Edge &edge, pointer_field *out) noexcept { *out = {&edge.to, edge.to}; }
};

using Edges = hmap::map<int, Edge, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, Edge>>, Told>;
using Nodes =
    hmap::map<int, Node *, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, Node *>>, Told>;

// That a class of one's own has pointers for the barrier is not known.
void inMember(Edges &edges, Node &node) {
  edges.unsafe_slot(1)->to = &node; // FN_barrier-bypass
}

// The barrier is told afterwards.
void told(Nodes &nodes, Node &node) {
  Node **slot = nodes.unsafe_slot(1);
  Node *before = *slot;
  *slot = &node; // FP_barrier-bypass: around the write barrier
  nodes.barrier().write(slot, before, &node);
}
