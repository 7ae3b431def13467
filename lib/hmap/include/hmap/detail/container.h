/// \file
/// What map and set have in common: everything that does not mention values.

#ifndef HMAP_DETAIL_CONTAINER_H
#define HMAP_DETAIL_CONTAINER_H

#include <hmap/detail/iterator.h>
#include <hmap/detail/verify.h>

#include <initializer_list>
#include <limits>
#include <stdexcept>

namespace hmap {
namespace detail {

template <class Derived, class K, class V, class Hash, class Eq, class Alloc, class Barrier, class Access,
          class ConstAccess>
class container {
  template <class, class, class, class, class, class, class, class, class> friend class container; // for merge

protected:
  using table_type = detail::table<K, V, Hash, Eq, Alloc, Barrier>;
  using spot = typename table_type::spot;
  using traits = std::allocator_traits<Alloc>;

  template <class Q>
  using if_transparent =
      std::enable_if_t<is_transparent<Hash>::value && is_transparent<Eq>::value && !std::is_same_v<std::decay_t<Q>, K>>;

public:
  using key_type = K;
  using hasher = Hash;
  using key_equal = Eq;
  using allocator_type = Alloc;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using iterator = detail::iterator<table_type, Access>;
  using const_iterator = detail::iterator<table_type, ConstAccess>;
  using reference = typename Access::reference;
  using const_reference = typename ConstAccess::reference;

  iterator begin() noexcept { return iterator(cursor<table_type>::first(&table_), &table_); }
  const_iterator begin() const noexcept { return const_iterator(cursor<table_type>::first(&table_), table()); }
  const_iterator cbegin() const noexcept { return begin(); }
  iterator end() noexcept { return iterator(); } // one value for all (contract 9)
  const_iterator end() const noexcept { return const_iterator(); }
  const_iterator cend() const noexcept { return end(); }

  [[nodiscard]] bool empty() const noexcept { return table_.size() == 0; }
  size_type size() const noexcept { return table_.size(); }
  size_type max_size() const noexcept { return std::numeric_limits<size_type>::max() / 2 / sizeof(K); }

  void clear() noexcept { table_.clear(); }

  HMAP_INLINE iterator find(const K &key) { return found<iterator>(key); }
  HMAP_INLINE const_iterator find(const K &key) const { return found<const_iterator>(key); }
  template <class Q, class = if_transparent<Q>> HMAP_INLINE iterator find(const Q &key) { return found<iterator>(key); }
  template <class Q, class = if_transparent<Q>> HMAP_INLINE const_iterator find(const Q &key) const {
    return found<const_iterator>(key);
  }

  bool contains(const K &key) const { return static_cast<bool>(table_.find(key)); }
  template <class Q, class = if_transparent<Q>> bool contains(const Q &key) const {
    return static_cast<bool>(table_.find(key));
  }
  size_type count(const K &key) const { return contains(key); }
  template <class Q, class = if_transparent<Q>> size_type count(const Q &key) const { return contains(key); }

  std::pair<iterator, iterator> equal_range(const K &key) { return one_entry_range(find(key)); }
  std::pair<const_iterator, const_iterator> equal_range(const K &key) const { return one_entry_range(find(key)); }
  template <class Q, class = if_transparent<Q>> std::pair<iterator, iterator> equal_range(const Q &key) {
    return one_entry_range(find(key));
  }
  template <class Q, class = if_transparent<Q>>
  std::pair<const_iterator, const_iterator> equal_range(const Q &key) const {
    return one_entry_range(find(key));
  }

  size_type erase(const K &key) { return erase_key(key); }
  template <class Q, class = if_transparent<Q>, class = std::enable_if_t<!std::is_convertible_v<Q &&, const_iterator>>>
  size_type erase(Q &&key) {
    return erase_key(key);
  }
  iterator erase(const_iterator at) { return erase_at(at); }
  iterator erase(iterator at) { return erase_at(at); }
  iterator erase(const_iterator first, const_iterator last) {
    while (first != last) first = erase_at(first);
    return iterator(first.position(), &table_);
  }

