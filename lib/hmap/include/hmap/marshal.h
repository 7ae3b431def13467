/// \file
/// Writing maps to bytes and back, without copies in between: each key and value writes itself into the room it is
/// given.
///
/// The format, version 1, little-endian whatever the machine:
///
///     "hmap"  version:u8  flags:u8 (0)  reserved:u16 (0)  entries:u64  { key value }...  checksum:u32
///
/// where the checksum is over everything before it, and entries are in the map's order: equal maps with different seeds
/// give different bytes. Decoding trusts nothing: every length is compared with what is left before it is used, and
/// whatever does not add up is an error, with the map left empty.
///
/// A type says how to write itself by a specialisation of hmap::marshal, or by members:
///
///     std::size_t marshal_size() const;                        // bytes that marshal_to will write
///     void marshal_to(hmap::writer &out) const;
///     static bool unmarshal_from(hmap::reader &in, T &value);   // false: not a value
///
/// It must write at least one byte, so that no count is believed that the input is too short for. Numbers,
/// enumerations, strings, string views, pairs and vectors of these are known. A std::string_view read back refers into
/// the input, which must then outlive the map.

#ifndef HMAP_MARSHAL_H
#define HMAP_MARSHAL_H

#include <hmap/map.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hmap {

/// Why encoding or decoding stopped.
enum class marshal_error {
  none,
  no_room,      ///< the sink is too small
  size_changed, ///< a value wrote more or less than it had said
  not_a_map,    ///< the input does not start with the magic bytes
  version,      ///< of a version this library does not read
  truncated,    ///< the input ends early
  bad_value,    ///< a key or value refused what it read
  duplicate_key,
  checksum,
  trailing_bytes,
};

inline const char *to_string(marshal_error error) {
  constexpr const char *texts[] = {"none",      "no room",   "size changed",  "not a map", "version",
                                   "truncated", "bad value", "duplicate key", "checksum",  "trailing bytes"};
  return texts[static_cast<std::size_t>(error)];
}

/// Room to write to; writing past its end only marks it as failed.
class writer {
public:
  writer(unsigned char *first, std::size_t size) noexcept : first_(first), at_(first), last_(first + size) {}

  void bytes(const void *from, std::size_t n) noexcept {
    if (unsigned char *room = take(n); room && n) std::memcpy(room, from, n);
  }
  template <class T> void number(T value) noexcept {
    static_assert(std::is_unsigned_v<T>);
    if (unsigned char *room = take(sizeof(T)))
      for (std::size_t i = 0; i != sizeof(T); ++i) room[i] = static_cast<unsigned char>(value >> (8 * i));
  }
  /// The next n bytes, to be filled by the caller, or null.
  unsigned char *take(std::size_t n) noexcept {
    if (n > room() || failed_) return failed_ = true, nullptr;
    return std::exchange(at_, at_ + n);
  }

  std::size_t room() const noexcept { return static_cast<std::size_t>(last_ - at_); }
  std::size_t written() const noexcept { return static_cast<std::size_t>(at_ - first_); }
  bool failed() const noexcept { return failed_; }

private:
  unsigned char *first_, *at_, *last_;
  bool failed_ = false;
};

/// Bytes to read from. A read past the end fails and changes nothing.
class reader {
public:
  reader(const void *first, std::size_t size) noexcept
      : at_(static_cast<const unsigned char *>(first)), last_(at_ + size) {}

  /// The next n bytes, in the input, or null.
  const unsigned char *take(std::size_t n) noexcept {
    if (n > left()) return nullptr;
    return std::exchange(at_, at_ + n);
  }
  template <class T> bool number(T &value) noexcept {
    static_assert(std::is_unsigned_v<T>);
    const unsigned char *from = take(sizeof(T));
    if (!from) return false;
    value = 0;
    for (std::size_t i = 0; i != sizeof(T); ++i) value = static_cast<T>(value | static_cast<T>(from[i]) << (8 * i));
    return true;
  }
  std::size_t left() const noexcept { return static_cast<std::size_t>(last_ - at_); }

private:
  const unsigned char *at_, *last_;
};

namespace detail {

template <std::size_t N>
using unsigned_of_size = std::conditional_t<
    N == 1, std::uint8_t,
    std::conditional_t<N == 2, std::uint16_t, std::conditional_t<N == 4, std::uint32_t, std::uint64_t>>>;

/// Whether an enumeration has a fixed underlying type, so that any number of that type is a value of it.
template <class T, class = void> struct holds_any_number : std::false_type {};
template <class T> struct holds_any_number<T, std::void_t<decltype(T{0})>> : std::true_type {};

template <class T, class = void> struct has_members : std::false_type {};
template <class T>
struct has_members<T, std::void_t<decltype(std::declval<const T &>().marshal_size()),
                                  decltype(std::declval<const T &>().marshal_to(std::declval<writer &>())),
                                  decltype(T::unmarshal_from(std::declval<reader &>(), std::declval<T &>()))>>
    : std::true_type {};

} // namespace detail

