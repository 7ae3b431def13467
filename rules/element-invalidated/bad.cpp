#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

int grow(std::vector<int> &values) {
  int &first = values.front();
  values.push_back(1);
  return first; // expect: element-invalidated
}

struct Registry {
  std::vector<std::string> names;

  std::string &add() {
    names.emplace_back();
    return names.back();
  }
};

void twice(Registry &registry) {
  std::string &one = registry.add();
  std::string &two = registry.add();
  two = "two";
  one = "one"; // expect: element-invalidated
}

int erased(std::map<int, int> &table) {
  int &value = table[1];
  table.erase(1);
  return value; // expect: element-invalidated
}

int inLoop(std::vector<int> &values) {
  const int *last = &values[0];
  int sum = 0;
  for (int i = 0; i < 3; ++i) {
    sum += *last; // expect: element-invalidated
    values.push_back(i);
  }
  return sum;
}

int cleared(std::unordered_map<int, std::string> &table) {
  const std::string &text = table.at(3);
  table.clear();
  return int(text.size()); // expect: element-invalidated
}

void ownRange(std::vector<int> &values) {
  values.insert(values.end(), values.begin(), values.end()); // expect: iterator-invalidated
}

// What is called schedules something itself: the map that the operation lies in grows.
struct Operation {
  std::function<void(int)> elapsed;
  int fired = 0;
};
struct Wheel {
  std::vector<std::pair<int, Operation>> operations;
  void schedule(int id, std::function<void(int)> elapsed) {
    operations.push_back({id, Operation{std::move(elapsed), 0}});
  }
  void advance(int id) {
    Operation &operation = operations.at(id).second;
    operation.elapsed(id);
    ++operation.fired; // expect: element-invalidated
  }
};
struct Heartbeat {
  Wheel &wheel;
  int beats = 0;
  void start() {
    wheel.schedule(1, [this](int) { ping(); });
  }
  void ping() {
    wheel.schedule(2, [this](int) { ++beats; });
  }
};

// What is needed after the change is needed by whoever passes it on, too.
struct Samples {
  std::vector<int> values;
  int last = 0;
  void put(const int &value) {
    values.push_back(1);
    last = value;
  }
  void putOnce(const int &value) { put(value); }
  void putAgain(const int &value) { putOnce(value); }
};
void putFirst(Samples &samples) {
  samples.putAgain(samples.values[0]); // expect: element-invalidated
}

// The variable holds one of two closures, and the first may still be in it.
int sumUp(std::vector<int> &numbers, bool anew) {
  std::function<int()> first = [&r = numbers.front()] { return r; };
  int sum = 0;
  for (int i = 0; i != 3; ++i) {
    numbers.push_back(i);
    if (anew) first = [&numbers] { return numbers.front(); };
    sum += first(); // expect: element-invalidated
  }
  return sum;
}

// What is called is a closure that puts more closures in, and perhaps one of those.
class Alarms {
public:
  void add(std::function<void()> ring) { alarms.push_back({std::move(ring), false}); }
  void ring() {
    for (std::size_t i = 0; i < alarms.size(); ++i) {
      Alarm &alarm = alarms[i];
      std::function<void()> now = alarm.ring;
      now();
      alarm.rang = true; // expect: element-invalidated
    }
  }

private:
  struct Alarm {
    std::function<void()> ring;
    bool rang;
  };
  std::vector<Alarm> alarms;
};
void wakeUp() {
  Alarms alarms;
  int rings = 0;
  alarms.add([&] {
    alarms.add([&rings] { ++rings; });
    ++rings;
  });
  alarms.ring();
}

// The closure lies behind a pointer, and reaches the list through an object that it has captured.
class Station {
public:
  void listen(std::function<void(int)> heard) {
    listeners.push_back({0, std::make_shared<std::function<void(int)>>(std::move(heard))});
  }
  void send(int message) {
    for (std::size_t i = 0; i < listeners.size(); ++i) {
      Listener &listener = listeners[i];
      std::shared_ptr<std::function<void(int)>> keep = listener.heard;
      (*keep)(message);
      ++listener.messages; // expect: element-invalidated
    }
  }

private:
  struct Listener {
    int messages;
    std::shared_ptr<std::function<void(int)>> heard;
  };
  std::vector<Listener> listeners;
};
struct Radio {
  Station &station;
  void on() {
    station.listen([](int) {});
  }
};
void broadcast() {
  Station station;
  Radio radio{station};
  station.listen([&radio](int) { radio.on(); });
  station.send(1);
}

// The last element has two names.
class Pile {
public:
  std::string &takeTop() {
    std::string &last = top();
    plates.pop_back();
    return last; // expect: element-invalidated
  }
  std::string &top() { return plates[plates.size() - 1]; }

private:
  std::vector<std::string> plates;
};

// A container of the program's own that hands its storage back to an allocator before it reads its argument.
class Recording : std::allocator<double> {
  double *data = nullptr;
  size_t count = 0, room = 0;

  void grow() {
    size_t more = room == 0 ? 1 : room * 2;
    double *larger = allocate(more);
    std::copy(data, data + count, larger);
    free();
    data = larger;
    room = more;
  }
  void free() {
    if (data != nullptr) deallocate(data, room);
  }

public:
  ~Recording() { free(); }
  double &front() { return data[0]; }
  void add(const double &value) {
    if (count == room) grow();
    data[count++] = value;
  }
};
void close(Recording &recording) {
  recording.add(recording.front()); // expect: element-invalidated
}

