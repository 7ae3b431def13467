#include <algorithm>
#include <atomic>
#include <coroutine>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

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
  return *value; // expect: owner-gone
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
  return *same; // expect: owner-gone
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

struct Meter {
  Executor &executor;
  std::unique_ptr<int> count = std::make_unique<int>(0);
  explicit Meter(Executor &e) : executor(e) { watch(); }
  void watch() {
    int *counted = count.get();
    executor.at(10, [counted] { ++*counted; }); // expect: owner-gone: the closure runs later
  }
};

struct Meters {
  Executor &executor;
  std::vector<std::unique_ptr<Meter>> meters;
  void add() { meters.push_back(std::make_unique<Meter>(executor)); }
  void dropOldest() { meters.erase(meters.begin()); }
};

// An object that signs itself on with what it refers to, wherever it is made.
struct Viewer {
  virtual ~Viewer() = default;
  virtual void redraw() = 0;
};

class Picture {
public:
  void add(Viewer *viewer) { viewers.push_back(viewer); }
  void change() {
    for (Viewer *each : viewers) each->redraw();
  }

private:
  std::vector<Viewer *> viewers;
};

class Frame : public Viewer {
public:
  explicit Frame(Picture &p) : picture(p) {}
  void show() {
    picture.add(this); // expect: owner-gone: an element of 'picture.viewers' keeps a reference to 'this'
  }
  void redraw() override { ++drawn; }

private:
  Picture &picture;
  int drawn = 0;
};

class Gallery {
public:
  Frame &hang(Picture &picture) {
    frames.push_back(std::make_unique<Frame>(picture));
    return *frames.back();
  }
  void takeDown() { frames.pop_back(); }

private:
  std::vector<std::unique_ptr<Frame>> frames;
};

// A pointer to a part of the same object, which copies and moves leave on the original.
class Label {
public:
  explicit Label(std::string given)
      : own(std::move(given)), shown(&own) {} // expect: owner-gone: 'shown' leads to 'own'
  explicit Label(const std::string *given) : shown(given) {}
  Label(Label &&) = default;
  const std::string &text() const { return *shown; }

private:
  std::string own;
  const std::string *shown;
};

class Form {
public:
  void add(Label label) { labels.push_back(std::move(label)); }
  std::size_t width() const { return labels.front().text().size(); }

private:
  std::vector<Label> labels;
};

void fill(Form &form) { form.add(Label(std::string("name"))); }

std::size_t movedOut() {
  std::optional<Label> kept;
  {
    Label label(std::string("name"));
    kept.emplace(std::move(label));
  }
  return kept->text().size();
}

struct Button {
  std::function<void()> click = [this] { ++clicks; };
  int clicks = 0;
};

int clicked() {
  auto first = std::make_unique<Button>();
  Button second = *first;
  first.reset();
  second.click(); // expect: owner-gone: 'second.click.this'
  return second.clicks;
}

// What a function itself destroys, and leaves a pointer to.
static int *latest;

struct Slot {
  std::unique_ptr<int> owner = std::make_unique<int>(1);
  int *shown = nullptr;

  void renew() {
    latest = owner.get(); // expect: owner-gone(definite)
    owner.reset(new int(2));
  }

  void show(int *number) {
    shown = number; // expect: owner-gone(definite)
    delete number;
  }
};

// The library's functions for memory are as good as new and delete.
char readFreed(std::size_t size) {
  char *text = static_cast<char *>(std::malloc(size));
  const char *first = text;
  std::free(text);
  return *first; // expect: owner-gone
}

struct Buffer {
  char *data;
  std::size_t size;
};

void fillBuffer(Buffer &buffer, const char *text) {
  char *at = buffer.data;
  for (; *text; ++text) {
    if (std::size_t(at - buffer.data) == buffer.size) {
      char *bigger = static_cast<char *>(std::realloc(buffer.data, buffer.size * 2));
      if (!bigger) return;
      buffer.data = bigger;
      buffer.size *= 2;
    }
    *at++ = *text; // expect: owner-gone: 'at'
  }
}

// What is wrong is what the closure has captured, not that somebody runs it.
struct Schedule {
  std::vector<std::function<void()>> waiting;
  void later(std::function<void()> job) { waiting.push_back(std::move(job)); }
  void run() {
    for (auto &job : waiting) job();
  }
};

