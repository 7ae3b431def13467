/// \file
/// What moving a chain keeps track of: which of its slots go where, and how far each new chain has been filled.

#ifndef HMAP_DETAIL_EVACUATION_H
#define HMAP_DETAIL_EVACUATION_H

#include <hmap/detail/bucket.h>

#include <algorithm>
#include <memory>

namespace hmap::detail {

/// For each bucket of an old chain, the slots that go to the higher of the two new buckets.
template <class Alloc> class high_slots {
public:
  high_slots(Alloc &alloc, std::size_t length) : alloc_(alloc), length_(length) {
    if (length > inline_length) sets_ = traits::allocate(alloc_, length);
  }
  high_slots(const high_slots &) = delete;
  high_slots &operator=(const high_slots &) = delete;
  ~high_slots() {
    if (length_ > inline_length) traits::deallocate(alloc_, sets_, length_);
  }
  tops &operator[](std::size_t ordinal) noexcept { return sets_[ordinal]; }

private:
  static constexpr std::size_t inline_length = 8;
  using tops_alloc = typename std::allocator_traits<Alloc>::template rebind_alloc<tops>;
  using traits = std::allocator_traits<tops_alloc>;
  tops_alloc alloc_;
  std::size_t length_;
  tops inline_[inline_length];
  tops *sets_ = inline_;
};

/// One of the chains that an old chain is emptied into. `keep` is whether entries keep their positions (I5 of table.h)
/// or are packed.
template <class Bucket> struct destination {
  explicit destination(std::size_t bucket_index) noexcept : index(bucket_index) {}

  /// Counts in the entries that come from the old chain's bucket with this number.
  void plan(tops slots, std::size_t from_ordinal) noexcept {
    if (!slots) return;
    entries += count_slots(slots);
    reach = from_ordinal + 1;
  }

  /// How many overflow buckets the planned entries need.
  std::size_t overflow_needed(bool keep) const noexcept {
    std::size_t length = keep ? reach : std::max<std::size_t>(1, (entries + slots_per_bucket - 1) / slots_per_bucket);
    return length - 1;
  }

  /// The slot for the next entry, which had this position: `last` is its bucket then.
  unsigned next_slot(std::size_t from_ordinal, unsigned from_slot, bool keep) noexcept {
    if (!keep) {
      from_ordinal = ordinal + (slot == slots_per_bucket);
      from_slot = slot % slots_per_bucket;
      slot = from_slot + 1;
    }
    for (; ordinal != from_ordinal; ++ordinal) last = last.overflow();
    return from_slot;
  }

  /// Restores I2 in a chain filled with gaps.
  void close() const noexcept {
    for (Bucket b = head; b; b = b.overflow()) {
      tops word = b.top() | empty_slots(b.top()) / 0x80 * empty;
      b.set_top(b.overflow() ? word : ended(word));
    }
  }

  std::size_t index;       ///< of the new bucket
  std::size_t entries = 0; ///< that go there
  std::size_t reach = 1;   ///< buckets of the old chain up to the last of them
  Bucket head;
  Bucket last;             ///< bucket being filled
  std::size_t ordinal = 0; ///< of that bucket
  unsigned slot = 0;       ///< next to be filled, when packing
};

} // namespace hmap::detail

#endif
