// hmap::keep_alive is a use of its argument and of what that borrows from: for the analyzer, and for the optimiser.
//
// RUN: %expect --flags "-std=c++17 %hmap" %s
// RUN: %clangxx -std=c++17 -O2 %hmap -S -emit-llvm %s -o - | FileCheck %s

#include <hmap/keep_alive.h>

#include <string>
#include <string_view>
#include <vector>

void view() {
  std::string_view shown;
  {
    std::string text = "x";
    shown = text;
  }
  hmap::keep_alive(shown); // expect: view-dangles
}

void pointer() {
  int *to;
  {
    int number = 1;
    to = &number;
  }
  hmap::keep_alive(to); // expect: owner-gone
}

void element(std::vector<int> &numbers) {
  int &first = numbers[0];
  numbers.push_back(1);
  hmap::keep_alive(first); // expect: element-invalidated
}

void in_time(std::string text) {
  std::string_view shown = text;
  hmap::keep_alive(shown);
  text += "y";
  hmap::keep_alive(text);
}

// CHECK-LABEL: define{{.*}} void @_Z4keptv
// CHECK: store i32 7
// CHECK: call void asm sideeffect
void kept() {
  int written = 7; // nothing reads it but the optimiser has to believe so
  hmap::keep_alive(written);
}