struct Clock {
  Schedule &schedule;
  int ticks = 0;
  void start() {
    auto *self = this;
    schedule.later([self] { ++self->ticks; }); // expect: owner-gone: the closure has captured
  }
};

void tick() {
  Schedule schedule;
  auto clock = std::make_unique<Clock>(Clock{schedule});
  clock->start();
  clock.reset();
  schedule.run();
}

// Members end in the reverse order of their declaration.
class Log {
public:
  void write(int line) { lines.push_back(line); }

private:
  std::vector<int> lines;
};

class Section {
public:
  explicit Section(Log &l) : log(l) {}
  ~Section() { log.write(0); }
  Log &log;
};

class Report {
public:
  Report() : section(log) {}

private:
  Section section; // expect: owner-gone: 'section' is destroyed after 'log'
  Log log;
};

class Book {
public:
  Book() : log(std::make_shared<Log>()) { sections.push_back(std::make_unique<Section>(*log)); }
  ~Book() { log->write(1); }

private:
  std::vector<std::unique_ptr<Section>> sections; // expect: owner-gone: 'sections' is destroyed after 'log'
  std::shared_ptr<Log> log;
};

class Chapter : Section { // expect: owner-gone: the base class is destroyed after 'own'
public:
  Chapter() : Section(own) {}

private:
  Log own;
};

// A later function makes the one lead to the other, in its own object or in one that it makes.
class Diary {
public:
  void open() { section = std::make_unique<Section>(log); }

private:
  std::unique_ptr<Section> section; // expect: owner-gone: 'section' is destroyed after 'log'
  Log log;
};

void write() {
  Diary diary;
  diary.open();
}

class Entry {
public:
  explicit Entry(Log &log) : section(log) {}

private:
  Section section;
};

struct Volume {
  std::shared_ptr<Entry> entry; // expect: owner-gone: 'entry' is destroyed after 'log'
  Log log;
};

class Archive {
public:
  void open() {
    volume = std::make_unique<Volume>();
    volume->entry = std::make_shared<Entry>(volume->log);
  }

private:
  std::unique_ptr<Volume> volume;
};

// So do variables.
class Reader {
public:
  ~Reader() {
    if (log) log->write(0);
  }
  void read(Log &given) { log = &given; }

private:
  Log *log = nullptr;
};

void readLog() {
  Reader reader;
  Log log; // expect: owner-gone: 'log' is destroyed before 'reader', whose destructor uses it
  reader.read(log);
}

// A callee needs an object that it reaches a part of.
static void writeTo(Log *log) { log->write(2); }

void afterTheEnd() {
  Log *log = new Log;
  delete log;
  writeTo(log); // expect: owner-gone
}

bool isReady();

// The pointer that was given away is good still, and the one that was lent before is not.
void givenAwayOnSomePaths() {
  std::unique_ptr<Log> owner(new Log);
  Log *lent = owner.get(), *given = nullptr;
  if (isReady()) given = owner.release();
  owner.reset();
  lent->write(1); // expect: owner-gone
  if (given) given->write(2);
  delete given;
}

void oneOfMany(Log **logs, int count) {
  for (int i = 0; i < count; ++i) {
    Log *log = logs[i];
    delete log;
    log->write(i); // expect: owner-gone
  }
}

int endArray(Log **logs, int which) {
  Log **chosen = &logs[which];
  delete[] logs;
  return chosen != nullptr && *chosen != nullptr; // expect: owner-gone
}

// What is borrowed is stored by a closure that a callee runs.
static void run(const std::function<void()> &task) { task(); }

void storedByTask() {
  std::unique_ptr<Log> owner(new Log);
  Log *log = nullptr;
  run([&] { log = owner.get(); });
  owner.reset();
  log->write(4); // expect: owner-gone
}

