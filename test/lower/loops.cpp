// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
void sink(int *);
struct Node { Node *next; int value; };
struct Guard { ~Guard(); };

int walk(Node *n) {
  int sum = 0;
  for (Node *p = n; p; p = p->next) {
    if (p->value == 3) break;
    sum += p->value;
  }
  return sum;
}
// CHECK-LABEL: "walk(Node *)"
// CHECK:       copy l1 <- arg0 init
// CHECK:       block 1 -> [[BODY:[0-9]+]] [[OUT:[0-9]+]]
// CHECK:       block [[BODY]] -> [[OUT]] [[STEP:[0-9]+]]
// CHECK-NEXT:  use l1*."Node::value"
// CHECK:       block [[STEP]] -> 1
// CHECK-NEXT:  use l1*."Node::value"
// CHECK-NEXT:  use l1*."Node::next"
// CHECK-NEXT:  copy l1 <- l1*."Node::next" assign

void skipped(int n) {
  while (n) {
    Guard g;
    if (n == 1) continue;
    sink(&n);
  }
}
// CHECK-LABEL: "skipped(int)"
// CHECK:       block 1 -> 2 [[OUT:[0-9]+]]
// CHECK:       block 2 -> [[A:[0-9]+]] [[B:[0-9]+]]
// CHECK-NEXT:  live l0
// CHECK:       block [[A]] -> 1
// CHECK:       expire l0 scope
// CHECK:       block [[B]] -> 1
// CHECK:       expire l0 scope

void endless(int *p) {
  for (;;) sink(p);
}
// CHECK-LABEL: "endless(int *)"
// CHECK:       block 1 -> 1
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
// CHECK-NEXT:  block 2

void once(int *p) {
  do sink(p);
  while (0);
}
// CHECK-LABEL: "once(int *)"
// CHECK:       block 0 -> 1
// CHECK-NEXT:  call @_Z4sinkPi(arg0)
// CHECK-NEXT:  block 1

int *next();
void named() {
  while (int *p = next()) sink(p);
}
// CHECK-LABEL: "named()"
// CHECK:       block 1 -> [[BODY:[0-9]+]] [[OUT:[0-9]+]]
// CHECK-NEXT:  live l0
// CHECK-NEXT:  call %0 <- @_Z4nextv()
// CHECK-NEXT:  copy l0 <- %0 init
// CHECK:       block [[BODY]] -> 1
// CHECK-NEXT:  call @_Z4sinkPi(l0)

struct Wait { int done; };
void lend(Wait *);
void step();
void await() {
  Wait wait;
  lend(&wait);
  while (!wait.done) step();
  if (wait.done) step();
}
// CHECK-LABEL: "await()"
// CHECK:       call @_Z4lendP4Wait
// CHECK:       use l0."Wait::done"
// CHECK-NOT:   use

void count(int n) {
  Wait own;
  while (own.done < n && own.done != 3) step();
}
// CHECK-LABEL: "count(int)"
// CHECK-NOT:   use
// CHECK:       block 4
