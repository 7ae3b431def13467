/// \file
/// The table: where a key's entry is, how one is added and erased, and how the table grows while it is used.
///
/// Growth. A table of 2^B buckets that would exceed 6.5 entries a bucket gets a second array of 2^(B+1); one with as
/// many overflow buckets as buckets gets a second array of 2^B, in which chains are packed. From then on every added
/// entry evacuates the old bucket that its hash belongs to and two more in order, so growth is over after at most 2^B
/// additions and the next cannot begin before. Until an old bucket is evacuated it is the one in force, and the new
/// buckets it will fill are not even initialised.
///
/// Invariants, checked by `verify` and cited below:
///   I1  An entry stands in the chain that its hash belongs to: the old bucket if that is not evacuated, else the new.
///   I2  After an empty_rest slot, all slots of the chain are empty_rest.
///   I3  The last overflow bucket of a chain is not empty.
///   I4  All old buckets before `evacuated_before_` are evacuated; segments wholly before it are gone.
///   I5  While a loop may be under way (`looped_`), an evacuated entry keeps its position in the chain: the number of
///       its bucket in the chain and its slot. Erasing moves nothing. So "all positions up to this one" means the same
///       entries for as long as the loop lasts (see cursor.h).
///   I6  `stamp_` changes whenever an entry moves or a bucket leaves a chain, `pace_` then and when one is erased.

#ifndef HMAP_DETAIL_TABLE_H
#define HMAP_DETAIL_TABLE_H

#include <hmap/barrier.h>
#include <hmap/detail/detached.h>
#include <hmap/detail/evacuation.h>
#include <hmap/detail/held.h>
#include <hmap/detail/storage.h>
#include <hmap/hash.h>

#include <atomic>
#include <vector>

namespace hmap::detail {

template <class K, class V, class Hash, class Eq, class Alloc, class Barrier>
class table : held<Hash, 0>, held<Eq, 1>, held<Alloc, 2>, held<Barrier, 3> {
public:
  using bucket = detail::bucket<K, V>;
  using array = bucket_array<bucket>;
  using alloc_traits = std::allocator_traits<Alloc>;

  /// A slot, or none.
  struct spot {
    bucket in;
    unsigned slot = 0;
    explicit operator bool() const noexcept { return static_cast<bool>(in); }
    K &key() const noexcept { return *in.key(slot); }
    V &value() const noexcept { return *in.value(slot); }
  };

  /// How many entries 2^bits buckets may hold: 13/2 a bucket, and a single bucket may be full.
  static constexpr std::size_t limit_for(unsigned bits) noexcept {
    return bits == 0 ? slots_per_bucket : std::size_t{13} << (bits - 1);
  }
  static constexpr unsigned bits_for(std::size_t count) noexcept {
    unsigned bits = 0;
    while (limit_for(bits) < count) ++bits;
    return bits;
  }
  /// Old buckets evacuated by each addition besides the one its hash belongs to.
  static constexpr unsigned evacuations_per_addition = 2;
  /// In tables of less than so many bytes of cells a lookup fetches keys before it knows whether it will compare one.
  static constexpr std::size_t prefetched_below = std::size_t{256} << 20;

  table(const Hash &hash, const Eq &equal, const Alloc &alloc)
      : held<Hash, 0>(hash), held<Eq, 1>(equal), held<Alloc, 2>(alloc) {}
  table(const table &) = delete;
  table &operator=(const table &) = delete;
  ~table() { release_all(); }

  Hash &hasher() noexcept { return held<Hash, 0>::get(); }
  const Hash &hasher() const noexcept { return held<Hash, 0>::get(); }
  Eq &equal() noexcept { return held<Eq, 1>::get(); }
  const Eq &equal() const noexcept { return held<Eq, 1>::get(); }
  Alloc &alloc() noexcept { return held<Alloc, 2>::get(); }
  const Alloc &alloc() const noexcept { return held<Alloc, 2>::get(); }
  Barrier &barrier() noexcept { return held<Barrier, 3>::get(); }

  std::size_t size() const noexcept { return size_; }
  unsigned bits() const noexcept { return now_.bits; }
  std::size_t segment_size() const noexcept { return now_.segment_size(); }
  bool allocated() const noexcept { return static_cast<bool>(now_); }
  bool growing() const noexcept { return old_.segments != nullptr; }
  std::uint64_t seed() const noexcept { return seed_; }

