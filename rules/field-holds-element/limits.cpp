// What field-holds-element gets wrong.
#include <vector>

struct Table {
  std::vector<int> values;
  int *middle = nullptr;

  // Only called before choose; that is not known.
  void fill(int value) { values.push_back(value); }

  void choose() {
    middle = &values[values.size() / 2]; // FP_field-holds-element
  }
};
