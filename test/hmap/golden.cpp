// With a fixed seed and start, the order of everything is fixed: the same on every machine, run and compiler. A change
// of these lines is a change of hash, layout or growth, and must be meant.
//
// RUN: %clangxx -std=c++17 -O0 %hmap %s -o %t && %run %t | FileCheck %s
// RUN: %clangxx -std=c++20 -O2 %hmap %s -o %t && %run %t | FileCheck %s

#include <hmap/map.h>
#include <hmap/set.h>

#include <cstdio>
#include <string>

template <class Map> static void print(const char *title, const Map &m) {
  std::printf("%s:", title);
  for (auto [key, value] : m) std::printf(" %d", static_cast<int>(value));
  std::printf("\n");
}

int main() {
  hmap::map<int, int> m(hmap::seed{42});
  for (int i = 0; i != 20; ++i) m[i] = i;
  print("twenty", m);
  for (int i = 0; i != 20; i += 2) m.erase(i);
  print("odd", m);
  for (int i = 20; i != 40; ++i) m[i] = i;
  print("grown", m);
  m.iteration_start(0);
  print("from zero", m);
  int steps = 0, sum = 0;
  for (auto it = m.begin(); it != m.end(); ++it, ++steps) {
    sum = (sum * 31 + it->second) % 1000003;
    if (steps % 3 == 0) m[1000 + steps] = steps;
  }
  std::printf("changed in a loop: %d steps, %d\n", steps, sum);
  hmap::map<std::string, int> words(hmap::seed{42});
  const char *text[] = {"a", "", "four", "a word of twenty-six bytes", "eightbyt", "seventeen bytes.."};
  for (const char *word : text) words[word] = static_cast<int>(words.size());
  print("words", words);
  std::printf("hash: %016llx %016llx\n", static_cast<unsigned long long>(hmap::hash<int>()(1, 2)),
              static_cast<unsigned long long>(hmap::hash<std::string>()("golden", 3)));
}

// CHECK: twenty: 8 13 16 18 4 6 9 10 15 17 0 5 11 12 19 2 7 14 1 3
// CHECK: odd: 13 9 15 17 5 11 19 7 1 3
// CHECK: grown: 21 25 32 13 37 27 15 28 34 23 9 17 39 5 19 30 33 11 24 35 20 7 22 29 1 36 26 31 38 3
// CHECK: from zero: 21 25 37 32 13 23 27 15 28 34 39 5 9 17 19 30 33 20 7 11 24 35 1 36 22 29 38 3 26 31
// CHECK: changed in a loop: 33 steps, 338195
// CHECK: words: 2 3 4 5 0 1
// CHECK: hash: 3e1db337db365b1a bd8735f4d378c34a
