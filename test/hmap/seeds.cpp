// Seeds: one a map and drawn, or fixed for one map or for the program; what collides in one map does not in another.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>
#include <hmap/set.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using keys = std::vector<std::uint64_t>;

template <class Map> keys order(Map m) {
  for (std::uint64_t key = 0; key != 100; ++key) m[key] = 1;
  keys all;
  for (auto [key, value] : m) all.push_back(key);
  return all;
}

template <class Map> struct opened : Map {
  using Map::Map;
  template <class K> std::uint64_t hash_of(const K &key) const { return this->table_.hash_of(key); }
  std::size_t longest_chain() const {
    std::size_t longest = 0;
    this->table_.for_each_chain([&](auto head) {
      std::size_t length = 0;
      for (auto b = head; b; b = b.overflow()) ++length;
      longest = std::max(longest, length);
    });
    return longest;
  }
};
using numbers = opened<hmap::map<std::uint64_t, int>>;

void one_a_map() {
  CHECK(order(numbers()) != order(numbers()));
  numbers original;
  original[1] = 1;
  CHECK(order(numbers(original)) != order(numbers(original)));
  numbers cleared;
  keys before = order(cleared);
  cleared.clear();
  CHECK(order(cleared) != before);
}

void fixed_for_a_map() {
  CHECK(order(numbers(hmap::seed{7})) == order(numbers(hmap::seed{7})));
  CHECK(order(numbers(hmap::seed{7})) != order(numbers(hmap::seed{8})));
  numbers original(hmap::seed{7});
  CHECK(order(numbers(original)) == order(original));
  hmap::map<std::uint64_t, int> assigned(hmap::seed{7});
  assigned = {{0, 1}};
  CHECK(order(assigned) == order(original));
  hmap::set<int> once(hmap::seed{1}), again(hmap::seed{1});
  for (int key = 0; key != 50; ++key) once.insert(key), again.insert(key);
  CHECK(std::equal(once.begin(), once.end(), again.begin()));
}

void fixed_for_all() {
  hmap::fix_default_seed(9);
  CHECK(order(numbers()) == order(numbers()));
  CHECK(order(numbers()) != order(numbers(hmap::seed{10})));
  hmap::randomize_default_seed();
  CHECK(order(numbers()) != order(numbers()));
}

/// Keys that all fall into one chain of one map spread in others as random keys do: 400 in 64 chains, about 13 in the
/// longest.
void collisions() {
  for (std::uint64_t given = 0; given != 20; ++given) {
    numbers attacked(hmap::seed{given}), next(hmap::seed{given + 1}), drawn;
    attacked[0] = 1;
    for (std::uint64_t key = 1; attacked.size() != 400; ++key)
      if (attacked.hash_of(key) >> 54 == attacked.hash_of(0) >> 54) attacked[key] = next[key] = drawn[key] = 1;
    CHECK(attacked.longest_chain() == 50 && next.longest_chain() <= 4 && drawn.longest_chain() <= 4);
  }
}

/// No part of a string may cancel what the hash multiplies by.
void chosen_strings() {
  opened<hmap::map<std::string, int>> m;
  for (std::uint64_t constant : {hmap::detail::multiplier_1, hmap::detail::multiplier_2}) {
    std::string part(reinterpret_cast<const char *>(&constant), 8);
    for (int i = 1000; i != 1400; ++i) {
      m[std::to_string(i) + part] = 1;
      m[part + std::to_string(i)] = 1;
      m[std::to_string(i * 10000) + part + part + part] = 1;
    }
  }
  CHECK(m.longest_chain() <= 4);
}

/// Hashes that spread nothing themselves are mixed with the seed.
void identity() {
  opened<hmap::map<std::uint64_t, int, std::hash<std::uint64_t>>> m;
  for (std::uint64_t key = 0; key != 400; ++key) m[key << 20] = 1;
  CHECK(m.longest_chain() <= 4);
}

} // namespace

int main() {
  one_a_map();
  fixed_for_a_map();
  fixed_for_all();
  collisions();
  chosen_strings();
  identity();
}
