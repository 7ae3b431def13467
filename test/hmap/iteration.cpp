// Loops that change the table they walk: bursts of inserts that double it several times within one step, erasing ahead
// and behind, loops entered from a lookup, clear, several loops at once (contract 7 to 11).
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t && %run %t 400
// RUN: %clangxx -std=c++17 -O2 %hmap %s -o %t && %run %t 4000
// RUN: %clangxx -std=c++17 -O1 -DHMAP_CHECKED=1 -fsanitize=address %hmap %s -o %t && %run %t 20

#include "Inputs/check.h"

#include <hmap/map.h>

#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace {

using numbers = hmap::map<std::uint64_t, int>;
/// Few distinct hashes: long chains, equal tophashes.
struct coarse_hash {
  std::uint64_t operator()(std::uint64_t key, std::uint64_t seed) const { return hmap::detail::mix(key % 5, seed); }
};
using crowded = hmap::map<std::uint64_t, int, coarse_hash>;

/// One loop's view of the promise.
template <class Map> class watched_loop {
public:
  explicit watched_loop(Map &map) : map_(map), at_(map.begin()) {
    for (auto [key, value] : map) there_all_along_.insert(key);
  }

  bool done() const { return at_ == map_.end(); }
  std::uint64_t key() const { return at_->first; }
  void see() {
    CHECK(map_.contains(at_->first));
    CHECK(seen_.insert(at_->first).second);
  }
  void erased(std::uint64_t key) { there_all_along_.erase(key); }
  void next() { ++at_; }
  void erase_present() { at_ = map_.erase(at_); }
  void finish() const {
    for (std::uint64_t key : there_all_along_) CHECK(seen_.count(key) == 1);
  }

private:
  Map &map_;
  typename Map::iterator at_;
  std::unordered_set<std::uint64_t> there_all_along_, seen_;
};

template <class Map> class changing_loop {
public:
  changing_loop(random_source &random, std::size_t bursts) : random_(random), map_(hmap::seed{random.next()}) {
    budget_ = bursts;
    for (std::size_t i = random.below(150); i != 0; --i) map_[next_++] = 1;
    if (random_.one_in(2)) thin_out();
  }

  void one_loop() {
    watched_loop<Map> loop(map_);
    while (!loop.done()) {
      loop.see();
      if (random_.one_in(8)) {
        loop.erase_present();
        continue;
      }
      step({&loop});
      loop.next();
    }
    loop.finish();
    CHECK_SOUND(map_);
  }

  /// Two loops over one map, advanced in turn; each keeps its own promise.
  void two_loops() {
    watched_loop<Map> a(map_), b(map_);
    while (!a.done() && !b.done()) {
      a.see();
      b.see();
      step({&a, &b});
      a.next();
      b.next();
    }
    for (watched_loop<Map> *loop : {&a, &b}) {
      for (; !loop->done(); loop->next()) loop->see();
      loop->finish();
    }
    CHECK_SOUND(map_);
  }

private:
  void thin_out() {
    for (std::uint64_t key = 0; key != next_; ++key)
      if (random_.one_in(2)) map_.erase(key);
  }

  void step(std::initializer_list<watched_loop<Map> *> loops) {
    if (budget_ && random_.one_in(4)) {
      --budget_;
      for (std::size_t burst = std::size_t{1} << random_.below(9); burst != 0; --burst) map_[next_++] = 1;
    }
    if (random_.one_in(3)) erase(random_.below(next_ + 1), loops);
  }

  void erase(std::uint64_t key, std::initializer_list<watched_loop<Map> *> loops) {
    if (!map_.erase(key)) return;
    for (watched_loop<Map> *loop : loops) loop->erased(key);
  }

  random_source &random_;
  Map map_;
  std::uint64_t next_ = 0;
  std::size_t budget_;
};

