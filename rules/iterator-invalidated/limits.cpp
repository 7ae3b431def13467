// What iterator-invalidated gets wrong.
#include <vector>

int onlyOnce(std::vector<int> &values, int more) {
  auto it = values.begin();
  if (more > 1) values.push_back(1);
  if (more > 1) it = values.begin();
  return *it; // FP_iterator-invalidated
}