  void fix_seed(std::uint64_t value) noexcept {
    seed_ = spread_seed(value);
    seed_is_fixed_ = true;
    place_start();
  }
  void fix_start(std::uint64_t start) noexcept {
    start_ = start;
    start_is_fixed_ = true;
    end_loops();
  }

  template <class Q> HMAP_INLINE std::uint64_t hash_of(const Q &key) const {
    if constexpr (std::is_invocable_v<const Hash &, const Q &, std::uint64_t>)
      return hasher()(key, seed_);
    else
      return mix(static_cast<std::uint64_t>(hasher()(key)), seed_);
  }

  //===------------------------------------------------------------------------------------------------------------===//
  // Lookup
  //===------------------------------------------------------------------------------------------------------------===//

  template <class Q> HMAP_INLINE spot find(const Q &key) const {
    if (HMAP_UNLIKELY(size_ == 0)) return {};
    return find_hashed(key, hash_of(key));
  }

  template <class Q> HMAP_INLINE spot find_hashed(const Q &key, std::uint64_t hash) const {
    if (fetches_keys_early()) {
      bucket b = chain_of(hash);
      HMAP_PREFETCH(b.key(0));
      return find_in_chain(b, key, top_of_hash(hash));
    }
    if (HMAP_UNLIKELY(growing())) return find_in_chain(chain_of(hash), key, top_of_hash(hash));
    return find_far(key, hash);
  }

  /// The first bucket of the chain in force for this hash (I1). The table must be allocated.
  HMAP_INLINE bucket chain_of(std::uint64_t hash) const noexcept {
    if (HMAP_UNLIKELY(growing())) {
      std::size_t index = bucket_index(hash, old_.bits);
      if (!evacuated(index)) return old_[index];
    }
    return now_[bucket_index(hash, now_.bits)];
  }

  /// The number of hash bits by which the chain in force for this hash was chosen.
  unsigned chain_bits(std::uint64_t hash) const noexcept {
    return growing() && !evacuated(bucket_index(hash, old_.bits)) ? old_.bits : now_.bits;
  }

  //===------------------------------------------------------------------------------------------------------------===//
  // Addition
  //===------------------------------------------------------------------------------------------------------------===//

  template <class KeyArg, class... Args> HMAP_INLINE std::pair<spot, bool> try_emplace(KeyArg &&key, Args &&...args) {
    if (HMAP_UNLIKELY(!now_)) first_allocation();
    std::uint64_t hash = hash_of(key);
    if (spot found = find_hashed(key, hash)) return {found, false};
    return {add(hash, std::forward<KeyArg>(key), std::forward<Args>(args)...), true};
  }

  /// Adds an entry whose key is known to be absent. The hash must be of this table's seed. `Foreign` arguments do not
  /// refer to entries of this table (contract 4), and are not moved from before all that may fail has been done.
  template <bool Foreign = false, class KeyArg, class... Args>
  HMAP_INLINE spot add(std::uint64_t hash, KeyArg &&key, Args &&...args) {
    static_assert(std::is_move_constructible_v<K> && std::is_move_constructible_v<V>,
                  "hmap moves its elements when it grows: key and value must be move constructible");
    hash = spread_unequal(key, hash);
    if (HMAP_LIKELY(size_ < quick_limit_)) return place(hash, std::forward<KeyArg>(key), std::forward<Args>(args)...);
    if constexpr (Foreign) {
      move_others(hash);
      return place(hash, std::forward<KeyArg>(key), std::forward<Args>(args)...);
    } else {
      return add_and_move(hash, std::forward<KeyArg>(key), std::forward<Args>(args)...);
    }
  }

  /// Nothing is allocated earlier (contract 1), and no hash is known earlier, since the seed is drawn here.
  void first_allocation() {
    if (now_) return;
    allocate(0);
  }

  /// An empty table is given room for `count` entries.
  void allocate(unsigned bits) {
    draw_seed_unless_fixed();
    array made = memory_.make_array(alloc(), bits);
    HMAP_TRY { memory_.make_open_segments(alloc(), made); }
    HMAP_CATCH_ALL {
      memory_.drop_array(alloc(), made);
      HMAP_RETHROW;
    }
    now_ = made;
    set_quick_limit();
  }

  //===------------------------------------------------------------------------------------------------------------===//
  // Erasure
  //===------------------------------------------------------------------------------------------------------------===//

