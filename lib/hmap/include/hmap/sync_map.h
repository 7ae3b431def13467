/// \file
/// hmap::sync_map, a map for many readers: Go's sync.Map.
///
/// It has two parts. The *read part* is a table that is never changed: whoever wants it loads one pointer and looks up
/// without a lock. The *dirty part*, behind a mutex, holds everything the read part holds that is not erased, and the
/// keys added since; it exists while the read part is *amended*. A lookup that misses the read part of an amended map
/// takes the mutex and counts a miss; after as many misses as the dirty part has entries it becomes the read part.
///
/// Both parts point to the same entries, so a value is stored, replaced and erased in place without a lock as long as
/// its key is in the read part. An entry's value is one of: a box; null (erased); or *expunged* (erased, and not in the
/// dirty part, where it must be put before it is given a value again). Only the holder of the mutex makes an entry
/// expunged or not expunged.
///
/// Contract:
///   1. All functions may be called from any thread at any time, except construction and destruction. Hashing,
///   comparing
///      and copying keys and values must not call the map; destroying a value may.
///   2. Values come out as copies or as shared pointers to constant values. Nothing refers into the map; there are no
///      iterators and nothing to invalidate.
///   3. Each function on one key takes effect at one moment between its call and its return.
///   4. range calls back for each key at most once, with a value the key had during the range; keys present from
///      before it until after it are not missed. The callback may use the map.
///   5. A replaced or erased value is destroyed some time after no reader can be copying it, at the latest with the
///      map; a shared pointer keeps it for its holder.
///   6. A function that throws (memory, hash, equality, a copy) has changed nothing, unless what threw is the copy of
///      the value it was to give.

#ifndef HMAP_SYNC_MAP_H
#define HMAP_SYNC_MAP_H

#include <hmap/detail/reclaim.h>
#include <hmap/set.h>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace hmap {

