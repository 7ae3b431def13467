// Disagreements that the oracle once found, reduced.
// RUN: %expect --flags "-std=c++20 %hmap" %s

#include <functional>
#include <hmap/map.h>
#include <map>
#include <string>
#include <vector>

void ownElement(std::vector<std::string> &v) { v.push_back(v[0]); }

void sweep(std::map<int, int> &m) {
  for (auto i = m.begin(); i != m.end();)
    if (i->second)
      m.erase(i++);
    else
      ++i;
}

std::function<int()> swapped(hmap::map<int, int> &given) {
  int &r = given[1];
  hmap::map<int, int> local{{1, 1}};
  given.swap(local);
  return [&] { return r; }; // expect: closure-captures-element
}
