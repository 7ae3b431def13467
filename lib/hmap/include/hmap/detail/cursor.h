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
/// As long as nothing moves, classes that are neighbours in a segment are walked by the row: the full slots of up to
/// eight buckets as one word, seen as the loop comes to them, so that a step need not ask where a bucket ends. Entries
/// added later are not seen. Erasing changes the table's pace, whereupon the loop sees the rest of its row anew.
///
/// This is what contract 7 to 11 (map.h) rest on.
///
/// A class that is a whole table is walked from some slot (the start's low bits) round to it, bucket by bucket, so that
/// a table of one bucket starts anywhere, too.

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
      : table_(table), at_(at.in), rest_(row_of(at.slot)), stamp_(table->stamp()), short_(~hash),
        epoch_(table->epoch()) {
#if HMAP_CHECKED
    generation_ = table->generation();
#endif
  }

  /// At the first entry of a loop.
  HMAP_INLINE static cursor first(const Table *table) noexcept {
    cursor c;
    if (table->size() != 0) c = started(table);
    return c;
  }

  HMAP_INLINE bool at_end() const noexcept { return !rest_; }
  HMAP_INLINE spot get() const noexcept {
#if HMAP_CHECKED
    if (at_end()) fail("contract 8: the end iterator was dereferenced");
    check_generation();
    if (table_->stamp() != stamp_) fail("contract 8: an iterator was dereferenced after an insert");
    if (!on_full_slot()) fail("contract 8: an iterator to an erased entry was dereferenced");
#endif
    return {present(), slot()};
  }

  /// The hash by which the chain of the entry can be found.
  std::uint64_t chain_hash() const noexcept {
    cursor c = *this;
    c.pass_buckets();
    return c.last();
  }

  HMAP_INLINE void next() noexcept {
    if (HMAP_UNLIKELY(pace_ != table_->pace())) {
      *this = next_after_change(*this);
      return;
    }
    walk();
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
    if (at_end()) return;
    if (pace_ != out_of_step) pace_ = table_->pace();
    stamp_ = table_->stamp();
  }

  friend bool operator==(const cursor &a, const cursor &b) noexcept {
    if (a.at_end() || b.at_end()) return a.at_end() == b.at_end();
    return a.present() == b.present() && a.slot() == b.slot();
  }

