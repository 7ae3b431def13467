/// \file
/// When memory that other threads may still be reading can be freed: by epochs.
///
/// A reader pins the current epoch for as long as it holds pointers into shared structures. A writer that has unlinked
/// an object retires it with the epoch read after unlinking, t. The epoch moves from e to e + 1 only when every pinned
/// reader has pinned e. So when the epoch is t + 2, every reader that pinned t or earlier, and could have seen the
/// object, has unpinned since; later readers found it unlinked. All these accesses are sequentially consistent.
///
/// Why epochs: a lookup follows two pointers (table, then value), for which hazard pointers would need two stores and
/// two rechecks a lookup; reference counts would make readers write to shared lines. The price is that a reader that
/// stays pinned holds up all freeing, so nothing here hands out a pin.

#ifndef HMAP_DETAIL_RECLAIM_H
#define HMAP_DETAIL_RECLAIM_H

#include <hmap/detail/config.h>

#include <atomic>
#include <mutex>
#include <utility>

namespace hmap::detail {

/// One thread's announcement. Records are never freed, only reused by later threads.
struct reader_record {
  std::atomic<std::uint64_t> pinned{0}; ///< the epoch, or 0
  std::atomic<bool> taken{true};
  unsigned depth = 0; ///< only its own thread looks at it
  reader_record *next = nullptr;
};

/// The process's epoch and its readers.
class epochs {
public:
  static epochs &instance() {
    static epochs &only = *new epochs; // outlives every thread
    return only;
  }

  std::uint64_t now() const noexcept { return now_.load(); }

  void try_advance() noexcept {
    std::uint64_t present = now_.load();
    for (reader_record *r = readers_.load(); r; r = r->next) {
      std::uint64_t pinned = r->pinned.load();
      if (pinned != 0 && pinned != present) return;
    }
    now_.compare_exchange_strong(present, present + 1);
  }

  reader_record &take_record() {
    for (reader_record *r = readers_.load(); r; r = r->next) {
      bool taken = false;
      if (r->taken.compare_exchange_strong(taken, true)) return *r;
    }
    auto *fresh = new reader_record;
    fresh->next = readers_.load();
    while (!readers_.compare_exchange_weak(fresh->next, fresh)) {
    }
    return *fresh;
  }

private:
  std::atomic<std::uint64_t> now_{1};
  std::atomic<reader_record *> readers_{nullptr};
};

/// Holds the present epoch for this thread while it lives. May be nested.
class pin {
public:
  pin() : record_(record()) {
    if (record_.depth++ == 0) record_.pinned.store(epochs::instance().now());
  }
  pin(const pin &) = delete;
  pin &operator=(const pin &) = delete;
  ~pin() {
    if (--record_.depth == 0) record_.pinned.store(0);
  }

private:
  /// A thread gives its record back as it ends. Should one of its last destructors still read, it takes another and
  /// keeps that: two threads with one record would not see each other's pins.
  static reader_record &record() {
    static thread_local reader_record *mine = nullptr;
    struct holder {
      ~holder() { std::exchange(mine, nullptr)->taken.store(false); }
    };
    if (!mine) {
      mine = &epochs::instance().take_record();
      static thread_local holder held;
    }
    return *mine;
  }

  reader_record &record_;
};

/// What can be retired: knows how to end itself.
class retirable {
public:
  virtual ~retirable() = default;

private:
  friend class retired_list;
  retirable *next_ = nullptr;
  std::uint64_t epoch_ = 0;
};

/// The objects one structure has unlinked and not yet freed. Frees them all when it dies: by then nobody reads.
class retired_list {
public:
  retired_list() = default;
  retired_list(const retired_list &) = delete;
  retired_list &operator=(const retired_list &) = delete;
  ~retired_list() {
    free_chain(fresh_.exchange(nullptr));
    free_chain(waiting_);
  }

  /// The object must be unlinked already.
  void retire(retirable *object) noexcept {
    object->epoch_ = epochs::instance().now();
    object->next_ = fresh_.load();
    while (!fresh_.compare_exchange_weak(object->next_, object)) {
    }
    count_.fetch_add(1);
  }

  /// Frees what nobody reads any more, if enough has been retired since the last time. The caller holds no lock: what
  /// is freed may call anything.
  void collect_if_due() noexcept {
    if (count_.load() >= retires_per_collection) collect();
  }

private:
  static constexpr std::size_t retires_per_collection = 64;

  void collect() noexcept {
    std::unique_lock<std::mutex> only(collecting_, std::try_to_lock);
    if (!only) return;
    count_.store(0);
    epochs::instance().try_advance();
    retirable *dead = nullptr;
    std::uint64_t now = epochs::instance().now();
    retirable *all = join(fresh_.exchange(nullptr), waiting_);
    waiting_ = nullptr;
    while (all) {
      retirable *object = all;
      all = object->next_;
      retirable *&to = object->epoch_ + 2 <= now ? dead : waiting_;
      object->next_ = to;
      to = object;
    }
    only.unlock();
    free_chain(dead);
  }

  static retirable *join(retirable *first, retirable *second) noexcept {
    if (!first) return second;
    retirable *last = first;
    while (last->next_) last = last->next_;
    last->next_ = second;
    return first;
  }

  static void free_chain(retirable *first) noexcept {
    while (first) {
      retirable *object = first;
      first = object->next_;
      delete object;
    }
  }

  std::atomic<retirable *> fresh_{nullptr};
  std::atomic<std::size_t> count_{0}; ///< retired since the last collection
  std::mutex collecting_;
  retirable *waiting_ = nullptr; ///< guarded by collecting_
};

/// A call of a function of a structure: it is pinned, and at its end, with no lock held any more, it frees.
class visit {
public:
  explicit visit(retired_list &retired) : at_end_{retired} {}

private:
  struct collection {
    retired_list &of;
    ~collection() { of.collect_if_due(); }
  };
  collection at_end_; ///< after the pin is gone
  pin pinned_;
};

} // namespace hmap::detail

#endif
