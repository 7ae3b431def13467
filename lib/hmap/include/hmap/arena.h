/// \file
/// Storage inside an object, for maps that live on the stack.

#ifndef HMAP_ARENA_H
#define HMAP_ARENA_H

#include <hmap/detail/config.h>

#include <functional>
#include <new>

namespace hmap {

/// N bytes handed out from the front; what does not fit comes from the heap. Storage given back is reused only if it
/// was the last handed out. The arena must outlive the containers that use it and is not copied.
template <std::size_t N> class arena {
public:
  arena() = default;
  arena(const arena &) = delete;
  arena &operator=(const arena &) = delete;

  void *allocate(std::size_t bytes, std::size_t alignment) {
    auto base = reinterpret_cast<std::uintptr_t>(bytes_);
    std::uintptr_t first = (base + used_ + alignment - 1) & ~static_cast<std::uintptr_t>(alignment - 1);
    if (first - base <= N && bytes <= N - (first - base)) {
      used_ = first - base + bytes;
      return reinterpret_cast<void *>(first);
    }
    return ::operator new(bytes, std::align_val_t(alignment));
  }

  void deallocate(void *first, std::size_t bytes, std::size_t alignment) noexcept {
    if (!contains(first)) return ::operator delete(first, std::align_val_t(alignment));
    auto offset = static_cast<std::size_t>(static_cast<unsigned char *>(first) - bytes_);
    if (offset + bytes == used_) used_ = offset;
  }

  bool contains(const void *p) const noexcept {
    std::less<const void *> before;
    return !before(p, bytes_) && before(p, bytes_ + N);
  }

private:
  alignas(std::max_align_t) unsigned char bytes_[N];
  std::size_t used_ = 0;
};

/// The allocator over an arena. Not default constructible: it needs its arena.
template <class T, std::size_t N> class arena_allocator {
public:
  using value_type = T;
  template <class U> struct rebind {
    using other = arena_allocator<U, N>;
  };

  arena_allocator(arena<N> &storage) noexcept : storage_(&storage) {}
  template <class U> arena_allocator(const arena_allocator<U, N> &other) noexcept : storage_(other.storage()) {}

  T *allocate(std::size_t n) { return static_cast<T *>(storage_->allocate(n * sizeof(T), alignof(T))); }
  void deallocate(T *first, std::size_t n) noexcept { storage_->deallocate(first, n * sizeof(T), alignof(T)); }

  /// The write barrier skips slots in the arena.
  bool is_heap(const void *p) const noexcept { return !storage_->contains(p); }
  arena<N> *storage() const noexcept { return storage_; }

  template <class U> friend bool operator==(const arena_allocator &a, const arena_allocator<U, N> &b) noexcept {
    return a.storage() == b.storage();
  }
  template <class U> friend bool operator!=(const arena_allocator &a, const arena_allocator<U, N> &b) noexcept {
    return !(a == b);
  }

private:
  arena<N> *storage_;
};

} // namespace hmap

#endif
