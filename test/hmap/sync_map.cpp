// sync_map: what each function does, and many threads at once.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=thread %hmap %s -o %t -pthread && %run %t
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t -pthread && %run %t

#include "Inputs/check.h"

#include <hmap/sync_map.h>

#include <condition_variable>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace {

std::atomic<int> alive{0};
struct counted {
  explicit counted(int n) : number(n) { ++alive; }
  counted(const counted &other) : number(other.number) { ++alive; }
  ~counted() { --alive; }
  friend bool operator==(const counted &a, const counted &b) { return a.number == b.number; }
  int number;
};

void functions() {
  hmap::sync_map<std::string, std::string> m;
  CHECK(!m.load("a") && !m.contains("a"));
  m.store("a", "1");
  CHECK(*m.load("a") == "1" && m.contains("a"));
  CHECK(*m.swap("a", "2") == "1" && !m.swap("b", "3"));
  CHECK(m.load_or_store("a", "x") == (std::pair<std::string, bool>("2", true)));
  CHECK(m.load_or_store("c", "4") == (std::pair<std::string, bool>("4", false)));
  CHECK(!m.compare_and_swap("a", "no", "5") && m.compare_and_swap("a", "2", "5") && *m.load("a") == "5");
  CHECK(!m.compare_and_delete("a", "no") && m.compare_and_delete("a", "5") && !m.load("a"));
  CHECK(*m.load_and_delete("b") == "3" && !m.load_and_delete("b") && !m.erase("b"));
  std::shared_ptr<const std::string> kept = m.load_shared("c"); // contract 2
  m.erase("c");
  CHECK(*kept == "4");
  m.store("d", "6");
  m.clear();
  CHECK(!m.load("d"));
  m.store("d", "7");
  CHECK(*m.load("d") == "7");
}

/// Against an ordinary map: erased, expunged, revived, promoted in all orders.
void one_thread(std::uint64_t round) {
  random_source random(round);
  hmap::sync_map<int, int> ours;
  std::unordered_map<int, int> theirs;
  for (int step = 0; step != 3000; ++step) {
    int key = static_cast<int>(random.below(40)), value = static_cast<int>(random.below(10));
    auto there = theirs.find(key);
    switch (random.below(9)) {
    case 0:
      CHECK(ours.load(key) == (there == theirs.end() ? std::nullopt : std::optional<int>(there->second)));
      break;
    case 1:
    case 2:
      ours.store(key, value);
      theirs[key] = value;
      break;
    case 3:
      CHECK(ours.erase(key) == (theirs.erase(key) == 1));
      break;
    case 4: {
      auto [present, was] = ours.load_or_store(key, value);
      auto [at, placed] = theirs.try_emplace(key, value);
      CHECK(present == at->second && was == !placed);
      break;
    }
    case 5: {
      bool swaps = there != theirs.end() && there->second == value;
      CHECK(ours.compare_and_swap(key, value, value + 1) == swaps);
      if (swaps) there->second = value + 1;
      break;
    }
    case 6: {
      bool dies = there != theirs.end() && there->second == value;
      CHECK(ours.compare_and_delete(key, value) == dies);
      if (dies) theirs.erase(key);
      break;
    }
    case 7:
      if (random.one_in(20)) {
        std::size_t count = 0;
        ours.range([&](int k, int v) {
          ++count;
          CHECK(theirs.at(k) == v);
          return true;
        });
        CHECK(count == theirs.size());
      }
      break;
    default:
      if (random.one_in(200)) {
        ours.clear();
        theirs.clear();
      }
    }
  }
}

/// A door that whoever hashes this key under the lock waits at.
struct door {
  std::mutex mutex;
  std::condition_variable changed;
  bool armed = false, waiting = false, open = false;
  int hashes = 0;

  void pass() {
    std::unique_lock<std::mutex> lock(mutex);
    if (!armed || ++hashes != 2) return; // the first is for the read part, without the lock
    waiting = true;
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
  }
} at_door;
struct waiting_hash {
  std::size_t operator()(int key) const {
    if (key == -1) at_door.pass();
    return static_cast<std::size_t>(key);
  }
};

