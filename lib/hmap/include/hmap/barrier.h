/// \file
/// Write barriers: a map can be told to report each pointer it writes into a slot, as a collector, a profiler or a
/// remembered set needs. The decision table stands in the page of the library; each row of it is a test.
///
/// A barrier is a class with `void write(const void *slot, const void *before, const void *after) noexcept`, called
/// after the write. A slot whose pointer goes away (erase, move to another bucket) is reported as becoming null, so
/// that replaying the reports gives the exact set of pointers the map holds.

#ifndef HMAP_BARRIER_H
#define HMAP_BARRIER_H

#include <hmap/detail/config.h>

#include <array>
#include <memory>
#include <type_traits>
#include <utility>

namespace hmap {

/// The default: no reports, at no cost, and plain references to values.
struct no_barrier {
  static constexpr bool enabled = false;
};

/// Where in a T the pointers are: their number, fixed by the type, and a way to list the address and the value of
/// each. Specialise it for your own types; a type it does not know has none.
template <class T, class = void> struct pointer_fields {
  static constexpr std::size_t count = 0;
};

/// One pointer in storage.
struct pointer_field {
  const void *slot;
  const void *value;
};

template <class T> struct pointer_fields<T *, std::enable_if_t<!std::is_function_v<T>>> {
  static constexpr std::size_t count = 1;
  static void list(T *const &value, pointer_field *out) noexcept { *out = {&value, const_cast<const T *>(value)}; }
};

template <class T, class D> struct pointer_fields<std::unique_ptr<T, D>, void> {
  static constexpr std::size_t count = 1;
  static void list(const std::unique_ptr<T, D> &value, pointer_field *out) noexcept { *out = {&value, value.get()}; }
};

template <class T> struct pointer_fields<std::shared_ptr<T>, void> {
  static constexpr std::size_t count = 1;
  static void list(const std::shared_ptr<T> &value, pointer_field *out) noexcept { *out = {&value, value.get()}; }
};

template <class A, class B> struct pointer_fields<std::pair<A, B>, void> {
  static constexpr std::size_t count = pointer_fields<A>::count + pointer_fields<B>::count;
  static void list(const std::pair<A, B> &value, pointer_field *out) noexcept {
    if constexpr (pointer_fields<A>::count != 0) pointer_fields<A>::list(value.first, out);
    if constexpr (pointer_fields<B>::count != 0) pointer_fields<B>::list(value.second, out + pointer_fields<A>::count);
  }
};

template <class T, std::size_t N> struct pointer_fields<std::array<T, N>, void> {
  static constexpr std::size_t count = N * pointer_fields<T>::count;
  static void list(const std::array<T, N> &value, pointer_field *out) noexcept {
    if constexpr (count != 0)
      for (const T &element : value) {
        pointer_fields<T>::list(element, out);
        out += pointer_fields<T>::count;
      }
  }
};

namespace detail {

template <class B, class = void> struct barrier_enabled : std::true_type {};
template <class B> struct barrier_enabled<B, std::void_t<decltype(B::enabled)>> : std::bool_constant<B::enabled> {};

template <class A, class = void> struct has_is_heap : std::false_type {};
template <class A>
struct has_is_heap<A, std::void_t<decltype(std::declval<const A &>().is_heap(std::declval<const void *>()))>>
    : std::true_type {};

/// An allocator that hands out storage that is not heap says so by a member `bool is_heap(const void *) const`.
template <class A> bool on_heap(const A &allocator, const void *slot) noexcept {
  if constexpr (has_is_heap<A>::value)
    return allocator.is_heap(slot);
  else
    return static_cast<void>(allocator), static_cast<void>(slot), true;
}

template <class T, class B> inline constexpr bool reported = barrier_enabled<B>::value && pointer_fields<T>::count != 0;

template <class B, class A>
void report(B &barrier, const A &allocator, const void *slot, const void *before, const void *after) noexcept {
  if (!before && !after) return;
  if (!on_heap(allocator, slot)) return;
  barrier.write(slot, before, after);
}

template <class T, class B, class A> void report_birth(B &barrier, const A &allocator, const T &value) noexcept {
  if constexpr (reported<T, B>) {
    pointer_field fields[pointer_fields<T>::count];
    pointer_fields<T>::list(value, fields);
    for (const pointer_field &field : fields) report(barrier, allocator, field.slot, nullptr, field.value);
  }
}

/// What a slot held before it is overwritten or dies; the reports come once that has happened.
template <class T, class B, bool = reported<T, B>> class pointers_before {
public:
  explicit pointers_before(const T &) noexcept {}
  template <class A> void report_death(B &, const A &) noexcept {}
  template <class A> void report_change(B &, const A &, const T &) noexcept {}
  template <class A> void report_loss(B &, const A &, const T &) noexcept {}
};

template <class T, class B> class pointers_before<T, B, true> {
public:
  explicit pointers_before(const T &value) noexcept { pointer_fields<T>::list(value, fields_); }

  template <class A> void report_death(B &barrier, const A &allocator) noexcept {
    for (const pointer_field &field : fields_) report(barrier, allocator, field.slot, field.value, nullptr);
  }

  template <class A> void report_change(B &barrier, const A &allocator, const T &now) noexcept {
    pointer_field after[pointer_fields<T>::count];
    pointer_fields<T>::list(now, after);
    for (std::size_t i = 0; i != pointer_fields<T>::count; ++i)
      report(barrier, allocator, after[i].slot, fields_[i].value, after[i].value);
  }

  /// After a move from the slot: of the pointers that the move took away.
  template <class A> void report_loss(B &barrier, const A &allocator, const T &now) noexcept {
    pointer_field after[pointer_fields<T>::count];
    pointer_fields<T>::list(now, after);
    for (std::size_t i = 0; i != pointer_fields<T>::count; ++i)
      if (fields_[i].value != after[i].value)
        report(barrier, allocator, after[i].slot, fields_[i].value, after[i].value);
  }

private:
  pointer_field fields_[pointer_fields<T>::count];
};

} // namespace detail

/// What a map with a barrier hands out in place of `V &`: reads as a V, writes through the barrier. Like a reference
/// it dies with the next insert.
template <class V, class Barrier, class Allocator> class slot_reference {
public:
  slot_reference(V *slot, Barrier *barrier, const Allocator *allocator) noexcept
      : slot_(slot), barrier_(barrier), allocator_(allocator) {}
  slot_reference(const slot_reference &) = default;

  operator const V &() const noexcept { return *slot_; }
  const V &get() const noexcept { return *slot_; }
  const V &operator->() const noexcept { return *slot_; }

  template <class U, class = std::enable_if_t<std::is_assignable_v<V &, U &&> &&
                                              !std::is_same_v<std::decay_t<U>, slot_reference>>>
  const slot_reference &operator=(U &&value) const {
    detail::pointers_before<V, Barrier> before(*slot_);
    *slot_ = std::forward<U>(value);
    before.report_change(*barrier_, *allocator_, *slot_);
    return *this;
  }
  const slot_reference &operator=(const slot_reference &other) const { return *this = other.get(); }

  friend bool operator==(const slot_reference &a, const V &b) { return *a.slot_ == b; }
  friend bool operator!=(const slot_reference &a, const V &b) { return !(*a.slot_ == b); }

private:
  V *slot_;
  Barrier *barrier_;
  const Allocator *allocator_;
};

} // namespace hmap

#endif
