/// \file
/// An entry on its way into a table that has to move others first.

#ifndef HMAP_DETAIL_DETACHED_H
#define HMAP_DETAIL_DETACHED_H

#include <hmap/detail/config.h>

#include <memory>
#include <utility>

namespace hmap::detail {

/// A key and a value outside any table, made with the table's allocator.
template <class K, class V, class Alloc> class detached {
  using traits = std::allocator_traits<Alloc>;

public:
  template <class KeyArg, class... Args> detached(Alloc &alloc, KeyArg &&k, Args &&...args) : alloc_(alloc) {
    traits::construct(alloc_, key(), std::forward<KeyArg>(k));
    HMAP_TRY { traits::construct(alloc_, value(), std::forward<Args>(args)...); }
    HMAP_CATCH_ALL {
      traits::destroy(alloc_, key());
      HMAP_RETHROW;
    }
  }
  detached(const detached &) = delete;
  detached &operator=(const detached &) = delete;
  ~detached() {
    traits::destroy(alloc_, value());
    traits::destroy(alloc_, key());
  }

  K *key() noexcept { return reinterpret_cast<K *>(key_); }
  V *value() noexcept { return reinterpret_cast<V *>(value_); }

private:
  Alloc &alloc_;
  alignas(K) unsigned char key_[sizeof(K)];
  alignas(V) unsigned char value_[sizeof(V)];
};

} // namespace hmap::detail

#endif