/// Keys of the read part are loaded, stored and erased while another thread holds the lock.
void without_the_lock() {
  hmap::sync_map<int, int, waiting_hash> m;
  for (int key = 0; key != 10; ++key) m.store(key, key);
  m.range([](int, int) { return true; }); // promotes
  m.store(10, 10);                        // and amends
  at_door.armed = true;
  std::thread holder([&] { m.store(-1, 1); });
  {
    std::unique_lock<std::mutex> lock(at_door.mutex);
    at_door.changed.wait(lock, [] { return at_door.waiting; });
  }
  CHECK(*m.load(1) == 1 && m.contains(2));
  m.store(3, 33);
  CHECK(m.erase(4) && m.compare_and_swap(5, 5, 55) && *m.swap(6, 66) == 6);
  CHECK(m.load_or_store(7, 77) == std::pair(7, true));
  {
    std::unique_lock<std::mutex> lock(at_door.mutex);
    at_door.open = true;
    at_door.changed.notify_all();
  }
  holder.join();
  CHECK(*m.load(-1) == 1 && *m.load(3) == 33 && !m.load(4) && *m.load(5) == 55);
}

/// Misses promote the dirty part: after as many as it has entries, its keys are loaded without the lock.
void promotion_by_misses() {
  at_door.armed = at_door.waiting = at_door.open = false;
  hmap::sync_map<int, int, waiting_hash> m;
  for (int key = 0; key != 10; ++key) m.store(key, key);
  for (int miss = 0; miss != 10; ++miss) CHECK(*m.load(miss) == miss);
  m.store(10, 10);
  at_door.hashes = 0;
  at_door.armed = true;
  std::thread holder([&] { m.store(-1, 1); });
  {
    std::unique_lock<std::mutex> lock(at_door.mutex);
    at_door.changed.wait(lock, [] { return at_door.waiting; });
  }
  for (int key = 0; key != 10; ++key) CHECK(*m.load(key) == key);
  {
    std::unique_lock<std::mutex> lock(at_door.mutex);
    at_door.open = true;
    at_door.changed.notify_all();
  }
  holder.join();
}

/// What is replaced is freed on the way (contract 5), and waits only for a call that may still be reading it.
void reclamation() {
  {
    hmap::sync_map<int, counted> m;
    for (int i = 0; i != 10000; ++i) {
      m.store(i % 3, counted(i));
      CHECK(alive <= 300);
    }
    bool held_up = false;
    m.range([&](int, const counted &value) {
      int number = value.number;
      for (int i = 0; i != 1000; ++i) m.store(i % 3, counted(i));
      held_up = alive >= 1000;
      CHECK(value.number == number);
      return false;
    });
    CHECK(held_up);
    for (int i = 0; i != 1000; ++i) m.store(i % 3, counted(i));
    CHECK(alive <= 300);
    std::shared_ptr<const counted> kept = m.load_shared(1);
    m.clear();
    for (int i = 0; i != 1000; ++i) m.store(2, counted(i));
    CHECK(kept->number == 997);
  }
  CHECK(alive == 0);
}

/// Destroying a value may call the map (contract 1), from wherever it is destroyed.
struct chained {
  static inline hmap::sync_map<int, chained> *in = nullptr; ///< null once that may be called no more
  int next;
  ~chained() {
    if (!in || next < 0) return;
    in->contains(next);
    in->erase(next);
  }
};
void values_that_call_the_map() {
  hmap::sync_map<int, chained> m;
  chained::in = &m;
  for (int i = 0; i != 3000; ++i) {
    m.store(i, chained{i - 100});
    m.store(i / 2, chained{-1});
    m.erase(i - 1);
    if (i % 500 == 0) m.clear();
  }
  chained::in = nullptr;
}

/// The last destructors of a thread may call the map while a new thread does.
struct last_words {
  hmap::sync_map<int, int> *map = nullptr;
  std::atomic<bool> *stop = nullptr;
  ~last_words() {
    while (!*stop) map->store(1, *map->load(1) + 1);
  }
};
void a_thread_that_ends() {
  hmap::sync_map<int, int> m;
  m.store(1, 1);
  std::atomic<bool> stop{false};
  std::thread ending([&] {
    static thread_local last_words last; // destroyed after what the map keeps for this thread, which comes later
    last.map = &m;
    last.stop = &stop;
    m.load(1);
  });
  int before = *m.load(1);
  while (*m.load(1) < before + 10) std::this_thread::yield();
  std::thread([&] {
    for (int i = 0; i != 1000; ++i) m.store(2, *m.load(1));
  }).join();
  stop = true;
  ending.join();
}

