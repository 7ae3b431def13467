/// \file
/// The bucket: eight slots, a tophash byte for each, and the way to the next bucket of the chain.
///
///     +----------------+------+     +---------------------+-----------------------+
///     | t0 t1 .. t7    | next |     | key 0 .. key 7      | value 0 .. value 7    |
///     +----------------+------+     +---------------------+-----------------------+
///       head              |           cells
///                         an overflow bucket, or null
///
/// The tophash of a slot is its state. Of a full slot it is 128 plus seven bits of the key's hash, so that a wrong key
/// is looked at once in 128 times.
///
///     empty_rest <----- erased, nothing after it ---.
///         |                                         |
///         | insert                                  |
///         v                                         |
///     full (128..255) --- erase ---> empty ---- erase of the last one after it
///         |      ^                   |
///         |      '----- insert ------'
///         | evacuation (growth)
///         v
///     evacuated_low, evacuated_high;  an empty slot becomes evacuated_empty
///
/// empty_rest also says that all later slots of the chain are empty. The evacuated states stand only in the first
/// bucket of an old chain, and are final.

#ifndef HMAP_DETAIL_BUCKET_H
#define HMAP_DETAIL_BUCKET_H

#include <hmap/detail/config.h>

#if HMAP_SSE2
#include <emmintrin.h>
#endif

#include <new>
#include <type_traits>

namespace hmap::detail {

inline constexpr unsigned slots_per_bucket = 8;

enum tophash : std::uint8_t {
  empty_rest = 0,
  empty = 1,
  evacuated_low = 2,
  evacuated_high = 3,
  evacuated_empty = 4,
  first_full = 128,
};

/// Eight tophash bytes as one word, slot i in bits 8i..8i+7, whatever the byte order of the machine. A set of slots is
/// a word with bit 7 of their bytes set.
using tops = std::uint64_t;

inline constexpr tops every_byte = 0x0101010101010101u;
inline constexpr tops high_bits = 0x8080808080808080u;

HMAP_INLINE constexpr std::uint8_t top_of_hash(std::uint64_t hash) noexcept {
  return static_cast<std::uint8_t>(hash | first_full);
}

HMAP_INLINE constexpr std::uint8_t top_at(tops word, unsigned slot) noexcept {
  return static_cast<std::uint8_t>(word >> (8 * slot));
}

HMAP_INLINE constexpr tops with_top(tops word, unsigned slot, std::uint8_t top) noexcept {
  return (word & ~(tops{0xff} << (8 * slot))) | tops{top} << (8 * slot);
}

HMAP_INLINE constexpr tops full_slots(tops word) noexcept { return word & high_bits; }

/// In a chain in force, where no slot is evacuated.
HMAP_INLINE constexpr tops empty_slots(tops word) noexcept { return ~word & high_bits; }

/// The slots from the lowest to the highest of a set, whole bytes.
HMAP_INLINE constexpr tops up_to_last(tops set) noexcept {
  set |= set >> 8;
  set |= set >> 16;
  set |= set >> 32;
  return (set >> 7) * 0xff;
}

/// Of the last bucket of a chain: the empty slots after its last entry become empty_rest.
HMAP_INLINE constexpr tops ended(tops word) noexcept { return word & up_to_last(full_slots(word)); }

/// The number of the lowest bit of a set that is not empty.
HMAP_INLINE unsigned lowest_bit(std::uint64_t set) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  return static_cast<unsigned>(__builtin_ctzll(set));
#else
  unsigned bit = 0;
  while (!(set >> bit & 1)) ++bit;
  return bit;
#endif
}

HMAP_INLINE unsigned first_slot(tops set) noexcept { return lowest_bit(set) / 8; }

/// Full slots of up to eight buckets in a row, slot i of bucket b in bit 8b + i.
using row = std::uint64_t;
inline constexpr unsigned buckets_per_row = 8;

HMAP_INLINE constexpr row row_of(unsigned slot) noexcept { return row{1} << slot; }
HMAP_INLINE constexpr row row_from(unsigned slot) noexcept { return ~row{0} << slot; }

HMAP_INLINE unsigned count_slots(tops set) noexcept { return static_cast<unsigned>(((set >> 7) * every_byte) >> 56); }

/// Counted from the row's first slot on.
HMAP_INLINE unsigned first_of_row(row set) noexcept { return lowest_bit(set); }

#if HMAP_SSE2
/// The full slots of one bucket.
HMAP_INLINE row full_row(tops word) noexcept {
  return static_cast<row>(_mm_movemask_epi8(_mm_cvtsi64_si128(static_cast<long long>(word))));
}

/// Slots whose tophash matched, slot i in bit i.
using matches = unsigned;

/// The tophash is of a full slot, so the upper half of the register, which is zero, does not match.
HMAP_INLINE matches match_top(tops word, std::uint8_t top) noexcept {
  __m128i equal =
      _mm_cmpeq_epi8(_mm_cvtsi64_si128(static_cast<long long>(word)), _mm_set1_epi8(static_cast<char>(top)));
  return static_cast<matches>(_mm_movemask_epi8(equal));
}

HMAP_INLINE unsigned first_match(matches set) noexcept {
  auto slot = static_cast<unsigned>(__builtin_ctz(set));
  if (slot >= slots_per_bucket) __builtin_unreachable();
  return slot;
}
#else
/// The full slots of one bucket.
HMAP_INLINE row full_row(tops word) noexcept { return (full_slots(word) >> 7) * 0x0102040810204080u >> 56; }

