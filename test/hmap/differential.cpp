// Random operations on a map and on std::unordered_map must agree, with the self-check after each step. The key range
// is narrow at times and wide at times, so that tables fill up, grow in the middle of everything, empty and fill again.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t 150
// RUN: %clangxx -std=c++17 -O1 -DHMAP_CHECKED=1 -fsanitize=address,undefined %hmap %s -o %t && %run %t 40

#include "Inputs/check.h"

#include <hmap/map.h>
#include <hmap/set.h>

#include <array>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

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
    switch (random_.below(20)) {
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
    case 15:
      CHECK(ours_.emplace(k, value(n)).second == theirs_.emplace(k, value(n)).second);
      return;
    case 16:
      return erase_range(k);
    case 17:
      return insert_range();
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
    auto [first, last] = ours_.equal_range(k);
    CHECK(first == at && ours_.count(k) == theirs_.count(k));
    if (at == ours_.end()) return;
    CHECK(at->first == k && same(at->second, there->second) && same(ours_.at(k), there->second));
    CHECK(first != last && ++first == last);
  }

  void erase_range(const K &k) {
    auto first = ours_.find(k), last = first;
    for (std::size_t count = random_.below(5); count != 0 && last != ours_.end(); --count) {
      theirs_.erase(last->first);
      ++last;
    }
    CHECK(ours_.erase(first, last) == last);
  }

  void insert_range() {
    std::array<std::pair<K, V>, 4> entries;
    for (std::pair<K, V> &entry : entries) {
      std::size_t n = number();
      entry = {key(), value(n)};
      theirs_.try_emplace(entry.first, value(n));
    }
    ours_.insert(std::make_move_iterator(entries.begin()), std::make_move_iterator(entries.end()));
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
        copy[k] = value(1001);
        CHECK(copy != ours_);
        copy = ours_;
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

template <class K> class pair_of_sets {
public:
  explicit pair_of_sets(random_source &random) : random_(random) {}

  void run(std::size_t steps) {
    for (std::size_t step = 0; step != steps; ++step) {
      one_step(make_key(random_.below(100), static_cast<K *>(nullptr)));
      CHECK_SOUND(ours_);
      CHECK(ours_.size() == theirs_.size());
    }
    std::unordered_set<K> seen(ours_.begin(), ours_.end());
    CHECK(seen == theirs_ && seen.size() == ours_.size());
  }

private:
  void one_step(const K &k) {
    switch (random_.below(9)) {
    case 0:
      CHECK(ours_.erase(k) == theirs_.erase(k));
      return;
    case 1:
      CHECK(ours_.extract(k).has_value() == (theirs_.erase(k) == 1));
      return;
    case 2:
      return merge(k);
    case 3:
      CHECK((ours_.find(k) != ours_.end()) == (theirs_.find(k) != theirs_.end()) &&
            ours_.contains(k) == ours_.count(k));
      return;
    case 4:
      return erase_and_add_in_a_loop(k);
    case 5:
      CHECK(ours_.emplace(k).second == theirs_.emplace(k).second);
      return;
    default:
      CHECK(ours_.insert(k).second == theirs_.insert(k).second);
    }
  }

  void merge(const K &k) {
    hmap::set<K> other{k, make_key(random_.below(100), static_cast<K *>(nullptr))}, copy(other);
    CHECK(copy == other);
    ours_.merge(other);
    for (const K &each : copy) CHECK(other.contains(each) != theirs_.insert(each).second);
  }

  void erase_and_add_in_a_loop(const K &k) {
    std::unordered_set<K> seen;
    for (auto it = ours_.begin(); it != ours_.end();) {
      CHECK(seen.insert(*it).second && theirs_.count(*it) == 1);
      if (random_.one_in(8)) {
        theirs_.erase(*it);
        it = ours_.erase(it);
        continue;
      }
      if (random_.one_in(8) && !seen.count(k)) CHECK(ours_.insert(k).second == theirs_.insert(k).second);
      ++it;
    }
    for (const K &each : theirs_) CHECK(seen.count(each) == 1 || each == k);
  }

  random_source &random_;
  hmap::set<K> ours_;
  std::unordered_set<K> theirs_;
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
    pair_of_sets<int>(random).run(500);
    pair_of_sets<std::string>(random).run(300);
  }
}