  /// Moves over the entries whose keys are absent here.
  template <class D, class H, class E, class A, class C>
  void merge(container<D, K, V, H, E, Alloc, Barrier, A, C> &from) {
    if (static_cast<const void *>(&from) == this) return;
    for (auto at = from.begin(); at != from.end();) {
      auto entry = at.position().get();
      table_.first_allocation();
      std::uint64_t hash = table_.hash_of(entry.key());
      if (table_.find_hashed(entry.key(), hash)) {
        ++at;
        continue;
      }
      from.table_.hand_over(entry, [&](auto &&, auto &&) {
        table_.template add<true>(hash, std::move(entry.key()), std::move(entry.value()));
      });
      at = from.erase(at);
    }
  }
  template <class D, class H, class E, class A, class C>
  void merge(container<D, K, V, H, E, Alloc, Barrier, A, C> &&from) {
    merge(from);
  }

  /// Room for this many entries without growth; moves everything if there is not.
  void reserve(size_type count) {
    require_possible(count);
    unsigned bits = table_type::bits_for(count);
    if (!table_.allocated())
      count ? table_.allocate(bits) : void();
    else if (bits > table_.bits() || table_.growing())
      table_.rebuild(std::max(bits, table_.bits()));
  }

  /// At least this many buckets, and as many as the entries need; moves everything. rehash(0) gives back memory.
  void rehash(size_type buckets) {
    require_possible(buckets);
    unsigned bits = table_type::bits_for(size());
    while ((size_type{1} << bits) < buckets) ++bits;
    if (size() == 0 && buckets == 0)
      table_.release();
    else if (!table_.allocated())
      table_.allocate(bits);
    else
      table_.rebuild(bits);
  }

  size_type bucket_count() const noexcept { return table_.allocated() ? size_type{1} << table_.bits() : 0; }
  float load_factor() const noexcept {
    return bucket_count() ? static_cast<float>(size()) / static_cast<float>(bucket_count()) : 0;
  }
  /// Entries a bucket of eight slots. Not settable.
  float max_load_factor() const noexcept { return 6.5F; }

  hasher hash_function() const { return table_.hasher(); }
  key_equal key_eq() const { return table_.equal(); }
  allocator_type get_allocator() const noexcept { return table_.alloc(); }
  /// The barrier of this map, as told by `write`.
  Barrier &barrier() noexcept { return table_.barrier(); }

  /// Fixes the hash at which loops start, for reproducible runs; ends the loops under way.
  void iteration_start(std::uint64_t hash) noexcept { table_.fix_start(hash); }

  /// Null, or the text of the first broken invariant. Slow; for tests.
  const char *check_invariants() const { return table_.verify(); }

  void swap(Derived &other) noexcept {
    using std::swap;
    swap(table_.hasher(), other.table_.hasher());
    swap(table_.equal(), other.table_.equal());
    if constexpr (traits::propagate_on_container_swap::value) swap(table_.alloc(), other.table_.alloc());
    table_.swap_contents(other.table_);
  }
  friend void swap(Derived &a, Derived &b) noexcept { a.swap(b); }

protected:
  container(const Hash &hash, const Eq &equal, const Alloc &alloc) : table_(hash, equal, alloc) {}

  container(const container &other, const Alloc &alloc) : table_(other.table_.hasher(), other.table_.equal(), alloc) {
    copy_entries(other);
  }
  container(const container &other) : container(other, traits::select_on_container_copy_construction(other.alloc())) {}
  container(container &&other) noexcept
      : table_(std::move(other.table_.hasher()), std::move(other.table_.equal()), std::move(other.table_.alloc())) {
    table_.swap_contents(other.table_);
  }
  container(container &&other, const Alloc &alloc) : table_(other.table_.hasher(), other.table_.equal(), alloc) {
    take(other);
  }

  container &operator=(const container &other) {
    if (this == &other) return *this;
    constexpr bool propagate = traits::propagate_on_container_copy_assignment::value;
    container copy(other.table_.hasher(), other.table_.equal(), propagate ? other.alloc() : alloc());
    table_.fill_successor(copy.table_, [&] { copy.copy_entries(other); });
    table_.release_all();
    if constexpr (propagate) table_.alloc() = other.alloc();
    table_.hasher() = other.table_.hasher();
    table_.equal() = other.table_.equal();
    table_.succeed(copy.table_);
    return *this;
  }

  static constexpr bool moves_without_throwing =
      traits::is_always_equal::value || traits::propagate_on_container_move_assignment::value;

