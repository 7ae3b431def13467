// Encoding and decoding: round trips, types that write themselves, views into the input, and input that is not to be
// trusted: every truncation, every flipped bit, forged lengths behind a valid checksum.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/marshal.h>

#include <cstring>

namespace {

using bytes = std::vector<unsigned char>;
using hmap::marshal_error;

/// Has its own marshaler.
struct version {
  std::uint16_t major = 0, minor = 0;
  friend bool operator==(const version &a, const version &b) { return a.major == b.major && a.minor == b.minor; }

  std::size_t marshal_size() const { return 4; }
  void marshal_to(hmap::writer &out) const {
    out.number(major);
    out.number(minor);
  }
  static bool unmarshal_from(hmap::reader &in, version &value) {
    return in.number(value.major) && in.number(value.minor) && value.major < 100;
  }
};

template <class Map> bytes encoded(const Map &m) {
  bytes out;
  CHECK(hmap::encode(m, hmap::container_sink<bytes>(out)) == marshal_error::none);
  CHECK(out.size() == hmap::encoded_size(m));
  return out;
}

template <class Map> marshal_error decoded(const bytes &from, Map &to) {
  return hmap::decode(from.data(), from.size(), to);
}

template <class Map> void round_trip(const Map &m) {
  Map back{{}};
  back.clear();
  CHECK(decoded(encoded(m), back) == marshal_error::none && back == m);
  CHECK_SOUND(back);
}

void round_trips() {
  round_trip(hmap::map<int, int>{});
  hmap::map<std::string, version> versions;
  hmap::map<std::uint64_t, std::vector<std::pair<std::string, double>>> nested;
  for (int i = 0; i != 500; ++i) {
    versions[std::string(static_cast<std::size_t>(i % 50), 'x') + std::to_string(i)] = {
        static_cast<std::uint16_t>(i % 90), 7};
    nested[static_cast<std::uint64_t>(i)] = {{std::to_string(i), i / 2.0}, {"", -0.0}};
  }
  round_trip(versions);
  round_trip(nested);
}

/// What version 1 looks like, checksum included: files written earlier must stay readable.
void format() {
  const bytes expected{'h', 'm', 'a', 'p', 1, 0, 0, 0,   1,   0,   0,    0,    0,    0,    0,    0,   3,
                       0,   0,   0,   0,   0, 0, 0, 'k', 'e', 'y', 0x34, 0x12, 0x12, 0xc1, 0x46, 0xab};
  hmap::map<std::string, std::uint16_t> m{{"key", 0x1234}}, back;
  CHECK(encoded(m) == expected);
  CHECK(decoded(expected, back) == marshal_error::none && back == m);
}

void views_into_the_input() {
  hmap::map<std::string, std::string> m{{"key", "value"}, {"other", ""}};
  bytes input = encoded(m);
  hmap::map<std::string_view, std::string_view> views;
  CHECK(decoded(input, views) == marshal_error::none && views.at("key") == "value");
  auto *inside = reinterpret_cast<const unsigned char *>(views.at("key").data());
  CHECK(inside >= input.data() && inside < input.data() + input.size());
}

void fixed_buffers() {
  hmap::map<int, int> m{{1, 2}};
  unsigned char room[64];
  hmap::buffer_sink enough(room, sizeof room), little(room, 10);
  CHECK(hmap::encode(m, enough) == marshal_error::none && enough.used() == hmap::encoded_size(m));
  CHECK(hmap::encode(m, little) == marshal_error::no_room && little.used() == 0);
}

struct liar {
  int claimed = 1;
  std::size_t marshal_size() const { return 1; }
  void marshal_to(hmap::writer &out) const { out.number(std::uint64_t{0}); }
  static bool unmarshal_from(hmap::reader &, liar &) { return true; }
};

void values_that_lie() {
  hmap::map<int, liar> m;
  m[1];
  bytes out;
  CHECK(hmap::encode(m, hmap::container_sink<bytes>(out)) == marshal_error::size_changed);
}

/// The same with a checksum that fits again.
bytes resealed(bytes input) {
  std::size_t body = input.size() - 4;
  std::uint32_t sum = hmap::detail::marshal_checksum(input.data(), body);
  for (int i = 0; i != 4; ++i) input[body + static_cast<std::size_t>(i)] = static_cast<unsigned char>(sum >> (8 * i));
  return input;
}

void corrupt_input() {
  hmap::map<std::string, version> m{{"one", {1, 2}}, {"two", {3, 4}}}, back;
  const bytes good = encoded(m);
  for (std::size_t size = 0; size != good.size(); ++size)
    CHECK(decoded(bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)), back) != marshal_error::none &&
          back.empty());
  for (std::size_t bit = 0; bit != good.size() * 8; ++bit) {
    bytes bad = good;
    bad[bit / 8] ^= static_cast<unsigned char>(1 << bit % 8);
    CHECK(decoded(bad, back) != marshal_error::none && back.empty());
    decoded(resealed(bad), back); // may be another valid map, must not be undefined
    CHECK_SOUND(back);
  }
  bytes bad = good;
  bad[0] = 'x';
  CHECK(decoded(bad, back) == marshal_error::not_a_map);
  bad = good;
  bad[4] = 2;
  CHECK(decoded(resealed(bad), back) == marshal_error::version);
  bad = good;
  bad[8] = 3;
  CHECK(decoded(resealed(bad), back) == marshal_error::truncated);
  bad = good;
  bad[8] = 1;
  CHECK(decoded(resealed(bad), back) == marshal_error::trailing_bytes);
  bad = good;
  std::memset(&bad[8], 0xff, 8); // more entries than atoms
  CHECK(decoded(resealed(bad), back) != marshal_error::none);
  bad = good;
  std::memset(&bad[16], 0xff, 8); // a string longer than the input
  CHECK(decoded(resealed(bad), back) == marshal_error::bad_value);
  hmap::map<std::uint8_t, std::uint8_t> twice{{1, 1}, {2, 2}};
  bad = encoded(twice);
  bad[16] = bad[18];
  hmap::map<std::uint8_t, std::uint8_t> small;
  CHECK(decoded(resealed(bad), small) == marshal_error::duplicate_key && small.empty());
}

void random_input() {
  random_source random(9);
  hmap::map<std::string, std::vector<std::string>> to;
  for (int round = 0; round != 3000; ++round) {
    bytes input(16 + random.below(80));
    for (unsigned char &byte : input) byte = static_cast<unsigned char>(random.one_in(2) ? 0 : random.below(8));
    std::memcpy(input.data(), "hmap\1\0\0\0", 8);
    input[8] = static_cast<unsigned char>(random.below(5));
    std::fill(input.begin() + 9, input.begin() + 16, static_cast<unsigned char>(0));
    input.resize(input.size() + 4);
    decoded(resealed(input), to);
    CHECK_SOUND(to);
  }
}

} // namespace

int main() {
  round_trips();
  format();
  views_into_the_input();
  fixed_buffers();
  values_that_lie();
  corrupt_input();
  random_input();
}
