// Random operations on a map and on std::unordered_map must agree, with the self-check after each step. The key range
// is narrow at times and wide at times, so that tables fill up, grow in the middle of everything, empty and fill again.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t 12
// RUN: %clangxx -std=c++17 -O1 -DHMAP_CHECKED=1 -fsanitize=address,undefined %hmap %s -o %t && %run %t 3

#include "Inputs/check.h"

#include <hmap/map.h>

#include <string>
#include <unordered_map>

namespace {

int make_key(std::size_t n, int *) { return static_cast<int>(n); }
std::string make_key(std::size_t n, std::string *) { return std::string(n % 40, 'k') + std::to_string(n); }
int make_value(std::size_t n, int *) { return static_cast<int>(n); }
std::string make_value(std::size_t n, std::string *) { return std::to_string(n) + std::string(n % 30, 'v'); }
std::unique_ptr<int> make_value(std::size_t n, std::unique_ptr<int> *) {
  return std::make_unique<int>(static_cast<int>(n));
}
bool same(int a, int b) { return a == b; }
bool same(const std::string &a, const std::string &b) { return a == b; }
bool same(const std::unique_ptr<int> &a, const std::unique_ptr<int> &b) { return *a == *b; }

/// Sends all keys to few chains.
struct poor_hash {
  std::size_t operator()(int key) const { return static_cast<std::size_t>(key % 3); }
};

template <class Map, class K, class V> class pair_of_maps {
public:
  explicit pair_of_maps(random_source &random) : random_(random) {}

  void run(std::size_t steps) {
    for (std::size_t step = 0; step != steps; ++step) {
      if (step % 100 == 0) range_ = std::size_t{1} << (2 + random_.below(9));
      one_step();
      CHECK_SOUND(ours_);
      CHECK(ours_.size() == theirs_.size());
      if (random_.one_in(50)) compare();
    }
    compare();
  }

private:
  K key() { return make_key(random_.below(range_), static_cast<K *>(nullptr)); }
  std::size_t number() { return random_.below(1000); }
  V value(std::size_t n) { return make_value(n, static_cast<V *>(nullptr)); }

  void one_step() {
    K k = key();
    std::size_t n = number();
    switch (random_.below(18)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return emplace(k, n);
    case 4:
      ours_.insert_or_assign(k, value(n));
      theirs_.insert_or_assign(k, value(n));
      return;
    case 5:
      ours_[k] = value(n);
      theirs_[k] = value(n);
      return;
    case 6:
      CHECK(ours_.insert(std::pair<K, V>(k, value(n))).second == theirs_.insert(std::pair<K, V>(k, value(n))).second);
      return;
    case 7:
    case 8:
      CHECK(ours_.erase(k) == theirs_.erase(k));
      return;
    case 9:
      return erase_by_iterator(k);
    case 10:
      return find(k);
    case 11:
      CHECK(ours_.contains(k) == (theirs_.count(k) == 1));
      return;
    case 12:
      return walk_and_change();
    case 13:
      return occasionally(k);
    case 14:
      return erase_some();
    default:
      return emplace(k, n);
    }
  }

  void emplace(const K &k, std::size_t n) {
    auto [at, added] = ours_.try_emplace(k, value(n));
    CHECK(theirs_.try_emplace(k, value(n)).second == added);
    CHECK(at->first == k && same(at->second, theirs_.at(k)));
  }

  void find(const K &k) {
    auto at = ours_.find(k);
    auto there = theirs_.find(k);
    CHECK((at == ours_.end()) == (there == theirs_.end()));
    if (at != ours_.end()) CHECK(at->first == k && same(at->second, there->second));
  }

  void erase_by_iterator(const K &k) {
    auto at = ours_.find(k);
    if (at == ours_.end()) return;
    auto next = ours_.erase(at);
    theirs_.erase(k);
    if (next != ours_.end()) CHECK(theirs_.count(next->first) == 1);
  }

  void erase_some() {
    auto odd = [](const auto &entry) { return std::hash<K>()(entry.first) % 4 == 1; };
    if (!random_.one_in(10)) return;
    std::size_t count = hmap::erase_if(ours_, odd), expected = 0;
    for (auto it = theirs_.begin(); it != theirs_.end();) {
      if (odd(*it)) {
        it = theirs_.erase(it);
        ++expected;
      } else {
        ++it;
      }
    }
    CHECK(count == expected);
  }

  /// A loop that adds and erases: what was there all along is seen once, nothing twice (contract 7).
  void walk_and_change() {
    if (!random_.one_in(4)) return;
    std::unordered_map<K, int> seen;
    std::unordered_map<K, V> before;
    for (auto &entry : theirs_) before.emplace(entry.first, V());
    std::size_t budget = 60;
    for (auto it = ours_.begin(); it != ours_.end(); ++it) {
      K present = it->first;
      CHECK(theirs_.count(present) == 1);
      CHECK(++seen[present] == 1);
      if (!budget || !random_.one_in(3)) continue;
      --budget;
      K k = key();
      if (random_.one_in(2)) {
        ours_.erase(k);
        theirs_.erase(k);
        before.erase(k);
      } else if (theirs_.count(k) == 0 && !seen.count(k)) {
        ours_.try_emplace(k, value(1));
        theirs_.try_emplace(k, value(1));
      }
      CHECK_SOUND(ours_);
    }
    for (auto &entry : before) CHECK(seen.count(entry.first) == 1);
  }

  void occasionally(const K &k) {
    switch (random_.below(12)) {
    case 0:
      ours_.reserve(range_);
      return;
    case 1:
      ours_.rehash(random_.below(range_));
      return;
    case 2:
      if (random_.one_in(4)) {
        ours_.clear();
        theirs_.clear();
      }
      return;
    case 3: {
      Map other(std::move(ours_));
      CHECK(ours_.empty());
      ours_ = std::move(other);
      return;
    }
    case 4: {
      Map other;
      other.try_emplace(k, value(3));
      swap(other, ours_);
      ours_.merge(other);
      theirs_.emplace(k, value(3)); // the one already in ours_ wins, as merge does
      ours_.insert_or_assign(k, value(3));
      theirs_.insert_or_assign(k, value(3));
      return;
    }
    case 5: {
      auto node = ours_.extract(k);
      CHECK(node.empty() == (theirs_.count(k) == 0));
      if (node) CHECK(ours_.insert(std::move(node)).inserted);
      return;
    }
    case 6:
      if constexpr (std::is_copy_constructible_v<V>) {
        Map copy(ours_);
        CHECK(copy == ours_);
        CHECK_SOUND(copy);
        ours_ = copy;
      }
      return;
    default:
      return;
    }
  }

  void compare() {
    std::size_t count = 0;
    for (auto [k, v] : ours_) {
      auto there = theirs_.find(k);
      CHECK(there != theirs_.end() && same(v, there->second));
      ++count;
    }
    CHECK(count == theirs_.size());
    for (auto &entry : theirs_) CHECK(ours_.contains(entry.first));
  }

  random_source &random_;
  std::size_t range_ = 16;
  Map ours_;
  std::unordered_map<K, V> theirs_;
};

template <class K, class V, class Hash = hmap::hash<K>> void compare_maps(random_source &random, std::size_t steps) {
  pair_of_maps<hmap::map<K, V, Hash>, K, V>(random).run(steps);
}

} // namespace

int main(int, char **argv) {
  auto rounds = static_cast<std::uint64_t>(std::atoi(argv[1]));
  for (std::uint64_t round = 0; round != rounds; ++round) {
    random_source random(round);
    compare_maps<int, int>(random, 1000);
    compare_maps<std::string, std::string>(random, 500);
    compare_maps<int, std::unique_ptr<int>>(random, 500);
    compare_maps<int, int, poor_hash>(random, 300);
  }
}
