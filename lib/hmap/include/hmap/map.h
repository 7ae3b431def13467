/// \file
/// hmap::map, a hash map that never pauses long to grow and may be changed while it is walked.
///
/// The contract. Code, tests and the model of this library cite these sentences by number.
///
///   1. Nothing is allocated before the first write.
///   2. An *insert* is a call that adds an entry: insert, insert_or_assign, emplace, try_emplace, operator[], merge and
///      the like, when the key was absent. When the key was present nothing moves and nothing is invalidated (but
///      insert_or_assign assigns to the value).
///   3. Every insert may move every element: references, pointers and views to keys and values do not survive an
///      insert. Not even after reserve.
///   4. The arguments of an insert may refer to elements of the map itself.
///   5. Erasing an entry invalidates references to that entry alone. Erasing moves nothing.
///   6. clear, rehash, reserve (unless there was room and no growth under way), assignment to the map and its
///      destruction invalidate every reference and iterator. Moving from the map and swap keep references, which then
///      belong to the other map, and invalidate iterators.
///   7. An iterator may be advanced after any inserts and erases, of its own entry too, and after clear, which ends
///      every loop. A loop from begin to end gives each entry that was there all along exactly once; one erased before
///      it is reached not at all; one added meanwhile once or not at all; none twice.
///   8. An iterator may be dereferenced until the next insert into the map or the erasure of its entry, and again once
///      it has been advanced. In between, dereferencing it, or erasing by it, is undefined (checked mode stops).
///   9. The end iterator is one value, never invalidated.
///  10. An iterator got from a lookup or an insert joins the order of the loops when it is advanced. If an insert came
///      between, it goes on behind its entry's bucket: it may leave out entries of that bucket.
///  11. Iteration starts at a place given by the map's seed and goes on in no useful order. Without writes between, two
///      loops give the same order.
///  12. An insert that throws has added nothing. It may have moved elements (3).
///  13. A key that does not equal itself is added anew by each insert and never found; iteration gives it, erase by
///      iterator and clear remove it.
///  14. Calls of const functions may run on several threads at once; anything else needs the map to itself.
///  15. With a write barrier, operator[], at and iterators give a slot_reference, which writes through the barrier.
///      unsafe_slot gives the bare slot; a pointer written there is not reported.
///  16. In checked mode (-DHMAP_CHECKED=1) every insert does move every element, and the old storage is poisoned:
///      a use of what 3, 5, 6 and 8 invalidate fails at once under AddressSanitizer, and without it reads a pattern.
///      Using an iterator against 6 or 8, be it to advance it, stops the program with or without.

#ifndef HMAP_MAP_H
#define HMAP_MAP_H

#include <hmap/detail/container.h>

#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

