/// \file
/// The self-check: the invariants of table.h looked at one by one, in full, slowly.

#ifndef HMAP_DETAIL_VERIFY_H
#define HMAP_DETAIL_VERIFY_H

#include <hmap/detail/table.h>

namespace hmap::detail {

/// Looks at one chain at a time; remembers what must add up in the end.
template <class Table> class verifier {
public:
  using bucket = typename Table::bucket;

  explicit verifier(const Table &table) : table_(table) {}

  const char *chain(bucket head) {
    bool rest = false;
    for (bucket b = head; b; b = b.overflow()) {
      overflow_ += b != head;
      for (unsigned slot = 0; slot != slots_per_bucket; ++slot) {
        std::uint8_t top = b.top_of(slot);
        if (top >= evacuated_low && top <= evacuated_empty) return "I1: evacuated state in a chain in force";
        if (rest && top != empty_rest) return "I2: slot in use after empty_rest";
        rest |= top == empty_rest;
        if (top < first_full) continue;
        ++entries_;
        if (const char *broken = entry(head, b, slot)) return broken;
      }
      if (b != head && !b.overflow() && !full_slots(b.top())) return "I3: last overflow bucket is empty";
    }
    return nullptr;
  }

  const char *totals(std::size_t size, std::size_t overflow) const {
    if (entries_ != size) return "size() is not the number of full slots";
    if (overflow_ != overflow) return "overflow buckets lost or counted twice";
    return nullptr;
  }

private:
  const char *entry(bucket head, bucket b, unsigned slot) {
    const auto &key = *b.key(slot);
    if (!table_.equal()(key, key)) return nullptr;
    std::uint64_t hash = table_.hash_of(key);
    if (top_of_hash(hash) != b.top_of(slot)) return "I1: tophash is not of the key's hash";
    if (table_.chain_of(hash) != head) return "I1: entry in a chain that its hash does not belong to";
    auto found = table_.find_hashed(key, hash);
    if (found.in != b || found.slot != slot) return "two entries with equal keys";
    return nullptr;
  }

  const Table &table_;
  std::size_t entries_ = 0;
  std::size_t overflow_ = 0;
};

template <class K, class V, class Hash, class Eq, class Alloc, class Barrier>
const char *table<K, V, Hash, Eq, Alloc, Barrier>::verify() const {
  if (!now_) return size_ || old_ ? "entries without an array" : nullptr;
  if (old_ && now_.bits != old_.bits && now_.bits != old_.bits + 1) return "arrays of unrelated sizes";
  if (size_ > limit_for(now_.bits)) return "more entries than the load limit";
  for (std::size_t i = 0; old_ && i != evacuated_before_; ++i) {
    if (!old_.segments[i >> array::segment_bits]) continue;
    if (!is_evacuated(old_[i].top())) return "I4: bucket before evacuated_before_ is not evacuated";
  }
  verifier<table> look(*this);
  const char *broken = nullptr;
  for_each_chain([&](bucket head) {
    if (!broken) broken = look.chain(head);
  });
  return broken ? broken : look.totals(size_, memory_.overflow_in_use());
}

} // namespace hmap::detail

#endif