// Storage that may grow, in C and by hand: what led into it before does so no more.
struct Node {
  int weight;
};
struct Pool {
  Node *nodes;
  unsigned used, size;
};
Node *nodeOf(Pool &pool) {
  if (pool.used == pool.size) {
    Node *grown = static_cast<Node *>(realloc(pool.nodes, sizeof(Node) * (pool.size + 8)));
    if (!grown) return nullptr;
    pool.nodes = grown;
    pool.size += 8;
  }
  return &pool.nodes[pool.used++];
}
int twoNodes(Pool &pool) {
  Node *first = nodeOf(pool);
  Node *second = nodeOf(pool);
  first->weight = 1; // expect: owner-gone
  return second->weight;
}
void weigh(Pool &pool, Node *node) {
  nodeOf(pool)->weight = 2;
  node->weight = 3;
}
void weighNew(Pool &pool) {
  Node *node = nodeOf(pool);
  weigh(pool, node); // expect: owner-gone
}

class Numbers {
public:
  void add(const int &number) {
    if (end_ == limit_)
      addGrowing(number);
    else
      *end_++ = number;
  }
  const int &last() const { return *(end_ - 1); }

private:
  void addGrowing(const int &number) {
    size_t count = end_ - begin_;
    int *grown = static_cast<int *>(::operator new(sizeof(int) * (count + 8)));
    for (size_t i = 0; i != count; ++i) grown[i] = begin_[i];
    ::operator delete(begin_);
    grown[count] = number;
    begin_ = grown;
    end_ = grown + count + 1;
    limit_ = grown + count + 8;
  }

  int *begin_ = nullptr, *end_ = nullptr, *limit_ = nullptr;
};
void addLastAgain(Numbers &numbers) {
  numbers.add(numbers.last()); // expect: element-invalidated
}

// A virtual call on an object of a known class, and on what only one class is made of, runs that class's function.
class Step {
public:
  virtual ~Step() = default;
  virtual void start() {}
};
class Chain : public Step {
public:
  void start() override;
  void go(int result) {
    result_ = result;
    first_.reset();
  }

private:
  std::unique_ptr<Step> first_;
  int result_ = 0;
};
class Reading : public Step {
public:
  explicit Reading(Chain &chain) : chain_(chain) {}
  void start() override {
    chain_.go(bytes_);
    bytes_ = 0; // expect: owner-gone
  }

private:
  Chain &chain_;
  int bytes_ = 3;
};
void Chain::start() {
  first_ = std::make_unique<Reading>(*this);
  first_->start();
}

// The first handler lets the house go, the second one is run all the same and uses it.
class Door {
public:
  std::function<void()> onClosed, onLocked;
  void turn() {
    onClosed();
    onLocked();
  }
};
class House {
public:
  House(Door &door, std::function<void()> gone) : gone_(std::move(gone)) {
    door.onClosed = [this] { gone_(); };
    door.onLocked = [this] { ++nights_; }; // expect: owner-gone
  }

private:
  std::function<void()> gone_;
  int nights_ = 0;
};
void leave() {
  Door door;
  std::unique_ptr<House> house;
  house = std::make_unique<House>(door, [&house] { house.reset(); });
  door.turn();
}

// The view is led to by the temporary that it was made of, and that is gone when the view is used inside a callee.
class Bytes {
public:
  explicit Bytes(int n) : bytes(new char[n]), count(n) {}
  Bytes(const Bytes &) = delete;
  ~Bytes() { delete[] bytes; }
  char *bytes;
  int count;
};
class Window {
public:
  Window(const Bytes &of) : bytes(of.bytes), count(of.count) {}
  int zeros() const {
    int found = 0;
    for (int i = 0; i < count; ++i) found += bytes[i] == 0;
    return found;
  }

private:
  const char *bytes;
  int count;
};
static Bytes readAll() { return Bytes(8); }
int countZeros() {
  Window window = readAll();
  return window.zeros(); // expect: owner-gone
}

// Where a member is used inside the callee that a call of a member function leads to is shown there.
class Playlist {
public:
  struct Track {
    std::unique_ptr<std::string> title;
    void rename(std::string to) { *title = std::move(to); }
  };
  void add() { tracks.push_back(std::make_unique<Track>()); }
  void clear() { tracks.clear(); }
  void click(size_t row) { show(tracks[row].get()); }

private:
  void show(Track *track) {
    if (shown) shown->title->clear(); // expect: owner-gone
    shown = track;
  }
  std::vector<std::unique_ptr<Track>> tracks;
  Track *shown = nullptr;
};
void playlist() {
  Playlist list;
  list.add();
  list.click(0);
  list.clear();
  list.add();
  list.click(0);
}

