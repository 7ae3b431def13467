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
      : table_(table), at_(at.in), stamp_(table->stamp()), last_(hash), epoch_(table->epoch()),
        slot_(static_cast<std::uint8_t>(at.slot)) {}

  /// At the first entry of a loop.
  static cursor first(const Table *table) noexcept {
    cursor c;
    if (table->size() == 0) return c;
    table->begin_loop();
    c.table_ = table;
    c.epoch_ = table->epoch();
    c.joined_ = true;
    c.enter(table->start());
    c.stop_ = c.low_;
    c.walk(0);
    return c;
  }

  bool at_end() const noexcept { return at_ == nullptr; }
  HMAP_INLINE spot get() const noexcept {
#if HMAP_CHECKED
    if (!at_) fail("contract 8: the end iterator was dereferenced");
    if (table_->stamp() != stamp_) fail("contract 8: an iterator was dereferenced after an insert");
    if (at_->top_of(slot_) < first_full) fail("contract 8: an iterator to an erased entry was dereferenced");
#endif
    return {at_, slot_};
  }

  /// The hash by which the chain of the entry can be found.
  std::uint64_t chain_hash() const noexcept { return last_; }

  HMAP_INLINE void next() noexcept {
    if (HMAP_LIKELY(stamp_ == table_->stamp() && joined_ && !split_))
      walk(index_of_slot() + 1);
    else
      next_after_change();
  }

  /// The entry after this one, for an erase that is about to happen; does not join a loop.
  cursor peek_next() const noexcept {
    cursor c = *this;
    if (!c.joined_) c.locate();
    if (!c.at_end()) c.next_in_loop();
    c.joined_ = joined_;
    return c;
  }
  void refresh_stamp() noexcept {
    if (at_) stamp_ = table_->stamp();
  }

  friend bool operator==(const cursor &a, const cursor &b) noexcept {
    return a.at_ == b.at_ && (a.slot_ == b.slot_ || !a.at_);
  }

