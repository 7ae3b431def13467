/// \file
/// What the compiler offers: exceptions, branch hints, the AddressSanitizer interface, checked mode.

#ifndef HMAP_DETAIL_CONFIG_H
#define HMAP_DETAIL_CONFIG_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#if defined(__cpp_exceptions) && __cpp_exceptions
#define HMAP_EXCEPTIONS 1
#define HMAP_TRY try
#define HMAP_CATCH_ALL catch (...)
#define HMAP_RETHROW throw
#else
#define HMAP_EXCEPTIONS 0
#define HMAP_TRY if (true)
#define HMAP_CATCH_ALL if (false)
#define HMAP_RETHROW static_cast<void>(0)
#endif

#if defined(__GNUC__) || defined(__clang__)
#define HMAP_LIKELY(x) __builtin_expect(static_cast<bool>(x), 1)
#define HMAP_UNLIKELY(x) __builtin_expect(static_cast<bool>(x), 0)
#define HMAP_NOINLINE __attribute__((noinline))
#define HMAP_INLINE inline __attribute__((always_inline))
#define HMAP_PREFETCH(p) __builtin_prefetch(p)
#define HMAP_PREFETCH_WRITE(p) __builtin_prefetch(p, 1)
#else
#define HMAP_LIKELY(x) (x)
#define HMAP_UNLIKELY(x) (x)
#define HMAP_NOINLINE
#define HMAP_INLINE inline
#define HMAP_PREFETCH(p) static_cast<void>(p)
#define HMAP_PREFETCH_WRITE(p) static_cast<void>(p)
#endif

#if defined(__SANITIZE_ADDRESS__)
#define HMAP_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HMAP_ASAN 1
#endif
#endif
#ifndef HMAP_ASAN
#define HMAP_ASAN 0
#endif

/// Eight tophashes are compared by one vector instruction where every machine has it, else as one word.
#ifndef HMAP_SSE2
#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__) && defined(__SSE2__)
#define HMAP_SSE2 1
#else
#define HMAP_SSE2 0
#endif
#endif

/// Checked mode: compile with -DHMAP_CHECKED=1. It changes the layout of nothing but the tables' own bookkeeping, yet
/// all units of a program that share a map must agree on it.
#ifndef HMAP_CHECKED
#define HMAP_CHECKED 0
#endif

namespace hmap {

/// True if this unit was compiled in checked mode.
inline constexpr bool is_checked = HMAP_CHECKED != 0;

namespace detail {

/// Ends the program over a broken contract; the text names the contract sentence.
[[noreturn]] inline void fail(const char *what) {
  std::fprintf(stderr, "hmap: %s\n", what);
  std::abort();
}

} // namespace detail
} // namespace hmap

#endif