// A slot that may have had something in it.
static std::vector<std::unique_ptr<std::string>> titles(16);
std::string *retitle(size_t chapter, bool anew) {
  auto &slot = titles[chapter];
  if (!slot || anew) slot = std::make_unique<std::string>();
  return slot.get();
}
struct Heading {
  std::string *title;
  explicit Heading(size_t chapter) : title(retitle(chapter, false)) {} // expect: owner-gone
};

// What a stored closure does beside (here to a vector of its own) does not hide what its captures are worth.
struct Graph {
  std::vector<std::function<void()>> nodes;
  void add(std::function<void()> work) { nodes.push_back(std::move(work)); }
};
struct Search {
  std::vector<int> rows;
  void go() { rows.push_back(1); }
};
static void runAll(Graph &graph) {
  for (auto &node : graph.nodes) node(); // expect: owner-gone
}
void searchAll(const std::vector<Search *> &searches) {
  Graph graph;
  for (Search *search : searches) graph.add([&] { search->go(); });
  runAll(graph);
}

// The function that an algorithm calls gets the pointer that the element is.
struct Shape {
  int corners;
};
int freeAll(std::vector<Shape *> &shapes) {
  Shape *first = shapes.front();
  std::for_each(shapes.begin(), shapes.end(), [](Shape *shape) { delete shape; });
  return first->corners; // expect: owner-gone
}

// What is destroyed unless it is not there is gone in any case.
struct Session {
  int user;
};
class Connection {
  Session *session = nullptr;

public:
  void open() { session = new Session(); }
  void close() {
    if (session) {
      delete session;
      session = nullptr;
    }
  }
  Session *current() { return session; }
};
int reopen(Connection &connection) {
  Session *before = connection.current();
  connection.close();
  connection.open();
  return before->user; // expect: owner-gone
}
void drop(Session *session) {
  if (session == nullptr) return;
  delete session;
}
int userOf(Session *session) {
  drop(session);
  return session->user; // expect: owner-gone
}

// A lock unlocks the mutex when it ends.
struct Workers {
  std::mutex mutex;
  int jobs = 0;
};
void shut(std::unique_ptr<Workers> &workers) {
  std::lock_guard<std::mutex> lock(workers->mutex); // expect: owner-gone
  workers.reset();
}

// Who takes out the element that owns an object has no use for that object any more.
struct Sheet {
  int width = 0;
};
struct Binder {
  std::vector<std::unique_ptr<Sheet>> sheets;
  void remove(Sheet *sheet) {
    sheets.erase(std::remove_if(sheets.begin(), sheets.end(),
                                 [sheet](const std::unique_ptr<Sheet> &each) { return each.get() == sheet; }),
                  sheets.end());
  }
  int close(Sheet *sheet) {
    remove(sheet);
    return sheet->width; // expect: owner-gone
  }
};
struct Desk {
  std::vector<std::unique_ptr<struct Drawer>> drawers;
};
struct Drawer {
  Desk &desk;
  int things = 0;
  int takeOut() {
    std::erase_if(desk.drawers, [this](const std::unique_ptr<Drawer> &each) { return this == each.get(); });
    return things; // expect: owner-gone
  }
};

// A number is the same key in whichever function.
struct Shelf {
  std::map<int, std::unique_ptr<Sheet>> sheets;
  void remove(int number) { sheets.erase(number); }
  int takeOut(int number) {
    Sheet *sheet = sheets.at(number).get();
    remove(number);
    return sheet->width; // expect: owner-gone
  }
};

// Which one of a list it is does not matter: it is the one that the loop goes on from.
struct Link {
  Link *next = nullptr;
  int value = 0;
};
void removeAll(Link *first, int value) {
  for (Link *link = first; link; link = link->next) // expect: owner-gone: 'link'
    if (link->value == value) delete link;
}

