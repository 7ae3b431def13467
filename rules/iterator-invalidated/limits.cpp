// What iterator-invalidated gets wrong.
#include <vector>

int onlyOnce(std::vector<int> &values, bool grow) {
  auto it = values.begin();
  if (grow) values.push_back(1);
  if (grow) it = values.begin();
  return *it; // FP_iterator-invalidated
}