template <class K, class V, class Hash = hash<K>, class Eq = equal_to<K>> class sync_map {
public:
  using key_type = K;
  using mapped_type = V;

  sync_map() = default;
  sync_map(const sync_map &) = delete;
  sync_map &operator=(const sync_map &) = delete;
  ~sync_map() {
    destroy_entries();
    delete read_.load();
  }

  /// A copy of the value, if there is one.
  std::optional<V> load(const K &key) const {
    if (std::shared_ptr<const V> found = load_shared(key)) return *found;
    return std::nullopt;
  }

  /// The value itself, shared, or null.
  std::shared_ptr<const V> load_shared(const K &key) const {
    detail::visit here(retired_);
    entry *e = find(key);
    return e ? value_of(e->value.load()) : nullptr;
  }

  bool contains(const K &key) const {
    detail::visit here(retired_);
    entry *e = find(key);
    return e && is_value(e->value.load());
  }

  template <class U> void store(const K &key, U &&value) { exchange(key, std::forward<U>(value)); }

  /// Stores, and gives the value that was there.
  template <class U> std::optional<V> swap(const K &key, U &&value) {
    return copy_of(exchange(key, std::forward<U>(value)));
  }

  /// The value that is there and true, or the one now stored and false.
  template <class U> std::pair<V, bool> load_or_store(const K &key, U &&value) {
    detail::visit here(retired_);
    if (entry *e = find_in_read(key))
      if (outcome now = value_or_place(e, value)) return {*now.value, now.was_there};
    std::unique_lock<std::mutex> lock(mutex_);
    if (entry *e = entry_for_change(key)) {
      outcome now = value_or_place(e, value);
      return {*now.value, now.was_there};
    }
    std::shared_ptr<const V> placed = add_entry(key, std::unique_ptr<box>(new box(std::forward<U>(value))));
    return {*placed, false};
  }

  /// Erases the key, and gives the value that was there.
  std::optional<V> load_and_delete(const K &key) { return copy_of(take(key)); }

  bool erase(const K &key) { return take(key) != nullptr; }

  /// Stores `desired` if the value is there and equals `expected`.
  template <class U> bool compare_and_swap(const K &key, const V &expected, U &&desired) {
    detail::visit here(retired_);
    entry *e = find(key);
    if (!e) return false;
    std::unique_ptr<box> fresh;
    for (box *present = e->value.load(); is_value(present) && *present->value == expected;) {
      if (!fresh) fresh.reset(new box(std::forward<U>(desired)));
      if (!e->value.compare_exchange_weak(present, fresh.get())) continue;
      fresh.release();
      retired_.retire(present);
      return true;
    }
    return false;
  }

  /// Erases the key if its value equals `expected`.
  bool compare_and_delete(const K &key, const V &expected) {
    detail::visit here(retired_);
    entry *e = find(key);
    if (!e) return false;
    for (box *present = e->value.load(); is_value(present) && *present->value == expected;) {
      if (!e->value.compare_exchange_weak(present, nullptr)) continue;
      retired_.retire(present);
      return true;
    }
    return false;
  }

  /// Calls f(key, value), with constant references that are valid during the call, until f gives false.
  template <class F> void range(F f) const {
    detail::visit here(retired_);
    if (amended_.load()) {
      std::unique_lock<std::mutex> lock(mutex_);
      if (amended_.load()) promote();
    }
    const table *read = read_.load();
    if (!read) return;
    for (entry *e : read->all) {
      std::shared_ptr<const V> value = value_of(e->value.load());
      if (value && !f(static_cast<const K &>(e->key), *value)) return;
    }
  }

  void clear() {
    detail::visit here(retired_);
    std::unique_lock<std::mutex> lock(mutex_);
    table *old = read_.exchange(nullptr);
    if (old)
      for (entry *e : old->all)
        if (!in_dirty(e)) retired_.retire(e);
    for (entry *e : dirty_) retired_.retire(e);
    if (old) retired_.retire(old);
    dirty_ = entries();
    amended_.store(false);
    misses_ = 0;
  }

private:
  /// A value, and a link for when it is replaced.
  struct box : detail::retirable {
    template <class U> explicit box(U &&from) : value(std::make_shared<const V>(std::forward<U>(from))) {}
    const std::shared_ptr<const V> value;
  };

  struct entry : detail::retirable {
    explicit entry(const K &k) : key(k) {}
    ~entry() override {
      if (box *last = value.load(); is_value(last)) delete last;
    }
    const K key;
    std::atomic<box *> value{nullptr};
  };

  struct key_hash {
    using is_transparent = void;
    Hash hash;
    std::uint64_t operator()(const K &key, std::uint64_t seed) const {
      if constexpr (std::is_invocable_v<const Hash &, const K &, std::uint64_t>)
        return hash(key, seed);
      else
        return detail::mix(static_cast<std::uint64_t>(hash(key)), seed);
    }
    std::uint64_t operator()(const entry *e, std::uint64_t seed) const { return (*this)(e->key, seed); }
  };
  struct key_equal {
    using is_transparent = void;
    Eq equal;
    bool operator()(const entry *a, const entry *b) const { return equal(a->key, b->key); }
    bool operator()(const entry *a, const K &b) const { return equal(a->key, b); }
  };
  using entries = hmap::set<entry *, key_hash, key_equal>;

  struct table : detail::retirable {
    explicit table(entries &&from) : all(std::move(from)) {}
    const entries all;
  };

  static box *expunged() noexcept {
    alignas(box) static unsigned char mark[sizeof(box)];
    return reinterpret_cast<box *>(mark);
  }
  static bool is_value(const box *b) noexcept { return b && b != expunged(); }
  static std::shared_ptr<const V> value_of(const box *b) { return is_value(b) ? b->value : nullptr; }
  static std::optional<V> copy_of(const std::shared_ptr<const V> &value) {
    return value ? std::optional<V>(*value) : std::nullopt;
  }

  /// amended_ is read before read_: if it was false, the table read afterwards has every key there was.
  entry *find_in_read(const K &key) const {
    const table *read = read_.load();
    return read ? found(read->all, key) : nullptr;
  }

  static entry *found(const entries &in, const K &key) {
    auto at = in.find(key);
    return at == in.end() ? nullptr : *at;
  }

  entry *find(const K &key) const {
    bool amended = amended_.load();
    if (entry *e = find_in_read(key)) return e;
    if (!amended) return nullptr;
    std::unique_lock<std::mutex> lock(mutex_);
    if (entry *e = find_in_read(key)) return e;
    if (!amended_.load()) return nullptr;
    entry *e = found(dirty_, key);
    count_miss();
    return e;
  }

  template <class U> std::shared_ptr<const V> exchange(const K &key, U &&value) {
    detail::visit here(retired_);
    std::unique_ptr<box> fresh(new box(std::forward<U>(value)));
    if (entry *e = find_in_read(key)) {
      box *present = e->value.load();
      while (present != expunged())
        if (e->value.compare_exchange_weak(present, fresh.get())) return fresh.release(), retire_value(present);
    }
    std::unique_lock<std::mutex> lock(mutex_);
    if (entry *e = entry_for_change(key)) return retire_value(e->value.exchange(fresh.release()));
    add_entry(key, std::move(fresh));
    return nullptr;
  }

  /// With the mutex: the entry of a key, in the dirty part if there is one, or null.
  entry *entry_for_change(const K &key) {
    entry *e = find_in_read(key);
    if (!e) return amended_.load() ? found(dirty_, key) : nullptr;
    if (e->value.load() == expunged()) {
      dirty_.insert(e);
      e->value.store(nullptr);
    }
    return e;
  }

  std::shared_ptr<const V> add_entry(const K &key, std::unique_ptr<box> value) {
    std::shared_ptr<const V> placed = value->value;
    std::unique_ptr<entry> e(new entry(key));
    if (!amended_.load()) {
      make_dirty();
      amended_.store(true);
    }
    dirty_.insert(e.get());
    e.release()->value.store(value.release());
    return placed;
  }

  struct outcome {
    std::shared_ptr<const V> value;
    bool was_there = false;
    explicit operator bool() const noexcept { return value != nullptr; }
  };

  /// The entry's value, placed now if the entry was erased; nothing if it is expunged.
  template <class U> outcome value_or_place(entry *e, const U &value) {
    std::unique_ptr<box> fresh;
    for (box *present = e->value.load(); present != expunged();) {
      if (present) return {present->value, true};
      if (!fresh) fresh.reset(new box(value));
      std::shared_ptr<const V> placed = fresh->value;
      if (e->value.compare_exchange_weak(present, fresh.get())) return fresh.release(), outcome{placed, false};
    }
    return {};
  }

  std::shared_ptr<const V> take(const K &key) {
    detail::visit here(retired_);
    bool amended = amended_.load();
    entry *e = find_in_read(key);
    if (!e && amended) {
      std::unique_lock<std::mutex> lock(mutex_);
      e = find_in_read(key);
      if (!e && amended_.load()) return take_dirty(key);
    }
    return e ? take_value(e) : nullptr;
  }

  std::shared_ptr<const V> take_value(entry *e) {
    for (box *present = e->value.load(); is_value(present);)
      if (e->value.compare_exchange_weak(present, nullptr)) return retire_value(present);
    return nullptr;
  }

  std::shared_ptr<const V> retire_value(box *old) {
    if (!is_value(old)) return nullptr;
    std::shared_ptr<const V> value = old->value;
    retired_.retire(old);
    return value;
  }

  std::shared_ptr<const V> take_dirty(const K &key) {
    entry *e = found(dirty_, key);
    std::shared_ptr<const V> value;
    if (e) {
      dirty_.erase(e);
      value = take_value(e);
      retired_.retire(e);
    }
    count_miss();
    return value;
  }

  /// With the mutex: whether an entry of the read part is in the dirty part as well.
  bool in_dirty(const entry *e) const { return amended_.load() && e->value.load() != expunged(); }

  void count_miss() const {
    if (++misses_ < dirty_.size()) return;
    HMAP_TRY { promote(); }
    HMAP_CATCH_ALL {} // the next miss tries again
  }

  /// The dirty part becomes the read part. Expunged entries were only in the old one.
  void promote() const {
    table *old = read_.load();
    read_.store(new table(std::move(dirty_)));
    dirty_ = entries();
    amended_.store(false);
    misses_ = 0;
    if (!old) return;
    for (entry *e : old->all)
      if (e->value.load() == expunged()) retired_.retire(e);
    retired_.retire(old);
  }

  /// Fills the dirty part from the read part; erased entries become expunged instead.
  void make_dirty() {
    const table *read = read_.load();
    if (!read) return;
    HMAP_TRY {
      dirty_.reserve(read->all.size());
      for (entry *e : read->all)
        if (!expunge(e)) dirty_.insert(e);
    }
    HMAP_CATCH_ALL {
      for (entry *e : read->all)
        if (e->value.load() == expunged()) e->value.store(nullptr);
      dirty_ = entries();
      HMAP_RETHROW;
    }
  }

  static bool expunge(entry *e) {
    box *present = e->value.load();
    while (!present)
      if (e->value.compare_exchange_weak(present, expunged())) return true;
    return present == expunged();
  }

  void destroy_entries() {
    table *read = read_.load();
    if (read)
      for (entry *e : read->all)
        if (!in_dirty(e)) delete e;
    for (entry *e : dirty_) delete e;
  }

  mutable std::atomic<bool> amended_{false};
  mutable std::atomic<table *> read_{nullptr};
  mutable std::mutex mutex_;
  mutable entries dirty_;          ///< guarded by mutex_; empty unless amended
  mutable std::size_t misses_ = 0; ///< guarded by mutex_
  mutable detail::retired_list retired_;
};

} // namespace hmap

#endif
