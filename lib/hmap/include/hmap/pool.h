/// \file
/// hmap::pool, a store of objects worth reusing: sync.Pool's meaning with owners.
///
/// Each thread has a small cache of its own, taken from and given to without a lock that another thread wants; what
/// overflows goes to a shared store behind a mutex, and what overflows that is destroyed. So the pool is bounded.
///
/// Contract:
///   1. get and put may be called from any thread. A pool may die while handles live; they then destroy their objects,
///      and the idle ones die with the last handle.
///   2. get gives an object nobody else has: one that was put back, or one the factory makes now.
///   3. A handle owns its object and puts it back when it dies. The reset hook runs on put, before the object can be
///      got again: what an object must not keep (references, secrets, capacity) is let go of there. If the hook throws,
///      the object is destroyed.
///   4. After put, or the death of the handle, references to the object are dead: another thread may have it.
///   5. No more than `per_thread` objects wait in each thread's cache and `shared` in the common store. A thread that
///      ends gives its cache to the common store.

#ifndef HMAP_POOL_H
#define HMAP_POOL_H

#include <hmap/detail/config.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace hmap {

/// How many idle objects a pool keeps.
struct pool_limits {
  std::size_t per_thread = 8;
  std::size_t shared = 64;
};

template <class T> class pool {
  class core;

public:
  using factory = std::function<std::unique_ptr<T>()>;
  using reset_hook = std::function<void(T &)>;

  /// Owns one object of the pool, or none.
  class handle {
  public:
    handle() = default;
    handle(handle &&) noexcept = default;
    handle &operator=(handle &&other) noexcept {
      put();
      object_ = std::move(other.object_);
      home_ = std::move(other.home_);
      return *this;
    }
    ~handle() { put(); }

    explicit operator bool() const noexcept { return object_ != nullptr; }
    T &operator*() const noexcept { return *object_; }
    T *operator->() const noexcept { return object_.get(); }
    T *get() const noexcept { return object_.get(); }

    /// Puts the object back now.
    void put() noexcept {
      if (object_) home_->put(std::move(object_));
      home_.reset();
    }
    /// Takes the object out of the pool for good.
    std::unique_ptr<T> release() noexcept {
      home_.reset();
      return std::move(object_);
    }

  private:
    friend class pool;
    handle(std::unique_ptr<T> object, std::shared_ptr<core> home) noexcept
        : object_(std::move(object)), home_(std::move(home)) {}

    std::unique_ptr<T> object_;
    std::shared_ptr<core> home_;
  };

  explicit pool(
      factory make = [] { return std::make_unique<T>(); }, reset_hook reset = nullptr, pool_limits limits = {})
      : core_(std::make_shared<core>(std::move(make), std::move(reset), limits)) {}
  pool(const pool &) = delete;
  pool &operator=(const pool &) = delete;
  ~pool() { core_->close(); }

  handle get() { return handle(core_->get(), core_); }
  void put(handle back) noexcept { back.put(); }

  /// Objects waiting in this thread's cache and in the common store.
  std::size_t idle() const { return core_->idle(); }

private:
  /// One thread's idle objects. Only that thread touches them while it lives.
  struct cache {
    std::vector<std::unique_ptr<T>> objects;
  };

  class core : public std::enable_shared_from_this<core> {
  public:
    core(factory make, reset_hook reset, pool_limits limits)
        : make_(std::move(make)), reset_(std::move(reset)), limits_(limits) {}

    std::unique_ptr<T> get() {
      if (cache *mine = this_threads_cache()) {
        if (!mine->objects.empty()) return pop(mine->objects);
      }
      {
        std::lock_guard<std::mutex> lock(mutex_);
        if (!shared_.empty()) return pop(shared_);
      }
      return make_();
    }

    void put(std::unique_ptr<T> object) noexcept {
      HMAP_TRY {
        if (reset_) reset_(*object);
        if (closed_.load()) return;
        if (cache *mine = this_threads_cache(); mine && mine->objects.size() < limits_.per_thread)
          return mine->objects.push_back(std::move(object));
        give_to_shared(object);
      }
      HMAP_CATCH_ALL { object.reset(); }
    }

    std::size_t idle() {
      cache *mine = this_threads_cache();
      std::lock_guard<std::mutex> lock(mutex_);
      return shared_.size() + (mine ? mine->objects.size() : 0);
    }

    /// The pool is gone: what comes back from now on is destroyed.
    void close() { closed_.store(true); }

    /// The end of a thread.
    void take_back(cache *of) {
      std::vector<std::unique_ptr<T>> objects = std::move(of->objects);
      of->objects.clear();
      for (std::unique_ptr<T> &object : objects) give_to_shared(object);
      std::lock_guard<std::mutex> lock(mutex_);
      unused_caches_.push_back(of);
    }

    cache *make_cache() {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!unused_caches_.empty()) return pop(unused_caches_);
      unused_caches_.reserve(caches_.size() + 1);
      caches_.push_back(std::make_unique<cache>());
      caches_.back()->objects.reserve(limits_.per_thread);
      return caches_.back().get();
    }

    const std::uint64_t number = next_number(); ///< no two cores of a process have the same

  private:
    template <class U> static U pop(std::vector<U> &from) {
      U last = std::move(from.back());
      from.pop_back();
      return last;
    }

    static std::uint64_t next_number() {
      static std::atomic<std::uint64_t> last{0};
      return last.fetch_add(1) + 1;
    }

    void give_to_shared(std::unique_ptr<T> &object) {
      std::lock_guard<std::mutex> lock(mutex_);
      if (!closed_.load() && shared_.size() < limits_.shared) shared_.push_back(std::move(object));
    }

    cache *this_threads_cache() { return thread_caches::find(*this); }

    factory make_;
    reset_hook reset_;
    pool_limits limits_;
    std::atomic<bool> closed_{false};
    std::mutex mutex_;
    std::vector<std::unique_ptr<T>> shared_;     ///< guarded by mutex_
    std::vector<std::unique_ptr<cache>> caches_; ///< guarded by mutex_
    std::vector<cache *> unused_caches_;         ///< guarded by mutex_; left by threads that ended
  };

  /// Which cache this thread has in which core.
  class thread_caches {
  public:
    /// Null when the thread is ending and its caches are given back already.
    static cache *find(core &in) {
      if (ended()) return nullptr;
      static thread_local thread_caches mine;
      for (place &p : mine.places_)
        if (p.number == in.number) return p.in;
      return mine.add(in);
    }

    ~thread_caches() {
      ended() = true;
      for (place &p : places_)
        if (std::shared_ptr<core> home = p.home.lock()) home->take_back(p.in);
    }

  private:
    struct place {
      std::uint64_t number;
      std::weak_ptr<core> home;
      cache *in;
    };

    static bool &ended() {
      static thread_local bool value = false;
      return value;
    }

    cache *add(core &in) {
      for (std::size_t i = 0; i != places_.size();)
        if (places_[i].home.expired()) {
          places_[i] = std::move(places_.back());
          places_.pop_back();
        } else {
          ++i;
        }
      places_.reserve(places_.size() + 1);
      places_.push_back({in.number, in.weak_from_this(), in.make_cache()});
      return places_.back().in;
    }

    std::vector<place> places_;
  };

  std::shared_ptr<core> core_;
};

} // namespace hmap

#endif
