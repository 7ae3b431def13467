/// \file
/// Seeds and seeded hashing.
///
/// A map hashes every key together with its own seed, drawn at its first write, so that keys that collide in one map
/// do not collide in the next. `hmap::hash` takes the seed into the hashing itself; any other hash function object is
/// called with the key alone and its result mixed with the seed, which spreads poor hashes but cannot part keys that
/// the function itself maps to one number.

#ifndef HMAP_HASH_H
#define HMAP_HASH_H

#include <hmap/detail/config.h>

#include <atomic>
#include <cstring>
#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace hmap {

/// A fixed seed for one map: `hmap::map<int, int> m(hmap::seed{7})`.
struct seed {
  std::uint64_t value;
};

namespace detail {

/// 64 by 64 bits multiplied to 128, folded to 64 by exclusive or. Every output bit depends on every input bit.
HMAP_INLINE std::uint64_t fold_multiply(std::uint64_t a, std::uint64_t b) noexcept {
#if defined(__SIZEOF_INT128__)
  __extension__ using wide = unsigned __int128;
  wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
#else
  std::uint64_t al = a & 0xffffffffu, ah = a >> 32, bl = b & 0xffffffffu, bh = b >> 32;
  std::uint64_t ll = al * bl, lh = al * bh, hl = ah * bl, hh = ah * bh;
  std::uint64_t middle = (ll >> 32) + (lh & 0xffffffffu) + (hl & 0xffffffffu);
  std::uint64_t low = (ll & 0xffffffffu) | (middle << 32);
  return low ^ (hh + (lh >> 32) + (hl >> 32) + (middle >> 32));
#endif
}

// Odd, with about as many ones as zeros and no short period: digits of the square roots of 2 and 3.
inline constexpr std::uint64_t multiplier_1 = 0x6a09e667f3bcc909u;
inline constexpr std::uint64_t multiplier_2 = 0xbb67ae8584caa73bu;

/// What a seed multiplies by. Were it the same for all seeds, words whose products are alike under one seed would tend
/// to be alike under the others. Odd, so never zero.
HMAP_INLINE std::uint64_t multiplier_of(std::uint64_t seed) noexcept { return multiplier_1 ^ seed << 1; }

HMAP_INLINE std::uint64_t mix(std::uint64_t word, std::uint64_t seed) noexcept {
  return fold_multiply(word ^ seed, multiplier_of(seed));
}

inline std::uint64_t load_bytes(const char *p, std::size_t n) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, p, n);
  return word;
}

HMAP_INLINE std::uint64_t load8(const char *p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, 8);
  return word;
}

HMAP_INLINE std::uint64_t load4(const char *p) noexcept {
  std::uint32_t word;
  std::memcpy(&word, p, 4);
  return word;
}

/// Sixteen bytes a step; the last step rereads bytes rather than looping over a tail. Both factors of each product hold
/// something of the seed: who does not know it cannot make one of them zero.
inline std::uint64_t mix_bytes(const char *p, std::size_t n, std::uint64_t seed) noexcept {
  std::uint64_t state = seed ^ multiplier_2;
  const std::uint64_t other = multiplier_of(seed);
  std::uint64_t a, b;
  if (HMAP_LIKELY(n <= 16)) {
    if (n >= 8) {
      a = load8(p);
      b = load8(p + n - 8);
    } else if (n >= 4) {
      a = load4(p);
      b = load4(p + n - 4);
    } else {
      a = n ? static_cast<unsigned char>(p[0]) | static_cast<std::uint64_t>(static_cast<unsigned char>(p[n / 2])) << 8 |
                  static_cast<std::uint64_t>(static_cast<unsigned char>(p[n - 1])) << 16
            : 0;
      b = 0;
    }
  } else {
    const char *last = p + n - 16;
    for (; p < last; p += 16) state = fold_multiply(load8(p) ^ state, load8(p + 8) ^ other);
    a = load8(last);
    b = load8(last + 8);
  }
  return fold_multiply(fold_multiply(a ^ state, b ^ other) ^ n, multiplier_2 ^ seed);
}

inline std::atomic<std::uint64_t> &default_seed() noexcept {
  static std::atomic<std::uint64_t> value{0};
  return value;
}

inline std::atomic<bool> &default_seed_is_fixed() noexcept {
  static std::atomic<bool> fixed{false};
  return fixed;
}

inline std::uint64_t process_entropy() {
  static const std::uint64_t value = [] {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
  }();
  return value;
}

/// The seed that a given number stands for: seeds that differ in few bits would give hashes that are alike.
inline std::uint64_t spread_seed(std::uint64_t given) noexcept {
  return fold_multiply(given + multiplier_2, multiplier_1) ^ given;
}

/// The seed of a map that was not given one.
inline std::uint64_t draw_seed() {
  if (default_seed_is_fixed().load(std::memory_order_acquire))
    return spread_seed(default_seed().load(std::memory_order_relaxed));
  static std::atomic<std::uint64_t> drawn{0};
  std::uint64_t count = drawn.fetch_add(1, std::memory_order_relaxed);
  return mix(count * multiplier_2, process_entropy());
}

} // namespace detail

