#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct Parser {
  std::string_view input;

  void start(std::string text) {
    input = text; // expect: field-holds-local
  }
};

struct Listener {
  int *counter = nullptr;

  void listen() {
    int count = 0;
    counter = &count; // expect: field-holds-local
  }
};

struct Names {
  std::vector<const char *> all;

  void add(int number) {
    std::string name = std::to_string(number);
    all.push_back(name.c_str()); // expect: field-holds-local
  }
};

struct Task {
  virtual ~Task() = default;
  virtual void run() = 0;
};

template <class F> struct TaskOf final : Task {
  explicit TaskOf(F f) : callable(static_cast<F &&>(f)) {}
  void run() override { callable(); }
  F callable;
};

struct Tasks {
  std::vector<std::unique_ptr<Task>> all;

  template <class F> void add(F &&f) { all.push_back(std::make_unique<TaskOf<decltype(f)>>(static_cast<F &&>(f))); }
};

// The type of f is that of a reference, so TaskOf holds one. Only make_unique calls its constructor.
void greet(Tasks &tasks, std::string name) {
  tasks.add([text = "dear " + name] { return text.size(); }); // expect: field-holds-local
}

struct Transfer {
  void *user = nullptr;
};
void keepUser(Transfer *transfer, void *user) { transfer->user = user; }
int userOf(const Transfer *transfer) { return *static_cast<int *>(transfer->user); }

struct Session {
  Transfer *transfer = new Transfer;
  int seen = 0;
  void start() {
    keepUser(transfer, &seen); // expect: field-holds-local
  }
};

int lastSeen() {
  Transfer *transfer;
  {
    Session session;
    session.start();
    transfer = session.transfer;
  }
  int last = userOf(transfer);
  delete transfer;
  return last;
}

class View {
public:
  void show(std::string_view text) { shown = text; }
  std::size_t length() const { return shown.size(); }

private:
  std::string_view shown;
};

std::size_t lengthOf(int number) {
  View view;
  view.show(std::to_string(number)); // expect: field-holds-local
  return view.length();
}

// Only one class is made of what is called: its function looks at what has ended.
class Keys {
public:
  virtual bool key(int) { return false; }
  virtual ~Keys() = default;
};
class Menu {
public:
  Keys *keys = nullptr;
  void query(int key) {
    if (keys && keys->key(key)) ++hits;
  }
  int hits = 0;
};
class Rows : public Keys {
public:
  explicit Rows(const std::string &row) : row_(row) {}
  bool key(int key) override { return row_[0] == key; }

private:
  const std::string &row_;
};
int ask(const char *row) {
  Menu menu;
  Rows rows(row); // expect: field-holds-local
  menu.keys = &rows;
  menu.query('x');
  return menu.hits;
}

// A heap of pointers, the first of them in a buffer of its own, moves them about: each way to read one gives the same.
template <class T> class Few {
public:
  T &operator[](std::size_t i) { return i < 8 ? first[i] : rest[i - 8]; }
  void add(const T &item) {
    if (count < 8)
      first[count++] = item;
    else
      rest.push_back(item);
  }
  std::size_t size() const { return count + rest.size(); }

private:
  std::size_t count = 0;
  T buffer[8];
  T *first = buffer;
  std::vector<T> rest;
};
class Smallest {
public:
  void add(int *const &item) {
    items.add(item);
    rise(items.size() - 1);
  }

private:
  Few<int *> items;
  void rise(std::size_t at) {
    int *risen = items[at];
    while (at > 0) {
      std::size_t above = (at - 1) / 2;
      if (*items[above] < *risen) break;
      items[at] = items[above];
      at = above;
    }
    items[at] = risen;
  }
};
class Merged {
public:
  void add(int number) {
    int copy = number;
    smallest.add(&copy); // expect: field-holds-local
  }

private:
  Smallest smallest;
};

// Who makes it of a temporary is to blame, not who is given that.
struct Option {
  const char *value;
};
static Option makeOption(const std::string &value) { return Option{value.c_str()}; }
std::string path();
void look(const char *);
void lookAtOption() {
  Option option = makeOption(path() + "/x"); // expect: field-holds-local: 'option.value'
  look(option.value);
}

// The destructor that an owner runs looks at it.
struct Bell {
  std::vector<int> rung;
  void ring(int times) { rung.push_back(times); }
};
struct Rope {
  Bell *bell;
  explicit Rope(Bell *b) : bell(b) {}
  ~Rope() { bell->ring(1); }
};
struct Tower {
  std::unique_ptr<Rope> rope;
};
void ringLate() {
  std::unique_ptr<Rope> rope;
  Bell bell;
  rope = std::make_unique<Rope>(&bell); // expect: field-holds-local
}
void ringFromTower() {
  std::shared_ptr<Tower> tower;
  Bell bell;
  tower = std::make_shared<Tower>();
  tower->rope = std::make_unique<Rope>(&bell); // expect: field-holds-local
}
void ringByReset() {
  std::unique_ptr<Rope> rope;
  {
    Bell bell;
    rope = std::make_unique<Rope>(&bell); // expect: field-holds-local
  }
  rope.reset();
}

// Nobody shares what it refers to.
struct ErrorLog {
  int errors = 0;
};
struct Scan {
  explicit Scan(int lines);
};
struct LineCounter {
  ErrorLog &log;
  explicit LineCounter(ErrorLog &log) : log(log) {} // expect: field-holds-local
};
struct TextScan : Scan {
  LineCounter counter;
  explicit TextScan(const std::shared_ptr<ErrorLog> &log) : Scan(0), counter(*log) {}
  int errors() const { return counter.log.errors; }
};
int scanOnce() {
  auto scan = std::unique_ptr<TextScan>(new TextScan(std::make_shared<ErrorLog>()));
  return scan->errors();
}

// As the caller says, it is kept as it is.
struct Operand {
  const char *text = "";
  Operand(const std::string &of) : text(of.data()) {}
};
class Operands {
  std::vector<Operand> all;
  std::vector<std::unique_ptr<std::string>> copies;

public:
  void push(const Operand &one, bool pinned = false) {
    if (pinned) {
      all.push_back(one);
    } else {
      copies.emplace_back(new std::string(one.text));
      all.push_back(*copies.back());
    }
  }
};
class Merge {
  Operands operands;

public:
  void add(int n) {
    std::string result(n, 'x');
    operands.push(result, true); // expect: field-holds-local
  }
};

// Nobody takes it out again.
struct Waiter {
  Waiter *older = nullptr, *newer = nullptr;
};
class Turnstile {
  Waiter *last = nullptr;

public:
  void pass() {
    Waiter w;
    w.older = last;
    last = &w; // expect: field-holds-local
  }
};
