// What element-invalidated gets wrong.
#include <vector>

int enough(std::vector<int> &values) {
  int &first = values.front();
  if (values.size() < values.capacity()) values.push_back(1);
  return first; // FP_element-invalidated
}

int same(std::vector<int> &a, std::vector<int> &b) {
  int &first = a.front();
  b.push_back(1); // a and b may be the same vector
  return first;   // FN_element-invalidated
}