/// How a T is written: `size(value)`, `write(value, out)`, `read(in, value)`.
template <class T, class = void> struct marshal;

template <class T> struct marshal<T, std::enable_if_t<detail::has_members<T>::value>> {
  static std::size_t size(const T &value) { return value.marshal_size(); }
  static void write(const T &value, writer &out) { value.marshal_to(out); }
  static bool read(reader &in, T &value) { return T::unmarshal_from(in, value); }
};

template <class T> struct marshal<T, std::enable_if_t<std::is_arithmetic_v<T> || std::is_enum_v<T>>> {
  static_assert(sizeof(T) <= 8, "no portable form");
  static_assert(!std::is_enum_v<T> || detail::holds_any_number<T>::value,
                "an enumeration without a fixed underlying type must say itself which numbers it may be");
  using bits = detail::unsigned_of_size<sizeof(T)>;
  static std::size_t size(const T &) noexcept { return sizeof(T); }
  static void write(const T &value, writer &out) noexcept {
    bits word;
    std::memcpy(&word, &value, sizeof(T));
    out.number(word);
  }
  static bool read(reader &in, T &value) noexcept {
    bits word;
    if (!in.number(word)) return false;
    if constexpr (std::is_same_v<T, bool>)
      if (word > 1) return false;
    std::memcpy(&value, &word, sizeof(T));
    return true;
  }
};

namespace detail {

/// A length and that many bytes.
template <class T> struct marshal_text {
  static std::size_t size(const T &value) noexcept { return 8 + value.size(); }
  static void write(const T &value, writer &out) noexcept {
    out.number(static_cast<std::uint64_t>(value.size()));
    out.bytes(value.data(), value.size());
  }
  static bool read(reader &in, T &value) {
    std::uint64_t size;
    if (!in.number(size) || size > in.left()) return false;
    const unsigned char *first = in.take(static_cast<std::size_t>(size));
    value = T(reinterpret_cast<const char *>(first), static_cast<std::size_t>(size));
    return true;
  }
};

} // namespace detail

template <> struct marshal<std::string> : detail::marshal_text<std::string> {};
template <> struct marshal<std::string_view> : detail::marshal_text<std::string_view> {};

template <class A, class B> struct marshal<std::pair<A, B>> {
  static std::size_t size(const std::pair<A, B> &value) {
    return marshal<A>::size(value.first) + marshal<B>::size(value.second);
  }
  static void write(const std::pair<A, B> &value, writer &out) {
    marshal<A>::write(value.first, out);
    marshal<B>::write(value.second, out);
  }
  static bool read(reader &in, std::pair<A, B> &value) {
    return marshal<A>::read(in, value.first) && marshal<B>::read(in, value.second);
  }
};

template <class T, class A> struct marshal<std::vector<T, A>> {
  static std::size_t size(const std::vector<T, A> &value) {
    std::size_t total = 8;
    for (const T &element : value) total += marshal<T>::size(element);
    return total;
  }
  static void write(const std::vector<T, A> &value, writer &out) {
    out.number(static_cast<std::uint64_t>(value.size()));
    for (const T &element : value) marshal<T>::write(element, out);
  }
  static bool read(reader &in, std::vector<T, A> &value) {
    std::uint64_t size;
    if (!in.number(size) || size > in.left()) return false; // no element takes less than a byte
    value.clear();
    for (std::uint64_t i = 0; i != size; ++i) {
      T element{};
      if (!marshal<T>::read(in, element)) return false;
      value.push_back(std::move(element));
    }
    return true;
  }
};

namespace detail {

inline constexpr unsigned char marshal_magic[4] = {'h', 'm', 'a', 'p'};
inline constexpr std::uint8_t marshal_version = 1;
inline constexpr std::size_t marshal_header = 16;
inline constexpr std::size_t marshal_checksum_size = 4;

inline std::uint32_t marshal_checksum(const unsigned char *first, std::size_t size) noexcept {
  std::uint64_t state = multiplier_1;
  for (std::size_t i = 0; i < size; i += 8) {
    std::uint64_t word = 0;
    for (std::size_t byte = 0; byte != 8 && i + byte != size; ++byte)
      word |= static_cast<std::uint64_t>(first[i + byte]) << (8 * byte);
    state = fold_multiply((word + multiplier_2) ^ state, multiplier_1);
  }
  state = fold_multiply(size ^ state, multiplier_1);
  return static_cast<std::uint32_t>(state ^ state >> 32);
}

} // namespace detail