void erase_the_present_entry(random_source &random) {
  numbers m;
  for (std::uint64_t i = 0; i != 200; ++i) m[i] = 1;
  std::size_t steps = 0;
  for (auto it = m.begin(); it != m.end(); ++it, ++steps) {
    std::uint64_t key = it->first;
    m.erase(key);
    if (random.one_in(3)) m[1000 + steps] = 1;
  }
  CHECK(steps >= 200);
  for (std::uint64_t i = 0; i != 200; ++i) CHECK(!m.contains(i));
}

void clear_ends_loops() {
  numbers m;
  for (std::uint64_t i = 0; i != 100; ++i) m[i] = 1;
  auto it = m.begin();
  m.clear();
  m[1] = 1;
  CHECK(++it == m.end());
  it = m.begin();
  m.erase(1); // the last entry
  for (std::uint64_t i = 0; i != 100; ++i) m[i] = 1;
  CHECK(++it == m.end());
}

/// From a lookup, a loop sees what remains; no entry twice, whatever is added meanwhile (contract 10).
void loops_from_a_lookup(random_source &random) {
  numbers m(hmap::seed{random.next()});
  std::uint64_t next = 100;
  for (std::uint64_t i = 0; i != next; ++i) m[i] = 1;
  std::unordered_set<std::uint64_t> remaining;
  std::uint64_t from = random.below(next);
  for (auto it = m.find(from); it != m.end(); ++it) CHECK(remaining.insert(it->first).second);
  bool found = false;
  std::size_t position = 0, at = 0;
  for (auto [key, value] : m) {
    if (key == from) at = position, found = true;
    ++position;
  }
  CHECK(found && remaining.size() == m.size() - at);
  std::unordered_set<std::uint64_t> seen;
  bool first = true;
  for (auto it = m.find(from); it != m.end(); ++it) {
    CHECK(seen.insert(it->first).second);
    if (first || random.one_in(5))
      for (std::size_t burst = random.below(50); burst != 0; --burst) m[next++] = 1;
    first = false;
  }
}

void one_end() { // contract 9
  numbers m;
  const auto end = m.end();
  for (std::uint64_t i = 0; i != 500; ++i) m[i] = 1;
  CHECK(end == m.end() && m.find(1000) == end);
  std::size_t steps = 0;
  for (auto it = m.begin(); it != end; ++it) ++steps;
  CHECK(steps == 500);
  m.clear();
  m.rehash(0);
  CHECK(end == m.end() && m.begin() == end);
}

void settled_order(random_source &random) { // contract 11
  numbers m(hmap::seed{7});
  for (std::uint64_t i = 0; i != 50; ++i) m[i] = 1;
  std::vector<std::uint64_t> once, again, elsewhere;
  for (auto [key, value] : m) once.push_back(key);
  for (auto [key, value] : m) again.push_back(key);
  CHECK(once == again && m.begin() == m.begin());
  m.iteration_start(random.next() | std::uint64_t{1} << 63);
  for (auto [key, value] : m) elsewhere.push_back(key);
  CHECK(elsewhere.size() == once.size());
  std::size_t differing_starts = 0;
  for (std::uint64_t start = 0; start != 8; ++start) {
    numbers small(hmap::seed{3});
    for (std::uint64_t i = 0; i != 8; ++i) small[i] = 1;
    auto before = small.begin()->first;
    small.iteration_start(start);
    differing_starts += small.begin()->first != before;
  }
  CHECK(differing_starts == 7);
}

} // namespace

int main(int, char **argv) {
  auto rounds = static_cast<std::uint64_t>(std::atoi(argv[1]));
  for (std::uint64_t round = 0; round != rounds; ++round) {
    random_source random(round);
    changing_loop<numbers>(random, 12).one_loop();
    changing_loop<numbers>(random, 6).two_loops();
    if (round % 8 == 0) changing_loop<crowded>(random, 3).one_loop();
    if (round % 16 == 0) erase_the_present_entry(random);
    loops_from_a_lookup(random);
    settled_order(random);
  }
  clear_ends_loops();
  one_end();
}
