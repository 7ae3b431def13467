#include <coroutine>
#include <functional>
#include <future>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

std::function<int()> makeCounter() {
  int count = 0;
  return [&count] { return ++count; }; // expect: closure-captures-local
}

static std::vector<std::function<void()>> handlers;

static void onExit(std::function<void()> handler) { handlers.push_back(std::move(handler)); }

void session(std::string name) {
  onExit([&] { name.clear(); }); // expect: closure-captures-local
}

struct Button {
  std::function<void()> pressed;
};

void wire(Button &button) {
  int presses = 0;
  button.pressed = [&presses] { ++presses; }; // expect: closure-captures-local
}

struct Pool {
  std::vector<std::function<void()>> queue;
  bool idle() const { return queue.empty(); }
  void serve() {
    while (!queue.empty()) {
      auto next = std::move(queue.back());
      queue.pop_back();
      next();
    }
  }

  // Waiting at the end is too late for what each round of the loop ends.
  void each(int last) {
    int done = 0;
    for (int i = 0; i < last; ++i) {
      int half = i / 2;
      queue.push_back([&half, &done] { done += half; }); // expect: closure-captures-local: 'half'
    }
    while (!idle()) std::this_thread::yield();
  }
};

// The thread is waited for when the receiver ends, which is later than the handler that it was lent.
class Receiver {
public:
  ~Receiver() {
    if (worker.joinable()) worker.join();
  }
  void start(const std::function<bool()> &handler) {
    worker = std::thread([&handler] { // expect: closure-captures-local
      while (handler()) std::this_thread::yield();
    });
  }

private:
  std::thread worker;
};

void receive(Receiver &receiver, int count) {
  receiver.start([count]() mutable { return count-- > 0; });
}

template <class T> struct Task {
  struct promise_type {
    T value;
    Task get_return_object() { return Task{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(T v) { value = std::move(v); }
    void unhandled_exception() {}
  };
  explicit Task(std::coroutine_handle<promise_type> h) : handle(h) {}
  Task(Task &&other) noexcept : handle(std::exchange(other.handle, {})) {}
  ~Task() {
    if (handle) handle.destroy();
  }
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return handle; }
  T await_resume() { return std::move(handle.promise().value); }
  std::coroutine_handle<promise_type> handle;
};

struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

Task<int> length(const std::string &text) { co_return int(text.size()); }

// A coroutine has copies of its parameters, and no copy of what they refer to.
Task<int> lengthOfName() {
  std::string name = "refleak";
  return length(name); // expect: closure-captures-local: the coroutine
}

Task<int> tooLate() {
  Task<int> later = length(std::string("refleak")); // expect: closure-captures-local: the coroutine
  co_return co_await std::move(later);
}

struct Server {
  int requests = 0;
  Task<int> run() { co_return ++requests; }
};

Task<int> serve() {
  Server server;
  return server.run(); // expect: closure-captures-local: the coroutine
}

// The closure ends with the full expression, the coroutine goes on reading its captures.
void start(std::string name) {
  [name]() -> Detached { // expect: closure-captures-local: the coroutine
    co_await std::suspend_always();
    handlers.push_back([copy = name] {});
  }();
}

// Who waits for the thread some time, and then no longer, leaves it with what it was lent.
int measure(bool hurry) {
  int result = 0;
  std::thread worker([&] { result = 1; }); // expect: closure-captures-local
  if (hurry) {
    worker.detach();
    return -1;
  }
  worker.join();
  return result;
}

// A wait that something else can end as well was in vain then.
struct Mailbox {
  std::vector<std::function<void(int)>> replies;
  bool deliverOne();
  bool ask() {
    bool done = false;
    replies.push_back([&done](int) { done = true; }); // expect: closure-captures-local
    while (!done && deliverOne()) {
    }
    return done;
  }
};

// What is wrong stands where the closure is written, however often that is done.
struct Bus {
  std::map<int, std::function<void()>> listeners;
  int last = 0;
  void add(const std::function<void()> &listener) { listeners[++last] = listener; }
};
static Bus bus;

struct Guest {
  int events = 0;
  void join() {
    bus.add([this] { ++events; }); // expect: closure-captures-local | closure-captures-local
  }
};

void joinTwice() {
  Guest first, second;
  first.join();
  second.join();
}

// A thread that is joined too late.
void count(int);
void countAll() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    int number = i;
    threads.emplace_back([&number] { count(number); }); // expect: closure-captures-local: 'number'
  }
  for (std::thread &each : threads) each.join();
}

void countOnTheWay() {
  std::future<void> counting;
  int number = 1;
  counting = std::async(std::launch::async, [&] { count(number); }); // expect: closure-captures-local: 'number'
}
