#include <atomic>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct Parser {
  std::string input;

  void start(std::string text) { input = std::move(text); }
};

struct Listener {
  int *counter = nullptr;

  void listen(int &count) { counter = &count; }

  void briefly() {
    int count = 0;
    counter = &count;
    ++*counter;
    counter = nullptr;
  }
};

struct Names {
  std::vector<std::string> all;

  void add(int number) {
    std::string name = std::to_string(number);
    all.push_back(name);
  }
};

struct Server {
  std::deque<int *> jobs;
  void post(int *job) { jobs.push_back(job); }
  void serve() {
    *jobs.front() = 1;
    jobs.pop_front();
  }
};

void sleepUntilServed();

int posted(Server &server) {
  int done = 0;
  server.post(&done);
  sleepUntilServed();
  return done;
}

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

  template <class F> void add(F f) { all.push_back(std::make_unique<TaskOf<F>>(static_cast<F &&>(f))); }
};

void greet(Tasks &tasks, std::string name) {
  tasks.add([text = "dear " + name] { return text.size(); });
}

class View {
public:
  void show(std::string_view text) { shown = text; }
  std::size_t length() const { return shown.size(); }

private:
  std::string_view shown;
};

// Nobody looks at it once the text is gone.
std::size_t lengthOf(int number) {
  View view;
  std::string text = std::to_string(number);
  view.show(text);
  return view.length();
}

// What is attached to it is told when it ends.
class Settings;
class Reader {
public:
  virtual ~Reader() = default;
  virtual void forget(const Settings *source) = 0;
};

class Settings {
public:
  ~Settings() {
    for (Reader *each : listeners) each->forget(this);
  }
  void attach(Reader *listener) { listeners.push_back(listener); }
  std::size_t attached() const { return listeners.size(); }

private:
  std::vector<Reader *> listeners;
};

class Player final : public Reader {
public:
  ~Player() override {
    if (settings) others = settings->attached();
  }
  void use(Settings *given) {
    settings = given;
    settings->attach(this);
  }
  void forget(const Settings *source) override {
    if (settings == source) settings = nullptr;
  }

private:
  Settings *settings = nullptr;
  std::size_t others = 0;
};

void play() {
  Player player;
  Settings settings;
  player.use(&settings);
}

// What leads into its own object and moves by code that knows it.
struct Positions {
  int *data = nullptr;
};
struct Format {
  const Positions *at = nullptr;
  Positions owned;
  Format() = default;
  Format(Format &&other) noexcept {
    bool inside = other.at == &other.owned;
    std::swap(at, other.at);
    std::swap(owned, other.owned);
    if (inside) at = &owned;
  }
};
void choose(Format &format, bool own, const Positions *given) {
  if (own)
    format.at = &format.owned;
  else
    format.at = given;
}
int *collect(int count, const Positions *given) {
  std::vector<Format> all;
  for (int i = 0; i < count; ++i) {
    Format one;
    choose(one, i & 1, given);
    all.push_back(std::move(one));
  }
  return all[0].at->data;
}
struct Title {
  char *full = small;
  char *base = small;
  char small[16];
  Title() = default;
  Title(const Title &) = delete;
  Title &operator=(Title &&other) noexcept {
    if (base != full) delete[] base;
    if (full != small) delete[] full;
    if (other.full == other.small)
      full = small;
    else
      full = other.full;
    if (other.base == other.full)
      base = full;
    else
      base = other.base;
    other.base = other.full = other.small;
    return *this;
  }
};
struct Chapter {
  Title title;
  void name() {
    Title other;
    other.base = other.small;
    title = std::move(other);
  }
};
struct Tokens {
  int **first = inside;
  int *inside[3];
  Tokens() = default;
  Tokens &operator=(Tokens &&other) noexcept {
    if (other.first == other.inside) {
      first = inside;
      std::memcpy(inside, other.inside, sizeof inside);
    } else {
      first = other.first;
      other.first = other.inside;
    }
    return *this;
  }
};
struct Patterns {
  Tokens tokens[6];
};
struct Matcher {
  Patterns patterns;
};
Matcher *newMatcher() {
  Matcher *made = new Matcher;
  made->patterns = Patterns();
  return made;
}

