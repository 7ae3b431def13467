// Code with errors costs what it stands in.
// RUN: not %refleak facts %s -- -std=c++20 2> /dev/null | FileCheck %s
struct Part {
  Unknown kind;
};

struct Whole {
  Whole(Part &part, int &rest) : reference(part.kind), number(part.kind), array(part.kind), rest(rest) {}
  int &reference;
  int number;
  int array[2];
  int &rest;
};
// CHECK-LABEL: "Whole::Whole(Part &, int &)"
// CHECK-COUNT-3: give-up "ParenListExpr"
// CHECK:       borrow this*."Whole::rest" <- arg1* ref

int variables(Part &part, int *other) {
  int *pointer(part.kind);
  struct Later later;
  return *other;
}
// CHECK-LABEL: "variables(Part &, int *)"
// CHECK:       give-up "ParenListExpr"
// CHECK:       give-up "invalid declaration"
// CHECK:       use arg1*