  template <class Entry> void assign_list(std::initializer_list<Entry> entries) {
    Derived fresh(0, hash_function(), key_eq(), get_allocator());
    fresh.table_.copy_settings(table_);
    table_.fill_successor(fresh.table_, [&] {
      fresh.reserve(entries.size());
      fresh.insert(entries);
    });
    table_.succeed(fresh.table_);
  }

  container &operator=(container &&other) noexcept(moves_without_throwing) {
    if (this == &other) return *this;
    table_.release_all();
    table_.hasher() = std::move(other.table_.hasher());
    table_.equal() = std::move(other.table_.equal());
    if constexpr (traits::propagate_on_container_move_assignment::value)
      table_.alloc() = std::move(other.table_.alloc());
    take(other);
    return *this;
  }
  ~container() = default;

  const Alloc &alloc() const noexcept { return table_.alloc(); }
  table_type *table() const noexcept { return const_cast<table_type *>(&table_); }

  /// An iterator to what a lookup or an addition gave.
  template <class It, class Q> HMAP_INLINE It found(const Q &key) const {
    if (HMAP_UNLIKELY(table_.size() == 0)) return It();
    std::uint64_t hash = table_.hash_of(key);
    if (spot at = table_.find_hashed(key, hash)) return It(cursor<table_type>(&table_, at, hash), table());
    return It();
  }

  template <bool Foreign = false, class KeyArg, class... Args>
  HMAP_INLINE std::pair<iterator, bool> add(KeyArg &&key, Args &&...args) {
    if (HMAP_UNLIKELY(!table_.allocated())) table_.first_allocation();
    std::uint64_t hash = table_.hash_of(key);
    if (spot at = table_.find_hashed(key, hash)) return {iterator_at(at, hash), false};
    spot at = table_.template add<Foreign>(hash, std::forward<KeyArg>(key), std::forward<Args>(args)...);
    return {iterator_at(at, hash), true};
  }

  iterator iterator_at(spot at, std::uint64_t hash) noexcept {
    return iterator(cursor<table_type>(&table_, at, hash), &table_);
  }

  template <class It> std::pair<It, It> one_entry_range(It at) const {
    It after;
    if (at != It()) after = It(at.position().peek_next(), table());
    return {at, after};
  }

  void require_possible(size_type count) const {
    if (HMAP_LIKELY(count <= max_size())) return;
#if HMAP_EXCEPTIONS
    throw std::length_error("hmap: more than max_size()");
#else
    fail("more than max_size()");
#endif
  }

  template <class Q> size_type erase_key(const Q &key) {
    if (table_.size() == 0) return 0;
    std::uint64_t hash = table_.hash_of(key);
    spot at = table_.find_hashed(key, hash);
    if (!at) return 0;
    table_.erase(table_.chain_of(hash), at);
    return 1;
  }

  iterator erase_at(const_iterator at) noexcept {
    spot entry = at.position().get();
    cursor<table_type> next = at.position().peek_next();
    table_.erase(table_.chain_of(at.position().chain_hash()), entry);
    next.refresh_stamp();
    return iterator(next, &table_);
  }

  /// A copy has the settings of the original and its own seed, unless that was fixed.
  void copy_entries(const container &other) {
    table_.copy_settings(other.table_);
    if (other.empty()) return;
    table_.allocate(table_type::bits_for(other.size()));
    table_.copy_entries(other.table_);
  }

  void take(container &other) {
    if (traits::is_always_equal::value || table_.alloc() == other.table_.alloc()) {
      table_.swap_contents(other.table_);
    } else if (!other.empty()) {
      table_.copy_settings(other.table_);
      table_.allocate(table_type::bits_for(other.size()));
      table_.move_entries(other.table_);
      other.table_.release();
    }
  }

  table_type table_;
};

} // namespace detail

/// Erases the entries for which the predicate holds, called with what an iterator gives; says how many.
template <class D, class K, class V, class H, class E, class A, class B, class Access, class ConstAccess,
          class Predicate>
std::size_t erase_if(detail::container<D, K, V, H, E, A, B, Access, ConstAccess> &from, Predicate holds) {
  std::size_t before = from.size();
  for (auto at = from.begin(); at != from.end();)
    if (holds(*at))
      at = from.erase(at);
    else
      ++at;
  return before - from.size();
}

} // namespace hmap

#endif
