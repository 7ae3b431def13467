/// Google Benchmark programs over five hash maps, three kinds of entries and sizes from 1e3 to 1e7. Each is named
/// operation/entries/map/size; the time is nanoseconds of processor time for one entry. `run` makes the table.

#include <hmap/map.h>

#include <absl/container/flat_hash_map.h>
#include <benchmark/benchmark.h>
#include <boost/unordered/unordered_flat_map.hpp>
#include <tsl/robin_map.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

//===--------------------------------------------------------------------------------------------------------------===//
// What is stored
//===--------------------------------------------------------------------------------------------------------------===//

std::uint64_t scrambled(std::uint64_t n) {
  n += 0x9e3779b97f4a7c15u;
  n = (n ^ (n >> 30)) * 0xbf58476d1ce4e5b9u;
  n = (n ^ (n >> 27)) * 0x94d049bb133111ebu;
  return n ^ (n >> 31);
}

struct wide {
  std::uint64_t words[8] = {};
};
std::uint64_t number_in(std::uint64_t value) { return value; }
std::uint64_t number_in(const wide &value) { return value.words[0]; }

struct integers {
  static constexpr const char *name = "u64";
  using key = std::uint64_t;
  using value = std::uint64_t;
  static key make(std::uint64_t n) { return scrambled(n); }
};
struct strings {
  static constexpr const char *name = "string";
  using key = std::string;
  using value = std::uint64_t;
  static key make(std::uint64_t n) { return "key/" + std::to_string(scrambled(n)); }
};
struct wide_values {
  static constexpr const char *name = "64-byte";
  using key = std::uint64_t;
  using value = wide;
  static key make(std::uint64_t n) { return scrambled(n); }
};

//===--------------------------------------------------------------------------------------------------------------===//
// The maps, each with its own default hash
//===--------------------------------------------------------------------------------------------------------------===//

std::size_t bytes_allocated = 0;
template <class T> struct counting {
  using value_type = T;
  counting() = default;
  template <class U> counting(const counting<U> &) {}
  T *allocate(std::size_t n) {
    bytes_allocated += n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T *p, std::size_t n) {
    bytes_allocated -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }
  template <class U> friend bool operator==(counting, counting<U>) { return true; }
  template <class U> friend bool operator!=(counting, counting<U>) { return false; }
};

struct of_hmap {
  static constexpr const char *name = "hmap";
  template <class K, class V, template <class> class A>
  using map = hmap::map<K, V, hmap::hash<K>, hmap::equal_to<K>, A<std::pair<K, V>>>;
};
struct of_std {
  static constexpr const char *name = "std";
  template <class K, class V, template <class> class A>
  using map = std::unordered_map<K, V, std::hash<K>, std::equal_to<K>, A<std::pair<const K, V>>>;
};
struct of_absl {
  static constexpr const char *name = "absl";
  template <class K, class V, template <class> class A>
  using map = absl::flat_hash_map<K, V, absl::container_internal::hash_default_hash<K>,
                                  absl::container_internal::hash_default_eq<K>, A<std::pair<const K, V>>>;
};
struct of_boost {
  static constexpr const char *name = "boost";
  template <class K, class V, template <class> class A>
  using map = boost::unordered_flat_map<K, V, boost::hash<K>, std::equal_to<K>, A<std::pair<const K, V>>>;
};
struct of_tsl {
  static constexpr const char *name = "tsl";
  template <class K, class V, template <class> class A>
  using map = tsl::robin_map<K, V, std::hash<K>, std::equal_to<K>, A<std::pair<K, V>>>;
};

//===--------------------------------------------------------------------------------------------------------------===//
// Keys and filled maps, kept from one benchmark to the next
//===--------------------------------------------------------------------------------------------------------------===//

/// Enough passes over a small map to be measured at all.
std::size_t passes(std::size_t count) { return std::max<std::size_t>(1, 1000000 / count); }

