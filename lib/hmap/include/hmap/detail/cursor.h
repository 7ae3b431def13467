/// \file
/// The order of iteration, and how a loop keeps its place while the table changes under it.
///
/// A loop goes through the space of hash values, from the table's start upwards and round to it again, in steps called
/// classes: all hashes that share their first `bits` bits. When a loop enters a class, the class is one chain, and the
/// loop walks it slot by slot. Its place is then: this class, this position (bucket number in the chain, slot).
///
/// What may happen meanwhile: erasing empties slots and moves nothing; adding fills empty slots. Growth elsewhere
/// moves entries within classes not yet entered or already left, since doubling splits chains by the next hash bit.
/// Growth here splits this class's chain, but entries keep their positions (I5 of table.h). So the class is then
/// several chains, and "passed" means: every position before this one in all of them, and at this position the chains
/// up to a hash, `last`. No entry can move across that line, hence none is seen twice and none is missed.
///
/// Example: class 01* is one chain with entries a b c d at positions 0..3, the loop stands at b. The table doubles:
/// chain 010 has a . c . and chain 011 has . b . d. The loop goes on at position 2, chain by chain: c, then d.
///
/// This is what contract 7 to 11 (map.h) rest on.
///
/// Within a bucket, slots are walked from an offset (the start's low bits) round to it, so that small tables too
/// start anywhere.

#ifndef HMAP_DETAIL_CURSOR_H
#define HMAP_DETAIL_CURSOR_H

#include <hmap/detail/table.h>

