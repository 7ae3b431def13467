// What global-holds-element gets wrong.
#include <vector>

static std::vector<int> table;
static int *middle = nullptr;

// Runs once, before anybody calls choose; that is not known.
void fill() {
  for (int i = 0; i < 10; ++i) table.push_back(i);
}

void choose() {
  middle = &table[5]; // FP_global-holds-element
}
