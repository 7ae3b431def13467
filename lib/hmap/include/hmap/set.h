/// \file
/// hmap::set: the keys of an hmap::map, with the same contract (see map.h).

#ifndef HMAP_SET_H
#define HMAP_SET_H

#include <hmap/detail/container.h>

#include <initializer_list>
#include <memory>
#include <optional>

namespace hmap {
namespace detail {

/// Both iterators of a set give constant keys; they differ so that erase can tell them from keys and each other.
template <class K, bool Const> struct set_access {
  using value_type = K;
  using reference = const K &;
  template <class Other> static constexpr bool converts_from = Const && std::is_same_v<Other, set_access<K, false>>;
  template <class Table> static reference get(Table *, typename Table::spot at) { return at.key(); }
};

} // namespace detail

template <class K, class Hash = hash<K>, class Eq = equal_to<K>, class Alloc = std::allocator<K>,
          class Barrier = no_barrier>
class set : public detail::container<set<K, Hash, Eq, Alloc, Barrier>, K, detail::unit, Hash, Eq, Alloc, Barrier,
                                     detail::set_access<K, false>, detail::set_access<K, true>> {
  using base = detail::container<set, K, detail::unit, Hash, Eq, Alloc, Barrier, detail::set_access<K, false>,
                                 detail::set_access<K, true>>;
  using typename base::spot;
  template <class Q> using if_transparent = typename base::template if_transparent<Q>;

public:
  using value_type = K;
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;

  set() : base(Hash(), Eq(), Alloc()) {}
  explicit set(const Alloc &alloc) : base(Hash(), Eq(), alloc) {}
  explicit set(size_type count, const Hash &hash = Hash(), const Eq &equal = Eq(), const Alloc &alloc = Alloc())
      : base(hash, equal, alloc) {
    this->reserve(count);
  }
  set(size_type count, const Alloc &alloc) : set(count, Hash(), Eq(), alloc) {}
  set(size_type count, const Hash &hash, const Alloc &alloc) : set(count, hash, Eq(), alloc) {}
  explicit set(seed fixed, const Hash &hash = Hash(), const Eq &equal = Eq(), const Alloc &alloc = Alloc())
      : base(hash, equal, alloc) {
    this->table_.fix_seed(fixed.value);
  }
  template <class It, class = typename std::iterator_traits<It>::iterator_category>
  set(It first, It last, size_type count = 0, const Hash &hash = Hash(), const Eq &equal = Eq(),
      const Alloc &alloc = Alloc())
      : set(count, hash, equal, alloc) {
    insert(first, last);
  }
  template <class It, class = typename std::iterator_traits<It>::iterator_category>
  set(It first, It last, size_type count, const Alloc &alloc) : set(first, last, count, Hash(), Eq(), alloc) {}
  set(std::initializer_list<K> keys, size_type count = 0, const Hash &hash = Hash(), const Eq &equal = Eq(),
      const Alloc &alloc = Alloc())
      : set(std::max(count, keys.size()), hash, equal, alloc) {
    insert(keys);
  }
  set(std::initializer_list<K> keys, const Alloc &alloc) : set(keys, 0, alloc) {}
  set(std::initializer_list<K> keys, size_type count, const Alloc &alloc) : set(keys, count, Hash(), Eq(), alloc) {}
  set(const set &other, const Alloc &alloc) : base(other, alloc) {}
  set(set &&other, const Alloc &alloc) : base(std::move(other), alloc) {}
  set &operator=(std::initializer_list<K> keys) {
    this->assign_list(keys);
    return *this;
  }

  std::pair<iterator, bool> insert(const K &key) { return this->add(key); }
  std::pair<iterator, bool> insert(K &&key) { return this->add(std::move(key)); }
  template <class Q, class = if_transparent<Q>, class = std::enable_if_t<std::is_constructible_v<K, Q &&>>>
  std::pair<iterator, bool> insert(Q &&key) {
    return this->add(std::forward<Q>(key));
  }
  iterator insert(const_iterator, const K &key) { return insert(key).first; }
  iterator insert(const_iterator, K &&key) { return insert(std::move(key)).first; }
  template <class It, class = typename std::iterator_traits<It>::iterator_category> void insert(It first, It last) {
    for (; first != last; ++first) insert(*first);
  }
  void insert(std::initializer_list<K> keys) { insert(keys.begin(), keys.end()); }
  template <class... Args> std::pair<iterator, bool> emplace(Args &&...args) {
    return this->template add<true>(K(std::forward<Args>(args)...));
  }

  template <class... Args> iterator emplace_hint(const_iterator, Args &&...args) {
    return emplace(std::forward<Args>(args)...).first;
  }

  /// The key itself, or nothing; the set no longer has it.
  std::optional<K> extract(const_iterator at) {
    spot from = at.position().get();
    std::optional<K> taken;
    this->table_.hand_over(from, [&](auto &&, auto &&) { taken.emplace(std::move(from.key())); });
    this->erase_at(at);
    return taken;
  }
  std::optional<K> extract(const K &key) { return extract_found(this->find(key)); }
  template <class Q, class = if_transparent<Q>, class = std::enable_if_t<!std::is_convertible_v<Q &&, const_iterator>>>
  std::optional<K> extract(Q &&key) {
    return extract_found(this->find(key));
  }

  friend bool operator==(const set &a, const set &b) {
    if (a.size() != b.size()) return false;
    for (const K &key : a)
      if (!b.contains(key)) return false;
    return true;
  }
  friend bool operator!=(const set &a, const set &b) { return !(a == b); }

private:
  std::optional<K> extract_found(const_iterator at) { return at == this->end() ? std::optional<K>() : extract(at); }
};

template <class K, class Hash = hash<K>, class Eq = equal_to<K>, class Alloc = std::allocator<K>>
set(std::initializer_list<K>, std::size_t = 0, Hash = Hash(), Eq = Eq(), Alloc = Alloc()) -> set<K, Hash, Eq, Alloc>;

template <class It, class K = typename std::iterator_traits<It>::value_type, class Hash = hash<K>,
          class Eq = equal_to<K>, class Alloc = std::allocator<K>>
set(It, It, std::size_t = 0, Hash = Hash(), Eq = Eq(), Alloc = Alloc()) -> set<K, Hash, Eq, Alloc>;

} // namespace hmap

#endif