private:
  static constexpr std::uint64_t out_of_step = ~std::uint64_t{0};

  static std::uint64_t last_of(std::uint64_t low, unsigned bits) noexcept {
    return bits == 0 ? ~std::uint64_t{0} : low | (~std::uint64_t{0} >> bits);
  }
  static std::uint64_t low_of(std::uint64_t hash, unsigned bits) noexcept {
    return bits == 0 ? 0 : hash & ~(~std::uint64_t{0} >> bits);
  }
  /// First and last hash of the class of the row's first bucket.
  std::uint64_t low() const noexcept { return end_ - (static_cast<std::uint64_t>(left_) << (63 - bits_) << 1); }
  std::uint64_t class_last() const noexcept { return last_of(low(), bits_); }
  /// At this position, chains up to this hash have been passed.
  std::uint64_t last() const noexcept { return class_last() - short_; }

  /// The present slot and its bucket.
  HMAP_INLINE unsigned slot() const noexcept { return first_of_row(rest_) % slots_per_bucket; }
  HMAP_INLINE bucket present() const noexcept { return at_.neighbour(first_of_row(rest_) / slots_per_bucket); }
  HMAP_INLINE bool on_full_slot() const noexcept { return present().top_of(slot()) >= first_full; }
  /// The slot's place in the order in which the class is walked.
  unsigned index() const noexcept { return (slot() - turn_) % slots_per_bucket; }
  unsigned slot_of_index(unsigned index) const noexcept { return (index + turn_) % slots_per_bucket; }

  HMAP_NOINLINE static cursor started(const Table *table) noexcept {
    table->begin_loop();
    cursor c;
    c.table_ = table;
    c.epoch_ = table->epoch();
#if HMAP_CHECKED
    c.generation_ = table->generation();
#endif
    c.joined_ = true;
    c.stop_ = low_of(table->start(), table->chain_bits(table->start()));
    c.enter(c.stop_);
    c.walk_row();
    return c;
  }

  /// Enters the class that the chain in force at this hash makes up.
  void enter(std::uint64_t hash) noexcept {
    bits_ = static_cast<std::uint8_t>(table_->chain_bits(hash));
    turn_ = bits_ == 0 ? static_cast<std::uint8_t>(table_->start() % slots_per_bucket) : 0;
    at_ = table_->chain_of(hash);
    buckets_ = 1;
    ordinal_ = 0;
    short_ = 0;
    keep_pace();
    std::uint64_t low = low_of(hash, bits_);
    left_ = neighbours(low);
    end_ = low + (static_cast<std::uint64_t>(left_) << (63 - bits_) << 1);
  }

  /// How many classes from this one on can be entered by a step to the next bucket of the segment.
  std::size_t neighbours(std::uint64_t low) const noexcept {
    if (table_->growing() || bits_ == 0) return 0;
    std::size_t in_segment = table_->segment_size();
    std::size_t to_end = in_segment - 1 - (bucket_index(low, bits_) & (in_segment - 1));
    std::size_t to_stop = bucket_index(stop_ - low, bits_);
    return to_stop == 0 ? to_end : std::min(to_end, to_stop - 1);
  }

  /// From here on there is no step to a neighbour.
  void end_run() noexcept {
    end_ = low();
    left_ = 0;
  }

  void enter_overflow() noexcept {
    pass_buckets(buckets_ - 1);
    if (ordinal_++ == 0) home_ = at_;
    at_ = at_.overflow();
  }

  /// False at the end of the loop.
  bool enter_next() noexcept {
    std::uint64_t hash = class_last() + 1;
    rest_ = 0;
    if (hash == stop_) return false;
    enter(hash);
    return true;
  }

  void keep_pace() noexcept {
    stamp_ = table_->stamp();
    pace_ = table_->pace();
  }

  /// Takes the buckets before the present one off the row.
  void pass_buckets() noexcept {
    unsigned passed = first_of_row(rest_) / slots_per_bucket;
    rest_ >>= passed * slots_per_bucket;
    pass_buckets(passed);
  }
  HMAP_INLINE void pass_buckets(std::size_t passed) noexcept {
    at_ = at_.neighbour(passed);
    left_ -= passed;
    buckets_ -= passed;
  }

  /// The full slots of the row that begins with this bucket are still to go.
  void see_row() noexcept {
    row full = row_here();
    rest_ = full & row_from(turn_);
    later_ = full & ~row_from(turn_);
  }

  /// The full slots of this bucket and the next few, up to one that overflows.
  HMAP_INLINE row row_here() noexcept {
    if (HMAP_UNLIKELY(ordinal_ != 0 || left_ + 1 < buckets_per_row)) return part_of_row();
    row full;
    if (HMAP_UNLIKELY(!at_.whole_row(full))) return part_of_row();
    buckets_ = buckets_per_row;
    return full;
  }

  HMAP_INLINE row part_of_row() noexcept {
    row full = full_row(at_.top());
    bucket last = at_;
    std::size_t most = ordinal_ == 0 ? std::min<std::size_t>(left_ + 1, buckets_per_row) : 1;
    for (buckets_ = 1; buckets_ != most && !last.overflow(); ++buckets_) {
      last = last.neighbour(1);
      full |= full_row(last.top()) << (buckets_ * slots_per_bucket);
    }
    return full;
  }

  /// The present slot, even if it is not full, and the full ones after it are still to go.
  void see_from_present() noexcept {
    pass_buckets();
    unsigned present = slot();
    see_row();
    if (present < turn_) rest_ = std::exchange(later_, 0);
    rest_ = (rest_ & row_from(present)) | row_of(present);
  }

  HMAP_INLINE void walk() noexcept {
    rest_ &= rest_ - 1;
    settle();
  }

  /// To the first full slot from the bucket at hand on.
  void walk_row() noexcept {
    see_row();
    settle();
  }

  /// To the first slot that is still to go.
  HMAP_INLINE void settle() noexcept {
    while (HMAP_UNLIKELY(!rest_)) {
      if (see_next_row()) continue;
      *this = walked_on(*this);
      return;
    }
  }

  /// Where this row has nothing more to go: to the next one, if that is a step to a neighbour or an overflow bucket.
  HMAP_INLINE bool see_next_row() noexcept {
    if (at_.neighbour(buckets_ - 1).overflow()) {
      if (turn_ != 0) return false;
      enter_overflow();
    } else {
      if (left_ < buckets_) return false;
      at_ = (ordinal_ == 0 ? at_ : home_).neighbour(buckets_);
      left_ -= buckets_;
      ordinal_ = 0;
    }
    rest_ = row_here();
    return true;
  }

  /// Where it is not. Takes and gives a whole cursor, so that the one being advanced can stay in registers.
  HMAP_NOINLINE static cursor walked_on(cursor c) noexcept {
    do {
      if (c.later_) {
        c.rest_ = std::exchange(c.later_, 0);
        return c;
      }
      c.pass_buckets(c.buckets_ - 1);
      if (c.at_.overflow())
        c.enter_overflow();
      else if (!c.enter_next())
        return c;
      c.see_row();
      while (!c.rest_ && c.see_next_row()) {
      }
    } while (!c.rest_);
    return c;
  }