  /// Erases the entry at a spot of the chain that starts with `head`. Moves nothing (contract 5).
  HMAP_INLINE void erase(bucket head, spot at) noexcept {
    destroy_entry(at.in, at.slot);
#if HMAP_CHECKED
    poison_cells(at.in, tops{0x80} << (8 * at.slot));
#endif
    tops left = with_top(at.in.top(), at.slot, empty);
    bool is_last = !at.in.overflow(); // by I3, what follows a bucket is not all empty
    at.in.set_top(is_last ? ended(left) : left);
    ++pace_;
    if (HMAP_UNLIKELY(is_last && at.in != head && !at.in.top())) unlink_last(head, at.in);
    if (--size_ == 0) end_loops();
  }

  void clear() noexcept {
    if (!now_) return;
    destroy_entries();
    if (growing()) {
      release_memory();
    } else {
      for_each_chain([&](bucket head) {
        for (bucket b = head.overflow(); b;) {
          bucket next = b.overflow();
          memory_.give_overflow(b);
          b = next;
        }
#if HMAP_CHECKED
        poison_cells(head, high_bits);
#endif
        head.open();
      });
      draw_seed_unless_fixed();
      set_quick_limit();
    }
    size_ = 0;
    end_loops();
  }

  /// Back to the state before the first write.
  void release() noexcept {
    if (now_) {
      destroy_entries();
      release_memory();
      size_ = 0;
      end_loops();
      end_generation();
    }
  }
  /// And without a quarantine: the allocator may go.
  void release_all() noexcept {
    release();
    memory_.drop_quarantine(alloc());
  }

  //===------------------------------------------------------------------------------------------------------------===//
  // The whole table
  //===------------------------------------------------------------------------------------------------------------===//

  /// Calls f with the first bucket of each chain in force.
  template <class F> void for_each_chain(F f) const {
    for (std::size_t i = 0, n = old_ ? old_.size() : 0; i != n; ++i)
      if (!evacuated(i)) f(old_[i]);
    unsigned old_shift = old_ ? now_.bits - old_.bits : 0;
    for (std::size_t i = 0, n = now_ ? now_.size() : 0; i != n; ++i)
      if (!old_ || evacuated(i >> old_shift)) f(now_[i]);
  }

  template <class F> void for_each_spot(F f) const {
    for_each_chain([&](bucket head) {
      for (bucket b = head; b; b = b.overflow())
        for (tops set = full_slots(b.top()); set; set &= set - 1) f(spot{b, first_slot(set)});
    });
  }

  /// Hash, equality and allocator stay; everything else changes sides, the barrier with the entries it was told of.
  /// No entry moves (contract 6).
  void swap_contents(table &other) noexcept {
    std::swap(barrier(), other.barrier());
    memory_.swap(other.memory_);
    std::swap(now_, other.now_);
    std::swap(old_, other.old_);
    std::swap(evacuated_before_, other.evacuated_before_);
    std::swap(size_, other.size_);
    std::swap(quick_limit_, other.quick_limit_);
    std::swap(seed_, other.seed_);
    std::swap(start_, other.start_);
    std::swap(random_, other.random_);
    std::swap(seed_is_fixed_, other.seed_is_fixed_);
    std::swap(start_is_fixed_, other.start_is_fixed_);
    end_loops();
    end_generation();
    other.end_loops();
    other.end_generation();
  }

  /// Moves all entries into 2^bits buckets at once, and ends growth. Nothing has changed if an exception leaves: the
  /// hash of each key is asked for before any entry moves, and asked for again it does not throw.
  void rebuild(unsigned bits) {
    table fresh(hasher(), equal(), alloc());
    fresh.copy_settings(*this);
    fresh.allocate(bits);
    fresh.reserve_overflow_for(*this);
    fill_successor(fresh, [&] {
      for_each_spot([&](spot s) {
        const K &key = s.key();
        std::uint64_t hash = fresh.spread_unequal(key, fresh.hash_of(key));
        fresh.hand_over(s, [&](auto &&k, auto &&v) {
          fresh.place(hash, std::forward<decltype(k)>(k), std::forward<decltype(v)>(v));
        });
      });
    });
    swap_contents(fresh);
    fresh.destroy_entries();
    fresh.release_memory();
    fresh.size_ = 0;
    std::swap(barrier(), fresh.barrier());
#if HMAP_CHECKED
    memory_.adopt_quarantine(fresh.memory_);
#endif
  }

