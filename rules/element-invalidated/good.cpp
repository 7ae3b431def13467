#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <stack>
#include <string>
#include <unordered_map>
#include <vector>

int grow(std::vector<int> &values) {
  int first = values.front();
  values.push_back(1);
  return first;
}

int again(std::vector<int> &values) {
  values.push_back(1);
  int &first = values.front();
  return first;
}

int roomy(std::vector<int> &values) {
  values.reserve(values.size() + 1);
  int &first = values.front();
  values.push_back(1);
  return first;
}

int rehash(std::unordered_map<int, int> &table) {
  int &value = table[1];
  table[2] = 3;
  return value;
}

int node(std::map<int, int> &table) {
  int &value = table[1];
  table.erase(2);
  table[4] = 5;
  return value;
}

int ends(std::deque<int> &queue) {
  int &front = queue.front();
  queue.push_back(1);
  return front;
}

int owned(std::vector<std::unique_ptr<int>> &values) {
  int *first = values.front().get();
  values.push_back(std::make_unique<int>(1));
  return *first;
}

void unused(std::vector<int> &values) {
  int &first = values.front();
  first = 2;
  values.push_back(1);
}

int byIndex(std::vector<int> &values) {
  int sum = 0;
  for (std::size_t i = 0; i < values.size() && i < 100; ++i) {
    sum += values[i];
    values.push_back(sum);
  }
  return sum;
}

int others(std::vector<int> &values, std::vector<int> &more) {
  int &first = values.front();
  more.push_back(1);
  return first;
}

int moved(std::vector<int> values) {
  int &first = values.front();
  std::vector<int> kept = std::move(values);
  return first;
}

void ownElement(std::vector<std::string> &list) {
  list.push_back(list[0]);
  list.emplace_back(list[0]);
  list.insert(list.begin(), list[0]);
  list.resize(9, list[0]);
}

struct Frame {
  int *result;
  int own;
};

int walk(std::stack<Frame> &frames) {
  for (;;) {
    Frame *top = &frames.top();
    top->result = &top->own;
    if (frames.size() < 3) {
      frames.push(Frame());
      continue;
    }
    int result = *top->result;
    frames.pop();
    if (frames.empty()) return result;
    top = &frames.top();
    *top->result = result;
  }
}

// Where the element moves, the closure that refers to it is replaced.
int sumUp(std::vector<int> &numbers, bool more) {
  std::function<int()> first = [&r = numbers.front()] { return r; };
  if (more) {
    numbers.push_back(1);
    first = [&numbers] { return numbers.front(); };
  }
  return first();
}

// Another pile's number of plates says nothing of this one's last.
std::string &keepOne(std::vector<std::string> &plates, const std::vector<std::string> &others) {
  std::string &kept = plates[others.size() - 1];
  plates.pop_back();
  return kept;
}

// Which of the objects it is that gets a new buffer is not known in a loop that may make another one.
class Message {
public:
  ~Message() { delete[] text; }
  void set(const char *other) {
    if (text == other) return;
    delete[] text;
    text = other ? copy(other) : nullptr;
  }
  bool empty() const { return !text; }

private:
  char *text = nullptr;
  static char *copy(const char *other) {
    unsigned length = 0;
    while (other[length]) ++length;
    char *made = new char[length + 1];
    for (unsigned i = 0; i <= length; ++i) made[i] = other[i];
    return made;
  }
};
struct Sink {
  Message message;
};
struct Output {
  Sink *sink;
  void write(const char *text) {
    if (sink->message.empty()) sink->message.set(text);
  }
};
struct Channel {
  Output *output;
};
void writeAll(Channel *channel, const char *text, int count) {
  for (int i = 0; i < count; ++i) {
    if (!channel->output) channel->output = new Output{new Sink};
    channel->output->write(text);
  }
}

// Which entries are dropped is for the loop to choose.
class Pages {
public:
  std::string &open(int number) {
    std::string &page = pages[number];
    if (pages.size() > most) drop(number);
    for (auto &each : pages) {
      if (&each.second == &page) continue;
      pages.erase(each.first);
      break;
    }
    return page;
  }

private:
  void drop(int kept) {
    int oldest = -1;
    for (auto &[number, page] : pages) {
      bool spared = number == kept;
      if (spared || number < oldest) continue;
      oldest = number;
    }
    pages.erase(oldest);
  }
  std::map<int, std::string> pages;
  std::size_t most = 8;
};