/// Gives every map that is first written to from now on, and was not given a seed itself, this seed: for reproducible
/// runs. Collision attacks are possible again.
inline void fix_default_seed(std::uint64_t value) noexcept {
  detail::default_seed().store(value, std::memory_order_relaxed);
  detail::default_seed_is_fixed().store(true, std::memory_order_release);
}

/// Back to a random seed a map.
inline void randomize_default_seed() noexcept {
  detail::default_seed_is_fixed().store(false, std::memory_order_release);
}

/// The default hash: numbers, enumerations, pointers, strings, pairs and tuples of these; anything else through
/// std::hash. Called with a key and a seed.
template <class K = void, class = void> struct hash {
  std::uint64_t operator()(const K &key, std::uint64_t seed = 0) const noexcept(noexcept(std::hash<K>()(key))) {
    return detail::mix(std::hash<K>()(key), seed);
  }
};

template <class K> struct hash<K, std::enable_if_t<std::is_integral_v<K> || std::is_enum_v<K>>> {
  HMAP_INLINE std::uint64_t operator()(K key, std::uint64_t seed = 0) const noexcept {
    return detail::mix(static_cast<std::uint64_t>(key), seed);
  }
};

template <class T> struct hash<T *, void> {
  HMAP_INLINE std::uint64_t operator()(const T *key, std::uint64_t seed = 0) const noexcept {
    return detail::mix(reinterpret_cast<std::uintptr_t>(key), seed);
  }
};

template <class K> struct hash<K, std::enable_if_t<std::is_floating_point_v<K>>> {
  std::uint64_t operator()(K key, std::uint64_t seed = 0) const noexcept {
    return detail::mix(std::hash<K>()(key), seed); // std::hash gives 0.0 and -0.0 one value
  }
};

/// Strings hash as their characters do, whatever holds them, so lookups may use a view or a literal. Not those with
/// traits of their own, whose equality may be another.
template <class C, class A> struct hash<std::basic_string<C, std::char_traits<C>, A>, void> {
  using is_transparent = void;
  std::uint64_t operator()(std::basic_string_view<C> key, std::uint64_t seed = 0) const noexcept {
    return detail::mix_bytes(reinterpret_cast<const char *>(key.data()), key.size() * sizeof(C), seed);
  }
};

template <class C> struct hash<std::basic_string_view<C>, void> : hash<std::basic_string<C>> {};

template <class A, class B> struct hash<std::pair<A, B>, void> {
  std::uint64_t operator()(const std::pair<A, B> &key, std::uint64_t seed = 0) const {
    return hash<B>()(key.second, hash<A>()(key.first, seed));
  }
};

template <class... T> struct hash<std::tuple<T...>, void> {
  std::uint64_t operator()(const std::tuple<T...> &key, std::uint64_t seed = 0) const {
    std::apply([&](const T &...part) { ((seed = hash<T>()(part, seed)), ...); }, key);
    return detail::mix(seed, detail::multiplier_2);
  }
};

/// The transparent form: hashes whatever it is given. Strings, views and literals agree; numbers of different types
/// with one value agree as well.
template <> struct hash<void, void> {
  using is_transparent = void;
  template <class K> std::uint64_t operator()(const K &key, std::uint64_t seed = 0) const {
    if constexpr (std::is_convertible_v<const K &, std::string_view>)
      return hash<std::string_view>()(key, seed);
    else
      return hash<K>()(key, seed);
  }
};

/// The default equality: std::equal_to, and transparent for strings.
template <class K> struct equal_to : std::equal_to<K> {};

template <class C, class A> struct equal_to<std::basic_string<C, std::char_traits<C>, A>> {
  using is_transparent = void;
  bool operator()(std::basic_string_view<C> a, std::basic_string_view<C> b) const noexcept { return a == b; }
};

namespace detail {

template <class F, class = void> struct is_transparent : std::false_type {};
template <class F> struct is_transparent<F, std::void_t<typename F::is_transparent>> : std::true_type {};

/// True where a key is known to equal itself, so that nothing need be asked.
template <class K, class Eq> inline constexpr bool is_reflexive = false;
template <class K>
inline constexpr bool is_reflexive<K, equal_to<K>> = std::is_integral_v<K> || std::is_enum_v<K> || std::is_pointer_v<K>;
template <class K>
inline constexpr bool is_reflexive<K, std::equal_to<K>> =
    std::is_integral_v<K> || std::is_enum_v<K> || std::is_pointer_v<K>;
template <class C, class A>
inline constexpr bool
    is_reflexive<std::basic_string<C, std::char_traits<C>, A>, equal_to<std::basic_string<C, std::char_traits<C>, A>>> =
        true;
template <class C, class A>
inline constexpr bool is_reflexive<std::basic_string<C, std::char_traits<C>, A>,
                                   std::equal_to<std::basic_string<C, std::char_traits<C>, A>>> = true;

} // namespace detail
} // namespace hmap

#endif
