// The write barrier's decision table (lib/hmap/README.md), row by row, and a replay: what the reports say the heap
// slots hold is what they hold (contract 15).
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/arena.h>
#include <hmap/map.h>
#include <hmap/set.h>

#include <map>

namespace {

/// Replays the reports.
struct recorder {
  void write(const void *slot, const void *before, const void *after) noexcept {
    ++reports;
    auto at = held.find(slot);
    CHECK((at == held.end() ? nullptr : at->second) == before);
    if (after)
      held[slot] = after;
    else
      held.erase(slot);
  }
  int number = 0;
  std::size_t reports = 0;
  std::map<const void *, const void *> held;
};

template <class K, class V>
using watched = hmap::map<K, V, hmap::hash<K>, hmap::equal_to<K>, std::allocator<std::pair<K, V>>, recorder>;

int targets[4];
struct record {
  int number;
  int *first;
};

} // namespace

template <> struct hmap::pointer_fields<record> {
  static constexpr std::size_t count = 1;
  static void list(const record &value, pointer_field *out) noexcept { *out = {&value.first, value.first}; }
};

namespace {

/// A barrier that cannot be told: a map that compiles with it has decided so when compiling.
struct never_told {
  void write(const void *, const void *, const void *) = delete;
};
struct switched_off : never_told {
  static constexpr bool enabled = false;
};

template <class Map, class Value> void use(Value value) {
  static_assert(std::is_same_v<decltype(std::declval<Map &>()[1]), Value &>); // a plain reference
  Map m, other;
  for (int i = 0; i != 100; ++i) m[i] = value;
  m.insert_or_assign(1, value);
  m.begin()->second = value;
  m.erase(m.erase(m.begin()));
  other.insert(m.extract(m.begin()));
  other.merge(m);
  m = other;
  m.rehash(1000);
  m.clear();
  CHECK(other.size() == 98);
}

void values_without_pointers() {
  using hash = hmap::hash<int>;
  using equal = hmap::equal_to<int>;
  use<hmap::map<int, long, hash, equal, std::allocator<std::pair<int, long>>, never_told>>(7L);
}

void no_barrier() {
  using hash = hmap::hash<int>;
  using equal = hmap::equal_to<int>;
  use<hmap::map<int, int *, hash, equal, std::allocator<std::pair<int, int *>>, switched_off>>(&targets[0]);
  use<hmap::map<int, int *>>(&targets[0]);
  static_assert(!hmap::no_barrier::enabled);
}

void null_to_null() {
  watched<int, int *> m;
  m[1];
  m[1] = nullptr;
  m.insert_or_assign(1, nullptr);
  m.erase(1);
  CHECK(m.barrier().reports == 0);
}

void writes() {
  watched<int, int *> m;
  m[1] = &targets[0]; // null to pointer
  CHECK(m.barrier().reports == 1 && m.barrier().held.begin()->second == &targets[0]);
  m[1] = &targets[1]; // pointer to pointer
  CHECK(m.barrier().reports == 2);
  m[1] = nullptr; // pointer to null
  CHECK(m.barrier().reports == 3 && m.barrier().held.empty());
  m.insert_or_assign(1, &targets[2]);
  CHECK(m.barrier().reports == 4);
  m.try_emplace(1, &targets[3]); // present: nothing is written
  CHECK(m.barrier().reports == 4 && m.at(1) == &targets[2]);
  m.find(1)->second = &targets[0];
  CHECK(m.barrier().reports == 5);
  for (auto [key, slot] : m) slot = &targets[1];
  CHECK(m.barrier().reports == 6 && *m[1].get() == 0);
  m.erase(1); // goes away
  CHECK(m.barrier().reports == 7 && m.barrier().held.empty());
}

void pointers_as_keys() {
  watched<int *, int> m;
  m[&targets[0]] = 1;
  CHECK(m.barrier().reports == 1);
  m.erase(&targets[0]);
  CHECK(m.barrier().reports == 2);
}

void pointers_inside_values() {
  watched<int, record> m;
  m[1] = record{1, &targets[0]};
  CHECK(m.barrier().reports == 1);
  m.insert_or_assign(1, record{2, nullptr});
  CHECK(m.barrier().reports == 2);
  watched<int, std::unique_ptr<int>> owners;
  owners.try_emplace(1, std::make_unique<int>(1));
  owners[1] = nullptr;
  CHECK(owners.barrier().reports == 2);
}

void slots_off_the_heap() {
  using allocator = hmap::arena_allocator<std::pair<int, int *>, 4096>;
  hmap::arena<4096> storage;
  hmap::map<int, int *, hmap::hash<int>, hmap::equal_to<int>, allocator, recorder> m{allocator(storage)};
  for (int i = 0; i != 8; ++i) m[i] = &targets[0];
  CHECK(m.barrier().reports == 0);
  for (int i = 8; i != 1000; ++i) m[i] = &targets[0]; // the arena is full: the rest is heap
  CHECK(m.barrier().reports != 0);
  for (auto &[slot, value] : m.barrier().held) CHECK(!storage.contains(slot));
  CHECK_SOUND(m);
}

void around_the_barrier() {
  watched<int, int *> m;
  m[1] = &targets[0];
  *m.unsafe_slot(1) = &targets[1];
  CHECK(m.barrier().reports == 1 && m.at(1) == &targets[1] && !m.unsafe_slot(2));
  *m.unsafe_slot(1) = &targets[0];
}

/// What extract and merge take from a slot is reported as well.
void owners_handed_over() {
  using pointer = std::unique_ptr<int>;
  using owners = hmap::set<pointer, hmap::hash<pointer>, hmap::equal_to<pointer>, std::allocator<pointer>, recorder>;
  owners from, to;
  from.insert(std::make_unique<int>(1));
  from.insert(std::make_unique<int>(2));
  std::optional<pointer> taken = from.extract(from.begin());
  CHECK(*taken && from.barrier().held.size() == 1);
  to.merge(from);
  CHECK(from.empty() && from.barrier().held.empty() && to.barrier().held.size() == 1);
  watched<int, pointer> map, other;
  map.try_emplace(1, std::make_unique<int>(1));
  map.try_emplace(2, std::make_unique<int>(2));
  CHECK(map.extract(1) && map.barrier().held.size() == 1);
  other.merge(map);
  CHECK(map.barrier().held.empty() && other.barrier().held.size() == 1);
}

template <class Map> void told_all(Map &m, int number) {
  CHECK(m.barrier().number == number && m.barrier().held.size() == m.size());
  for (auto entry : std::as_const(m)) CHECK(m.barrier().held.at(&entry.second) == entry.second);
}

/// Whole maps: the barrier goes where the entries go, and stays where other entries come.
void barriers_of_whole_maps() {
  watched<int, int *> a, b;
  a.barrier().number = 1;
  b.barrier().number = 2;
  for (int i = 0; i != 60; ++i) a[i] = &targets[0];
  for (int i = 0; i != 20; ++i) b[i] = &targets[1];
  watched<int, int *> copy(a);
  told_all(copy, 0);
  b = a; // replaces what b was told of
  told_all(b, 2);
  told_all(a, 1);
  b = {{1, &targets[2]}, {2, &targets[3]}};
  told_all(b, 2);
  swap(a, b);
  told_all(a, 2);
  told_all(b, 1);
  watched<int, int *> moved(std::move(b));
  told_all(moved, 1);
  a = std::move(moved);
  told_all(a, 1);
  a.rehash(500);
  told_all(a, 1);
}

/// Growth, erasure and clearing included, the reports add up.
void replay() {
  random_source random(1);
  watched<int, int *> m;
  for (int step = 0; step != 4000; ++step) {
    int key = static_cast<int>(random.below(600));
    switch (random.below(8)) {
    case 0:
      m.erase(key);
      break;
    case 1:
      if (random.one_in(200)) m.clear();
      break;
    case 2:
      m[key] = nullptr;
      break;
    case 3:
      if (random.one_in(100)) m.rehash(0);
      break;
    default:
      m[key] = &targets[random.below(4)];
    }
    CHECK_SOUND(m);
    if (step % 40 != 0) continue;
    std::size_t pointers = 0;
    for (auto entry : std::as_const(m)) {
      pointers += entry.second != nullptr;
      if (entry.second) CHECK(m.barrier().held.at(&entry.second) == entry.second);
    }
    CHECK(pointers == m.barrier().held.size());
  }
}

} // namespace

int main() {
  values_without_pointers();
  no_barrier();
  null_to_null();
  writes();
  pointers_as_keys();
  pointers_inside_values();
  slots_off_the_heap();
  around_the_barrier();
  owners_handed_over();
  barriers_of_whole_maps();
  replay();
}