private:
  static std::uint64_t last_of(std::uint64_t low, unsigned bits) noexcept {
    return bits == 0 ? ~std::uint64_t{0} : low | (~std::uint64_t{0} >> bits);
  }
  static std::uint64_t low_of(std::uint64_t hash, unsigned bits) noexcept {
    return bits == 0 ? 0 : hash & ~(~std::uint64_t{0} >> bits);
  }
  std::uint64_t class_last() const noexcept { return last_of(low_, bits_); }

  unsigned offset() const noexcept { return static_cast<unsigned>(table_->start() & (slots_per_bucket - 1)); }
  unsigned slot_of_index(unsigned index) const noexcept { return (index + offset()) % slots_per_bucket; }
  unsigned index_of_slot() const noexcept { return (slot_ - offset()) % slots_per_bucket; }

  void end() noexcept { at_ = nullptr; }

  /// Enters the class that the chain in force at this hash makes up.
  void enter(std::uint64_t hash) noexcept {
    bits_ = static_cast<std::uint8_t>(table_->chain_bits(hash));
    low_ = low_of(hash, bits_);
    last_ = class_last();
    at_ = table_->chain_of(hash);
    ordinal_ = 0;
    split_ = false;
    stamp_ = table_->stamp();
  }

  bool enter_next() noexcept {
    std::uint64_t hash = class_last() + 1;
    if (hash == stop_) return false;
    enter(hash);
    return true;
  }

  /// To the first full slot from this index on, in this chain or the classes after it.
  HMAP_INLINE void walk(unsigned index) noexcept {
    if (tops set = full_from(at_, index)) {
      slot_ = static_cast<std::uint8_t>(slot_of_index(first_slot(set)));
      return;
    }
    walk_on();
  }

  void walk_on() noexcept {
    for (;;) {
      if (bucket *overflow = at_->overflow()) {
        at_ = overflow;
        ++ordinal_;
      } else if (!enter_next()) {
        return end();
      }
      if (tops set = full_from(at_, 0)) {
        slot_ = static_cast<std::uint8_t>(slot_of_index(first_slot(set)));
        return;
      }
    }
  }

  /// The full slots from this index on, as a set of indexes: slots turned round by the offset.
  HMAP_INLINE tops full_from(const bucket *b, unsigned index) const noexcept {
    tops set = full_slots(b->top);
    unsigned turn = 8 * offset();
    set = set >> turn | set << ((64 - turn) % 64);
    return index == slots_per_bucket ? 0 : set >> (8 * index) << (8 * index);
  }

  HMAP_NOINLINE void next_after_change() noexcept {
    if (epoch_ != table_->epoch()) return end();
    table_->begin_loop();
    if (!joined_) locate();
    if (!at_end()) next_in_loop();
  }

  void next_in_loop() noexcept {
    if (stamp_ == table_->stamp() && !split_) return walk(index_of_slot() + 1);
    resume();
  }

  /// Finds the class and position of an entry that a lookup gave. If entries have moved since, its position is not
  /// known any more and the loop goes on with the next class.
  void locate() noexcept {
    bucket *here = at_;
    bool moved = stamp_ != table_->stamp();
    std::uint64_t start = table_->start();
    stop_ = low_of(start, table_->chain_bits(start));
    joined_ = true;
    enter(last_);
    if (moved) return leave();
    for (; at_ != here; ++ordinal_) at_ = at_->overflow();
  }

  /// Makes the next step lead to the next class.
  void leave() noexcept {
    while (at_->overflow()) {
      at_ = at_->overflow();
      ++ordinal_;
    }
    slot_ = static_cast<std::uint8_t>(slot_of_index(slots_per_bucket - 1));
  }

  /// After entries have moved: the class may be several chains now.
  void resume() noexcept {
    if (table_->chain_bits(low_) == bits_ && last_ == class_last()) return resume_in_chain();
    std::uint64_t hash = last_ + 1;
    unsigned index = index_of_slot();
    bool from_start = false, reached = true;
    if (last_ == class_last()) advance(index, hash, from_start, reached);
    for (;;) {
      std::uint64_t chain_last = last_of(low_of(hash, table_->chain_bits(hash)), table_->chain_bits(hash));
      if (bucket *b = bucket_at(hash)) {
        reached = true;
        if (b->top_of(slot_of_index(index)) >= first_full) return stand(b, index, chain_last);
      }
      hash = chain_last + 1;
      if (chain_last != class_last()) continue;
      if (from_start && !reached) break;
      advance(index, hash, from_start, reached);
    }
    if (!enter_next()) return end();
    walk(0);
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

  void stand(bucket *b, unsigned index, std::uint64_t chain_last) noexcept {
    at_ = b;
    slot_ = static_cast<std::uint8_t>(slot_of_index(index));
    last_ = chain_last;
    split_ = true;
    stamp_ = table_->stamp();
  }

  void resume_in_chain() noexcept {
    split_ = false;
    stamp_ = table_->stamp();
    unsigned index = index_of_slot();
    bucket *b = bucket_at(low_);
    if (b) {
      at_ = b;
      return walk(index + 1);
    }
    if (!enter_next()) return end();
    walk(0);
  }

  /// The bucket with this cursor's number in the chain of a hash, or null.
  bucket *bucket_at(std::uint64_t hash) const noexcept {
    bucket *b = table_->chain_of(hash);
    for (std::uint32_t i = 0; b && i != ordinal_; ++i) b = b->overflow();
    return b;
  }

  const Table *table_ = nullptr;
  bucket *at_ = nullptr;
  std::uint64_t stamp_ = 0;
  std::uint64_t low_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t stop_ = 0;
  std::uint32_t epoch_ = 0;
  std::uint32_t ordinal_ = 0;
  std::uint8_t bits_ = 0;
  std::uint8_t slot_ = 0;
  bool joined_ = false; ///< stands in a loop: low_, stop_, bits_ and ordinal_ are known
  bool split_ = false;  ///< its class is several chains
};

} // namespace hmap::detail

#endif