// A buffer that each member function takes a new piece of.
struct Pieces {
  std::vector<std::unique_ptr<char[]>> all;
  char *take() {
    all.push_back(std::make_unique<char[]>(16));
    return all.back().get();
  }
  void clear() { all.clear(); }
};
struct Title {
  Pieces pieces;
  char *text = nullptr;
  void read() {
    text = pieces.take(); // expect: owner-gone: 'text'
  }
  void forget() { pieces.clear(); }
  char first() { return text[0]; }
};

// On the way on which the global gets it, it is gone at the end.
static int *newest = nullptr;
void remakeWhile(bool (*more)()) {
  while (more()) {
    auto made = std::make_unique<int>(1);
    newest = made.get(); // expect: owner-gone
    made.reset(new int(2));
  }
}
void tryOut(bool shown) {
  int *made = new int(1);
  if (shown) newest = made; // expect: owner-gone
  delete made;
}
void handOut(int *given, int *&out, bool wanted) {
  if (wanted) out = given; // expect: owner-gone
  delete given;
}

// The global is looked at after the owner has something else, and set anew too late.
static std::map<int, std::unique_ptr<int>> stock;
static int *inHand = nullptr;
void take(int key) {
  inHand = stock.at(key).get(); // expect: owner-gone
}
int restock() {
  stock.clear();
  stock[1] = std::make_unique<int>(1);
  int sum = inHand ? *inHand : 0;
  take(1);
  return sum;
}

// Who was first frees what others find.
static std::atomic<char *> firstText;
void forgetText() {
  char *made = static_cast<char *>(std::malloc(8)), *there = nullptr;
  if (firstText.compare_exchange_strong(there, made)) { // expect: owner-gone
    std::free(made);
  }
}

// One member owns, and another one of the object keeps what it owned.
struct Room {
  std::unique_ptr<int> state;
  int *current = nullptr;

  void open() {
    current = state.get(); // expect: owner-gone: 'current'
  }
  void replace(int to) { state = std::make_unique<int>(to); }
  int value() const { return current ? *current : 0; }
};
struct Refurbished {
  std::unique_ptr<int> state;
  int *current = nullptr;

  int replace(int to) {
    state = std::make_unique<int>(to);
    int before = current ? *current : 0;
    current = state.get(); // expect: owner-gone: 'current'
    return before;
  }
};

// A destructor looks at what ended before it. It is run by an owner, a container or an optional.
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
void ringFromVector() {
  std::vector<Rope> ropes;
  Bell bell; // expect: owner-gone
  ropes.emplace_back(&bell);
}
void ringFromOptional() {
  std::optional<Rope> rope;
  Bell bell; // expect: owner-gone
  rope.emplace(&bell);
}
class Church {
public:
  Church() { tower_ = std::make_shared<Tower>(Tower{std::make_unique<Rope>(&bell_)}); }

private:
  std::shared_ptr<Tower> tower_; // expect: owner-gone
  Bell bell_;
};

// The owner of a round has ended when what it took is looked at.
int sumOfBuffers(std::vector<char *> &buffers) {
  int sum = 0;
  for (char *each : buffers) {
    { std::unique_ptr<char[]> taken(each); }
    sum += each[0]; // expect: owner-gone
  }
  return sum;
}

// What is kept is anything but one of two globals.
struct Key {
  int *data = nullptr;
};
static const Key *least() {
  static Key key;
  return &key;
}
static bool isLeast(const Key *key) { return key == least(); }
struct Interval {
  const Key *left = nullptr;
  void from(const Key *key) {
    if (!isLeast(key)) left = key;
  }
};
int startOfInterval() {
  Interval interval;
  Key *key = new Key{new int(1)};
  interval.from(key);
  delete key;
  return interval.left ? *interval.left->data : 0; // expect: owner-gone
}

// A call looks at what the one before it has kept and it has ended itself: both name it by the same key.
static std::map<int, std::unique_ptr<int>> gauges;
static int *gauge = nullptr;
int renewGauge() {
  gauges.at(2).reset(new int(3));
  int last = gauge ? *gauge : 0;
  gauge = gauges.at(2).get(); // expect: owner-gone: 'gauge'
  return last;
}

// The first round of the loop ends it for certain.
int renewGauges(bool (*more)()) {
  int &first = *gauges.at(4);
  while (more()) gauges.at(4).reset(new int(3));
  return first; // expect: owner-gone: 'first'
}

