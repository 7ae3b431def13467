/// What the hmap tests share: a check that says where it failed, a random source, types that watch what is done to
/// them.

#ifndef TEST_HMAP_CHECK_H
#define TEST_HMAP_CHECK_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition)) {                                                                                                \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                             \
      std::abort();                                                                                                    \
    }                                                                                                                  \
  } while (false)

#define CHECK_SOUND(map)                                                                                               \
  do {                                                                                                                 \
    if (const char *broken = (map).check_invariants()) {                                                               \
      std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, broken);                                                 \
      std::abort();                                                                                                    \
    }                                                                                                                  \
  } while (false)

/// The same numbers everywhere.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

private:
  std::uint64_t state_;
};

struct allocation_counts {
  std::size_t live = 0;
  std::size_t bytes = 0;
  std::size_t calls = 0;
  std::size_t largest = 0;
  std::size_t fail_at = 0; ///< the call that fails; 0: none
};

/// Counts, and fails when told to.
template <class T> struct counting_allocator {
  using value_type = T;
  allocation_counts *counts;

  counting_allocator(allocation_counts &to) : counts(&to) {}
  template <class U> counting_allocator(const counting_allocator<U> &other) : counts(other.counts) {}

  T *allocate(std::size_t n) {
#if defined(__cpp_exceptions)
    if (++counts->calls == counts->fail_at) throw std::bad_alloc();
#else
    ++counts->calls;
#endif
    ++counts->live;
    counts->bytes += n * sizeof(T);
    if (n * sizeof(T) > counts->largest) counts->largest = n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T *p, std::size_t n) {
    --counts->live;
    counts->bytes -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(const counting_allocator &a, const counting_allocator &b) { return a.counts == b.counts; }
  friend bool operator!=(const counting_allocator &a, const counting_allocator &b) { return a.counts != b.counts; }
};

/// A hash that puts keys where the test wants them: the key's low byte is the bucket, topmost bits first.
struct placed_hash {
  std::uint64_t operator()(std::uint64_t key, std::uint64_t) const {
    std::uint64_t reversed = 0;
    for (int bit = 0; bit != 8; ++bit) reversed |= (key >> bit & 1) << (63 - bit);
    return reversed | (key * 0x9e3779b97f4a7c15u) >> 40;
  }
};

#endif
