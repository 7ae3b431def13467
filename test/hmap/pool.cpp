// pool: factory, reset on put, bounds, threads that end before the pool and pools that end before their handles.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=thread %hmap %s -o %t -pthread && %run %t
// RUN: %clangxx -std=c++17 -O1 -fsanitize=address,undefined %hmap %s -o %t -pthread && %run %t

#include "Inputs/check.h"

#include <hmap/keep_alive.h>
#include <hmap/pool.h>

#include <string>
#include <thread>

namespace {

std::atomic<int> alive{0};
struct object {
  object() { ++alive; }
  ~object() { --alive; }
  std::string text;
  std::atomic<bool> in_use{false};
};

void reuse_and_reset() { // contract 3
  int made = 0;
  hmap::pool<object> pool([&] { return ++made, std::make_unique<object>(); }, [](object &o) { o.text.clear(); });
  object *first;
  {
    auto handle = pool.get();
    handle->text = "secret";
    first = handle.get();
  }
  auto again = pool.get();
  CHECK(again.get() == first && again->text.empty() && made == 1);
  auto moved = std::move(again);
  CHECK(!again && moved && made == 1);
  pool.put(std::move(moved));
  CHECK(pool.idle() == 1);
  std::unique_ptr<object> taken = pool.get().release();
  CHECK(taken.get() == first && pool.idle() == 0);
}

void bounds() { // contract 5
  hmap::pool<object> pool([] { return std::make_unique<object>(); }, nullptr, {2, 3});
  {
    std::vector<hmap::pool<object>::handle> many;
    for (int i = 0; i != 20; ++i) many.push_back(pool.get());
    CHECK(alive == 20);
  }
  CHECK(alive == 5 && pool.idle() == 5);
}

void reset_that_throws() {
  hmap::pool<object> pool([] { return std::make_unique<object>(); }, [](object &) { throw 1; });
  pool.get().put();
  CHECK(pool.idle() == 0 && alive == 0);
}

void handle_outlives_pool() { // contract 1
  hmap::pool<object>::handle handle;
  {
    hmap::pool<object> pool;
    handle = pool.get();
    pool.get();
  }
  CHECK(alive == 2 && handle->text.empty()); // the idle one waits for the last handle
  handle.put();
  CHECK(alive == 0);
}

void threads() {
  {
    hmap::pool<object> pool([] { return std::make_unique<object>(); }, [](object &o) { o.text.clear(); }, {4, 16});
    std::vector<std::thread> all;
    for (int t = 0; t != 4; ++t)
      all.emplace_back([&] {
        for (int i = 0; i != 2000; ++i) {
          auto a = pool.get(), b = pool.get();
          CHECK(!a->in_use.exchange(true) && !b->in_use.exchange(true)); // contract 2
          a->text = "busy";
          a->in_use = b->in_use = false;
        }
      });
    for (std::thread &t : all) t.join();
    CHECK(pool.idle() <= 16 && pool.idle() >= 1); // the ended threads' caches are in the common store
    std::thread([&] { pool.get(); }).join();
  }
  CHECK(alive == 0);
}

/// The last destructors of a thread may use the pool, when the thread's cache has been given back already.
struct last_words {
  hmap::pool<object> *pool = nullptr;
  ~last_words() {
    CHECK(pool->idle() == 2);
    pool->get()->text = "the last";
    CHECK(pool->idle() == 2);
  }
};
void a_thread_that_ends() {
  {
    hmap::pool<object> pool;
    std::thread([&] {
      static thread_local last_words last; // destroyed after the thread's cache, which comes later
      last.pool = &pool;
      auto a = pool.get(), b = pool.get();
    }).join();
    CHECK(pool.idle() == 2);
  }
  CHECK(alive == 0);
}

void kept_alive() {
  std::string text = "x";
  const char *inside = text.data();
  hmap::keep_alive(text);
  CHECK(*inside == 'x');
}

} // namespace

int main() {
  reuse_and_reset();
  CHECK(alive == 0);
  bounds();
  CHECK(alive == 0);
  reset_that_throws();
  handle_outlives_pool();
  threads();
  a_thread_that_ends();
  kept_alive();
}