// Whoever gets the reference takes it to lead to something.
int &valueOrGone(int *given, bool (*done)()) {
  if (done()) delete given;
  return *given; // expect: owner-gone: 'given'
}

// The list keeps what was put there before.
struct Panel {
  std::vector<std::unique_ptr<int>> owned;
  std::vector<int *> shown;

  void load() {
    owned.clear();
    owned.push_back(std::make_unique<int>(1));
    shown.push_back(owned.back().get()); // expect: owner-gone: 'shown'
  }
  int sum() const {
    int all = 0;
    for (const int *each : shown) all += *each;
    return all;
  }
};

// Callers know by which key a callee finds what an element owns, and by which one another ends that.
struct Ticket {
  int bytes = 0;
};
class Tickets {
public:
  Ticket *find(int id) {
    auto it = byId_.find(id);
    return it == byId_.end() ? nullptr : it->second.get();
  }
  Ticket *get(int id) { return byId_.at(id).get(); }
  void close(int id) { byId_.erase(id); }
  void renew(int id) { byId_.at(id) = std::make_unique<Ticket>(); }

private:
  std::map<int, std::unique_ptr<Ticket>> byId_;
};
int closeFound(Tickets &tickets, int id) {
  Ticket *ticket = tickets.find(id);
  tickets.close(id);
  return ticket ? ticket->bytes : 0; // expect: owner-gone
}
int renewGot(Tickets &tickets, int id) {
  Ticket *ticket = tickets.get(id);
  tickets.renew(id);
  return ticket->bytes; // expect: owner-gone
}
int closeFirst(Tickets &tickets) {
  Ticket *ticket = tickets.get(1);
  tickets.close(1);
  return ticket->bytes; // expect: owner-gone
}

// A callback that takes itself out, or is replaced, or is deleted while it runs, and then looks at what it has captured.
class Requests {
public:
  void send(int id, std::string text) {
    handlers_[id] = [this, id, text](int code) {
      handlers_.erase(id);
      if (code != 0) failed_ = text; // expect: owner-gone
    };
  }
  void received(int id, int code) {
    auto handler = handlers_.find(id);
    if (handler != handlers_.end()) handler->second(code);
  }

private:
  std::map<int, std::function<void(int)>> handlers_;
  std::string failed_;
};
class Dialog {
public:
  void open(std::string answer) {
    closed_ = [this, answer] {
      closed_ = nullptr;
      answer_ = answer; // expect: owner-gone
    };
  }
  void close() {
    if (closed_) closed_();
  }

private:
  std::function<void()> closed_;
  std::string answer_;
};
void runOnce(std::string text, std::vector<std::string> &log) {
  auto *step = new std::function<void()>();
  *step = [step, text, &log] {
    delete step;
    log.push_back(text); // expect: owner-gone
  };
  (*step)();
}

// Nothing signs off where the outermost of several owners lets go.
struct Whistle {
  std::vector<std::function<void()>> heard;
  void blow() {
    for (auto &each : heard) each();
  }
};
class Wagon {
public:
  explicit Wagon(Whistle &whistle) {
    whistle.heard.push_back([this] { ++count_; }); // expect: owner-gone
  }

private:
  int count_ = 0;
};
struct Convoy {
  std::vector<std::shared_ptr<Wagon>> wagons;
  void add(Whistle &whistle) { wagons.push_back(std::make_shared<Wagon>(whistle)); }
};
void drive() {
  Whistle whistle;
  auto convoy = std::make_shared<Convoy>();
  convoy->add(whistle);
  whistle.blow();
  convoy.reset();
  whistle.blow();
}

// While the object of a class ends, it is none of a derived class any more: the pointer that is taken out is null.
template <class T> class Enrolled {
public:
  static int sum() {
    int all = 0;
    for (T *each : all_) all += each->size();
    return all;
  }

protected:
  void enroll() { all_.insert(dynamic_cast<T *>(this)); } // expect: owner-gone
  virtual ~Enrolled() { all_.erase(dynamic_cast<T *>(this)); }

private:
  static inline std::set<T *> all_;
};
class Bud : public Enrolled<Bud> {
public:
  Bud() { enroll(); }
  int size() const { return 1; }
};
class Branch {
public:
  void grow() { bud_ = std::make_unique<Bud>(); }
  void shed() { bud_.reset(); }

private:
  std::unique_ptr<Bud> bud_;
};
int sizeOfBuds() { return Enrolled<Bud>::sum(); }

