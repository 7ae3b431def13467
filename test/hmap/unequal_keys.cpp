// Keys that do not equal themselves, as Go's maps treat NaN (contract 13).
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>

#include <chrono>
#include <cmath>

int main() {
  hmap::map<double, int> m;
  const double nan = std::nan("");
  for (int i = 0; i != 20000; ++i) { // each is a new entry, and they do not pile up in one chain
    CHECK(m.insert({nan, i}).second);
    if (i % 2000 == 0) CHECK_SOUND(m);
  }
  CHECK(m.size() == 20000 && !m.contains(nan) && m.erase(nan) == 0 && m.find(nan) == m.end());
  m[0.0] = 1;
  CHECK(m.contains(-0.0) && m.size() == 20001);
  std::size_t seen = 0;
  for (auto [key, value] : m) seen += std::isnan(key);
  CHECK(seen == 20000);
  hmap::map<double, int> copy(m);
  CHECK(copy.size() == m.size() && !(copy == m)); // an entry that is not found is not equal
  copy.rehash(10000);
  CHECK(copy.size() == m.size());
  CHECK_SOUND(copy);
  for (auto it = m.begin(); it != m.end();) it = std::isnan(it->first) && it->second % 2 ? m.erase(it) : std::next(it);
  CHECK(m.size() == 10001);
  seen = 0;
  for (auto it = m.begin(); it != m.end(); ++it, ++seen)
    if (seen < 500) m.insert({nan, 0});
  CHECK(seen >= 10001);
  CHECK_SOUND(m);
  m.clear();
  CHECK(m.empty());
}