/// Slots whose tophash matched, in the form of `tops`; possibly the slot after one as well if it is full: the caller
/// compares keys anyway.
using matches = tops;

HMAP_INLINE matches match_top(tops word, std::uint8_t top) noexcept {
  tops difference = word ^ (every_byte * top);
  return (difference - every_byte) & ~difference & high_bits;
}

HMAP_INLINE unsigned first_match(matches set) noexcept { return first_slot(set); }
#endif

HMAP_INLINE constexpr bool is_evacuated(tops word) noexcept {
  auto top = static_cast<std::uint8_t>(word);
  return top >= evacuated_low && top <= evacuated_empty;
}

/// The value type of a set: a bucket of these has no room for values.
struct unit {
  friend constexpr bool operator==(unit, unit) noexcept { return true; }
};

/// The keys and values of a bucket. Trivial: the storage says nothing until the bucket's tophash word does.
template <class K, class V> struct cells {
  alignas(K) unsigned char keys[slots_per_bucket * sizeof(K)];
  alignas(V) unsigned char values[slots_per_bucket * sizeof(V)];

  V *value(unsigned slot) noexcept { return reinterpret_cast<V *>(values) + slot; }
};

template <class K> struct cells<K, unit> {
  alignas(K) unsigned char keys[slots_per_bucket * sizeof(K)];

  unit *value(unsigned) noexcept { return reinterpret_cast<unit *>(keys); }
};

template <class K, class V> struct overflow_bucket;

/// What a bucket says about its cells. In the array, the heads of many buckets stand together: a lookup of an absent
/// key touches nothing else, and touches few pages.
template <class K, class V> struct bucket_head {
  tops top;
  overflow_bucket<K, V> *next; ///< the next bucket of the chain
};

/// A bucket outside the array.
template <class K, class V> struct overflow_bucket {
  bucket_head<K, V> head;
  cells<K, V> body;
};

/// A bucket in the array or outside: where its head is and where its cells are. A null bucket is none.
template <class K, class V> class bucket {
public:
  using head_type = bucket_head<K, V>;
  using cells_type = cells<K, V>;
  using overflow_type = overflow_bucket<K, V>;

  bucket() = default;
  HMAP_INLINE bucket(head_type *head, cells_type *body) noexcept : head_(head), body_(body) {}
  HMAP_INLINE explicit bucket(overflow_type *at) noexcept
      : head_(at ? &at->head : nullptr), body_(at ? &at->body : nullptr) {}

  HMAP_INLINE explicit operator bool() const noexcept { return head_ != nullptr; }
  friend bool operator==(bucket a, bucket b) noexcept { return a.head_ == b.head_; }
  friend bool operator!=(bucket a, bucket b) noexcept { return a.head_ != b.head_; }

  /// Makes storage an empty bucket.
  void open() const noexcept { *head_ = {0, nullptr}; }

  HMAP_INLINE tops top() const noexcept { return head_->top; }
  HMAP_INLINE std::uint8_t top_of(unsigned slot) const noexcept { return top_at(head_->top, slot); }
  void set_top(tops word) const noexcept { head_->top = word; }
  HMAP_INLINE void set_top(unsigned slot, std::uint8_t state) const noexcept {
    head_->top = with_top(head_->top, slot, state);
  }
  HMAP_INLINE matches match(std::uint8_t top) const noexcept { return match_top(head_->top, top); }

  HMAP_INLINE K *key(unsigned slot) const noexcept { return reinterpret_cast<K *>(body_->keys) + slot; }
  HMAP_INLINE V *value(unsigned slot) const noexcept { return body_->value(slot); }

  /// The next bucket of the chain.
  HMAP_INLINE bucket overflow() const noexcept { return bucket(head_->next); }
  void link(bucket next) const noexcept { head_->next = next.as_overflow(); }
  /// The bucket so many after this one in its segment.
  HMAP_INLINE bucket neighbour(std::size_t distance) const noexcept { return {head_ + distance, body_ + distance}; }

  /// The full slots of this bucket and of the seven after it in its segment; true if none of the eight overflows.
  HMAP_INLINE bool whole_row(row &full) const noexcept {
#if HMAP_SSE2
    static_assert(sizeof(head_type) == sizeof(__m128i), "a head is loaded at once: tophashes low, overflow high");
    const auto *heads = reinterpret_cast<const __m128i *>(head_);
    const __m128i zero = _mm_setzero_si128();
    __m128i overflows = zero;
    full = 0;
    for (int pair = 0; pair != 4; ++pair) {
      __m128i even = _mm_loadu_si128(heads + 2 * pair);
      __m128i odd = _mm_loadu_si128(heads + 2 * pair + 1);
      full |= static_cast<row>(_mm_movemask_epi8(_mm_unpacklo_epi64(even, odd))) << (2 * slots_per_bucket * pair);
      overflows = _mm_or_si128(overflows, _mm_unpackhi_epi64(even, odd));
    }
    return _mm_movemask_epi8(_mm_cmpeq_epi8(overflows, zero)) == 0xffff;
#else
    bool overflows = false;
    full = 0;
    for (unsigned b = 0; b != buckets_per_row; ++b) {
      full |= full_row(head_[b].top) << (slots_per_bucket * b);
      overflows |= head_[b].next != nullptr;
    }
    return !overflows;
#endif
  }

  /// Only for buckets outside the array.
  overflow_type *as_overflow() const noexcept { return reinterpret_cast<overflow_type *>(head_); }
  cells_type *body() const noexcept { return body_; }

private:
  head_type *head_ = nullptr;
  cells_type *body_ = nullptr;
};

} // namespace hmap::detail

#endif