/// Whatever throws, nothing has changed (contract 6), and nothing is lost or freed twice later.
int countdown = -1;
void risk() {
  if (countdown > 0 && --countdown == 0) throw 42;
}
struct risky_hash {
  std::size_t operator()(int key) const { return risk(), static_cast<std::size_t>(key); }
};
struct risky_equal {
  bool operator()(int a, int b) const { return risk(), a == b; }
};
void throwing(std::uint64_t round) {
  random_source random(round);
  std::unordered_map<int, int> theirs;
  hmap::sync_map<int, int, risky_hash, risky_equal> ours;
  for (int step = 0; step != 1000; ++step) {
    int key = static_cast<int>(random.below(20));
    countdown = random.one_in(2) ? static_cast<int>(1 + random.below(30)) : -1;
    try {
      switch (random.below(6)) {
      case 0:
        ours.erase(key);
        theirs.erase(key);
        break;
      case 1:
        ours.load_or_store(key, step);
        theirs.try_emplace(key, step);
        break;
      case 2:
        CHECK(ours.contains(key) == (theirs.count(key) == 1));
        break;
      case 3:
        if (random.one_in(20)) {
          ours.clear();
          theirs.clear();
        }
        break;
      default:
        ours.store(key, step);
        theirs[key] = step;
      }
    } catch (int) {
    }
    countdown = -1;
    if (!random.one_in(10)) continue;
    std::unordered_map<int, int> all;
    for (int k = 0; k != 20; ++k)
      if (auto value = ours.load(k)) all[k] = *value;
    CHECK(all == theirs);
  }
}

/// Counters that many threads raise by compare_and_swap end at the sum (contract 3).
void counters() {
  hmap::sync_map<int, int> m;
  constexpr int threads = 4, keys = 20, raises = 400;
  std::vector<std::thread> all;
  for (int t = 0; t != threads; ++t)
    all.emplace_back([&, t] {
      for (int i = 0; i != raises; ++i) {
        int key = (i * 7 + t) % keys;
        for (int now = m.load_or_store(key, 0).first; !m.compare_and_swap(key, now, now + 1); now = *m.load(key)) {
        }
      }
    });
  for (std::thread &t : all) t.join();
  int sum = 0;
  m.range([&](int, int value) { return sum += value, true; });
  CHECK(sum == threads * raises);
}

/// While others come and go, a range gives each key that stays, and none twice (contract 4).
void range_among_writers() {
  hmap::sync_map<int, int> m;
  for (int key = 0; key != 50; ++key) m.store(key, key);
  std::atomic<bool> done{false};
  std::vector<std::thread> writers;
  for (std::uint64_t t = 0; t != 2; ++t)
    writers.emplace_back([&, t] {
      for (random_source random(t); !done;) {
        int key = static_cast<int>(50 + random.below(100));
        random.one_in(2) ? m.store(key, key) : void(m.erase(key));
        m.store(static_cast<int>(random.below(50)), key);
      }
    });
  for (int round = 0; round != 300; ++round) {
    std::unordered_map<int, int> seen;
    m.range([&](int key, int) { return ++seen[key] == 1; });
    for (int key = 0; key != 50; ++key) CHECK(seen[key] == 1);
    for (auto &entry : seen) CHECK(entry.second == 1);
  }
  done = true;
  for (std::thread &t : writers) t.join();
}

/// Everything at once (contract 1); values say which key they belong to.
void turmoil() {
  {
    hmap::sync_map<int, counted> m;
    std::vector<std::thread> all;
    for (std::uint64_t t = 0; t != 4; ++t)
      all.emplace_back([&, t] {
        random_source random(t);
        for (int step = 0; step != 6000; ++step) {
          int key = static_cast<int>(random.below(64));
          switch (random.below(10)) {
          case 0:
            m.store(key, counted(key));
            break;
          case 1:
            m.erase(key);
            break;
          case 2:
            CHECK(m.load_or_store(key, counted(key)).first.number == key);
            break;
          case 3:
            if (random.one_in(50))
              m.range([](int k, const counted &v) {
                CHECK(k == v.number);
                return true;
              });
            break;
          case 4:
            if (random.one_in(100)) m.clear();
            break;
          case 5:
            m.compare_and_swap(key, counted(key), counted(key));
            break;
          default:
            if (auto shared = m.load_shared(key)) CHECK(shared->number == key);
          }
        }
      });
    for (std::thread &t : all) t.join();
  }
  CHECK(alive == 0);
}

} // namespace

int main() {
  functions();
  for (std::uint64_t round = 0; round != 10; ++round) one_thread(round);
  without_the_lock();
  promotion_by_misses();
  reclamation();
  values_that_call_the_map();
  a_thread_that_ends();
  for (std::uint64_t round = 0; round != 20; ++round) throwing(round);
  counters();
  range_among_writers();
  turmoil();
}