#if HMAP_CHECKED
  void check_generation() const noexcept {
    if (generation_ != table_->generation())
      fail("contract 6: an iterator was used after rehash, reserve, assignment, move or swap");
  }
#endif

  HMAP_NOINLINE static cursor next_after_change(cursor c) noexcept {
#if HMAP_CHECKED
    c.check_generation();
#endif
    if (c.epoch_ != c.table_->epoch()) return cursor();
    c.table_->begin_loop();
    if (!c.joined_) c.locate();
    if (!c.at_end()) c.next_in_loop();
    return c;
  }

  void next_in_loop() noexcept {
    if (pace_ == out_of_step || stamp_ != table_->stamp()) return resume();
    if (pace_ != table_->pace()) {
      see_from_present();
      keep_pace();
    }
    walk();
  }

  /// Finds the class and position of an entry that a lookup gave. If entries have moved since, its position is not
  /// known any more and the loop goes on with the next class.
  void locate() noexcept {
    pass_buckets();
    bucket here = at_;
    bool moved = stamp_ != table_->stamp();
    std::uint64_t start = table_->start();
    stop_ = low_of(start, table_->chain_bits(start));
    joined_ = true;
    enter(last());
    if (moved)
      leave();
    else
      while (at_ != here) enter_overflow();
    see_from_present();
  }

  /// Makes the next step lead to the next class.
  void leave() noexcept {
    while (at_.overflow()) enter_overflow();
    rest_ = row_of(slot_of_index(slots_per_bucket - 1));
  }

  /// After entries have moved: the class may be several chains now.
  void resume() noexcept {
    pass_buckets();
    end_run();
    if (table_->chain_bits(low()) == bits_ && short_ == 0) return resume_in_chain();
    std::uint64_t hash = last() + 1;
    unsigned i = index();
    bool from_start = false, reached = true;
    if (short_ == 0) advance(i, hash, from_start, reached);
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
    if (!enter_next()) return;
    walk_row();
  }

  /// To the next position, at the first chain of the class.
  void advance(unsigned &index, std::uint64_t &hash, bool &from_start, bool &reached) noexcept {
    if (++index == slots_per_bucket) {
      index = 0;
      ++ordinal_;
    }
    hash = low();
    from_start = true;
    reached = false;
  }

  void stand(bucket b, unsigned index, std::uint64_t chain_last) noexcept {
    at_ = b;
    rest_ = row_of(slot_of_index(index));
    buckets_ = 1;
    short_ = class_last() - chain_last;
    stamp_ = table_->stamp();
    pace_ = out_of_step;
  }

  void resume_in_chain() noexcept {
    keep_pace();
    if (bucket b = bucket_at(low())) {
      at_ = b;
      see_from_present();
      return walk();
    }
    if (!enter_next()) return;
    walk_row();
  }

  /// The bucket with this cursor's number in the chain of a hash, or null.
  bucket bucket_at(std::uint64_t hash) const noexcept {
    bucket b = table_->chain_of(hash);
    for (std::uint32_t i = 0; b && i != ordinal_; ++i) b = b.overflow();
    return b;
  }

  const Table *table_ = nullptr;
  bucket at_;                        ///< first of the row
  row rest_ = 0;                     ///< slots to go, the present one first; none at the end of the loop
  std::uint64_t pace_ = out_of_step; ///< the table's while the next entry is simply the next slot
  bucket home_;                      ///< if at_ is an overflow bucket: where its chain begins
  std::size_t left_ = 0;             ///< see neighbours()
  std::size_t buckets_ = 1;          ///< how many make up the row
  row later_ = 0;                    ///< slots to go after `rest_`, of a bucket that is turned round
  std::uint64_t stamp_ = 0;          ///< the table's when at_ was right
  std::uint64_t end_ = 0;            ///< first hash of the class that many classes on, see low()
  std::uint64_t short_ = 0;          ///< how far before the end of the class last() is
  std::uint64_t stop_ = 0;           ///< first hash of the class the loop started with
  std::uint32_t epoch_ = 0;
  std::uint32_t ordinal_ = 0; ///< number of the bucket in the chain
  std::uint8_t bits_ = 0;
  std::uint8_t turn_ = 0; ///< the slot with index 0
  bool joined_ = false;   ///< stands in a loop, so that its class and position are known
#if HMAP_CHECKED
  std::uint64_t generation_ = 0; ///< the table's when this cursor was made
#endif
};

} // namespace hmap::detail

#endif
