/// Fuzzes hmap::map: the input is a program of map operations, run on the map and on std::unordered_map with the
/// self-check after each step. What the map encodes is decoded again, and so is the input itself: as it is, and as
/// entries behind a valid header and checksum.
///
///   clang++-22 -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -Ilib/hmap/include tools/fuzz/hmap_fuzz.cpp
///
/// The first byte says how poor the hash is; then an operation byte and what it takes, to the end.

#include <hmap/map.h>
#include <hmap/marshal.h>

#include <cstdlib>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

class input {
public:
  input(const std::uint8_t *first, std::size_t size) : at_(first), last_(first + size) {}
  bool empty() const { return at_ == last_; }
  std::uint8_t byte() { return empty() ? 0 : *at_++; }
  int key() { return byte() | (byte() & 3) << 8; }

private:
  const std::uint8_t *at_, *last_;
};

struct settable_hash {
  unsigned shift = 0;
  std::uint64_t operator()(int key, std::uint64_t seed) const {
    return hmap::detail::mix(static_cast<std::uint64_t>(key >> shift), seed);
  }
};
using tested = hmap::map<int, int, settable_hash>;

class program {
public:
  program(input from, unsigned shift) : input_(from), map_(hmap::seed{1}, settable_hash{shift}) {}

  void run() {
    while (!input_.empty()) {
      step();
      require(!map_.check_invariants() && map_.size() == model_.size());
    }
    for (auto [key, value] : map_) require(model_.at(key) == value);
    decode_again();
  }

private:
  void step() {
    std::uint8_t operation = input_.byte();
    int key = input_.key();
    switch (operation % 16) {
    case 0:
    case 1:
      require(map_.try_emplace(key, operation).second == model_.try_emplace(key, operation).second);
      return;
    case 2:
      map_[key] = operation;
      model_[key] = operation;
      return;
    case 3:
      require(map_.erase(key) == model_.erase(key));
      return;
    case 4:
      require(map_.contains(key) == (model_.count(key) == 1));
      return;
    case 5:
      return burst(key, input_.byte());
    case 6:
      return loop(operation);
    case 7:
      map_.rehash(static_cast<std::size_t>(key));
      return;
    case 8:
      map_.iteration_start(static_cast<std::uint64_t>(key) << 54 | operation);
      return;
    case 9:
      if (operation == 9) {
        map_.clear();
        model_.clear();
      }
      return;
    case 10:
      require(map_.insert_or_assign(key, operation).second == model_.insert_or_assign(key, operation).second);
      return;
    case 11:
      return extract_and_insert(key);
    case 12:
      return copy_and_move();
    case 13:
      return merge(key, input_.byte() % 16);
    case 14:
      map_.reserve(static_cast<std::size_t>(key));
      return;
    case 15:
      return erase_range(key, input_.byte() % 16);
    }
  }

  void extract_and_insert(int key) {
    auto node = map_.extract(key);
    require(node.empty() == (model_.count(key) == 0) && !map_.contains(key) && !map_.check_invariants());
    if (node) require(node.mapped() == model_[key] && map_.insert(std::move(node)).inserted);
  }

  void copy_and_move() {
    tested copy(map_);
    require(copy == map_ && !copy.check_invariants());
    tested moved(std::move(map_));
    require(map_.empty() && !map_.check_invariants() && moved == copy);
    map_ = std::move(copy);
    swap(map_, moved);
  }

  void merge(int first, int count) {
    tested other(hmap::seed{2});
    for (int key = first; key != first + count; ++key) other[key] = 2;
    map_.merge(other);
    for (int key = first; key != first + count; ++key)
      require(other.contains(key) != model_.try_emplace(key, 2).second);
    require(!other.check_invariants());
  }

  void erase_range(int key, int count) {
    auto first = map_.find(key), last = first;
    for (; count != 0 && last != map_.end(); --count) {
      model_.erase(last->first);
      ++last;
    }
    require(map_.erase(first, last) == last);
  }

  void burst(int first, int count) {
    for (int key = first; key != first + count; ++key) {
      map_[key] = 1;
      model_[key] = 1;
    }
  }

  void loop(std::uint8_t operation) {
    std::unordered_set<int> seen, expected;
    for (auto &entry : model_) expected.insert(entry.first);
    int budget = 100;
    for (auto it = map_.begin(); it != map_.end();) {
      require(seen.insert(it->first).second && model_.count(it->first) == 1);
      if (input_.empty() || --budget < 0) {
        ++it;
        continue;
      }
      int key = input_.key();
      if (operation & 0x40 && key % 4 == 0 && it->first < 2000) {
        model_.erase(it->first);
        it = map_.erase(it);
        continue;
      }
      if (operation & 0x80) {
        map_.erase(key);
        model_.erase(key);
        expected.erase(key);
      } else if (!seen.count(key)) {
        burst(key + 2000, 8); // these are not erased in this loop, so no key comes twice
      }
      ++it;
    }
    for (int key : expected) require(seen.count(key) == 1);
  }

  void decode_again() {
    std::vector<unsigned char> bytes;
    require(hmap::encode(map_, hmap::container_sink<std::vector<unsigned char>>(bytes)) == hmap::marshal_error::none);
    tested back;
    require(hmap::decode(bytes.data(), bytes.size(), back) == hmap::marshal_error::none && back == map_);
  }

  input input_;
  tested map_;
  std::unordered_map<int, int> model_;
};

/// The input as the entries of an encoded map that claims to have as many as its first byte says.
std::vector<unsigned char> sealed(input from, const std::uint8_t *first, std::size_t size) {
  std::vector<unsigned char> bytes(hmap::detail::marshal_header + size + hmap::detail::marshal_checksum_size);
  hmap::writer out(bytes.data(), bytes.size());
  out.bytes(hmap::detail::marshal_magic, sizeof(hmap::detail::marshal_magic));
  out.number(hmap::detail::marshal_version);
  out.number(std::uint8_t{0});
  out.number(std::uint16_t{0});
  out.number(std::uint64_t{from.byte()});
  out.bytes(first, size);
  out.number(hmap::detail::marshal_checksum(bytes.data(), out.written()));
  return bytes;
}

template <class Map> void decode_any(const std::uint8_t *first, std::size_t size) {
  Map map;
  require(hmap::decode(first, size, map) == hmap::marshal_error::none || map.empty());
  require(!map.check_invariants());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  input bytes(data, size);
  unsigned shift = bytes.byte() % 11;
  program(bytes, shift).run();
  decode_any<hmap::map<std::string, std::string>>(data, size);
  std::vector<unsigned char> entries = sealed(bytes, data, size);
  decode_any<hmap::map<std::uint8_t, bool>>(entries.data(), entries.size());
  decode_any<hmap::map<std::string, std::vector<std::string>>>(entries.data(), entries.size());
  return 0;
}