  /// Fills a table whose entries this one is going to have: this one's barrier is told of them. If `fill` throws, the
  /// successor is empty again.
  template <class Fill> void fill_successor(table &successor, Fill fill) {
    std::swap(barrier(), successor.barrier());
    HMAP_TRY { fill(); }
    HMAP_CATCH_ALL {
      successor.release();
      std::swap(barrier(), successor.barrier());
      HMAP_RETHROW;
    }
    std::swap(barrier(), successor.barrier());
  }

  /// Gives up all entries for those of a filled successor. The barrier stays.
  void succeed(table &successor) noexcept {
    release_all();
    swap_contents(successor);
    std::swap(barrier(), successor.barrier());
  }

  /// Calls `take` with the key and the value of an entry, to be moved from, and reports what the slot lost. The entry
  /// still has to be erased.
  template <class F> void hand_over(spot from, F take) {
    pointers_before<K, Barrier> key(from.key());
    pointers_before<V, Barrier> value(from.value());
    take(std::move_if_noexcept(from.key()), std::move_if_noexcept(from.value()));
    key.report_loss(barrier(), alloc(), from.key());
    value.report_loss(barrier(), alloc(), from.value());
  }

  /// The barrier of the entries is told as for any other addition.
  void copy_entries(const table &from) {
    from.for_each_spot([&](spot s) {
      const K &key = s.key();
      const V &value = s.value();
      place(spread_unequal(key, hash_of(key)), key, value);
    });
  }

  /// From a table with another allocator.
  void move_entries(table &from) {
    from.for_each_spot([&](spot s) {
      const K &key = s.key();
      std::uint64_t hash = spread_unequal(key, hash_of(key));
      from.hand_over(s, [&](auto &&, auto &&) { place(hash, std::move(s.key()), std::move(s.value())); });
    });
  }

  void copy_settings(const table &from) noexcept {
    seed_ = from.seed_;
    start_ = from.start_;
    seed_is_fixed_ = from.seed_is_fixed_;
    start_is_fixed_ = from.start_is_fixed_;
  }

  /// The text of a broken invariant, or null.
  const char *verify() const;

  //===------------------------------------------------------------------------------------------------------------===//
  // For cursor.h
  //===------------------------------------------------------------------------------------------------------------===//

  std::uint64_t start() const noexcept { return start_; }
  std::uint64_t stamp() const noexcept { return stamp_; }
  std::uint64_t pace() const noexcept { return pace_; }
  std::uint32_t epoch() const noexcept { return epoch_; }
#if HMAP_CHECKED
  std::uint64_t generation() const noexcept { return generation_; }
#endif
  void begin_loop() const noexcept {
    if (!looped_.load(std::memory_order_relaxed)) looped_.store(true, std::memory_order_relaxed);
  }

private:
  /// What a loop was going through is no more (contract 6): every loop under way is at its end.
  void end_loops() noexcept {
    ++epoch_;
    next_stamp();
    looped_.store(false, std::memory_order_relaxed);
  }

  void next_stamp() noexcept {
    ++stamp_;
    ++pace_;
  }

  /// No iterator may be used any more, not even advanced (contract 6). Checked mode stops one that is.
  void end_generation() noexcept {
#if HMAP_CHECKED
    ++generation_;
#endif
  }

  void draw_seed_unless_fixed() {
    if (seed_is_fixed_) return;
    seed_ = draw_seed();
    place_start();
  }

  void place_start() noexcept {
    if (!start_is_fixed_) start_ = mix(seed_, multiplier_2);
    random_ = seed_ | 1;
  }

  std::uint64_t next_random() noexcept { return random_ = mix(random_ + multiplier_2, seed_); }

  /// Keys that do not equal themselves can never be found (contract 13), so any chain will do: a random one, or they
  /// would pile up.
  template <class Q> std::uint64_t spread_unequal(const Q &key, std::uint64_t hash) {
    if constexpr (!is_reflexive<K, Eq> && std::is_invocable_v<const Eq &, const Q &, const Q &>) {
      if (!equal()(key, key)) return next_random();
    }
    return hash;
  }

  /// Small keys are fetched while their tophashes are. In a large table the pages of keys are too many for the
  /// processor to keep their addresses; looking one up for a key that may not be wanted would hold up other lookups.
  HMAP_INLINE bool fetches_keys_early() const noexcept {
    return sizeof(K) <= 8 && now_.size() < prefetched_below / sizeof(typename bucket::cells_type);
  }