namespace hmap::detail {

template <class Table> class cursor {
public:
  using bucket = typename Table::bucket;
  using spot = typename Table::spot;

  cursor() = default;

  /// At an entry that a lookup found. `hash` is any hash of its chain. It takes part in loops from its first `next`.
  cursor(const Table *table, spot at, std::uint64_t hash) noexcept
      : table_(table), at_(at.in), stamp_(table->stamp()), last_(hash), epoch_(table->epoch()) {
    rest_ = only((at.slot - offset()) % slots_per_bucket);
  }

  /// At the first entry of a loop.
  HMAP_INLINE static cursor first(const Table *table) noexcept {
    cursor c;
    if (table->size() != 0) c = started(table);
    return c;
  }

  bool at_end() const noexcept { return !at_; }
  HMAP_INLINE spot get() const noexcept {
#if HMAP_CHECKED
    if (!at_) fail("contract 8: the end iterator was dereferenced");
    if (table_->stamp() != stamp_) fail("contract 8: an iterator was dereferenced after an insert");
    if (at_.top_of(slot()) < first_full) fail("contract 8: an iterator to an erased entry was dereferenced");
#endif
    return {at_, slot()};
  }

  /// The hash by which the chain of the entry can be found.
  std::uint64_t chain_hash() const noexcept { return last_; }

  HMAP_INLINE void next() noexcept {
    if (HMAP_LIKELY(pace_ == table_->stamp()))
      walk(rest_ & (rest_ - 1));
    else
      *this = next_after_change(*this);
  }

  /// The entry after this one, for an erase that is about to happen; does not join a loop.
  cursor peek_next() const noexcept {
    cursor c = *this;
    if (!c.joined_) c.locate();
    if (!c.at_end()) c.next_in_loop();
    c.joined_ = joined_;
    if (!joined_) c.pace_ = out_of_step;
    return c;
  }
  void refresh_stamp() noexcept {
    if (!at_) return;
    if (pace_ == stamp_) pace_ = table_->stamp();
    stamp_ = table_->stamp();
  }

  friend bool operator==(const cursor &a, const cursor &b) noexcept {
    return a.at_ == b.at_ && (!a.at_ || a.index() == b.index());
  }

private:
  static constexpr std::uint64_t out_of_step = ~std::uint64_t{0};

  static std::uint64_t last_of(std::uint64_t low, unsigned bits) noexcept {
    return bits == 0 ? ~std::uint64_t{0} : low | (~std::uint64_t{0} >> bits);
  }
  static std::uint64_t low_of(std::uint64_t hash, unsigned bits) noexcept {
    return bits == 0 ? 0 : hash & ~(~std::uint64_t{0} >> bits);
  }
  std::uint64_t class_last() const noexcept { return last_of(low_, bits_); }

  unsigned offset() const noexcept { return static_cast<unsigned>(table_->start() & (slots_per_bucket - 1)); }
  unsigned slot_of_index(unsigned index) const noexcept { return (index + offset()) % slots_per_bucket; }
  unsigned index() const noexcept { return first_slot(rest_); }
  unsigned slot() const noexcept { return slot_of_index(index()); }
  static tops only(unsigned index) noexcept { return tops{0x80} << (8 * index); }
  static tops after(unsigned index) noexcept { return high_bits << (8 * index) << 8; }

  HMAP_NOINLINE static cursor started(const Table *table) noexcept {
    table->begin_loop();
    cursor c;
    c.table_ = table;
    c.epoch_ = table->epoch();
    c.joined_ = true;
    c.stop_ = low_of(table->start(), table->chain_bits(table->start()));
    c.enter(c.stop_);
    c.walk(high_bits);
    return c;
  }

  void end() noexcept { at_ = bucket(); }

  /// Enters the class that the chain in force at this hash makes up.
  void enter(std::uint64_t hash) noexcept {
    bits_ = static_cast<std::uint8_t>(table_->chain_bits(hash));
    low_ = low_of(hash, bits_);
    last_ = class_last();
    at_ = table_->chain_of(hash);
    ordinal_ = 0;
    stamp_ = pace_ = table_->stamp();
    left_ = neighbours();
  }

  /// How many classes from here on can be entered by a step to the next bucket of the segment.
  std::size_t neighbours() const noexcept {
    if (table_->growing() || bits_ == 0) return 0;
    std::size_t in_segment = table_->segment_size();
    std::size_t to_end = in_segment - 1 - (bucket_index(low_, bits_) & (in_segment - 1));
    std::size_t to_stop = bucket_index(stop_ - low_, bits_);
    return to_stop == 0 ? to_end : std::min(to_end, to_stop - 1);
  }

  bool enter_next() noexcept {
    std::uint64_t hash = class_last() + 1;
    if (hash == stop_) return false;
    enter(hash);
    return true;
  }

  /// To the first full slot among these indexes of this bucket, or the first of the chains after it.
  HMAP_INLINE void walk(tops indexes) noexcept {
    rest_ = indexes & full_indexes();
    while (!rest_) {
      if (HMAP_UNLIKELY(left_ == 0 || ordinal_ != 0 || at_.overflow())) {
        *this = walked_on(*this);
        return;
      }
      --left_;
      low_ = last_ + 1;
      last_ = class_last();
      at_ = at_.neighbour();
      rest_ = full_indexes();
    }
  }

  /// Takes and gives a whole cursor, so that the one being advanced can stay in registers.
  HMAP_NOINLINE static cursor walked_on(cursor c) noexcept {
    do {
      if (bucket overflow = c.at_.overflow()) {
        c.at_ = overflow;
        ++c.ordinal_;
      } else if (!c.enter_next()) {
        c.end();
        return c;
      }
      c.rest_ = c.full_indexes();
    } while (!c.rest_);
    return c;
  }

  /// The full slots of this bucket, as indexes: turned round by the offset.
  HMAP_INLINE tops full_indexes() const noexcept {
    tops set = full_slots(at_.top());
    unsigned turn = 8 * offset();
    return set >> turn | set << ((64 - turn) % 64);
  }

  HMAP_NOINLINE static cursor next_after_change(cursor c) noexcept {
    if (c.epoch_ != c.table_->epoch()) return cursor();
    c.table_->begin_loop();
    if (!c.joined_) c.locate();
    if (!c.at_end()) c.next_in_loop();
    return c;
  }

  void next_in_loop() noexcept {
    if (pace_ == table_->stamp()) return walk(after(index()));
    resume();
  }

  /// Finds the class and position of an entry that a lookup gave. If entries have moved since, its position is not
  /// known any more and the loop goes on with the next class.
  void locate() noexcept {
    bucket here = at_;
    bool moved = stamp_ != table_->stamp();
    std::uint64_t start = table_->start();
    stop_ = low_of(start, table_->chain_bits(start));
    joined_ = true;
    enter(last_);
    if (moved) return leave();
    for (; at_ != here; ++ordinal_) at_ = at_.overflow();
  }

  /// Makes the next step lead to the next class.
  void leave() noexcept {
    while (at_.overflow()) {
      at_ = at_.overflow();
      ++ordinal_;
    }
    rest_ = only(slots_per_bucket - 1);
  }

  /// After entries have moved: the class may be several chains now.
  void resume() noexcept {
    if (table_->chain_bits(low_) == bits_ && last_ == class_last()) return resume_in_chain();
    std::uint64_t hash = last_ + 1;
    unsigned i = index();
    bool from_start = false, reached = true;
    if (last_ == class_last()) advance(i, hash, from_start, reached);
    for (;;) {
      std::uint64_t chain_last = last_of(low_of(hash, table_->chain_bits(hash)), table_->chain_bits(hash));
      if (bucket b = bucket_at(hash)) {
        reached = true;
        if (b.top_of(slot_of_index(i)) >= first_full) return stand(b, i, chain_last);
      }
      hash = chain_last + 1;
      if (chain_last != class_last()) continue;
      if (from_start && !reached) break;
      advance(i, hash, from_start, reached);
    }
    if (!enter_next()) return end();
    walk(high_bits);
  }

  /// To the next position, at the first chain of the class.
  void advance(unsigned &index, std::uint64_t &hash, bool &from_start, bool &reached) noexcept {
    if (++index == slots_per_bucket) {
      index = 0;
      ++ordinal_;
    }
    hash = low_;
    from_start = true;
    reached = false;
  }

  void stand(bucket b, unsigned index, std::uint64_t chain_last) noexcept {
    at_ = b;
    rest_ = only(index);
    last_ = chain_last;
    stamp_ = table_->stamp();
    pace_ = out_of_step;
  }

  void resume_in_chain() noexcept {
    stamp_ = pace_ = table_->stamp();
    left_ = 0;
    if (bucket b = bucket_at(low_)) {
      at_ = b;
      return walk(after(index()));
    }
    if (!enter_next()) return end();
    walk(high_bits);
  }

  /// The bucket with this cursor's number in the chain of a hash, or null.
  bucket bucket_at(std::uint64_t hash) const noexcept {
    bucket b = table_->chain_of(hash);
    for (std::uint32_t i = 0; b && i != ordinal_; ++i) b = b.overflow();
    return b;
  }

  const Table *table_ = nullptr;
  bucket at_;
  tops rest_ = 0;                    ///< indexes of this bucket still to go, the present one first
  std::uint64_t stamp_ = 0;          ///< the table's when at_ was right
  std::uint64_t pace_ = out_of_step; ///< the table's while the next entry is simply the next slot
  std::uint64_t low_ = 0;            ///< first hash of the class
  std::uint64_t last_ = 0;           ///< at this position, chains up to this hash have been passed
  std::uint64_t stop_ = 0;           ///< first hash of the class the loop started with
  std::size_t left_ = 0;             ///< see neighbours()
  std::uint32_t epoch_ = 0;
  std::uint32_t ordinal_ = 0;
  std::uint8_t bits_ = 0;
  bool joined_ = false; ///< stands in a loop: low_, stop_, bits_ and ordinal_ are known
};

} // namespace hmap::detail

#endif
