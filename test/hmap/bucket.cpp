// The states of slots as detail/bucket.h draws them, seen through a table, and the arithmetic on eight tophashes at
// once.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t
// RUN: %clangxx -std=c++17 -O1 -DHMAP_SSE2=0 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>

#include <initializer_list>

namespace {

using namespace hmap::detail;

struct opened : hmap::map<std::uint64_t, int, placed_hash> {
  table_type::bucket chain(std::uint64_t key) { return table_.chain_of(table_.hash_of(key)); }
  std::uint8_t top(std::uint64_t key) { return top_of_hash(table_.hash_of(key)); }
  bool growing() const { return table_.growing(); }
};

template <class Bucket> void has(Bucket b, std::initializer_list<std::uint8_t> states) {
  unsigned slot = 0;
  for (std::uint8_t state : states) CHECK(b.top_of(slot++) == state);
  for (; slot != slots_per_bucket; ++slot) CHECK(b.top_of(slot) == empty_rest);
}

void states() {
  opened m;
  m.reserve(100); // 16 buckets
  auto key = [](std::uint64_t i) { return 5 | i << 8; };
  auto b = m.chain(5);
  has(b, {});
  for (std::uint64_t i = 0; i != 3; ++i) m[key(i)] = 1;
  has(b, {m.top(key(0)), m.top(key(1)), m.top(key(2))});
  CHECK(m.top(key(0)) >= first_full);
  m.erase(key(1));
  has(b, {m.top(key(0)), empty, m.top(key(2))});
  m.erase(key(2)); // the last one after it
  has(b, {m.top(key(0))});
  m[key(3)] = 1;
  has(b, {m.top(key(0)), m.top(key(3))});
  m.erase(key(0));
  has(b, {empty, m.top(key(3))});
  for (std::uint64_t i = 4; i != 11; ++i) m[key(i)] = 1; // the first of them takes the first slot
  CHECK(b.top_of(0) == m.top(key(4)) && !b.overflow());
  m[key(11)] = 1;
  CHECK(b.overflow() && b.overflow().top_of(0) == m.top(key(11)));
  m.erase(key(10)); // something follows, in the overflow bucket
  CHECK(b.top_of(7) == empty);
  m.erase(key(11));
  CHECK(!b.overflow() && b.top_of(7) == empty_rest && b.top_of(6) == m.top(key(9)));
  CHECK_SOUND(m);
}

void evacuated_states() {
  opened m;
  m.reserve(104);
  for (std::uint64_t chain = 0; chain != 16; ++chain)
    for (std::uint64_t i = 0; i != 6 + chain % 2; ++i) m[chain | i << 4] = 1;
  CHECK(m.size() == 104 && m.bucket_count() == 16);
  auto b = m.chain(5);
  m.erase(5 | 2 << 4);
  m[6 << 4] = 1;
  m[5 | 7 << 4] = 1; // the 105th: growth begins with its chain
  CHECK(m.growing() && m.bucket_count() == 32);
  for (unsigned slot = 0; slot != slots_per_bucket; ++slot)
    CHECK(b.top_of(slot) == (slot == 2 || slot == 7 ? evacuated_empty : slot % 2 ? evacuated_high : evacuated_low));
  CHECK_SOUND(m);
}

void rows() {
  for (bool overflows : {false, true}) {
    opened m;
    m.reserve(100);
    random_source random(2);
    for (std::uint64_t chain = 0; chain != 16; ++chain)
      for (std::uint64_t i = 0, n = random.below(7); i != n; ++i) m[chain | i << 4] = 1;
    m.erase(2);
    if (overflows)
      for (std::uint64_t i = 0; i != 9; ++i) m[6 | i << 4] = 1;
    auto first = m.chain(0);
    row seen = 0, full = 0;
    CHECK(first.whole_row(seen) != overflows);
    for (unsigned slot = 0; slot != 64; ++slot)
      if (first.neighbour(slot / 8).top_of(slot % 8) >= first_full) full |= row_of(slot);
    CHECK(seen == full && full != 0);
  }
}

tops random_word(random_source &random) {
  tops word = 0;
  for (unsigned slot = 0; slot != slots_per_bucket; ++slot) {
    auto state = static_cast<std::uint8_t>(random.one_in(3) ? random.below(2) : first_full + random.below(6));
    word = with_top(word, slot, state);
  }
  return word;
}

bool in(matches set, unsigned slot) {
  for (; set; set &= set - 1)
    if (first_match(set) == slot) return true;
  return false;
}

void arithmetic() {
  random_source random(1);
  for (int round = 0; round != 20000; ++round) {
    tops word = random_word(random), end = ended(word);
    auto top = static_cast<std::uint8_t>(first_full + random.below(6));
    matches found = match_top(word, top);
    unsigned full = 0, last = 0;
    for (unsigned slot = 0; slot != slots_per_bucket; ++slot) {
      bool is_full = top_at(word, slot) >= first_full;
      CHECK(((full_slots(word) >> (8 * slot) & 0x80) != 0) == is_full);
      CHECK(((full_row(word) & row_of(slot)) != 0) == is_full);
      CHECK(((empty_slots(word) >> (8 * slot) & 0x80) != 0) != is_full);
      if (is_full && full++ == 0) CHECK(first_slot(full_slots(word)) == slot);
      if (is_full) last = slot + 1;
      if (top_at(word, slot) == top) CHECK(in(found, slot));
      if (in(found, slot)) CHECK(HMAP_SSE2 ? top_at(word, slot) == top : is_full);
    }
    CHECK(count_slots(full_slots(word)) == full);
    for (unsigned slot = 0; slot != slots_per_bucket; ++slot)
      CHECK(top_at(end, slot) == (slot < last ? top_at(word, slot) : empty_rest));
  }
}

} // namespace

int main() {
  states();
  evacuated_states();
  rows();
  arithmetic();
}