  /// Of a table that does not grow and whose keys are not fetched early. The processor looks a fixed number of
  /// instructions ahead, so the fewer a lookup takes, the more lookups wait for memory at once: the cells are not even
  /// located before a tophash matches.
  template <class Q> HMAP_INLINE spot find_far(const Q &key, std::uint64_t hash) const {
    std::size_t index = bucket_index(hash, now_.bits);
    const typename bucket::head_type *head = now_.head(index);
    std::uint8_t top = top_of_hash(hash);
    if (matches set = match_top(head->top, top))
      if (spot found = find_among(set, now_[index], key)) return found;
    if (HMAP_LIKELY(!head->next)) return {};
    return find_in_chain(bucket(head->next), key, top);
  }

  /// In this bucket or a later one of its chain.
  template <class Q> HMAP_INLINE spot find_in_chain(bucket b, const Q &key, std::uint8_t top) const {
    do {
      if (spot found = find_among(b.match(top), b, key)) return found;
      b = b.overflow();
    } while (HMAP_UNLIKELY(b));
    return {};
  }

  template <class Q> HMAP_INLINE spot find_among(matches set, bucket b, const Q &key) const {
    for (; set; set &= set - 1) {
      unsigned slot = first_match(set);
      if (HMAP_LIKELY(equal()(static_cast<const K &>(*b.key(slot)), key))) return {b, slot};
    }
    return {};
  }

  HMAP_INLINE bool evacuated(std::size_t index) const noexcept {
    return index < evacuated_before_ || is_evacuated(old_[index].top());
  }

  void set_quick_limit() noexcept { quick_limit_ = is_checked || growing() || !now_ ? 0 : limit_for(now_.bits); }

  //===------------------------------------------------------------------------------------------------------------===//
  // Entries
  //===------------------------------------------------------------------------------------------------------------===//

  template <class KeyArg, class... Args> void construct_entry(bucket b, unsigned slot, KeyArg &&key, Args &&...args) {
#if HMAP_CHECKED
    unpoison(b.key(slot), sizeof(K));
    if constexpr (!std::is_same_v<V, unit>) unpoison(b.value(slot), sizeof(V));
#endif
    alloc_traits::construct(alloc(), b.key(slot), std::forward<KeyArg>(key));
    if constexpr (!std::is_same_v<V, unit>) {
      HMAP_TRY { alloc_traits::construct(alloc(), b.value(slot), std::forward<Args>(args)...); }
      HMAP_CATCH_ALL {
        alloc_traits::destroy(alloc(), b.key(slot));
        HMAP_RETHROW;
      }
    }
    report_birth<K>(barrier(), alloc(), *b.key(slot));
    report_birth<V>(barrier(), alloc(), *b.value(slot));
  }

  void destroy_entry(bucket b, unsigned slot) noexcept {
    pointers_before<K, Barrier> key(*b.key(slot));
    pointers_before<V, Barrier> value(*b.value(slot));
    if constexpr (!std::is_same_v<V, unit>) alloc_traits::destroy(alloc(), b.value(slot));
    alloc_traits::destroy(alloc(), b.key(slot));
    key.report_death(barrier(), alloc());
    value.report_death(barrier(), alloc());
  }

  void destroy_entries() noexcept {
    if constexpr (!std::is_trivially_destructible_v<K> || !std::is_trivially_destructible_v<V> ||
                  reported<K, Barrier> || reported<V, Barrier>)
      for_each_spot([&](spot s) { destroy_entry(s.in, s.slot); });
  }

  void release_memory() noexcept {
    memory_.drop_array(alloc(), old_);
    memory_.drop_array(alloc(), now_);
    memory_.drop_overflow(alloc());
    evacuated_before_ = 0;
    quick_limit_ = 0;
  }

  /// Into the first empty slot of its chain, or a new overflow bucket. Nothing moves.
  template <class KeyArg, class... Args> HMAP_INLINE spot place(std::uint64_t hash, KeyArg &&key, Args &&...args) {
    bucket b = chain_of(hash);
    tops free = empty_slots(b.top());
    while (HMAP_UNLIKELY(!free)) {
      if (!b.overflow()) return place_in_overflow(b, hash, std::forward<KeyArg>(key), std::forward<Args>(args)...);
      b = b.overflow();
      free = empty_slots(b.top());
    }
    unsigned slot = first_slot(free);
    HMAP_PREFETCH_WRITE(b.key(slot));
    HMAP_PREFETCH_WRITE(b.value(slot));
    construct_entry(b, slot, std::forward<KeyArg>(key), std::forward<Args>(args)...);
    b.set_top(slot, top_of_hash(hash));
    ++size_;
    return {b, slot};
  }