namespace hmap {
namespace detail {

template <class K, class V, class Alloc, class Barrier, bool Const> struct map_access {
  static constexpr bool through_barrier = reported<V, Barrier> && !Const;
  using mapped =
      std::conditional_t<Const, const V &, std::conditional_t<through_barrier, slot_reference<V, Barrier, Alloc>, V &>>;
  using value_type = std::pair<K, V>;
  using reference = std::pair<const K &, mapped>;

  template <class Other> static constexpr bool converts_from = false;

  template <class Table> static mapped value(Table *table, typename Table::spot at) {
    if constexpr (through_barrier)
      return {&at.value(), &table->barrier(), &table->alloc()};
    else
      return at.value();
  }
  template <class Table> static reference get(Table *table, typename Table::spot at) {
    return reference(at.key(), value(table, at));
  }
};

template <class K, class V, class Alloc, class Barrier>
struct const_map_access : map_access<K, V, Alloc, Barrier, true> {
  template <class Other>
  static constexpr bool converts_from = std::is_same_v<Other, map_access<K, V, Alloc, Barrier, false>>;
};

} // namespace detail

/// An entry outside any map: what extract gives and insert takes. It owns its key and value.
template <class K, class V> class node {
public:
  using key_type = K;
  using mapped_type = V;

  node() = default;
  node(std::in_place_t, K &&key, V &&value) : entry_(std::in_place, std::move(key), std::move(value)) {}

  [[nodiscard]] bool empty() const noexcept { return !entry_; }
  explicit operator bool() const noexcept { return entry_.has_value(); }
  K &key() noexcept { return entry_->first; }
  const K &key() const noexcept { return entry_->first; }
  V &mapped() noexcept { return entry_->second; }
  const V &mapped() const noexcept { return entry_->second; }
  void reset() noexcept { entry_.reset(); }

private:
  std::optional<std::pair<K, V>> entry_;
};

template <class K, class V, class Hash = hash<K>, class Eq = equal_to<K>, class Alloc = std::allocator<std::pair<K, V>>,
          class Barrier = no_barrier>
class map : public detail::container<map<K, V, Hash, Eq, Alloc, Barrier>, K, V, Hash, Eq, Alloc, Barrier,
                                     detail::map_access<K, V, Alloc, Barrier, false>,
                                     detail::const_map_access<K, V, Alloc, Barrier>> {
  using access = detail::map_access<K, V, Alloc, Barrier, false>;
  using base =
      detail::container<map, K, V, Hash, Eq, Alloc, Barrier, access, detail::const_map_access<K, V, Alloc, Barrier>>;
  using typename base::spot;
  using typename base::traits;
  template <class Q> using if_transparent = typename base::template if_transparent<Q>;

  static_assert(std::is_same_v<std::remove_cv_t<std::remove_reference_t<K>>, K>, "the key type is plain");
  static_assert(std::is_object_v<V>, "the mapped type is an object type");

public:
  using mapped_type = V;
  using value_type = std::pair<K, V>;
  using mapped_reference = typename access::mapped;
  using node_type = node<K, V>;
  using typename base::allocator_type;
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;

  struct insert_return_type {
    iterator position;
    bool inserted;
    node_type node;
  };

  map() : base(Hash(), Eq(), Alloc()) {}
  explicit map(const Alloc &alloc) : base(Hash(), Eq(), alloc) {}
  explicit map(size_type count, const Hash &hash = Hash(), const Eq &equal = Eq(), const Alloc &alloc = Alloc())
      : base(hash, equal, alloc) {
    this->reserve(count);
  }
  map(size_type count, const Alloc &alloc) : map(count, Hash(), Eq(), alloc) {}
  map(size_type count, const Hash &hash, const Alloc &alloc) : map(count, hash, Eq(), alloc) {}
  explicit map(seed fixed, const Hash &hash = Hash(), const Eq &equal = Eq(), const Alloc &alloc = Alloc())
      : base(hash, equal, alloc) {
    this->table_.fix_seed(fixed.value);
  }
  template <class It, class = typename std::iterator_traits<It>::iterator_category>
  map(It first, It last, size_type count = 0, const Hash &hash = Hash(), const Eq &equal = Eq(),
      const Alloc &alloc = Alloc())
      : map(count, hash, equal, alloc) {
    insert(first, last);
  }
  template <class It, class = typename std::iterator_traits<It>::iterator_category>
  map(It first, It last, size_type count, const Alloc &alloc) : map(first, last, count, Hash(), Eq(), alloc) {}
  map(std::initializer_list<value_type> entries, size_type count = 0, const Hash &hash = Hash(), const Eq &equal = Eq(),
      const Alloc &alloc = Alloc())
      : map(std::max(count, entries.size()), hash, equal, alloc) {
    insert(entries);
  }
  map(std::initializer_list<value_type> entries, const Alloc &alloc) : map(entries, 0, alloc) {}
  map(std::initializer_list<value_type> entries, size_type count, const Alloc &alloc)
      : map(entries, count, Hash(), Eq(), alloc) {}
  map(const map &other, const Alloc &alloc) : base(other, alloc) {}
  map(map &&other, const Alloc &alloc) : base(std::move(other), alloc) {}
  map &operator=(std::initializer_list<value_type> entries) {
    this->assign_list(entries);
    return *this;
  }

  HMAP_INLINE mapped_reference operator[](const K &key) { return value_of(emplace_key(key)); }
  HMAP_INLINE mapped_reference operator[](K &&key) { return value_of(emplace_key(std::move(key))); }
  template <class Q, class = if_transparent<Q>, class = std::enable_if_t<std::is_constructible_v<K, Q &&>>>
  mapped_reference operator[](Q &&key) {
    return value_of(emplace_key(std::forward<Q>(key)));
  }

  mapped_reference at(const K &key) { return value_of(present(key)); }
  const V &at(const K &key) const { return present(key).value(); }
  template <class Q, class = if_transparent<Q>> mapped_reference at(const Q &key) { return value_of(present(key)); }
  template <class Q, class = if_transparent<Q>> const V &at(const Q &key) const { return present(key).value(); }

  /// The bare slot of a key, or null: writes to it bypass the write barrier (15).
  V *unsafe_slot(const K &key) { return slot_of(this->table_.find(key)); }
  template <class Q, class = if_transparent<Q>> V *unsafe_slot(const Q &key) { return slot_of(this->table_.find(key)); }

  std::pair<iterator, bool> insert(const value_type &entry) { return this->add(entry.first, entry.second); }
  std::pair<iterator, bool> insert(value_type &&entry) {
    return this->add(std::move(entry.first), std::move(entry.second));
  }
  template <class P, class = std::enable_if_t<std::is_constructible_v<value_type, P &&> &&
                                              !std::is_same_v<std::decay_t<P>, value_type> &&
                                              !std::is_same_v<std::decay_t<P>, node_type>>>
  std::pair<iterator, bool> insert(P &&entry) {
    return emplace(std::forward<P>(entry));
  }
  iterator insert(const_iterator, const value_type &entry) { return insert(entry).first; }
  iterator insert(const_iterator, value_type &&entry) { return insert(std::move(entry)).first; }
  template <class It, class = typename std::iterator_traits<It>::iterator_category> void insert(It first, It last) {
    for (; first != last; ++first) insert(*first);
  }
  void insert(std::initializer_list<value_type> entries) { insert(entries.begin(), entries.end()); }
  insert_return_type insert(node_type &&from) {
    if (!from) return {this->end(), false, node_type()};
    auto [at, inserted] = this->template add<true>(std::move(from.key()), std::move(from.mapped()));
    if (inserted) from.reset();
    return {at, inserted, inserted ? node_type() : std::move(from)};
  }
  iterator insert(const_iterator, node_type &&from) {
    if (!from) return this->end();
    auto [at, inserted] = this->template add<true>(std::move(from.key()), std::move(from.mapped()));
    if (inserted) from.reset();
    return at;
  }

  template <class U> std::pair<iterator, bool> insert_or_assign(const K &key, U &&value) {
    return add_or_assign(key, std::forward<U>(value));
  }
  template <class U> std::pair<iterator, bool> insert_or_assign(K &&key, U &&value) {
    return add_or_assign(std::move(key), std::forward<U>(value));
  }
  template <class Q, class U, class = if_transparent<Q>>
  std::pair<iterator, bool> insert_or_assign(Q &&key, U &&value) {
    return add_or_assign(std::forward<Q>(key), std::forward<U>(value));
  }

  template <class U> iterator insert_or_assign(const_iterator, const K &key, U &&value) {
    return add_or_assign(key, std::forward<U>(value)).first;
  }
  template <class U> iterator insert_or_assign(const_iterator, K &&key, U &&value) {
    return add_or_assign(std::move(key), std::forward<U>(value)).first;
  }

  template <class... Args> std::pair<iterator, bool> try_emplace(const K &key, Args &&...args) {
    return this->add(key, std::forward<Args>(args)...);
  }
  template <class... Args> std::pair<iterator, bool> try_emplace(K &&key, Args &&...args) {
    return this->add(std::move(key), std::forward<Args>(args)...);
  }
  template <class Q, class... Args, class = if_transparent<Q>,
            class = std::enable_if_t<!std::is_convertible_v<Q &&, const_iterator>>>
  std::pair<iterator, bool> try_emplace(Q &&key, Args &&...args) {
    return this->add(std::forward<Q>(key), std::forward<Args>(args)...);
  }

  template <class... Args> iterator try_emplace(const_iterator, const K &key, Args &&...args) {
    return this->add(key, std::forward<Args>(args)...).first;
  }
  template <class... Args> iterator try_emplace(const_iterator, K &&key, Args &&...args) {
    return this->add(std::move(key), std::forward<Args>(args)...).first;
  }

  /// Builds the entry first, unless the first of two arguments is a key as it stands.
  template <class... Args> std::pair<iterator, bool> emplace(Args &&...args) {
    value_type entry(std::forward<Args>(args)...);
    return this->template add<true>(std::move(entry.first), std::move(entry.second));
  }
  template <class U> std::pair<iterator, bool> emplace(const K &key, U &&value) {
    return this->add(key, std::forward<U>(value));
  }
  template <class U> std::pair<iterator, bool> emplace(K &&key, U &&value) {
    return this->add(std::move(key), std::forward<U>(value));
  }
  template <class... Args> iterator emplace_hint(const_iterator, Args &&...args) {
    return emplace(std::forward<Args>(args)...).first;
  }

  /// The entry as a node; the map no longer has it. Unlike with std::unordered_map the element moves.
  node_type extract(const_iterator at) {
    spot from = at.position().get();
    node_type taken;
    this->table_.hand_over(from, [&](auto &&, auto &&) {
      taken = node_type(std::in_place, std::move(from.key()), std::move(from.value()));
    });
    this->erase_at(at);
    return taken;
  }
  node_type extract(const K &key) { return extract_found(this->find(key)); }
  template <class Q, class = if_transparent<Q>, class = std::enable_if_t<!std::is_convertible_v<Q &&, const_iterator>>>
  node_type extract(Q &&key) {
    return extract_found(this->find(key));
  }

  friend bool operator==(const map &a, const map &b) {
    if (a.size() != b.size()) return false;
    for (auto at = a.begin(); at != a.end(); ++at) {
      auto [key, value] = *at;
      spot other = b.table_.find(key);
      if (!other || !(other.value() == value)) return false;
    }
    return true;
  }
  friend bool operator!=(const map &a, const map &b) { return !(a == b); }

private:
  template <class KeyArg> HMAP_INLINE spot emplace_key(KeyArg &&key) {
    return this->table_.try_emplace(std::forward<KeyArg>(key)).first;
  }

  node_type extract_found(const_iterator at) { return at == this->end() ? node_type() : extract(at); }

  static V *slot_of(spot at) noexcept { return at ? &at.value() : nullptr; }

  HMAP_INLINE mapped_reference value_of(spot at) { return access::value(&this->table_, at); }

  template <class Q> spot present(const Q &key) const {
    spot at = this->table_.find(key);
    if (HMAP_UNLIKELY(!at)) absent();
    return at;
  }

  [[noreturn]] static void absent() {
#if HMAP_EXCEPTIONS
    throw std::out_of_range("hmap::map::at: no such key");
#else
    detail::fail("at: no such key");
#endif
  }

  template <class KeyArg, class U> std::pair<iterator, bool> add_or_assign(KeyArg &&key, U &&value) {
    auto result = this->add(std::forward<KeyArg>(key), std::forward<U>(value));
    if (!result.second) {
      V &slot = result.first.position().get().value();
      detail::pointers_before<V, Barrier> before(slot);
      slot = std::forward<U>(value);
      before.report_change(this->barrier(), this->table_.alloc(), slot);
    }
    return result;
  }
};

template <class K, class V, class Hash = hash<K>, class Eq = equal_to<K>, class Alloc = std::allocator<std::pair<K, V>>>
map(std::initializer_list<std::pair<K, V>>, std::size_t = 0, Hash = Hash(), Eq = Eq(), Alloc = Alloc())
    -> map<K, V, Hash, Eq, Alloc>;

template <class It, class Entry = typename std::iterator_traits<It>::value_type,
          class K = std::remove_const_t<typename Entry::first_type>, class V = typename Entry::second_type,
          class Hash = hash<K>, class Eq = equal_to<K>, class Alloc = std::allocator<std::pair<K, V>>>
map(It, It, std::size_t = 0, Hash = Hash(), Eq = Eq(), Alloc = Alloc()) -> map<K, V, Hash, Eq, Alloc>;

} // namespace hmap

#endif