// A function that looks up what it uses again when that is out of date.
struct Board {
  std::vector<int> rows;
  std::vector<int *> shown;
  bool changed = false;
  int *first = nullptr;
  int sum() {
    rows.reserve(8);
    if (changed) {
      shown.clear();
      for (int &row : rows) shown.push_back(&row);
      first = &rows.front();
    }
    int all = *first;
    for (int *each : shown) all += *each;
    return all;
  }
};
int addRow(Board &board) {
  board.shown.push_back(&board.rows.front());
  board.first = &board.rows.front();
  board.rows.push_back(1);
  board.changed = true;
  int sum = board.sum();
  board.shown.clear();
  board.first = nullptr;
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
  bool dropOld(int id) { return id < 100 && drop(id); }
  int trim() {
    if (waiting.size() < 8) return -1;
    waiting.clear();
    return 0;
  }
};
std::size_t lengthIfKept(Queue &queue, int id) {
  std::string &text = queue.waiting[id];
  if (queue.drop(id)) return 0;
  if (!queue.keep(id)) return 0;
  bool dropped = queue.dropOld(id);
  if (dropped) return 0;
  dropped = queue.drop(id);
  if (dropped) return 0;
  return queue.trim() == 0 ? 0 : text.size();
}

// A container of the program's own says that it has nothing in it.
template <class T> class ShortVector {
  std::size_t used = 0;
  T inlined[4];
  std::vector<T> rest;

public:
  bool empty() const { return size() == 0; }
  std::size_t size() const { return used + rest.size(); }
  void push_back(const T &value) {
    if (used < 4)
      inlined[used++] = value;
    else
      rest.push_back(value);
  }
  T *begin() { return inlined; }
  T *end() { return inlined + used; }
};
std::size_t firstLength(std::vector<std::string> &texts, bool (*next)(std::string &)) {
  ShortVector<std::string *> found;
  std::string text;
  while (next(text)) {
    texts.clear();
    texts.reserve(4);
    if (!text.empty()) {
      texts.push_back(text);
      found.push_back(&texts.back());
    }
    if (!found.empty()) break;
  }
  return found.empty() ? 0 : (*found.begin())->size();
}

// What is done only where an exception leaves the function is not seen by callers that go on.
void checkSize(std::vector<int> &values, std::size_t most) {
  if (values.size() <= most) return;
  values.clear();
  throw most;
}
int firstIfChecked(std::vector<int> &values) {
  int &first = values.front();
  checkSize(values, 8);
  return first;
}

// A closure that a callee takes by value is called after the last use, or changes something else.
void countAndRun(std::function<void()> step, int &count) {
  ++count;
  step();
}
void countedBefore(std::vector<int> &counts) {
  countAndRun([&] { counts.push_back(0); }, counts.front());
}
void runWith(std::function<void()> step) { step(); }
int ranOnOther(std::vector<int> &values, std::vector<int> &others) {
  int &first = values.front();
  runWith([&] { others.push_back(1); });
  return first;
}
// What it stores is not called, and one that it has replaced is not the caller's.
struct Later {
  std::function<void()> step;
  void post(std::function<void()> given) { step = std::move(given); }
};
int posted(Later &later, std::vector<int> &values) {
  int &first = values.front();
  later.post([&values] { values.push_back(1); });
  return first;
}
void runNone(std::function<void()> step) {
  step = [] {};
  step();
}
int ranNone(std::vector<int> &values) {
  int &first = values.front();
  runNone([&] { values.push_back(1); });
  return first;
}

// Each finds the list by the key that it is given, and these are two.
struct ManyLists {
  std::map<int, std::vector<int>> byId;
  int &first(int id) { return byId.at(id).front(); }
  void add(int id, int value) { byId.at(id).push_back(value); }
};
int addedToOther(ManyLists &lists, int id, int other) {
  int &first = lists.first(id);
  lists.add(other, 1);
  return first;
}
int addedToNext(ManyLists &lists, int id) {
  int &first = lists.first(id);
  ++id;
  lists.add(id, 1);
  return first;
}

// What an element leads to in itself goes with it when all are cleared.
struct Bucket {
  int room[8] = {};
  int *items;
  int used = 0;
  Bucket() : items(room) {}
  Bucket(const Bucket &other) : items(room), used(other.used) {}
  int sum() const {
    int sum = 0;
    for (int i = 0; i != used; ++i) sum += items[i];
    return sum;
  }
};
struct Buckets {
  std::vector<Bucket> all;
  Buckets() { all.emplace_back(Bucket()); }
  int sum() const {
    int sum = 0;
    for (const Bucket &each : all) sum += each.sum();
    return sum;
  }
};
void refill(Buckets &buckets, std::vector<int> &waiting) {
  while (!waiting.empty()) {
    buckets.all.clear();
    for (int each : waiting)
      if (each > 0) buckets.all.emplace_back(Bucket());
    waiting.pop_back();
  }
}
int refilled(std::vector<int> &waiting) {
  Buckets buckets;
  refill(buckets, waiting);
  return buckets.sum();
}
