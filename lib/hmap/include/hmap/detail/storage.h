/// \file
/// The memory of a table: bucket arrays in segments, a pool of overflow buckets, and in checked mode a quarantine.
///
/// A bucket array is not one block. The cells of its buckets are in segments of 512, their heads in shelves of 8192,
/// each allocated when growth first writes to it and given back when the last of its buckets has been evacuated. So
/// starting to grow costs a directory of pointers, finishing costs nothing, and neither the allocator nor the kernel is
/// ever asked for, or handed back, more than a segment and a shelf at a time.

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

/// 512 buckets; fewer if that were more than 512 KiB.
constexpr unsigned segment_bits_for(std::size_t bucket_bytes) noexcept {
  unsigned bits = 0;
  while (bits != 9 && (bucket_bytes << (bits + 1)) <= 524288) ++bits;
  return bits;
}

/// 2^bits buckets in a directory of segments and shelves. A segment or shelf that is not there is a null pointer.
///
///     segments  | cells 0 | .. | cells 511 |    | cells 512 | .. | cells 1023 |   ...
///     shelves   | head 0 | head 1 | .......................................... | head 8191 |   ...
///
/// Shelves are larger than segments: what lookups of absent keys go to is then on few pages, next to each other, and
/// the processor finds it without looking up many addresses. An array of one segment has its heads in the segment's
/// block, before the cells.
template <class Bucket> struct bucket_array {
  using head_type = typename Bucket::head_type;
  using cells_type = typename Bucket::cells_type;
  static constexpr unsigned segment_bits = segment_bits_for(sizeof(cells_type));
  static constexpr unsigned shelf_bits = 13;

  void **segments = nullptr; ///< the directory, one block for both
  void **shelves = nullptr;
  unsigned char bits = 0;

  explicit operator bool() const noexcept { return segments != nullptr; }
  std::size_t size() const noexcept { return std::size_t{1} << bits; }
  std::size_t segment_size() const noexcept { return std::size_t{1} << std::min<unsigned>(bits, segment_bits); }
  std::size_t segment_count() const noexcept { return size() / segment_size(); }
  std::size_t shelf_size() const noexcept { return std::size_t{1} << std::min<unsigned>(bits, shelf_bits); }
  std::size_t shelf_count() const noexcept { return size() / shelf_size(); }

  HMAP_INLINE head_type *head(std::size_t index) const noexcept {
    return static_cast<head_type *>(shelves[index >> shelf_bits]) + (index & low_bits(shelf_bits));
  }
  HMAP_INLINE Bucket operator[](std::size_t index) const noexcept {
    return {head(index), static_cast<cells_type *>(segments[index >> segment_bits]) + (index & low_bits(segment_bits))};
  }

private:
  static constexpr std::size_t low_bits(unsigned count) noexcept { return (std::size_t{1} << count) - 1; }
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
    made.segments = directory_traits::allocate(directories, directory_size(made));
    std::fill_n(made.segments, directory_size(made), static_cast<void *>(nullptr));
    made.shelves = made.segments + made.segment_count();
    return made;
  }

  /// With the shelf of its heads. The segment's buckets are not opened.
  void make_segment(Alloc &alloc, array &in, std::size_t segment) {
    if (in.segments[segment]) return;
    void *&shelf = in.shelves[shelf_of(in, segment)];
    std::size_t heads = heads_inside(in);
    if (!shelf && !heads) shelf = make_block(alloc, shelf_units(in));
    unit *block = make_block(alloc, segment_units(heads, in.segment_size()));
    cells_type *cells = cells_in(block, heads, in.segment_size());
    block_of(cells, heads) = block;
    in.segments[segment] = cells;
    if (heads) shelf = reinterpret_cast<head_type *>(cells) - heads;
  }

  void make_open_segments(Alloc &alloc, array &in) {
    for (std::size_t segment = 0; segment != in.segment_count(); ++segment) make_segment(alloc, in, segment);
    for (std::size_t i = 0; i != in.size(); ++i) in[i].open();
  }

  /// Segments are dropped in order, so with the last of them its shelf goes.
  void drop_segment(Alloc &alloc, array &in, std::size_t segment) noexcept {
    std::size_t heads = heads_inside(in);
    if (auto *cells = static_cast<cells_type *>(std::exchange(in.segments[segment], nullptr)))
      drop_block(alloc, block_of(cells, heads), segment_units(heads, in.segment_size()));
    std::size_t shelf = shelf_of(in, segment);
    if (segment + 1 != in.segment_count() && shelf_of(in, segment + 1) == shelf) return;
    auto *block = static_cast<unit *>(std::exchange(in.shelves[shelf], nullptr));
    if (block && !heads) drop_block(alloc, block, shelf_units(in));
  }

  void drop_array(Alloc &alloc, array &of) noexcept {
    if (!of) return;
    for (std::size_t segment = 0; segment != of.segment_count(); ++segment) drop_segment(alloc, of, segment);
    directory_alloc directories(alloc);
    directory_traits::deallocate(directories, of.segments, directory_size(of));
    of = array();
  }

  /// Overflow buckets in chains.
  std::size_t overflow_in_use() const noexcept { return in_use_; }

  /// After this, `count` calls of take_overflow cannot fail.
  void reserve_overflow(Alloc &alloc, std::size_t count) {
    std::size_t available = 0;
    for (overflow_type *b = free_; b && available != count; b = b->head.next) ++available;
    if (available < count) make_slab(alloc, count - available);
  }

  Bucket take_overflow() noexcept {
    Bucket taken(free_);
    free_ = free_->head.next;
    unpoison(taken.body(), sizeof(cells_type));
    taken.open();
    ++in_use_;
    return taken;
  }

  void give_overflow(Bucket bucket) noexcept {
    bucket.open();
    bucket.link(Bucket(free_));
    free_ = bucket.as_overflow();
#if HMAP_ASAN || HMAP_CHECKED
    poison(bucket.body(), sizeof(cells_type));
#endif
    --in_use_;
  }

  void drop_overflow(Alloc &alloc) noexcept {
    while (slabs_) {
      overflow_type *slab = slabs_;
      slabs_ = slab->head.next;
      drop_block(alloc, reinterpret_cast<unit *>(slab), slab_units(static_cast<std::size_t>(slab->head.top)));
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
  using head_type = typename Bucket::head_type;
  using cells_type = typename Bucket::cells_type;
  using overflow_type = typename Bucket::overflow_type;

  /// What memory is asked for in: as aligned as a bucket.
  struct alignas(overflow_type) unit {
    unsigned char bytes[alignof(overflow_type)];
  };
  using unit_alloc = typename std::allocator_traits<Alloc>::template rebind_alloc<unit>;
  using unit_traits = std::allocator_traits<unit_alloc>;
  using directory_alloc = typename std::allocator_traits<Alloc>::template rebind_alloc<void *>;
  using directory_traits = std::allocator_traits<directory_alloc>;
  static_assert(std::is_same_v<typename unit_traits::pointer, unit *>, "hmap needs allocators with raw pointers");

  static std::size_t directory_size(const array &of) noexcept { return of.segment_count() + of.shelf_count(); }
  static std::size_t shelf_of(const array &in, std::size_t segment) noexcept {
    return segment * in.segment_size() / in.shelf_size();
  }
  static std::size_t shelf_units(const array &in) noexcept { return units(in.shelf_size() * sizeof(head_type)); }
  /// How many heads stand in the block of a segment.
  static std::size_t heads_inside(const array &in) noexcept { return in.segment_count() == 1 ? in.segment_size() : 0; }

  /// A segment's cells start at a cache line, so that eight small keys take one, not two; not where it is so small that
  /// the room lost would count.
  static constexpr std::size_t alignment_for(std::size_t buckets) noexcept {
    return buckets < 16 ? alignof(unit) : std::max<std::size_t>(alignof(unit), 64);
  }
  /// A segment's block: its own address, heads if any, cells, and what aligning them takes.
  static constexpr std::size_t segment_units(std::size_t heads, std::size_t buckets) noexcept {
    return units(sizeof(unit *) + heads * sizeof(head_type) + buckets * sizeof(cells_type) + alignment_for(buckets));
  }
  static cells_type *cells_in(unit *block, std::size_t heads, std::size_t buckets) noexcept {
    std::uintptr_t alignment = alignment_for(buckets);
    auto heads_end = reinterpret_cast<std::uintptr_t>(block) + sizeof(unit *) + heads * sizeof(head_type);
    return reinterpret_cast<cells_type *>((heads_end + alignment - 1) & ~(alignment - 1));
  }
  static unit *&block_of(cells_type *cells, std::size_t heads) noexcept {
    return reinterpret_cast<unit **>(reinterpret_cast<head_type *>(cells) - heads)[-1];
  }
  static constexpr std::size_t units(std::size_t bytes) noexcept { return (bytes + sizeof(unit) - 1) / sizeof(unit); }
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
    slab->head.top = count;
    slab->head.next = slabs_;
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
