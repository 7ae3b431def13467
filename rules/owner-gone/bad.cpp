#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

int reset() {
  std::unique_ptr<int> owner = std::make_unique<int>(1);
  int *value = owner.get();
  owner.reset();
  return *value; // expect: owner-gone
}

int resetGiven(std::unique_ptr<int> &owner) {
  int *value = owner.get();
  owner.reset();
  return *value; // expect: owner-gone
}

int deleted() {
  int *value = new int(1);
  delete value;
  return *value; // expect: owner-gone
}

int scope() {
  int *outer = nullptr;
  {
    int inner = 1;
    outer = &inner;
  }
  return *outer; // expect: owner-gone
}

int erased(std::map<int, std::unique_ptr<int>> &table) {
  int *value = table[1].get();
  table.erase(1);
  return *value; // FN_owner-gone
}

static void destroy(int *value) { delete value; }

int inCallee() {
  int *value = new int(1);
  destroy(value);
  return *value; // expect: owner-gone
}
int oneOfTwo(int *a, int *b, bool which) {
  int *chosen = which ? a : b;
  int *same = chosen;
  delete chosen;
  return *same; // expect: owner-gone | owner-gone
}

struct Renewed {
  std::unique_ptr<int> owner_ = std::make_unique<int>(1);
  int &get() { return *owner_; }
  int *ptr() { return owner_.get(); }
  void renew() { owner_.reset(new int(2)); }
};
int lastOfOld() {
  Renewed h;
  int &r = h.get();
  h.renew();
  return r; // expect: owner-gone
}
int oldPointer() {
  Renewed h;
  int *p = h.ptr();
  h.owner_ = nullptr;
  return *p; // expect: owner-gone
}

int deletedFirst(std::unordered_map<int, int *> &m) {
  int sum = 0;
  for (auto entry : m) {
    delete entry.second;
    sum += *entry.second; // expect: owner-gone
  }
  return sum;
}

// An object that signs itself on with something that lives longer.
struct Executor {
  std::map<int, std::function<void()>> waiting;
  void at(int time, std::function<void()> job) { waiting.emplace(time, std::move(job)); }
};

struct Lookup : std::enable_shared_from_this<Lookup> {
  Executor &executor;
  int attempts = 0;
  explicit Lookup(Executor &e) : executor(e) {}
  void retry() {
    executor.at(100, [this] { ++attempts; }); // expect: owner-gone
  }
};

struct Lookups {
  Executor &executor;
  std::map<std::string, std::shared_ptr<Lookup>> running;
  void start(const std::string &topic) {
    auto lookup = std::make_shared<Lookup>(executor);
    running[topic] = lookup;
    lookup->retry();
  }
  void close() { running.clear(); }
};
