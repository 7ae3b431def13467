/// \file
/// Making dead storage unusable: through AddressSanitizer where it is present, else with a pattern that is neither a
/// valid pointer nor a likely number.

#ifndef HMAP_DETAIL_POISON_H
#define HMAP_DETAIL_POISON_H

#include <hmap/detail/config.h>

#include <cstring>

#if HMAP_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace hmap::detail {

/// What poisoned bytes read as where AddressSanitizer is absent. Eight of them are no canonical x86-64 or AArch64
/// address.
inline constexpr unsigned char poison_byte = 0xDB;

inline void poison(void *first, std::size_t bytes) {
#if HMAP_ASAN
  ASAN_POISON_MEMORY_REGION(first, bytes);
#else
  std::memset(first, poison_byte, bytes);
#endif
}

inline void unpoison([[maybe_unused]] void *first, [[maybe_unused]] std::size_t bytes) {
#if HMAP_ASAN
  ASAN_UNPOISON_MEMORY_REGION(first, bytes);
#endif
}

} // namespace hmap::detail

#endif
