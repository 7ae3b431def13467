// RUN: %refleak facts %s -- -std=c++20 | FileCheck %s
// The compiler writes a constructor when somebody asks for it, and here only a body that is skipped does.
#include <memory>

struct Base {
  virtual ~Base() = default;
};
struct Made : Base {
  int *number = nullptr;
};

std::unique_ptr<Base> make() { return std::make_unique<Made>(); }
// CHECK: function @_ZN4MadeC1Ev "Made::Made()" method constructor
// CHECK:   clear this*."Made::number"
