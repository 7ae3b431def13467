/// \file
/// Function objects and allocators kept without room where they are empty.

#ifndef HMAP_DETAIL_HELD_H
#define HMAP_DETAIL_HELD_H

#include <type_traits>
#include <utility>

namespace hmap::detail {

/// The tag keeps two held objects of one type apart.
template <class T, int Tag, bool = std::is_empty_v<T> && !std::is_final_v<T>> class held {
public:
  held() = default;
  explicit held(T value) : value_(std::move(value)) {}
  T &get() noexcept { return value_; }
  const T &get() const noexcept { return value_; }

private:
  T value_{};
};

template <class T, int Tag> class held<T, Tag, true> : T {
public:
  held() = default;
  explicit held(T value) : T(std::move(value)) {}
  T &get() noexcept { return *this; }
  const T &get() const noexcept { return *this; }
};

} // namespace hmap::detail

#endif
