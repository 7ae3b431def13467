// Allocators: which one a map has after each whole-map operation, that memory goes back to the one it came from, that
// elements are made by it, and what a map does that cannot take over the other's memory.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>
#include <hmap/set.h>

#include <map>
#include <memory_resource>
#include <string>

namespace {

std::map<void *, int> owners; ///< of all memory: the number of its allocator

template <class T, bool Copy, bool Move, bool Swap> struct numbered {
  using value_type = T;
  using propagate_on_container_copy_assignment = std::bool_constant<Copy>;
  using propagate_on_container_move_assignment = std::bool_constant<Move>;
  using propagate_on_container_swap = std::bool_constant<Swap>;
  using is_always_equal = std::false_type;
  template <class U> struct rebind {
    using other = numbered<U, Copy, Move, Swap>;
  };

  explicit numbered(int n = 0) : number(n) {}
  template <class U> numbered(const numbered<U, Copy, Move, Swap> &other) : number(other.number) {}
  numbered select_on_container_copy_construction() const { return numbered(number + 100); }

  T *allocate(std::size_t n) {
    T *made = std::allocator<T>().allocate(n);
    owners[made] = number;
    return made;
  }
  void deallocate(T *p, std::size_t n) {
    CHECK(owners.at(p) == number);
    owners.erase(p);
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(const numbered &a, const numbered &b) { return a.number == b.number; }
  friend bool operator!=(const numbered &a, const numbered &b) { return !(a == b); }

  int number;
};

template <bool Copy, bool Move, bool Swap> struct trial {
  using allocator = numbered<std::pair<int, std::string>, Copy, Move, Swap>;
  using map = hmap::map<int, std::string, hmap::hash<int>, hmap::equal_to<int>, allocator>;

  static map filled(int number, int first) {
    map m{allocator(number)};
    for (int i = first; i != first + 70; ++i) m[i] = std::to_string(i); // in the middle of growing
    return m;
  }
  static void holds(const map &m, int first, int number) {
    CHECK(m.size() == 70 && m.get_allocator().number == number);
    for (int i = first; i != first + 70; ++i) CHECK(m.at(i) == std::to_string(i));
    CHECK_SOUND(m);
  }

  static void run() {
    map a = filled(1, 0), b = filled(2, 500);
    map copy(a);
    holds(copy, 0, 101);
    holds(map(a, allocator(3)), 0, 3);
    copy = b;
    holds(copy, 500, Copy ? 2 : 101);
    const std::string *element = &b.at(500);
    map taken(std::move(b));
    holds(taken, 500, 2);
    CHECK(&taken.at(500) == element && b.empty());
    copy = std::move(taken);
    holds(copy, 500, Move ? 2 : Copy ? 2 : 101);
    CHECK((&copy.at(500) == element) == (Move || Copy) && taken.empty()); // by elements where memory cannot go over
    map elsewhere(std::move(copy), allocator(4));
    holds(elsewhere, 500, 4);
    map same(std::move(elsewhere), allocator(4));
    holds(same, 500, 4);
    map other = filled(Swap ? 5 : 4, 1000);
    swap(same, other);
    holds(same, 1000, Swap ? 5 : 4);
    holds(other, 500, 4);
    other = {{1, "x"}};
    CHECK(other.size() == 1 && other.get_allocator().number == 4);
    a.clear();
    a.rehash(0);
  }
};

void constructors() {
  using allocator = numbered<std::pair<int, int>, false, false, false>;
  using map = hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, allocator>;
  using set = hmap::set<int, hmap::hash<int>, hmap::equal_to<int>, numbered<int, false, false, false>>;
  const std::pair<int, int> entries[] = {{1, 2}, {3, 4}};
  const int keys[] = {1, 3};
  allocator a(6);
  for (const map &m : {map({{1, 2}, {3, 4}}, a), map({{1, 2}, {3, 4}}, 10, a), map(entries, entries + 2, 10, a),
                       map(entries, entries + 2, 10, hmap::hash<int>(), hmap::equal_to<int>(), a)})
    CHECK(m.size() == 2 && m.at(3) == 4);
  for (const set &s : {set({1, 3}, a), set({1, 3}, 10, a), set(keys, keys + 2, 10, a)})
    CHECK(s.size() == 2 && s.contains(3));
  CHECK(map(10, a).get_allocator().number == 6 && map(10, hmap::hash<int>(), a).bucket_count() == 2);
  CHECK(set(10, a).get_allocator().number == 6 && set(10, hmap::hash<int>(), a).bucket_count() == 2);
}

void elements_by_the_allocator() {
  std::pmr::monotonic_buffer_resource memory;
  using text = std::pmr::string;
  using allocator = std::pmr::polymorphic_allocator<std::pair<text, text>>;
  hmap::map<text, text, hmap::hash<text>, hmap::equal_to<text>, allocator> m(allocator{&memory});
  for (int i = 0; i != 200; ++i) {
    m.try_emplace(text(std::to_string(i)), "value");
    m.emplace(std::to_string(1000 + i), "value");
    m[text(std::to_string(2000 + i))];
  }
  for (auto [key, value] : m)
    CHECK(key.get_allocator().resource() == &memory && value.get_allocator().resource() == &memory);
}

} // namespace

int main() {
  trial<false, false, false>::run();
  trial<true, false, false>::run();
  trial<false, true, false>::run();
  trial<false, false, true>::run();
  trial<true, true, true>::run();
  constructors();
  elements_by_the_allocator();
  CHECK(owners.empty());
}
