// What must not compile, and says why.
//
// RUN: %clangxx -std=c++17 -fsyntax-only %hmap %s
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=1 %hmap %s 2>&1 | FileCheck %s --check-prefix=IMMOVABLE
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=2 %hmap %s 2>&1 | FileCheck %s --check-prefix=CONSTKEY
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=3 %hmap %s 2>&1 | FileCheck %s --check-prefix=BARRIER
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=4 %hmap %s 2>&1 | FileCheck %s --check-prefix=CONSTMAP
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=5 %hmap %s 2>&1 | FileCheck %s --check-prefix=TRANSPARENT
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=6 %hmap %s 2>&1 | FileCheck %s --check-prefix=REFERENCE
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=7 %hmap %s 2>&1 | FileCheck %s --check-prefix=HANDLE
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=8 %hmap %s 2>&1 | FileCheck %s --check-prefix=SYNC
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=9 %hmap %s 2>&1 | FileCheck %s --check-prefix=ENUM
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=10 %hmap %s 2>&1 | FileCheck %s --check-prefix=INTERIOR
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=11 %hmap %s 2>&1 | FileCheck %s --check-prefix=FANCY
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=12 %hmap %s 2>&1 | FileCheck %s --check-prefix=SETKEY
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=13 %hmap %s 2>&1 | FileCheck %s --check-prefix=PLAINKEY
// RUN: not %clangxx -std=c++17 -fsyntax-only -DCASE=14 %hmap %s 2>&1 | FileCheck %s --check-prefix=TRAITS

#include <hmap/map.h>
#include <hmap/marshal.h>
#include <hmap/pool.h>
#include <hmap/set.h>
#include <hmap/sync_map.h>

#include <mutex>

struct silent_barrier {
  void write(const void *, const void *, const void *) noexcept {}
};
using barred =
    hmap::map<int, int *, hmap::hash<int>, hmap::equal_to<int>, std::allocator<std::pair<int, int *>>, silent_barrier>;
struct opaque_hash {
  std::size_t operator()(const std::string &) const { return 1; }
};

/// An address that is not a pointer, as in shared memory.
template <class T> struct offset {
  using element_type = T;
  std::ptrdiff_t distance;
  T &operator*() const;
};
template <class T> struct offset_allocator {
  using value_type = T;
  using pointer = offset<T>;
  pointer allocate(std::size_t);
  void deallocate(pointer, std::size_t);
};

#ifndef CASE
#define CASE 0
#endif

void cases() {
#if CASE == 1 // elements must be movable
  hmap::map<int, std::mutex> m;
  m[1];
// IMMOVABLE: hmap moves its elements when it grows
#elif CASE == 2  // keys are constant
  hmap::map<int, int> m;
  m.begin()->first = 1;
// CONSTKEY: error: cannot assign
#elif CASE == 3  // no bare reference past a barrier
  barred m;
  int *&slot = m[1];
// BARRIER: error: no viable conversion from 'mapped_reference'
#elif CASE == 4  // a constant map gives constant values
  const hmap::map<int, int> m;
  m.find(1)->second = 1;
// CONSTMAP: error: cannot assign
#elif CASE == 5  // lookup by another type only with transparent hash and equality
  hmap::map<std::string, int, opaque_hash, std::equal_to<std::string>> m;
  m.find(std::string_view("a"));
// TRANSPARENT: error: no matching member function for call to 'find'
#elif CASE == 6  // iterators give pairs made on the spot: no lvalue to bind to
  hmap::map<int, int> m;
  for (auto &entry : m) (void)entry;
// REFERENCE: error: non-const lvalue reference
#elif CASE == 7  // a handle is not copied
  hmap::pool<int> pool;
  auto a = pool.get();
  auto b = a;
// HANDLE: error: call to implicitly-deleted copy constructor
#elif CASE == 8  // nothing to hold on to in a sync_map
  hmap::sync_map<int, int> m;
  int &value = *m.load_shared(1);
// SYNC: error: binding reference of type 'int' to value of type {{.*}}const int
#elif CASE == 9  // not every number is a value of such an enumeration, so none is taken from a stranger's bytes
  enum open { first, second };
  hmap::map<int, open> m;
  (void)hmap::decode("", 0, m);
// ENUM: must say itself which numbers it may be
#elif CASE == 10 // a constant map lends nothing to write through
  const hmap::map<int, int> m;
  int *slot = m.unsafe_slot(1);
// INTERIOR: error: no matching member function for call to 'unsafe_slot'
#elif CASE == 11 // buckets are reached by pointers
  hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, offset_allocator<std::pair<int, int>>> m;
// FANCY: hmap needs allocators with raw pointers
#elif CASE == 12 // the keys of a set are constant
  hmap::set<int> s;
  *s.begin() = 1;
// SETKEY: error: cannot assign to return value
#elif CASE == 13
  hmap::map<const int, int> m;
// PLAINKEY: the key type is plain
#elif CASE == 14 // strings that are equal by their own rules have no hash by their characters
  struct folded : std::char_traits<char> {};
  hmap::map<std::basic_string<char, folded>, int> m;
  m[{}];
// TRAITS: error: {{.*}}std::hash
#endif
}
