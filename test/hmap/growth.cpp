// How the table grows: nothing before the first write, no insert that moves or allocates much, old memory given back on
// the way, chains packed when overflow buckets pile up.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>

#include <string>

namespace {

template <class V, class Hash = hmap::hash<std::uint64_t>>
using counted =
    hmap::map<std::uint64_t, V, Hash, hmap::equal_to<std::uint64_t>, counting_allocator<std::pair<std::uint64_t, V>>>;

std::size_t moves = 0;
struct watched {
  watched() = default;
  watched(watched &&) noexcept { ++moves; }
  watched &operator=(watched &&) noexcept { return *this; }
};

void nothing_before_the_first_write() { // contract 1
  allocation_counts counts;
  counted<int> m{counting_allocator<std::pair<std::uint64_t, int>>(counts)};
  CHECK(!m.contains(1) && m.erase(1) == 0 && m.begin() == m.end() && m.find(1) == m.end());
  m.clear();
  m.reserve(0);
  counted<int> copy(m), moved(std::move(m)), assigned(m),
      placed{counting_allocator<std::pair<std::uint64_t, int>>(counts)};
  assigned = copy;
  swap(moved, copy);
  m.merge(copy);
  m.insert(m.begin(), m.end());
  m.rehash(0);
  CHECK(m == copy && m.bucket_count() == 0 && !m.unsafe_slot(1) && !m.extract(1));
  CHECK(counts.calls == 0);
  m[1] = 1;
  CHECK(counts.calls == 2); // the directory and one segment
}

void bounded_inserts() {
  allocation_counts counts;
  counted<watched> m{counting_allocator<std::pair<std::uint64_t, watched>>(counts)};
  std::size_t most_moves = 0, most_allocations = 0, peak = 0;
  for (std::uint64_t i = 0; i != 300000; ++i) {
    std::size_t moves_before = moves, calls_before = counts.calls;
    m[i];
    most_moves = std::max(most_moves, moves - moves_before);
    most_allocations = std::max(most_allocations, counts.calls - calls_before);
    peak = std::max(peak, counts.bytes);
    if (i % 10000 == 0) CHECK_SOUND(m);
  }
  CHECK(most_moves <= 80);      // three chains of a dozen, and the new entry
  CHECK(most_allocations <= 8); // directory, segments, shelves of heads, a slab of overflow buckets
  CHECK(counts.largest <= 128 * 1024);
  CHECK(peak < 300000 * 45);
  CHECK_SOUND(m);
  std::size_t before = counts.bytes;
  m.clear();
  CHECK(counts.bytes <= before);
  m.rehash(0);
  CHECK(counts.bytes == 0);
}

/// Arrays of several shelves, and a loop that goes through them while one replaces the other.
void loop_through_shelves() {
  constexpr std::uint64_t count = 53248; // as many as 8192 buckets may hold
  hmap::map<std::uint64_t, std::uint64_t> m;
  for (std::uint64_t i = 0; i != count; ++i) m[i] = 0;
  std::uint64_t added = 0, step = 0;
  for (auto it = m.begin(); it != m.end(); ++it, ++step) {
    if (it->first < count) CHECK(++it->second == 1);
    if (step % 8 == 0) m[count + added++] = 0;
    if (step % 10000 == 0) CHECK_SOUND(m);
  }
  CHECK(m.bucket_count() == 16384);
  for (std::uint64_t i = 0; i != count; ++i) CHECK(m.at(i) == 1);
  CHECK_SOUND(m);
}

void reserved_maps_do_not_move() {
  hmap::map<int, watched> m;
  m.reserve(10000);
  moves = 0;
  for (int i = 0; i != 10000; ++i) m[i];
  CHECK(moves == 0);
}

/// Doubling comes with the first entry beyond 6.5 a bucket, and is over after at most half as many writes as there
/// were buckets.
void doubling() {
  struct opened : hmap::map<int, int> {
    bool growing() const { return table_.growing(); }
  } m;
  int next = 0;
  for (; next != 8; ++next) m[next] = 1;
  CHECK(m.bucket_count() == 1); // a single bucket may be full
  for (std::size_t buckets = 2; buckets != 4096; buckets *= 2) {
    for (; m.size() != buckets * 13 / 2; ++next) m[next] = 1;
    CHECK(m.bucket_count() == buckets && !m.growing());
    m[next++] = 1;
    CHECK(m.bucket_count() == 2 * buckets);
    std::size_t writes = 1;
    for (; m.growing(); ++writes) m[next++] = 1;
    CHECK(writes <= buckets / 2 + 1);
  }
}

struct opened : hmap::map<std::uint64_t, int, placed_hash> {
  std::size_t overflow_buckets() const {
    std::size_t count = 0;
    table_.for_each_chain([&](auto head) {
      for (auto b = head.overflow(); b; b = b.overflow()) ++count;
    });
    return count;
  }
};

/// Long chains with little in them are packed by growing to the same size; not while a loop may be under way.
void packing() {
  opened m;
  m.reserve(100); // 16 buckets
  std::uint64_t high = 0;
  auto in_chain = [&](std::uint64_t chain) { return chain | ++high << 8; };
  m[in_chain(15)] = 1;
  auto loop = m.begin();
  for (std::uint64_t chain = 0; chain != 3; ++chain) {
    std::uint64_t first = high + 1, last = 0;
    for (int i = 0; i != 64; ++i) m[last = in_chain(chain)] = 1;
    for (std::uint64_t k = first; (chain | k << 8) != last; ++k) m.erase(chain | k << 8);
  }
  for (int i = 0; i != 5; ++i) m[in_chain(3)] = 1;
  CHECK(m.overflow_buckets() == 21); // of three entries, each at the end of a chain of eight
  CHECK(loop->first >> 8 == 1);
  m.iteration_start(1); // ends the loop
  for (int i = 0; i != 20; ++i) m[in_chain(4)] = 1;
  CHECK(m.bucket_count() == 16 && m.overflow_buckets() <= 3);
  CHECK_SOUND(m);
}

void packing_at_the_same_size() {
  allocation_counts counts;
  counted<int, placed_hash> m{counting_allocator<std::pair<std::uint64_t, int>>(counts)};
  m.reserve(100); // 16 buckets
  std::size_t buckets = m.bucket_count();
  CHECK(buckets == 16);
  std::uint64_t high = 0;
  auto in_chain = [&](std::uint64_t chain) { return chain | (++high << 8); };
  std::uint64_t kept = 0;
  for (std::uint64_t chain = 0; chain != 3; ++chain) { // each chain filled, then emptied but for its last
    std::uint64_t first = high + 1, last = 0;
    for (int i = 0; i != 64; ++i) m[last = in_chain(chain)] = 1;
    for (std::uint64_t k = first; (chain | k << 8) != last; ++k) CHECK(m.erase(chain | k << 8) == 1);
    ++kept;
    CHECK_SOUND(m);
  }
  CHECK(m.size() == kept && m.bucket_count() == buckets);
  for (int i = 0; i != 40; ++i) {
    m[in_chain(3 + static_cast<std::uint64_t>(i % 13))] = 1;
    CHECK_SOUND(m);
  }
  CHECK(m.bucket_count() == buckets); // did not double
}

void empty_overflow_goes_back() {
  hmap::map<std::uint64_t, int, placed_hash> m;
  m.reserve(100);
  for (std::uint64_t round = 0; round != 50; ++round) {
    for (std::uint64_t i = 0; i != 90; ++i) m[i << 8] = 1;
    CHECK_SOUND(m);
    for (std::uint64_t i = 0; i != 90; ++i) m.erase((round % 2 ? i : 89 - i) << 8);
    CHECK_SOUND(m);
  }
  CHECK(m.empty() && m.bucket_count() == 16);
}

/// A map that stopped in the middle of growing works as any other.
void halfway() {
  for (int stop = 53; stop != 80; ++stop) {
    hmap::map<int, std::string> m;
    for (int i = 0; i != stop; ++i) m[i] = std::to_string(i);
    hmap::map<int, std::string> copy(m), moved(std::move(m));
    CHECK(copy == moved);
    for (int i = 0; i != stop; ++i) CHECK(moved.at(i) == std::to_string(i));
    moved.clear();
    CHECK_SOUND(moved);
    moved[1] = "again";
    CHECK(moved.size() == 1);
  }
}

} // namespace

int main() {
  nothing_before_the_first_write();
  bounded_inserts();
  loop_through_shelves();
  reserved_maps_do_not_move();
  doubling();
  packing();
  packing_at_the_same_size();
  empty_overflow_goes_back();
  halfway();
}