  template <class KeyArg, class... Args>
  HMAP_NOINLINE spot place_in_overflow(bucket last, std::uint64_t hash, KeyArg &&key, Args &&...args) {
    memory_.reserve_overflow(alloc(), 1);
    bucket b = memory_.take_overflow();
    HMAP_TRY { construct_entry(b, 0, std::forward<KeyArg>(key), std::forward<Args>(args)...); }
    HMAP_CATCH_ALL {
      memory_.give_overflow(b);
      HMAP_RETHROW;
    }
    b.set_top(0, top_of_hash(hash));
    last.link(b);
    ++size_;
    if (overflow_piled_up()) quick_limit_ = 0;
    return {b, 0};
  }

  /// So many overflow buckets that placing the entries of `from` cannot fail.
  void reserve_overflow_for(const table &from) {
    using count_alloc = typename alloc_traits::template rebind_alloc<std::uint32_t>;
    std::size_t unequal = 0, overflow = 0;
    {
      std::vector<std::uint32_t, count_alloc> entries(now_.size(), 0, count_alloc(alloc()));
      from.for_each_spot([&](spot s) {
        const K &key = s.key();
        if (!is_reflexive<K, Eq> && !equal()(key, key))
          ++unequal;
        else if (std::uint32_t &n = entries[bucket_index(hash_of(key), now_.bits)]; n++ != 0)
          overflow += n % slots_per_bucket == 1;
      });
    }
    memory_.reserve_overflow(alloc(), overflow + unequal);
  }

  /// Takes the last bucket out of a chain (I3), and those before it that are empty as well.
  HMAP_NOINLINE void unlink_last(bucket head, bucket last) noexcept {
    do {
      bucket before = head;
      while (before.overflow() != last) before = before.overflow();
      before.link(bucket());
      memory_.give_overflow(last);
      before.set_top(ended(before.top()));
      last = before;
    } while (last != head && !last.top());
    next_stamp();
  }

  //===------------------------------------------------------------------------------------------------------------===//
  // Growth
  //===------------------------------------------------------------------------------------------------------------===//

  /// Additions that move entries (contract 3). The arguments may refer to an entry of this table (contract 4), so the
  /// new entry is made first.
  template <class KeyArg, class... Args>
  HMAP_NOINLINE spot add_and_move(std::uint64_t hash, KeyArg &&key, Args &&...args) {
    detached<K, V, Alloc> entry(alloc(), std::forward<KeyArg>(key), std::forward<Args>(args)...);
    move_others(hash);
    return place(hash, std::move(*entry.key()), std::move(*entry.value()));
  }

  HMAP_NOINLINE void move_others(std::uint64_t hash) {
    grow_a_little(hash);
#if HMAP_CHECKED
    relocate_everything();
#endif
  }

  bool overflow_piled_up() const noexcept { return memory_.overflow_in_use() >= now_.size() && !growing(); }

  void grow_a_little(std::uint64_t hash) {
    if (!growing()) begin_growth();
    if (growing()) {
      evacuate(bucket_index(hash, old_.bits));
      for (unsigned i = 0; i != evacuations_per_addition && growing(); ++i) {
        evacuate(evacuated_before_);
        pass_evacuated();
      }
    }
    if (!growing()) set_quick_limit();
  }

  /// Packing chains would break I5, so it waits until no loop can be under way.
  void begin_growth() {
    unsigned bits = now_.bits;
    if (size_ >= limit_for(bits))
      ++bits;
    else if (!overflow_piled_up() || looped_.load(std::memory_order_relaxed))
      return;
    array made = memory_.make_array(alloc(), bits);
    old_ = now_;
    now_ = made;
    evacuated_before_ = 0;
    quick_limit_ = 0;
  }

