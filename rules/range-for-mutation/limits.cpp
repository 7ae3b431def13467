// What range-for-mutation gets wrong.
#include <vector>

void bounded(std::vector<int> &values) {
  for (int value : values) { // FP_range-for-mutation
    if (values.size() == values.capacity()) return;
    if (value == 1) values.push_back(2);
  }
}
