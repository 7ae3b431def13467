// With a fixed seed and start, the order of everything is fixed: the same on every machine, run and compiler. A change
// of these lines is a change of hash, layout, growth or of what a loop sees that was added in it, and must be meant.
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
  hmap::map<int, int> few(hmap::seed{1}), m(hmap::seed{42});
  for (int i = 0; i != 6; ++i) few[i] = i;
  print("six", few);
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

// CHECK: six: 2 3 4 5 0 1
// CHECK: twenty: 2 6 11 14 17 1 5 10 16 0 4 9 13 19 3 7 8 12 15 18
// CHECK: odd: 11 17 1 5 9 13 19 3 7 15
// CHECK: grown: 20 29 35 39 21 11 17 1 23 24 28 34 38 5 25 22 27 9 37 31 33 13 19 3 26 15 32 36 7 30
// CHECK: from zero: 22 27 9 37 31 33 13 19 3 26 15 32 36 7 30 20 29 35 39 21 11 17 1 23 24 28 34 38 5 25
// CHECK: changed in a loop: 30 steps, 184286
// CHECK: words: 0 1 2 3 4 5
// CHECK: hash: 3e1db337db365b26 498a240110ea2a5c