  /// Moves on over buckets that additions evacuated out of order, not too many at once, and gives segments back.
  void pass_evacuated() noexcept {
    for (unsigned passed = 0; passed != 256; ++passed) {
      if (!evacuated(evacuated_before_)) return;
      ++evacuated_before_;
      if (evacuated_before_ % old_.segment_size() == 0)
        memory_.drop_segment(alloc(), old_, evacuated_before_ / old_.segment_size() - 1);
      if (evacuated_before_ == old_.size()) {
        memory_.drop_array(alloc(), old_);
        evacuated_before_ = 0;
        return;
      }
    }
  }

  using high_slots = detail::high_slots<Alloc>;
  using destination = detail::destination<bucket>;

  static constexpr bool moves_throw =
      HMAP_EXCEPTIONS && !(std::is_nothrow_move_constructible_v<K> && std::is_nothrow_move_constructible_v<V>);

  /// Empties an old chain into the new one or two. All that can fail comes before anything has changed (contract 12).
  HMAP_NOINLINE void evacuate(std::size_t index) {
    if (evacuated(index)) return;
    bucket from = old_[index];
    unsigned split = now_.bits - old_.bits;
    destination low(index << split), high((index << split) | 1);

    std::size_t length = 0;
    for (bucket b = from; b; b = b.overflow()) ++length;
    high_slots goes_high(alloc(), length);
    std::size_t ordinal = 0;
    for (bucket b = from; b; b = b.overflow(), ++ordinal) {
      tops full = full_slots(b.top());
      tops up = split ? choose_high(b, full) : 0;
      goes_high[ordinal] = up;
      low.plan(full & ~up, ordinal);
      high.plan(up, ordinal);
    }

    bool keep = looped_.load(std::memory_order_relaxed);
    memory_.make_segment(alloc(), now_, low.index / now_.segment_size());
    if (split) memory_.make_segment(alloc(), now_, high.index / now_.segment_size());
    memory_.reserve_overflow(alloc(), low.overflow_needed(keep) + (split ? high.overflow_needed(keep) : 0));

    open_chain(low, keep);
    if (split) open_chain(high, keep);
    move_chain(from, low, high, goes_high, keep);
    low.close();
    if (split) high.close();
    mark_evacuated(from, goes_high[0]);
    next_stamp();
  }

  tops choose_high(bucket b, tops full) {
    tops up = 0;
    for (tops set = full; set; set &= set - 1) {
      unsigned slot = first_slot(set);
      const K &key = *b.key(slot);
      std::uint64_t hash = spread_unequal(key, hash_of(key));
      if (bucket_index(hash, now_.bits) & 1) up |= tops{0x80} << (8 * slot);
    }
    return up;
  }

  void open_chain(destination &to, bool keep) noexcept {
    bucket b = to.head = to.last = now_[to.index];
    b.open();
    for (std::size_t i = to.overflow_needed(keep); i != 0; --i) {
      bucket next = memory_.take_overflow();
      b.link(next);
      b = next;
    }
  }

  void move_chain(bucket from, destination &low, destination &high, high_slots &goes_high, bool keep) {
    HMAP_TRY {
      std::size_t ordinal = 0;
      for (bucket b = from; b; b = b.overflow(), ++ordinal)
        for (tops set = full_slots(b.top()); set; set &= set - 1) {
          unsigned slot = first_slot(set);
          destination &to = goes_high[ordinal] >> (8 * slot) & 0x80 ? high : low;
          unsigned to_slot = to.next_slot(ordinal, slot, keep);
          move_entry(b, slot, {to.last, to_slot});
        }
    }
    HMAP_CATCH_ALL {
      abandon_chain(low);
      if (high.head) abandon_chain(high);
      HMAP_RETHROW;
    }
    if constexpr (moves_throw)
      for (bucket b = from; b; b = b.overflow())
        for (tops set = full_slots(b.top()); set; set &= set - 1) destroy_entry(b, first_slot(set));
  }

  /// A move that might throw is a copy, and the original stays until the whole chain has been copied.
  void move_entry(bucket from, unsigned slot, spot to) {
    if constexpr (moves_throw) {
      construct_entry(to.in, to.slot, std::move_if_noexcept(*from.key(slot)), std::move_if_noexcept(*from.value(slot)));
    } else {
      construct_entry(to.in, to.slot, std::move(*from.key(slot)), std::move(*from.value(slot)));
      destroy_entry(from, slot);
    }
    to.in.set_top(to.slot, from.top_of(slot));
  }

