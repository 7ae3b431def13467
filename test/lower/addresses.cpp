// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// What comparing pointers tells of them.
struct Node {
  Node *next;
  char *data;
  char store[16];
  void own(Node &other);
};
void sink(Node *);

void variable(Node *p) {
  Node local;
  if (p == &local) sink(p);
}
// CHECK-LABEL: "variable(Node *)"
// CHECK:       assume arg0 on l0
// CHECK-NEXT:  call @_Z4sinkP4Node(arg0)
// CHECK:       assume arg0 off l0

void Node::own(Node &other) {
  if (other.data != other.store) data = other.data;
}
// CHECK-LABEL: "Node::own(Node &)"
// CHECK:       assume arg0*."Node::data" off arg0*."Node::store"
// CHECK:       copy this*."Node::data" <- arg0*."Node::data"
// CHECK:       assume arg0*."Node::data" on arg0*."Node::store"

void both(Node *p, Node *q) {
  if (p->next == q) sink(q);
}
// CHECK-LABEL: "both(Node *, Node *)"
// CHECK:       assume arg0*."Node::next" on arg1*
// CHECK-NEXT:  assume arg1 on arg0*."Node::next"*
// CHECK:       assume arg0*."Node::next" off arg1*
// CHECK-NEXT:  assume arg1 off arg0*."Node::next"*