/// Bytes that encode will write.
template <class K, class V, class H, class E, class A, class B>
std::size_t encoded_size(const map<K, V, H, E, A, B> &from) {
  std::size_t total = detail::marshal_header + detail::marshal_checksum_size;
  for (auto at = from.begin(); at != from.end(); ++at)
    total += marshal<K>::size((*at).first) + marshal<V>::size((*at).second);
  return total;
}

/// A caller's buffer of fixed size.
class buffer_sink {
public:
  buffer_sink(void *first, std::size_t size) noexcept : first_(static_cast<unsigned char *>(first)), size_(size) {}
  unsigned char *grow(std::size_t n) noexcept {
    return n <= size_ - used_ ? first_ + std::exchange(used_, used_ + n) : nullptr;
  }
  std::size_t used() const noexcept { return used_; }

private:
  unsigned char *first_;
  std::size_t size_, used_ = 0;
};

/// A container of bytes that grows: std::vector<unsigned char>, std::string.
template <class Container> class container_sink {
  static_assert(sizeof(typename Container::value_type) == 1);

public:
  explicit container_sink(Container &to) noexcept : to_(to) {}
  unsigned char *grow(std::size_t n) {
    std::size_t used = to_.size();
    to_.resize(used + n);
    return reinterpret_cast<unsigned char *>(to_.data()) + used;
  }

private:
  Container &to_;
};

/// Writes the map. A sink has `unsigned char *grow(n)`: room for n more bytes, or null. It is asked once.
template <class K, class V, class H, class E, class A, class B, class Sink>
marshal_error encode(const map<K, V, H, E, A, B> &from, Sink &&sink) {
  std::size_t size = encoded_size(from);
  unsigned char *first = sink.grow(size);
  if (!first) return marshal_error::no_room;
  writer out(first, size);
  out.bytes(detail::marshal_magic, sizeof(detail::marshal_magic));
  out.number(detail::marshal_version);
  out.number(std::uint8_t{0});
  out.number(std::uint16_t{0});
  out.number(static_cast<std::uint64_t>(from.size()));
  for (auto at = from.begin(); at != from.end(); ++at) {
    marshal<K>::write((*at).first, out);
    marshal<V>::write((*at).second, out);
  }
  if (out.failed() || out.room() != detail::marshal_checksum_size) return marshal_error::size_changed;
  out.number(detail::marshal_checksum(first, out.written()));
  return marshal_error::none;
}

namespace detail {

template <class Map> marshal_error decode_entries(reader &in, std::uint64_t count, Map &to) {
  // A count is believed only as far as it takes no more room than the input: beyond that the map grows by and by.
  to.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(count, in.left() / sizeof(typename Map::value_type))));
  for (std::uint64_t i = 0; i != count; ++i) {
    typename Map::key_type key{};
    typename Map::mapped_type value{};
    if (in.left() == 0) return marshal_error::truncated;
    if (!marshal<typename Map::key_type>::read(in, key) || !marshal<typename Map::mapped_type>::read(in, value))
      return marshal_error::bad_value;
    if (!to.try_emplace(std::move(key), std::move(value)).second) return marshal_error::duplicate_key;
  }
  return in.left() == 0 ? marshal_error::none : marshal_error::trailing_bytes;
}

} // namespace detail

/// Reads a map written by encode, in place of what `to` holds. After an error `to` is empty.
template <class K, class V, class H, class E, class A, class B>
marshal_error decode(const void *first, std::size_t size, map<K, V, H, E, A, B> &to) {
  to.clear();
  if (size < detail::marshal_header + detail::marshal_checksum_size) return marshal_error::truncated;
  auto *bytes = static_cast<const unsigned char *>(first);
  if (std::memcmp(bytes, detail::marshal_magic, sizeof(detail::marshal_magic)) != 0) return marshal_error::not_a_map;
  std::size_t body = size - detail::marshal_checksum_size;
  reader header(bytes + 4, detail::marshal_header - 4),
      in(bytes + detail::marshal_header, body - detail::marshal_header),
      end(bytes + body, detail::marshal_checksum_size);
  std::uint8_t version = 0, flags = 0;
  std::uint16_t reserved = 0;
  std::uint64_t count = 0;
  std::uint32_t checksum = 0;
  header.number(version);
  header.number(flags);
  header.number(reserved);
  header.number(count);
  end.number(checksum);
  if (version != detail::marshal_version || flags != 0 || reserved != 0) return marshal_error::version;
  if (checksum != detail::marshal_checksum(bytes, body)) return marshal_error::checksum;
  marshal_error error = detail::decode_entries(in, count, to);
  if (error != marshal_error::none) to.clear();
  return error;
}

} // namespace hmap

#endif
