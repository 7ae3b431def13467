/// \file
/// Iterators over a cursor. What they give is a pair of references made on the spot, since keys and values stand apart.

#ifndef HMAP_DETAIL_ITERATOR_H
#define HMAP_DETAIL_ITERATOR_H

#include <hmap/detail/cursor.h>

#include <iterator>

namespace hmap::detail {

/// Keeps a made-on-the-spot reference alive for `->`.
template <class Reference> class arrow {
public:
  explicit arrow(Reference reference) : reference_(std::move(reference)) {}
  Reference *operator->() noexcept { return &reference_; }

private:
  Reference reference_;
};

/// `Access` says what a spot looks like to the user: `reference get(table, spot)` and `value_type`.
template <class Table, class Access> class iterator {
public:
  using value_type = typename Access::value_type;
  using reference = typename Access::reference;
  using difference_type = std::ptrdiff_t;
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::forward_iterator_tag;
  using pointer =
      std::conditional_t<std::is_reference_v<reference>, std::remove_reference_t<reference> *, arrow<reference>>;

  iterator() = default;
  explicit iterator(cursor<Table> at, Table *table) noexcept : cursor_(at), table_(table) {}
  /// An iterator converts to the const one.
  template <class Other, class = std::enable_if_t<Access::template converts_from<Other>>>
  iterator(const iterator<Table, Other> &other) noexcept : cursor_(other.position()), table_(other.table()) {}

  reference operator*() const { return Access::get(table_, cursor_.get()); }
  pointer operator->() const {
    if constexpr (std::is_reference_v<reference>)
      return &**this;
    else
      return pointer(**this);
  }
  HMAP_INLINE iterator &operator++() noexcept {
    cursor_.next();
    return *this;
  }
  iterator operator++(int) noexcept {
    iterator before = *this;
    ++*this;
    return before;
  }

  template <class Other> bool operator==(const iterator<Table, Other> &other) const noexcept {
    return cursor_ == other.position();
  }
  template <class Other> bool operator!=(const iterator<Table, Other> &other) const noexcept {
    return !(cursor_ == other.position());
  }

  const cursor<Table> &position() const noexcept { return cursor_; }
  Table *table() const noexcept { return table_; }

private:
  cursor<Table> cursor_;
  Table *table_ = nullptr;
};

} // namespace hmap::detail

#endif
