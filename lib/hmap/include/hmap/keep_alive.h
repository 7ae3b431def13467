/// \file
/// hmap::keep_alive: a use that the optimiser may not remove.

#ifndef HMAP_KEEP_ALIVE_H
#define HMAP_KEEP_ALIVE_H

#include <memory>

namespace hmap {

/// Counts as a use of `value` and of everything it borrows from, here and not earlier: for objects whose destructor,
/// or whose owner's, must not run before this point although nothing in the source uses them any more. No code is
/// generated. The analyzer reads it as a use of its argument.
template <class T> inline void keep_alive(const T &value) noexcept {
#if defined(__GNUC__) || defined(__clang__)
  asm volatile("" : : "g"(std::addressof(value)) : "memory");
#else
  static const volatile void *volatile sink;
  sink = std::addressof(value);
#endif
}

} // namespace hmap

#endif