/// `present` in the order of insertion, `shuffled` the same in another order, `absent` others. `hits` and `misses` are
/// what all passes look up, each pass in an order of its own: over and over in the same order, a processor would learn
/// by heart where each key of a small map is (its branch predictor), which no program's lookups let it.
template <class E> struct key_lists {
  std::vector<typename E::key> present, shuffled, absent;
  std::vector<const typename E::key *> hits, misses;

  static const key_lists &of(std::size_t count) {
    static key_lists only;
    if (only.present.size() == count) return only;
    only = key_lists();
    for (std::size_t i = 0; i != count; ++i) {
      only.present.push_back(E::make(i));
      only.absent.push_back(E::make(i + (std::uint64_t{1} << 40)));
    }
    only.shuffled = only.present;
    shuffle(only.shuffled.begin(), count, 0);
    only.hits = lookups(only.shuffled);
    only.misses = lookups(only.absent);
    return only;
  }

private:
  template <class I> static void shuffle(I first, std::size_t count, std::uint64_t seed) {
    for (std::size_t i = count; i > 1; --i) std::swap(first[i - 1], first[scrambled(seed + i) % i]);
  }
  static std::vector<const typename E::key *> lookups(const std::vector<typename E::key> &keys) {
    std::vector<const typename E::key *> all;
    for (std::size_t pass = 0; pass != passes(keys.size()); ++pass) {
      for (const auto &key : keys) all.push_back(&key);
      if (pass != 0) shuffle(all.end() - keys.size(), keys.size(), pass * keys.size());
    }
    return all;
  }
};

template <class E, class M> struct subject {
  template <template <class> class A = std::allocator>
  using map = typename M::template map<typename E::key, typename E::value, A>;

  static void fill(map<> &m, const std::vector<typename E::key> &keys) {
    for (const auto &key : keys) m[key];
  }
  static const map<> &filled(const key_lists<E> &keys) {
    static std::unique_ptr<map<>> only;
    static std::size_t count = 0;
    if (count != keys.present.size() || !only) {
      only = std::make_unique<map<>>();
      fill(*only, keys.present);
      count = keys.present.size();
    }
    return *only;
  }
};

void per_entry(benchmark::State &state, std::size_t count) {
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * passes(count) * count));
}

//===--------------------------------------------------------------------------------------------------------------===//
// The operations
//===--------------------------------------------------------------------------------------------------------------===//

template <class E, class M> struct find_hit {
  static constexpr const char *name = "find hit";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    const auto &map = subject<E, M>::filled(keys);
    std::uint64_t sum = 0;
    for (auto _ : state)
      for (const auto *key : keys.hits) sum += number_in(map.find(*key)->second);
    benchmark::DoNotOptimize(sum);
    per_entry(state, count);
  }
};

template <class E, class M> struct find_miss {
  static constexpr const char *name = "find miss";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    const auto &map = subject<E, M>::filled(keys);
    std::size_t found = 0;
    for (auto _ : state)
      for (const auto *key : keys.misses) found += map.find(*key) != map.end();
    benchmark::DoNotOptimize(found);
    per_entry(state, count);
  }
};

template <class E, class M> struct iterate {
  static constexpr const char *name = "iterate";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &map = subject<E, M>::filled(key_lists<E>::of(count));
    std::uint64_t sum = 0;
    for (auto _ : state)
      for (std::size_t pass = passes(count); pass != 0; --pass)
        for (auto it = map.begin(); it != map.end(); ++it) sum += number_in(it->second);
    benchmark::DoNotOptimize(sum);
    per_entry(state, count);
  }
};

template <class E, class M, bool Reserved> struct insertion {
  static constexpr const char *name = Reserved ? "insert, reserved" : "insert";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    for (auto _ : state)
      for (std::size_t pass = passes(count); pass != 0; --pass) {
        typename subject<E, M>::template map<> map;
        if (Reserved) map.reserve(count);
        subject<E, M>::fill(map, keys.present);
        benchmark::DoNotOptimize(map);
      }
    per_entry(state, count);
  }
};
template <class E, class M> using insert = insertion<E, M, false>;
template <class E, class M> using insert_reserved = insertion<E, M, true>;

template <class E, class M> struct erase {
  static constexpr const char *name = "erase";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    for (auto _ : state) {
      state.PauseTiming();
      std::vector<typename subject<E, M>::template map<>> maps(passes(count));
      for (auto &map : maps) subject<E, M>::fill(map, keys.present);
      state.ResumeTiming();
      for (auto &map : maps)
        for (const auto &key : keys.shuffled) map.erase(key);
      state.PauseTiming();
      maps.clear();
      state.ResumeTiming();
    }
    per_entry(state, count);
  }
};