// A copy in new storage, of which a pointer into the old object is set anew.
struct Resource {
  char *path;
  char inside[64];
};
Resource *copyResource(Resource *to, const Resource *from) {
  if (to == nullptr) {
    to = static_cast<Resource *>(std::malloc(sizeof(Resource)));
    if (to == nullptr) return nullptr;
  }
  std::memcpy(to, from, sizeof(Resource));
  to->path = nullptr;
  return to;
}
struct Bundle {
  explicit Bundle(const Resource *from) : resource(copyResource(nullptr, from)) {}
  Resource *resource;
};
void enter(Resource *resource) { resource->path = resource->inside; }
Bundle bundle() {
  Resource local;
  enter(&local);
  Bundle made(&local);
  return made;
}
Resource withoutPath(const Resource *from) {
  Resource copy = *from;
  copy.path = nullptr;
  return copy;
}
Resource plain() {
  Resource local;
  enter(&local);
  return withoutPath(&local);
}

// Who moves a tree tells its nodes where it is now.
struct Tree;
struct Node {
  Tree *of = nullptr;
};
struct Tree {
  std::map<int, std::unique_ptr<Node>> nodes;
  Tree() = default;
  Tree(Tree &&other) : nodes(std::move(other.nodes)) {
    for (auto &[key, node] : nodes)
      if (node) node->of = this;
  }
  void add(int key) {
    auto &node = nodes[key];
    node = std::make_unique<Node>();
    node->of = this;
  }
};
std::unique_ptr<Tree> grow(int size) {
  auto scratch = std::make_unique<Tree>();
  for (int i = 0; i < size; ++i) scratch->add(i);
  return std::make_unique<Tree>(std::move(*scratch));
}

// A base class whose constructor is elsewhere may share what the derived one refers to.
struct ErrorLog {
  int errors = 0;
};
struct Scan {
  Scan(std::shared_ptr<ErrorLog> log, int lines);
};
struct LineCounter {
  ErrorLog &log;
  explicit LineCounter(ErrorLog &log) : log(log) {}
};
struct TextScan : Scan {
  LineCounter counter;
  explicit TextScan(const std::shared_ptr<ErrorLog> &log) : Scan(log, 0), counter(*log) {}
  int errors() const { return counter.log.errors; }
};
int scanOnce() {
  auto scan = std::unique_ptr<TextScan>(new TextScan(std::make_shared<ErrorLog>()));
  return scan->errors();
}

// Whoever leaves a queue may find that it was the last one there: then the queue has let it go.
struct Waiter {
  Waiter *older = nullptr, *newer = nullptr;
};
class WaitQueue {
  std::atomic<Waiter *> newest{nullptr};

public:
  void enter(Waiter *w) {
    Waiter *last = newest.load();
    do w->older = last;
    while (!newest.compare_exchange_weak(last, w));
  }
  void leave(Waiter *w) {
    Waiter *last = w;
    if (!newest.compare_exchange_strong(last, nullptr)) w->newer->older = nullptr;
  }
};
class Database {
  WaitQueue writers;
  bool shared = false;

public:
  void pause() {
    Waiter w;
    if (shared) writers.enter(&w);
    if (shared) writers.leave(&w);
  }
  int pauseAndEnter() {
    {
      Waiter w;
      if (shared) writers.enter(&w);
      if (shared) writers.leave(&w);
    }
    Waiter next;
    writers.enter(&next);
    writers.leave(&next);
    return 0;
  }
};

// What is kept as it is only where the caller says so, in an element that is copied with all its parts.
struct Operand {
  const char *text = "";
  std::size_t size = 0;
  Operand(const std::string &of) : text(of.data()), size(of.size()) {}
};
class Operands {
  std::vector<Operand> all;
  std::vector<std::unique_ptr<std::string>> copies;

public:
  void push(const Operand &one, bool pinned = false) {
    if (pinned) {
      all.push_back(one);
    } else {
      copies.emplace_back(new std::string(one.text, one.size));
      all.push_back(*copies.back());
    }
  }
};
class Merge {
  Operands operands;

public:
  void add(int n) {
    std::string result(n, 'x');
    operands.push(result);
  }
};
