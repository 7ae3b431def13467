// Whatever throws, wherever: constructors, copies that stand in for moves, hash, equality, the allocator. An insert
// that throws has added nothing (contract 12), the table stays sound and nothing leaks.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>

#include <map>
#include <string>

namespace {

int countdown = -1; ///< throws when it reaches zero
int alive = 0;
void risk() {
  if (countdown > 0 && --countdown == 0) throw 42;
}

/// Copies may throw, and there is no move without that risk.
struct risky {
  explicit risky(int n) : number(n) {
    risk();
    ++alive;
  }
  risky(const risky &other) : number(other.number) {
    risk();
    ++alive;
  }
  risky &operator=(const risky &) = default;
  ~risky() { --alive; }
  friend bool operator==(const risky &a, const risky &b) {
    risk();
    return a.number == b.number;
  }
  int number;
};

struct risky_hash {
  std::size_t operator()(const risky &r) const {
    risk();
    return static_cast<std::size_t>(r.number);
  }
};

using tested = hmap::map<risky, risky, risky_hash, std::equal_to<risky>, counting_allocator<std::pair<risky, risky>>>;

std::map<int, int> contents(const tested &m) {
  std::map<int, int> all;
  for (auto [key, value] : m) CHECK(all.emplace(key.number, value.number).second);
  return all;
}

void one_run(std::uint64_t round) {
  random_source random(round);
  allocation_counts counts;
  {
    tested m{counting_allocator<std::pair<risky, risky>>(counts)};
    for (int step = 0; step != 400; ++step) {
      std::map<int, int> before = contents(m);
      int key = static_cast<int>(random.below(300));
      bool throws = random.one_in(3), add = random.below(4) != 0, rehash = random.one_in(40);
      risky k(key);
      countdown = throws && random.one_in(2) ? static_cast<int>(1 + random.below(40)) : -1;
      counts.fail_at = throws && countdown < 0 ? counts.calls + 1 + random.below(2) : 0;
      try {
        if (rehash)
          m.rehash(random.below(200));
        else if (add)
          m.try_emplace(k, key), before.emplace(key, key);
        else
          m.erase(k), before.erase(key);
      } catch (int) {
      } catch (const std::bad_alloc &) {
      }
      countdown = -1;
      counts.fail_at = 0;
      CHECK(contents(m) == before || (before.erase(key) == 1 && add && contents(m) == before));
      CHECK_SOUND(m);
    }
  }
  CHECK(alive == 0 && counts.live == 0 && counts.bytes == 0);
}

/// Copies, assignments and moves into other memory: what throws has changed neither side.
template <class F> void all_or_nothing(tested &to, const tested &from, allocation_counts &counts, F attempt) {
  for (bool by_memory : {false, true}) {
    bool done = false;
    for (int failure = 1; !done; ++failure) {
      const std::map<int, int> before = contents(to), source = contents(from);
      countdown = by_memory ? -1 : failure;
      counts.fail_at = by_memory ? counts.calls + static_cast<std::size_t>(failure) : 0;
      try {
        attempt();
        done = true;
      } catch (int) {
      } catch (const std::bad_alloc &) {
      }
      countdown = -1;
      counts.fail_at = 0;
      CHECK(done ? failure > 2 : contents(to) == before && contents(from) == source);
      CHECK_SOUND(to);
      CHECK_SOUND(from);
    }
  }
}

void whole_maps() {
  allocation_counts counts, elsewhere;
  {
    tested a{counting_allocator<std::pair<risky, risky>>(counts)},
        b{counting_allocator<std::pair<risky, risky>>(counts)};
    for (int i = 0; i != 70; ++i) a.try_emplace(risky(i), i); // in the middle of growing
    for (int i = 0; i != 20; ++i) b.try_emplace(risky(i), -i);
    const std::map<int, int> expected = contents(a);
    all_or_nothing(b, a, counts, [&] { CHECK(tested(a).size() == 70); });
    all_or_nothing(b, a, counts, [&] { b = a; });
    CHECK(contents(b) == expected);
    const std::initializer_list<std::pair<risky, risky>> list{{risky(1), risky(2)}, {risky(3), risky(4)}};
    all_or_nothing(b, a, counts, [&] { b = list; });
    CHECK(contents(b) == (std::map<int, int>{{1, 2}, {3, 4}}));
    all_or_nothing(b, a, elsewhere, [&] {
      tested far(std::move(a), counting_allocator<std::pair<risky, risky>>(elsewhere));
      countdown = -1;
      CHECK(contents(far) == expected && a.empty());
      for (int i = 0; i != 70; ++i) a.try_emplace(risky(i), i);
    });
  }
  CHECK(alive == 0 && counts.live == 0 && elsewhere.live == 0);
}

/// The memory of a large table fails to come, piece by piece: its directory, a shelf of heads, a segment.
void no_memory_for_a_large_table() {
  allocation_counts counts;
  {
    using map = hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, counting_allocator<std::pair<int, int>>>;
    map m{counting_allocator<std::pair<int, int>>(counts)};
    int failures = 0;
    std::size_t in_a_row = 0;
    for (int i = 0; i != 120000;) {
      if (i >= 50000) counts.fail_at = counts.calls + 1 + in_a_row;
      try {
        m[i] = i;
        ++i;
        in_a_row = 0;
      } catch (const std::bad_alloc &) {
        CHECK(!m.contains(i) && m.size() == static_cast<std::size_t>(i));
        ++in_a_row;
        if (++failures % 20 == 0) CHECK_SOUND(m);
      }
    }
    counts.fail_at = 0;
    CHECK(failures > 90);
    CHECK_SOUND(m);
    for (int i = 0; i != 120000; ++i) CHECK(m.at(i) == i);
  }
  CHECK(counts.live == 0 && counts.bytes == 0);
}

void value_constructor_throws() {
  hmap::map<int, risky> m;
  for (int i = 0; i != 100; ++i) {
    countdown = 1;
    try {
      m.try_emplace(i, i);
      CHECK(false);
    } catch (int) {
    }
    countdown = -1;
    CHECK(m.size() == static_cast<std::size_t>(i) && !m.contains(i));
    m.try_emplace(i, i);
  }
  CHECK_SOUND(m);
}

/// What fails to move over stays where it was: by merge, and by the insertion of a node.
void nothing_lost(std::uint64_t round) {
  using owner = std::unique_ptr<int>;
  using owners = hmap::map<int, owner, hmap::hash<int>, hmap::equal_to<int>, counting_allocator<std::pair<int, owner>>>;
  random_source random(round);
  allocation_counts counts;
  {
    owners from{counting_allocator<std::pair<int, owner>>(counts)},
        to{counting_allocator<std::pair<int, owner>>(counts)};
    for (int key = 0; key != 300; ++key) (random.one_in(3) ? to : from).try_emplace(key, std::make_unique<int>(key));
    auto node = from.extract(from.begin()->first);
    int in_node = node.key();
    for (bool done = false; !done;) {
      counts.fail_at = random.one_in(10) ? 0 : counts.calls + 1 + random.below(3);
      try {
        to.merge(from);
        to.insert(std::move(node));
        done = true;
      } catch (const std::bad_alloc &) {
      }
      counts.fail_at = 0;
      CHECK(to.size() + from.size() + !node.empty() == 300);
      if (node) CHECK(node.key() == in_node && *node.mapped() == in_node);
      for (auto *map : {&from, &to})
        for (auto [key, value] : *map) CHECK(*value == key);
      CHECK_SOUND(from);
      CHECK_SOUND(to);
    }
    CHECK(to.size() == 300 && from.empty());
  }
  CHECK(counts.live == 0);
}

} // namespace

int main() {
  for (std::uint64_t round = 0; round != 60; ++round) one_run(round);
  whole_maps();
  no_memory_for_a_large_table();
  value_constructor_throws();
  for (std::uint64_t round = 0; round != 60; ++round) nothing_lost(round);
  CHECK(alive == 0);
}
