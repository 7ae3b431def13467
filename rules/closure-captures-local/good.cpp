#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <deque>
#include <functional>
#include <future>
#include <latch>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

std::function<int()> makeCounter() {
  int count = 0;
  return [count]() mutable { return ++count; };
}

static std::vector<std::function<void()>> handlers;

static void onExit(std::function<void()> handler) { handlers.push_back(std::move(handler)); }

void session(std::string name) {
  onExit([name]() mutable { name.clear(); });
}

static void runNow(const std::function<void(int)> &each) {
  for (int i = 0; i < 3; ++i) each(i);
}

int sum() {
  int total = 0;
  runNow([&total](int i) { total += i; });
  return total;
}

void wait() {
  int result = 0;
  std::thread worker([&result] { result = 1; });
  worker.join();
}

struct Button {
  std::function<void()> pressed;
};

void press(Button &button) {
  int presses = 0;
  button.pressed = [&presses] { ++presses; };
  button.pressed = nullptr;
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
Task<int> lengthOf(std::string text) { co_return int(text.size()); }

Task<int> lengthOfName() {
  std::string name = "refleak";
  return lengthOf(name);
}

Task<int> inTime() {
  std::string name = "refleak";
  int sum = co_await length(std::string("refleak"));
  Task<int> later = length(name);
  co_return sum + co_await std::move(later);
}

struct Server {
  int requests = 0;
  Task<int> run() { co_return ++requests; }
};

Task<int> serve() {
  Server server;
  co_return co_await server.run();
}

// Who resumes it is not known, and may be called here.
Detached add(int &sum) {
  co_await std::suspend_always();
  ++sum;
}
void resumeAll();
int total() {
  int sum = 0;
  add(sum);
  resumeAll();
  return sum;
}

int measureHere() {
  int result = 0;
  std::latch finished{1};
  std::thread([&] {
    result = 1;
    finished.count_down();
  }).detach();
  finished.wait();
  return result;
}

int measureByPromise() {
  std::promise<int> promise;
  auto result = promise.get_future();
  std::thread([&promise] { promise.set_value(1); }).detach();
  return result.get();
}

// The program polls until the device that runs on its own has stopped.
class Device {
public:
  void start() {
    std::thread([this] { stopped = true; }).detach();
  }
  bool hasStopped() const { return stopped; }

private:
  std::atomic<bool> stopped = false;
};

void runDevice() {
  Device device;
  device.start();
  while (!device.hasStopped()) std::this_thread::yield();
}

// A wait that nothing else can end.
struct Mailbox {
  std::vector<std::function<void(int)>> replies;
  bool deliverOne();
  void ask() {
    bool done = false;
    replies.push_back([&done](int) { done = true; });
    while (!done) deliverOne();
  }
};

// What a thread has captured is there until it is joined, or has said that it needs it no longer.
void count(int);
void countAll() {
  int number = 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&number, i] { count(number + i); });
  for (std::thread &each : threads) each.join();
}

void countFirst() {
  std::thread counting;
  {
    int number = 1;
    std::promise<void> done;
    counting = std::thread([&] {
      count(number);
      done.set_value();
    });
    done.get_future().wait();
  }
  counting.join();
}

void countOnTheWay() {
  int number = 1;
  std::future<void> counting = std::async(std::launch::async, [&] { count(number); });
}

// Who hands a task to others and waits for it to say that it is done.
struct Tasks {
  std::deque<std::function<void()>> waiting;
  void add(std::function<void()> task) { waiting.push_back(std::move(task)); }
};
void doNow(Tasks &tasks) {
  std::promise<int> done;
  tasks.add([&] { done.set_value(1); });
  done.get_future().wait();
}
void doNext(Tasks &tasks) {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  tasks.add([&] {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
    changed.notify_all();
  });
  std::unique_lock<std::mutex> lock(mutex);
  changed.wait(lock, [&] { return done; });
}