// A thread that the end of a member waits for runs until then, and what is declared behind that member has ended by then.
class Printer {
public:
  Printer() : thread_([this] { run(); }) {}
  ~Printer() { stop_ = true; }
  void print(std::string page) { pages_.push_back(std::move(page)); }

private:
  void run() {
    while (!stop_)
      if (!pages_.empty()) pages_.pop_back();
  }
  std::atomic<bool> stop_{false};
  std::jthread thread_; // expect: owner-gone
  std::vector<std::string> pages_;
};
class Scanner {
public:
  void start() { thread_ = std::jthread([this](std::stop_token stop) { run(stop); }); }

private:
  void run(std::stop_token stop) {
    while (!stop.stop_requested()) pages_.push_back("page");
  }
  std::jthread thread_; // expect: owner-gone
  std::vector<std::string> pages_;
};
class Crew {
public:
  explicit Crew(int size) {
    for (int i = 0; i < size; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Crew() {
    done_ = true;
    for (std::thread &each : threads_) each.join();
  }
  void push(std::function<void()> job) { jobs_.push_back(std::move(job)); }

private:
  void work() {
    while (!done_ && !jobs_.empty()) {
      std::function<void()> job = std::move(jobs_.front());
      jobs_.erase(jobs_.begin());
      job();
    }
  }
  std::atomic<bool> done_{false};
  std::vector<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
};
class Yard {
public:
  Yard() : crew_(2) {
    crew_.push([this] { load(); });
  }

private:
  void load() {
    while (!closed_) goods_.push_back("crate");
  }
  std::atomic<bool> closed_{false};
  Crew crew_; // expect: owner-gone
  std::vector<std::string> goods_;
};
void scan() {
  Scanner scanner;
  scanner.start();
}


// The member of the union that was written last leads to what is gone.
class Series {
  struct Cell {
    int value, next;
  };
  bool isArray = true;
  union {
    struct {
      int count;
      int *values;
    } array{0, nullptr};
    struct {
      int count;
      Cell *cells;
    } list;
  };

public:
  int first() const { return isArray ? array.values[0] : list.cells[0].value; }
  void toList() {
    int *old = array.values;
    int count = array.count;
    Cell *made = new Cell[count];
    for (int i = 0; i != count; ++i) made[i] = {old[i], i + 1};
    isArray = false;
    list.cells = made;
    list.count = count;
    delete[] old;
  }
  void toArray() {
    Cell *old = list.cells;
    int count = list.count;
    int *made = new int[count];
    for (int i = 0; i != count; ++i) made[i] = old[i].value;
    isArray = true;
    array.values = made;
    array.count = count;
    delete[] old;
  }
  void drop() { delete[] array.values; }
};
int dropped(Series &series) {
  series.toArray();
  series.drop();
  return series.first(); // expect: owner-gone
}

// What refers to the result of a coroutine lies in its frame, and that ends with the object that has the handle.
template <class T> class Future {
public:
  struct promise_type {
    std::unique_ptr<T> value;
    Future get_return_object() { return Future(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    void return_value(T result) { value = std::make_unique<T>(std::move(result)); }
    void unhandled_exception() {}
  };
  Future(Future &&other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  ~Future() {
    if (handle_) handle_.destroy();
  }
  bool await_ready() const noexcept { return handle_.done(); }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  const T &await_resume() const { return *handle_.promise().value; }

private:
  explicit Future(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};
Future<std::string> nameOf(int id) { co_return std::to_string(id); }
Future<std::size_t> lengthOfName(int id) {
  const std::string &name = co_await nameOf(id);
  co_return name.size(); // expect: owner-gone
}

// An awaiter lies in the frame that it destroys.
class GoOn {
public:
  explicit GoOn(std::coroutine_handle<> next) noexcept : next_(next) {}
  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> done) const noexcept {
    done.destroy();
    return next_; // expect: owner-gone
  }
  void await_resume() const noexcept {}

private:
  std::coroutine_handle<> next_;
};
