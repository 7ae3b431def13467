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
  }
  CHECK(most_moves <= 80);      // three chains of a dozen, and the new entry
  CHECK(most_allocations <= 8); // directory, segments, a slab of overflow buckets
  CHECK(counts.largest <= 128 * 1024);
  CHECK(peak < 300000 * 45);
  CHECK_SOUND(m);
  std::size_t before = counts.bytes;
  m.clear();
  CHECK(counts.bytes <= before);
  m.rehash(0);
  CHECK(counts.bytes == 0);
}

void reserved_maps_do_not_move() {
  hmap::map<int, watched> m;
  m.reserve(10000);
  moves = 0;
  for (int i = 0; i != 10000; ++i) m[i];
  CHECK(moves == 0);
}

/// Long chains with little in them are packed by growing to the same size.
void packing() {
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
  reserved_maps_do_not_move();
  packing();
  empty_overflow_goes_back();
  halfway();
}