// An array that is replaced by one from `new []`.
template <class T> class Stack {
  T *data = nullptr;
  size_t count = 0, room = 0;

public:
  ~Stack() { delete[] data; }
  size_t size() const { return count; }
  void reserve(size_t n) {
    if (n <= room) return;
    T *larger = new T[n];
    for (size_t i = 0; i < count; ++i) larger[i] = data[i];
    delete[] data;
    data = larger;
    room = n;
  }
  T &push(const T &value) {
    if (count == room) reserve(room ? room * 2 : 4);
    data[count] = value;
    return data[count++];
  }
};
struct Jump {
  int code, to;
};
void emit(Stack<Jump> &code) {
  Jump &first = code.push({1, 0});
  code.push({2, 0});
  first.to = int(code.size()); // expect: element-invalidated: 'first'
}

// The end of a variable is told where it is declared.
struct Deeper {
  int &depth;
  explicit Deeper(int &depth) : depth(depth) { ++depth; }
  ~Deeper() { --depth; }
};
void descend(std::vector<int> &depths) {
  Deeper here(depths[0]); // expect: element-invalidated: 'here.depth'
  depths.push_back(1);
}

// Which entry is dropped when there are too many depends on nothing that the loop sees of it.
class Pages {
public:
  std::string &open(int number) {
    std::string &page = pages[number];
    if (pages.size() > most) drop();
    return page; // expect: element-invalidated
  }

private:
  void drop() {
    for (auto &each : pages) {
      pages.erase(each.first);
      return;
    }
  }
  std::map<int, std::string> pages;
  std::size_t most = 8;
};

// What the caller left dead is used by a function that changes something else first.
struct Counter {
  std::vector<int> seen;
  int *shown = nullptr;
  int count(int value) {
    seen.push_back(value);
    return *shown;
  }
};
int countFirst(Counter &counter, std::vector<int> &values) {
  counter.shown = &values.front();
  values.clear();
  int sum = counter.count(1); // expect: element-invalidated
  counter.shown = nullptr;
  return sum;
}

// What a function did is told by what it gives.
struct Queue {
  std::map<int, std::string> waiting;
  bool drop(int id) {
    if (waiting.size() < 2) return false;
    waiting.erase(id);
    return true;
  }
  bool keep(int id) { return !drop(id); }
};
std::size_t lengthIfDropped(Queue &queue, int id) {
  std::string &text = queue.waiting[id];
  return queue.drop(id) ? text.size() : 0; // expect: element-invalidated
}
std::size_t lengthUnlessKept(Queue &queue, int id) {
  std::string &text = queue.waiting[id];
  if (queue.keep(id)) return 0;
  return text.size(); // expect: element-invalidated
}
std::size_t lengthInLaterRound(Queue &queue, int id) {
  std::string &text = queue.waiting[id];
  if (queue.drop(id)) ++id;
  if (queue.drop(id)) return 0;
  return text.size(); // expect: element-invalidated
}

// A container of the program's own says that it has nothing in it: not where it goes on.
template <class T> class ShortVector {
  std::size_t used = 0;
  T inlined[4];

public:
  bool empty() const { return used == 0; }
  void push_back(const T &value) { inlined[used++ % 4] = value; }
  T *begin() { return inlined; }
  T *end() { return inlined + used; }
};
std::size_t lastLength(std::vector<std::string> &texts, bool (*next)(std::string &)) {
  ShortVector<std::string *> found;
  std::string text;
  while (next(text)) {
    texts.clear();
    texts.reserve(4);
    if (!text.empty()) {
      texts.push_back(text);
      found.push_back(&texts.back());
    }
    if (found.empty()) break;
  }
  return found.empty() ? 0 : (*found.begin())->size(); // expect: element-invalidated
}

// The function goes on after the exception that it catches.
void checkSize(std::vector<int> &values, std::size_t most) {
  try {
    if (values.size() <= most) return;
    values.clear();
    throw most;
  } catch (std::size_t) {
    values.push_back(0);
  }
}
int firstIfChecked(std::vector<int> &values) {
  int &first = values.front();
  checkSize(values, 8);
  return first; // expect: element-invalidated
}

// What a callee takes by value and calls is the caller's closure.
void repeat(std::function<void(int)> step) { step(1); }
void repeatLater(std::function<void(int)> step) { repeat(std::move(step)); }
int repeated(std::vector<int> &values) {
  int &first = values.front();
  repeat([&](int value) { values.push_back(value); });
  return first; // expect: element-invalidated
}
int repeatedLater(std::vector<int> &values) {
  int &first = values.front();
  std::function<void(int)> step = [&](int value) { values.push_back(value); };
  repeatLater(step);
  return first; // expect: element-invalidated
}
void appendOne(std::vector<int> &values) { values.push_back(1); }
void apply(void (*change)(std::vector<int> &), std::vector<int> &values) { change(values); }
int applied(std::vector<int> &values) {
  int &first = values.front();
  apply(appendOne, values);
  return first; // expect: element-invalidated
}

// The callee uses what it was given after the closure has run.
void runAndCount(std::function<void()> step, int &count) {
  step();
  ++count;
}
void counted(std::vector<int> &counts) {
  runAndCount([&] { counts.push_back(0); }, counts.front()); // expect: element-invalidated
}

// Both find the same list by the key that they are given.
struct Lists {
  std::map<int, std::vector<int>> byId;
  int &first(int id) { return byId.at(id).front(); }
  void add(int id, int value) { byId.at(id).push_back(value); }
};
int addedToSame(Lists &lists, int id) {
  int &first = lists.first(id);
  lists.add(id, 1);
  return first; // expect: element-invalidated
}
