/// \file
/// The memory of a table: bucket arrays in segments, a pool of overflow buckets, and in checked mode a quarantine.
///
/// A bucket array is not one block. It is a directory of segments of 512 buckets, each allocated when growth first
/// writes to it and given back when the last of its buckets has been evacuated. So starting to grow costs a directory
/// of pointers, finishing costs nothing, and neither the allocator nor the kernel is ever asked for, or handed back,
/// more than a segment at a time.

#ifndef HMAP_DETAIL_STORAGE_H
#define HMAP_DETAIL_STORAGE_H

#include <hmap/detail/bucket.h>
#include <hmap/detail/poison.h>

#include <algorithm>
#include <list>
#include <memory>
#include <utility>

namespace hmap::detail {

/// The number of the bucket that a hash belongs to among 2^bits: its topmost bits, so that doubling splits bucket i
/// into 2i and 2i + 1 and an order by bucket number is an order by hash at every size.
HMAP_INLINE std::size_t bucket_index(std::uint64_t hash, unsigned bits) noexcept {
  return static_cast<std::size_t>((hash >> 1) >> (63 - bits));
}

/// 512 buckets, so that their tophash words fill a page; fewer if that were more than 512 KiB.
constexpr unsigned segment_bits_for(std::size_t bucket_bytes) noexcept {
  unsigned bits = 0;
  while (bits != 9 && (bucket_bytes << (bits + 1)) <= 524288) ++bits;
  return bits;
}

/// 2^bits buckets in a directory of segments. A segment is named by the address in its middle: upwards from there
/// stand the tophash words of its buckets, downwards their cells. A segment that is not there is a null pointer.
///
///     | cells n-1 | ... | cells 1 | cells 0 | top 0 | top 1 | ... | top n-1 |
///                                           ^ segment
template <class Bucket> struct bucket_array {
  using cells_type = typename Bucket::cells_type;
  static constexpr unsigned segment_bits = segment_bits_for(sizeof(cells_type) + sizeof(tops));

  tops **segments = nullptr;
  unsigned char bits = 0;

  explicit operator bool() const noexcept { return segments != nullptr; }
  std::size_t size() const noexcept { return std::size_t{1} << bits; }
  std::size_t segment_size() const noexcept { return std::size_t{1} << std::min<unsigned>(bits, segment_bits); }
  std::size_t segment_count() const noexcept { return size() / segment_size(); }

  HMAP_INLINE static Bucket in_segment(tops *segment, std::size_t i) noexcept {
    return {segment + i, reinterpret_cast<cells_type *>(segment) - 1 - i};
  }
  HMAP_INLINE Bucket operator[](std::size_t index) const noexcept {
    return in_segment(segments[index >> segment_bits], index & ((std::size_t{1} << segment_bits) - 1));
  }
};

template <class Bucket, class Alloc> class storage {
public:
  using array = bucket_array<Bucket>;

  storage() = default;
  storage(const storage &) = delete;
  storage &operator=(const storage &) = delete;

  void swap(storage &other) noexcept {
    std::swap(slabs_, other.slabs_);
    std::swap(free_, other.free_);
    std::swap(slots_in_slabs_, other.slots_in_slabs_);
    std::swap(in_use_, other.in_use_);
#if HMAP_CHECKED
    quarantine_.swap(other.quarantine_);
    std::swap(quarantined_, other.quarantined_);
#endif
  }

  array make_array(Alloc &alloc, unsigned bits) {
    array made;
    made.bits = static_cast<unsigned char>(bits);
    directory_alloc directories(alloc);
    made.segments = directory_traits::allocate(directories, made.segment_count());
    std::fill_n(made.segments, made.segment_count(), static_cast<tops *>(nullptr));
    return made;
  }

  /// The segment's buckets are not opened.
  void make_segment(Alloc &alloc, array &in, std::size_t segment) {
    if (in.segments[segment]) return;
    unit *first = make_block(alloc, units_for(in.segment_size()));
    in.segments[segment] = reinterpret_cast<tops *>(reinterpret_cast<cells_type *>(first) + in.segment_size());
  }

  void make_open_segments(Alloc &alloc, array &in) {
    for (std::size_t segment = 0; segment != in.segment_count(); ++segment) {
      make_segment(alloc, in, segment);
      for (std::size_t i = 0; i != in.segment_size(); ++i) array::in_segment(in.segments[segment], i).open();
    }
  }

  void drop_segment(Alloc &alloc, array &in, std::size_t segment) noexcept {
    tops *middle = std::exchange(in.segments[segment], nullptr);
    if (!middle) return;
    cells_type *first = reinterpret_cast<cells_type *>(middle) - in.segment_size();
    drop_block(alloc, reinterpret_cast<unit *>(first), units_for(in.segment_size()));
  }

  void drop_array(Alloc &alloc, array &of) noexcept {
    if (!of) return;
    for (std::size_t segment = 0; segment != of.segment_count(); ++segment) drop_segment(alloc, of, segment);
    directory_alloc directories(alloc);
    directory_traits::deallocate(directories, of.segments, of.segment_count());
    of = array();
  }

  /// Overflow buckets in chains.
  std::size_t overflow_in_use() const noexcept { return in_use_; }

  /// After this, `count` calls of take_overflow cannot fail.
  void reserve_overflow(Alloc &alloc, std::size_t count) {
    std::size_t available = 0;
    for (overflow_type *b = free_; b && available != count; b = b->body.next) ++available;
    if (available < count) make_slab(alloc, count - available);
  }

  Bucket take_overflow() noexcept {
    Bucket taken(free_);
    free_ = free_->body.next;
    unpoison(taken.body(), payload);
    taken.open();
    ++in_use_;
    return taken;
  }

  void give_overflow(Bucket bucket) noexcept {
    bucket.open();
    bucket.body()->next = free_;
    free_ = bucket.as_overflow();
#if HMAP_ASAN || HMAP_CHECKED
    poison(bucket.body(), payload);
#endif
    --in_use_;
  }

  void drop_overflow(Alloc &alloc) noexcept {
    while (slabs_) {
      overflow_type *slab = slabs_;
      slabs_ = slab->body.next;
      drop_block(alloc, reinterpret_cast<unit *>(slab), slab_units(static_cast<std::size_t>(slab->top)));
    }
    free_ = nullptr;
    slots_in_slabs_ = in_use_ = 0;
  }

  /// Checked mode gives memory back late: a stale reference must find the poison, not a new owner.
  void drop_quarantine([[maybe_unused]] Alloc &alloc) noexcept {
#if HMAP_CHECKED
    while (!quarantine_.empty()) release_oldest(alloc);
#endif
  }

#if HMAP_CHECKED
  void adopt_quarantine(storage &from) noexcept {
    quarantine_.splice(quarantine_.begin(), from.quarantine_);
    quarantined_ += std::exchange(from.quarantined_, 0);
  }
#endif

private:
  using cells_type = typename Bucket::cells_type;
  using overflow_type = typename Bucket::overflow_type;

  /// What memory is asked for in: as aligned as a bucket.
  struct alignas(overflow_type) unit {
    unsigned char bytes[alignof(overflow_type)];
  };
  using unit_alloc = typename std::allocator_traits<Alloc>::template rebind_alloc<unit>;
  using unit_traits = std::allocator_traits<unit_alloc>;
  using directory_alloc = typename std::allocator_traits<Alloc>::template rebind_alloc<tops *>;
  using directory_traits = std::allocator_traits<directory_alloc>;
  static_assert(std::is_same_v<typename unit_traits::pointer, unit *>, "hmap needs allocators with raw pointers");

  /// The part of an overflow bucket that nothing may look at while it is free.
  static constexpr std::size_t payload = offsetof(cells_type, next);

  static constexpr std::size_t units_for(std::size_t buckets) noexcept {
    return (buckets * (sizeof(cells_type) + sizeof(tops)) + sizeof(unit) - 1) / sizeof(unit);
  }
  static constexpr std::size_t slab_units(std::size_t buckets) noexcept {
    return buckets * (sizeof(overflow_type) / sizeof(unit));
  }

  static unit *make_block(Alloc &alloc, std::size_t units) {
    unit_alloc allocator(alloc);
    return unit_traits::allocate(allocator, units);
  }

  /// One block of overflow buckets; its first bucket is the block's header (length, next block).
  void make_slab(Alloc &alloc, std::size_t at_least) {
    std::size_t most = std::size_t{1} << array::segment_bits;
    std::size_t count = std::max(at_least, std::min(std::max<std::size_t>(slots_in_slabs_ / 2, 2), most)) + 1;
    auto *slab = reinterpret_cast<overflow_type *>(make_block(alloc, slab_units(count)));
    slab->top = count;
    slab->body.next = slabs_;
    slabs_ = slab;
    slots_in_slabs_ += count;
    in_use_ += count - 1;
    for (std::size_t i = count; --i != 0;) give_overflow(Bucket(slab + i));
  }

#if HMAP_CHECKED
  struct block {
    unit *first;
    std::size_t units;
  };

  static constexpr std::size_t quarantine_limit = std::size_t{64} << 20;

  void drop_block(Alloc &alloc, unit *first, std::size_t units) noexcept {
    poison(first, units * sizeof(unit));
    quarantined_ += units * sizeof(unit);
    quarantine_.push_back({first, units});
    while (quarantined_ > quarantine_limit) release_oldest(alloc);
  }

  void release_oldest(Alloc &alloc) noexcept {
    block oldest = quarantine_.front();
    quarantine_.pop_front();
    quarantined_ -= oldest.units * sizeof(unit);
    unpoison(oldest.first, oldest.units * sizeof(unit));
    unit_alloc allocator(alloc);
    unit_traits::deallocate(allocator, oldest.first, oldest.units);
  }

  std::list<block> quarantine_;
  std::size_t quarantined_ = 0;
#else
  void drop_block(Alloc &alloc, unit *first, std::size_t units) noexcept {
    unpoison(first, units * sizeof(unit));
    unit_alloc allocator(alloc);
    unit_traits::deallocate(allocator, first, units);
  }
#endif

  overflow_type *slabs_ = nullptr;
  overflow_type *free_ = nullptr;
  std::size_t slots_in_slabs_ = 0;
  std::size_t in_use_ = 0;
};

} // namespace hmap::detail

#endif