template <class E, class M> struct memory {
  static constexpr const char *name = "bytes";
  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    for (auto _ : state) {
      std::size_t before = bytes_allocated;
      typename subject<E, M>::template map<counting> map;
      for (const auto &key : keys.present) map[key];
      state.counters["bytes"] = static_cast<double>(bytes_allocated - before) / static_cast<double>(count);
    }
  }
};

/// The times of single inserts while the map grows from nothing. The percentiles are of elapsed time, by the fastest
/// clock. The longest took no more than the longest elapsed time, and no more than the longest processor time of a
/// second pass, which leaves out most of what other programs took: the maximum is the smaller of the two.
template <class E, class M> struct single_inserts {
  static constexpr const char *name = "single insert";

  static double thread_time() {
    timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
  }
  static double elapsed() { return static_cast<double>(std::chrono::steady_clock::now().time_since_epoch().count()); }

  static void run(benchmark::State &state, std::size_t count) {
    const auto &keys = key_lists<E>::of(count);
    for (auto _ : state) {
      std::vector<float> times = timed(keys, elapsed);
      auto percentile = [&](double share) {
        auto at = times.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(count));
        std::nth_element(times.begin(), at, times.end());
        return static_cast<double>(*at);
      };
      state.counters["p50"] = percentile(0.5);
      state.counters["p99"] = percentile(0.99);
      state.counters["p999"] = percentile(0.999);
      float longest = *std::max_element(times.begin(), times.end());
      times = timed(keys, thread_time);
      state.counters["max"] = static_cast<double>(std::min(longest, *std::max_element(times.begin(), times.end())));
    }
  }

  template <class Clock> static std::vector<float> timed(const key_lists<E> &keys, Clock clock) {
    std::vector<float> times;
    times.reserve(keys.present.size());
    typename subject<E, M>::template map<> map;
    for (const auto &key : keys.present) {
      double before = clock();
      map[key];
      times.push_back(static_cast<float>(clock() - before));
    }
    return times;
  }
};

//===--------------------------------------------------------------------------------------------------------------===//
// All of them
//===--------------------------------------------------------------------------------------------------------------===//

constexpr std::size_t largest = 10000000;

/// Of the largest maps, filling one takes most of the time; what only reads a filled one is done a few times more.
template <class E, class M, template <class, class> class Op> void add(std::size_t count, bool only_reads) {
  std::string name = std::string(Op<E, M>::name) + "/" + E::name + "/" + M::name + "/" + std::to_string(count);
  auto *made =
      benchmark::RegisterBenchmark(name.c_str(), [count](benchmark::State &state) { Op<E, M>::run(state, count); })
          ->Iterations(1)
          ->Unit(benchmark::kMillisecond);
  if (only_reads && count == largest) made->Repetitions(5);
}

template <class E, template <class, class> class Op> void add_maps(std::size_t count, bool only_reads = false) {
  add<E, of_hmap, Op>(count, only_reads);
  add<E, of_std, Op>(count, only_reads);
  add<E, of_absl, Op>(count, only_reads);
  add<E, of_boost, Op>(count, only_reads);
  add<E, of_tsl, Op>(count, only_reads);
}

/// The same operation on all maps one after the other, so that a busy machine slows them alike.
template <class E> void add_entries() {
  for (std::size_t count :
       {std::size_t{1000}, std::size_t{10000}, std::size_t{100000}, std::size_t{1000000}, largest}) {
    add_maps<E, find_hit>(count, true);
    add_maps<E, find_miss>(count, true);
    add_maps<E, iterate>(count, true);
    add_maps<E, insert>(count);
    add_maps<E, insert_reserved>(count);
    add_maps<E, erase>(count);
    add_maps<E, memory>(count);
    if (count == largest) add_maps<E, single_inserts>(count);
  }
}

/// The C library gives the first large blocks back to the system at once, and keeps them once it has seen that such
/// blocks come and go. A program that has run for a while is in that state; here all maps shall be.
void settle_allocator() {
  std::vector<char> block(std::size_t{31} << 20);
  benchmark::DoNotOptimize(block.data());
}

} // namespace

int main(int argc, char **argv) {
  settle_allocator();
  benchmark::Initialize(&argc, argv);
  add_entries<integers>();
  add_entries<strings>();
  add_entries<wide_values>();
  benchmark::RunSpecifiedBenchmarks();
}