  void abandon_chain(destination &to) noexcept {
    for (bucket b = to.head; b;) {
      for (tops set = full_slots(b.top()); set; set &= set - 1) destroy_entry(b, first_slot(set));
      bucket next = b.overflow();
      if (b != to.head) memory_.give_overflow(b);
      b = next;
    }
    to.head.open();
  }

  void mark_evacuated(bucket from, tops high) noexcept {
    for (bucket b = from.overflow(); b;) {
      bucket next = b.overflow();
      memory_.give_overflow(b);
      b = next;
    }
    tops full = full_slots(from.top());
    from.set_top((full & high) / 0x80 * evacuated_high + (full & ~high) / 0x80 * evacuated_low +
                 empty_slots(from.top()) / 0x80 * evacuated_empty);
    from.link(bucket());
  }

#if HMAP_CHECKED
  static void poison_cells(bucket b, tops slots) noexcept {
    for (; slots; slots &= slots - 1) {
      poison(b.key(first_slot(slots)), sizeof(K));
      if constexpr (!std::is_same_v<V, unit>) poison(b.value(first_slot(slots)), sizeof(V));
    }
  }

  /// Checked mode (contract 16): every entry moves to fresh memory and keeps its position; the old memory is poisoned.
  /// A copy that throws here ends the program.
  HMAP_NOINLINE void relocate_everything() noexcept {
    storage<bucket, Alloc> fresh;
    array fresh_now = clone_shape(fresh, now_), fresh_old = old_ ? clone_shape(fresh, old_) : array();
    fresh.reserve_overflow(alloc(), memory_.overflow_in_use());
    unsigned old_shift = old_ ? now_.bits - old_.bits : 0;
    for (std::size_t i = 0; i != now_.size(); ++i)
      if (!old_ || evacuated(i >> old_shift)) relocate_chain(fresh, now_[i], fresh_now[i]);
    for (std::size_t i = evacuated_before_ - evacuated_before_ % (old_ ? old_.segment_size() : 1);
         old_ && i != old_.size(); ++i)
      relocate_chain(fresh, old_[i], fresh_old[i]);
    memory_.drop_array(alloc(), now_);
    memory_.drop_array(alloc(), old_);
    memory_.drop_overflow(alloc());
    fresh.adopt_quarantine(memory_);
    memory_.swap(fresh);
    now_ = fresh_now;
    old_ = fresh_old;
    next_stamp();
  }

  array clone_shape(storage<bucket, Alloc> &fresh, const array &of) {
    array made = fresh.make_array(alloc(), of.bits);
    for (std::size_t segment = 0; segment != of.segment_count(); ++segment)
      if (of.segments[segment]) fresh.make_segment(alloc(), made, segment);
    return made;
  }

  void relocate_chain(storage<bucket, Alloc> &fresh, bucket from, bucket to) {
    for (;;) {
      to.open();
      to.set_top(from.top());
      for (tops set = is_evacuated(from.top()) ? 0 : full_slots(from.top()); set; set &= set - 1) {
        unsigned slot = first_slot(set);
        hand_over({from, slot}, [&](auto &&k, auto &&v) {
          construct_entry(to, slot, std::forward<decltype(k)>(k), std::forward<decltype(v)>(v));
        });
        destroy_entry(from, slot);
      }
      poison_cells(to, empty_slots(to.top()));
      from = from.overflow();
      if (!from) return;
      bucket next = fresh.take_overflow();
      to.link(next);
      to = next;
    }
  }
#endif

  // What a lookup reads stands together.
  std::size_t size_ = 0;
  array now_; ///< the table, or the one being grown into
  array old_; ///< the table being grown out of
  std::uint64_t seed_ = 0;
  std::size_t evacuated_before_ = 0; ///< I4
  std::size_t quick_limit_ = 0;      ///< up to this size an addition moves nothing
  std::uint64_t stamp_ = 0;          ///< I6
  std::uint64_t pace_ = 0;           ///< I6
  std::uint64_t start_ = 0;          ///< hash at which loops start
  std::uint64_t random_ = 1;
  std::uint32_t epoch_ = 0;                 ///< counts the ends of everything loops go through
  mutable std::atomic<bool> looped_{false}; ///< I5; atomic for loops on several threads (contract 14)
  bool seed_is_fixed_ = false;
  bool start_is_fixed_ = false;
#if HMAP_CHECKED
  std::uint64_t generation_ = 0; ///< counts the ends of all iterators
#endif
  storage<bucket, Alloc> memory_;
};

} // namespace hmap::detail

#endif
