#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <cstring>
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
  int copy = *value;
  owner.reset();
  return copy;
}

int handedOver() {
  auto owner = std::make_unique<int>(1);
  int *value = owner.get();
  std::unique_ptr<int> other = std::move(owner);
  return *value;
}

int shared(std::shared_ptr<int> owner) {
  std::shared_ptr<int> other = owner;
  owner.reset();
  return *other;
}

int scope() {
  int outer = 1;
  int *value = nullptr;
  {
    int inner = 2;
    value = &inner;
    *value = 3;
  }
  value = &outer;
  return *value;
}

int erased(std::map<int, std::unique_ptr<int>> &table) {
  std::unique_ptr<int> owner = std::move(table[1]);
  int *value = owner.get();
  table.erase(1);
  return *value;
}

void again() {
  int *value = new int(1);
  delete value;
  value = new int(2);
  *value = 3;
  delete value;
}

struct Linked {
  Linked *down = nullptr;
  int *name = nullptr;
};

void deleteNames(Linked *top) {
  Linked *next;
  for (Linked *at = top; at; at = next) {
    next = at->down;
    at->down = nullptr;
    delete at->name;
    delete at;
  }
}

void deleteBoth(Linked *a, Linked *b) {
  if (a->name < b->name) {
    using std::swap;
    swap(a, b);
  }
  delete a;
  delete b;
}

struct InPlace {
  InPlace(InPlace &&other);
  ~InPlace();
  InPlace &operator=(InPlace &&other) {
    this->~InPlace();
    new (this) InPlace(std::move(other));
    return *this;
  }
};

struct Builder {
  int *product = new int(1);
  bool failed = false;
  ~Builder() { delete product; }
  int *finish() {
    if (failed) return nullptr;
    int *done = product;
    product = nullptr;
    return done;
  }
};

int *build() {
  Builder builder;
  return builder.finish();
}

struct Item {
  std::shared_ptr<Item> next;
};

std::shared_ptr<Item> reversed(std::shared_ptr<Item> item) {
  std::shared_ptr<Item> done;
  while (item) {
    std::shared_ptr<Item> next = item->next;
    item->next = done;
    done = item;
    item = next;
  }
  return done;
}

int kept(bool keep) {
  auto owner = std::make_unique<int>(1);
  int *value = owner.get();
  if (!keep) owner.reset();
  return keep ? *value : 0;
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
    executor.at(100, [weak = weak_from_this()] {
      if (auto self = weak.lock()) ++self->attempts;
    });
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
  ~Meter() { executor.waiting.erase(10); }
  void watch() {
    int *counted = count.get();
    executor.at(10, [counted] { ++*counted; });
  }
};

struct Meters {
  Executor &executor;
  std::vector<std::unique_ptr<Meter>> meters;
  void add() { meters.push_back(std::make_unique<Meter>(executor)); }
  void dropOldest() { meters.erase(meters.begin()); }
};

// An object that signs itself on with what it refers to, and off; or is taken out; or is never looked at.
struct Viewer {
  virtual ~Viewer() = default;
  virtual void redraw() = 0;
};

class Picture {
public:
  void add(Viewer *viewer) { viewers.push_back(viewer); }
  void remove(Viewer *viewer) { std::erase(viewers, viewer); }
  void change() {
    for (Viewer *each : viewers) each->redraw();
  }
  void addOnce(Viewer *viewer) { waiting.push_back(viewer); }
  void changeOnce() {
    for (Viewer *each : waiting) each->redraw();
    waiting.clear();
  }
  void know(Viewer *viewer) { known.push_back(viewer); }
  bool knows(Viewer *viewer) const { return std::find(known.begin(), known.end(), viewer) != known.end(); }

private:
  std::vector<Viewer *> viewers, waiting, known;
};

class Frame : public Viewer {
public:
  explicit Frame(Picture &p) : picture(p) {}
  ~Frame() override { picture.remove(this); }
  void show() { picture.add(this); }
  void showOnce() { picture.addOnce(this); }
  void beKnown() { picture.know(this); }
  void tie(Frame *frame) {
    next = frame;
    frame->previous = this;
  }
  void redraw() override {
    ++drawn;
    if (previous) ++previous->drawn;
  }

private:
  Picture &picture;
  Frame *next = nullptr, *previous = nullptr;
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

void refresh(Picture &picture) { picture.changeOnce(); }

/// Two vectors of a class that copies what it owns.
class Text {
public:
  explicit Text(char c) : data(new char(c)) {}
  Text(const Text &other) : data(new char(*other.data)) {}
  ~Text() { delete data; }

private:
  char *data;
};

struct Line {
  Text text;
};

std::vector<Text> copied(int n) { return std::vector<Text>(n, Text('x')); }

std::vector<Line> copiedInside() {
  Line line{Text('x')};
  std::vector<Line> lines;
  lines.push_back(line);
  return lines;
}

void deleteAll(std::unordered_map<int, int *> &m) {
  for (auto entry : m) delete entry.second;
}

// Pointers to a part of the same object that every copy sets anew, that is only ever in one place, or that no copy has.
class Label {
public:
  explicit Label(std::string given) : own(std::move(given)), shown(&own) {}
  explicit Label(const std::string *given) : shown(given) {}
  Label(Label &&other) : own(std::move(other.own)), shown(other.shown == &other.own ? &own : other.shown) {}
  const std::string &text() const { return *shown; }

private:
  std::string own;
  const std::string *shown;
};

std::size_t movedOut() {
  std::optional<Label> kept;
  {
    Label label(std::string("name"));
    kept.emplace(std::move(label));
  }
  return kept->text().size();
}

Label returnedByName(std::string text) {
  Label label(text + "!");
  return label;
}

struct Plain {
  explicit Plain(std::string given) : own(std::move(given)), shown(&own) {}
  Plain(Plain &&) = default;
  std::string own;
  const std::string *shown;
};

std::size_t inPlace() {
  Plain plain = Plain("name");
  std::optional<Plain> kept;
  kept.emplace("other");
  return plain.shown->size() + kept->shown->size();
}

Plain made() {
  Plain plain("name");
  return plain;
}

void take(Plain plain) { plain.own += *plain.shown; }
void passed() { take(Plain("name")); }

std::size_t elsewhere(const std::string &text) {
  Plain first("name");
  first.shown = &text;
  auto second = std::make_unique<Plain>(std::move(first));
  return second->shown->size();
}

/// What is moved into another object is another object still.
std::size_t moved() {
  auto first = std::make_unique<Label>(std::string("name"));
  auto second = std::make_unique<Label>(std::move(*first));
  first.reset();
  return second->text().size();
}

struct Names {
  std::string first;
  const char *origin = nullptr;
};

std::size_t movedPlain() {
  auto from = std::make_unique<Names>();
  auto to = std::make_unique<Names>(std::move(*from));
  from.reset();
  return to->first.size();
}

static int *latest;

struct Slot {
  std::unique_ptr<int> owner = std::make_unique<int>(1);
  int *shown = new int(1);

  void renew() {
    latest = owner.get();
    owner.reset(new int(2));
    latest = owner.get();
  }

  void renewPerhaps(bool now) {
    latest = owner.get();
    if (now) owner.reset(new int(2));
    latest = now ? nullptr : owner.get();
  }

  void replace(int *number) {
    delete shown;
    shown = number;
  }

  void drop() { delete shown; }
};

struct Buffer {
  char *data;
  std::size_t size;
};

void fillBuffer(Buffer &buffer, const char *text) {
  char *at = buffer.data;
  for (; *text; ++text) {
    std::size_t used = std::size_t(at - buffer.data);
    if (used == buffer.size) {
      char *bigger = static_cast<char *>(std::realloc(buffer.data, buffer.size * 2));
      if (!bigger) return;
      buffer.data = bigger;
      buffer.size *= 2;
      at = bigger + used;
    }
    *at++ = *text;
  }
}

// What could not be made larger is as it was.
char *grown(char *data, std::size_t size) {
  char *bigger = static_cast<char *>(std::realloc(data, size));
  return bigger ? bigger : data;
}

void growPerhaps(Buffer &buffer) {
  char *bigger = static_cast<char *>(std::realloc(buffer.data, buffer.size * 2));
  if (bigger) buffer.data = bigger;
  buffer.data[0] = 0;
}

// Each round frees what the one before allocated.
char *last(int rounds) {
  char *kept = nullptr;
  while (rounds--) {
    char *made = static_cast<char *>(std::malloc(4));
    std::free(kept);
    kept = made;
  }
  return kept;
}

// Members that need each other, in an order that suits.
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
  Log log;
  Section section;
};

class Book {
public:
  Book() : log(std::make_shared<Log>()) { sections.push_back(std::make_unique<Section>(*log)); }
  ~Book() { sections.clear(); }

private:
  std::vector<std::unique_ptr<Section>> sections;
  std::shared_ptr<Log> log;
};

class Shared {
public:
  Shared() : log(std::make_shared<Log>()) {
    kept = log;
    section = std::make_unique<Section>(*log);
  }

private:
  std::shared_ptr<Log> kept;
  std::unique_ptr<Section> section;
  std::shared_ptr<Log> log;
};

class Closed {
public:
  explicit Closed(Log &outer) : section(outer) {}
  ~Closed() { own.write(1); }

private:
  Section section;
  Log own;
};

class Opened {
public:
  Opened() { section = std::make_unique<Section>(log); }
  ~Opened() { close(); }
  void close() { section.reset(); }

private:
  std::unique_ptr<Section> section;
  Log log;
};

/// Whoever has one closes it before it ends.
class ToBeClosed {
public:
  ToBeClosed() { section = std::make_unique<Section>(log); }
  void close() { section.reset(); }

private:
  std::unique_ptr<Section> section;
  Log log;
};

class Diary {
public:
  void open() { section = std::make_unique<Section>(log); }

private:
  Log log;
  std::unique_ptr<Section> section;
};

class OpenedLater {
public:
  ~OpenedLater() { section.reset(); }
  void open() { section = std::make_unique<Section>(log); }

private:
  std::unique_ptr<Section> section;
  Log log;
};

class ClosedLater {
public:
  void open() { section = std::make_unique<Section>(log); }
  void close() { section.reset(); }

private:
  std::unique_ptr<Section> section;
  Log log;
};

void write() {
  Diary diary;
  diary.open();
  OpenedLater opened;
  opened.open();
  ClosedLater closed;
  closed.open();
  closed.close();
}

class Reader {
public:
  ~Reader() {
    if (log) log->write(0);
  }
  void read(Log &given) { log = &given; }
  void close() { log = nullptr; }

private:
  Log *log = nullptr;
};

void readLog() {
  Log log;
  Reader reader;
  reader.read(log);
}

void readAndClose() {
  Reader reader;
  Log log;
  reader.read(log);
  reader.close();
}

// An owner gives its object away on some paths, and ends it on the others.
bool isReady();

Log *givenAwayIfReady() {
  std::unique_ptr<Log> owner(new Log);
  return isReady() ? owner.release() : nullptr;
}

template <class T> struct OwnPointer {
  T *pointer;
  explicit OwnPointer(T *p) : pointer(p) {}
  OwnPointer(const OwnPointer &) = delete;
  ~OwnPointer() { delete pointer; }
  T *orphan() {
    T *p = pointer;
    pointer = nullptr;
    return p;
  }
};

struct Lazy {
  Log *log = nullptr;
  Log *get() {
    if (!log) {
      OwnPointer<Log> made(new Log);
      if (isReady()) log = made.orphan();
    }
    return log;
  }
  void write() { get()->write(3); }
};

// A pointer that is indexed leads to many objects: the next one is another one.
void endAll(Log **logs, int count) {
  for (int i = 0; i < count; ++i)
    if (logs[i]) delete logs[i];
}

void endUpTo(Log **logs, Log **end) {
  while (logs != end) delete *logs++;
}

struct Logs {
  Log **all;
  int count;
  void end() {
    Log **each = all;
    for (int i = 0; i < count; ++i) delete each[i];
    delete[] all;
  }
};

// Storage that may grow: what led into it is found again afterwards, or used before.
struct Node {
  int weight;
};
struct Pool {
  Node *nodes;
  unsigned used, size;
};
unsigned nodeOf(Pool &pool) {
  if (pool.used == pool.size) {
    Node *grown = static_cast<Node *>(realloc(pool.nodes, sizeof(Node) * (pool.size + 8)));
    if (!grown) return ~0u;
    pool.nodes = grown;
    pool.size += 8;
  }
  return pool.used++;
}
int twoNodes(Pool &pool) {
  unsigned number = nodeOf(pool);
  Node *first = &pool.nodes[number];
  first->weight = 1;
  Node *second = &pool.nodes[nodeOf(pool)];
  first = &pool.nodes[number];
  return first->weight + second->weight;
}
void fill(Pool &pool) {
  for (int i = 0; i < 9; ++i) {
    Node *node = &pool.nodes[nodeOf(pool)];
    node->weight = i;
  }
}

// What is counted lives on with those who hold it.
struct Counted {
  int count = 1, value = 0;
};
void release(Counted *counted) {
  if (--counted->count == 0) delete counted;
}
struct Set {
  Counted *active;
  void change() {
    Counted *before = active;
    ++before->count;
    renew();
    before->value = 1;
    release(before);
  }
  void renew() {
    release(active);
    active = new Counted;
  }
};

// Both names lead to the same number, whose storage grows: it is read anew by the other name.
struct Number {
  int *limbs;
  unsigned count;
};
void grow(Number *number, unsigned count) {
  if (number->count >= count) return;
  int *limbs = static_cast<int *>(calloc(count, sizeof(int)));
  for (unsigned i = 0; i != number->count; ++i) limbs[i] = number->limbs[i];
  free(number->limbs);
  number->limbs = limbs;
  number->count = count;
}
void add(Number *sum, const Number *other) {
  grow(sum, other->count + 1);
  for (unsigned i = 0; i != other->count; ++i) sum->limbs[i] += other->limbs[i];
}
void twice(Number *number) {
  grow(number, 4);
  add(number, number);
}

// The handler that lets the house go and the one that is looked for in it stand on different paths.
class Door {
public:
  std::function<void(bool)> turned;
  void turn(bool fits) {
    if (auto handler = turned) handler(fits);
  }
};
class House {
public:
  explicit House(Door &door) {
    door.turned = [this](bool fits) {
      switch (fits) {
      case true:
        if (opened) opened();
        break;
      case false:
        auto handler = failed;
        if (handler) handler();
        break;
      }
    };
  }
  std::function<void()> opened, failed;
};
void visit() {
  Door door;
  auto house = std::make_unique<House>(door);
  house->opened = [] {};
  house->failed = [&house] { house.reset(); };
  door.turn(false);
}

// Arrays of pointers that a callee indexes, allocates, or gives away.
template <class T> class Stack {
public:
  T &operator[](int index) { return first[index]; }

private:
  T *first = inside;
  T inside[8];
};
struct Attribute {
  ~Attribute() { name.clear(); }
  Attribute *next = nullptr;
  std::string name;
};
class AttributePool {
public:
  ~AttributePool() {
    for (int i = 0; i < count; ++i) delete all[i];
  }
  Attribute *create() { return all[count++] = new Attribute; }

private:
  int count = 0;
  Stack<Attribute *> all;
};
int useAttributes() {
  AttributePool pool;
  pool.create();
  pool.create();
  return 0;
}
struct Message {
  Message *clone() const;
  std::string text;
};
Message *Message::clone() const { return new Message(*this); }
Message **cloneBoth(Message **from, bool failed) {
  auto **both = static_cast<Message **>(std::malloc(2 * sizeof(Message *)));
  both[0] = from[0]->clone();
  both[1] = from[1]->clone();
  if (!failed) return both;
  delete both[0];
  delete both[1];
  std::free(both);
  return nullptr;
}
std::string *newStrings(int count) { return new std::string[count]; }
class Rows {
public:
  void create(int count, int columns) {
    rows = static_cast<std::string **>(std::malloc(count * sizeof(std::string *)));
    int row = 0;
    for (; row < count; ++row) {
      rows[row] = newStrings(columns);
      if (rows[row]->capacity() == 0) break;
    }
    if (row == count) return;
    for (int i = row; i >= 0; --i) delete[] rows[i];
    std::free(rows);
    rows = nullptr;
  }

private:
  std::string **rows = nullptr;
};
class Rules {
public:
  void deleteAll() {
    int **all = release();
    for (int i = 0; i < count; ++i) delete all[i];
    std::free(all);
  }

private:
  int **release() {
    int **all = kept;
    kept = nullptr;
    return all;
  }
  int **kept = nullptr;
  int count = 0;
};
int **deleteRules(Rules &rules) {
  rules.deleteAll();
  return nullptr;
}

// What is made where nothing was takes nobody's place.
struct Symbol {
  std::string name;
};
static std::map<std::string, std::unique_ptr<Symbol>> symbols, names, labels, marks;
Symbol *symbol(const std::string &name) {
  auto &slot = symbols[name]; // NOLINT(refleak-global-map-grows)
  if (!slot) slot = std::make_unique<Symbol>();
  return slot.get();
}
Symbol *labelled(const std::string &name) {
  // NOLINTNEXTLINE(refleak-global-map-grows)
  if (labels[name] == nullptr) labels[name].reset(new Symbol());
  return labels[name].get();
}
Symbol *named(const std::string &name) {
  if (auto known = names.find(name); known != names.end()) return known->second.get();
  names[name] = std::make_unique<Symbol>(); // NOLINT(refleak-global-map-grows)
  return names[name].get();
}
Symbol *marked(const std::string &name) {
  if (!marks.count(name)) marks[name] = std::make_unique<Symbol>(); // NOLINT(refleak-global-map-grows)
  return marks[name].get();
}
struct Token {
  Symbol *symbol_, *name_, *label_, *mark_;
  explicit Token(const std::string &text)
      : symbol_(symbol(text)), name_(named(text)), label_(labelled(text)), mark_(marked(text)) {}
};

// Whoever signs off when it ends is not called any more, whichever way it is taken out.
struct Observer {
  int calls = 0;
  void notify() { ++calls; }
};
struct Reference {
  void *to;
  bool operator==(const Reference &other) const { return to == other.to; }
};
struct Exchange {
  std::vector<Observer *> erased, removed, filtered, found;
  std::vector<Reference> compared;
};
static Exchange exchange;
struct Erased : Observer {
  Erased() { exchange.erased.push_back(this); }
  ~Erased() { std::erase(exchange.erased, this); }
};
struct Removed : Observer {
  Removed() { exchange.removed.push_back(this); }
  ~Removed() {
    exchange.removed.erase(std::remove(exchange.removed.begin(), exchange.removed.end(), this), exchange.removed.end());
  }
};
struct Filtered : Observer {
  Filtered() { exchange.filtered.push_back(this); }
  ~Filtered() {
    std::erase_if(exchange.filtered, [this](Observer *each) { return each == this; });
  }
};
struct Found : Observer {
  Found() { exchange.found.push_back(this); }
  ~Found() { exchange.found.erase(std::find(exchange.found.begin(), exchange.found.end(), this)); }
};
struct Compared : Observer {
  Compared() { exchange.compared.push_back(Reference{this}); }
  ~Compared() { std::erase(exchange.compared, Reference{this}); }
};
static void notifyAll() {
  for (const auto *all : {&exchange.erased, &exchange.removed, &exchange.filtered, &exchange.found})
    for (Observer *each : *all) each->notify();
  for (const Reference &each : exchange.compared) static_cast<Observer *>(each.to)->notify();
}
void trade() {
  {
    Erased erased;
    Removed removed;
    Filtered filtered;
    Found found;
    Compared compared;
    notifyAll();
  }
  notifyAll();
  {
    auto erased = std::make_unique<Erased>();
    auto removed = std::make_unique<Removed>();
    auto filtered = std::make_unique<Filtered>();
    auto found = std::make_unique<Found>();
    auto compared = std::make_unique<Compared>();
    notifyAll();
  }
  notifyAll();
}

// A closure that refers to parts of what it keeps alive itself.
struct Loop {
  std::vector<std::function<void()>> tasks;
  void post(std::function<void()> task) { tasks.push_back(std::move(task)); }
};
struct Peer : std::enable_shared_from_this<Peer> {
  Loop &loop;
  std::vector<char> bytes;
  size_t received = 0;
  explicit Peer(Loop &loop) : loop(loop), bytes(64) {}
  void receive() {
    read(bytes.data(), [self = shared_from_this()](char first) { self->received += first != 0; });
  }
  void read(char *into, std::function<void(char)> done) {
    loop.post([into, done = std::move(done)] { done(*into); });
  }
};
struct Peers {
  std::map<int, std::shared_ptr<Peer>> byNumber;
  void connect(int number, std::shared_ptr<Peer> peer) {
    peer->receive();
    byNumber[number] = std::move(peer);
  }
  void disconnect(int number) { byNumber.erase(number); }
};

// A class with copies and moves of its own, in containers too.
class Title {
public:
  explicit Title(std::string text) : text(std::move(text)), shown(*this->text) {}
  Title(const Title &other) { *this = other; }
  Title &operator=(const Title &other) {
    text = other.text;
    shown = text ? std::string_view(*text) : other.shown;
    return *this;
  }
  std::string_view show() const { return shown; }

private:
  std::optional<std::string> text;
  std::string_view shown;
};
struct Shelf {
  std::map<int, Title> titles;
  void add(int number, std::string_view name) { titles.insert({number, Title(std::string(name))}); }
};

// A reference less is not the end, and what was not there is not used.
struct Texture {
  int references = 1, width;
};
void release(Texture *texture) {
  if (texture && --texture->references == 0) delete texture;
}
int widthOf(Texture *texture) {
  ++texture->references;
  release(texture);
  return texture->width;
}
void drop(Texture *texture) {
  if (texture) delete texture;
}
int widthIn(Texture *texture, Texture *other) {
  drop(other);
  return texture->width;
}

struct Workers {
  std::mutex mutex;
  int jobs = 0;
};
void shut(std::unique_ptr<Workers> &workers) {
  std::unique_lock<std::mutex> lock(workers->mutex);
  workers->jobs = 0;
  lock.unlock();
  workers.reset();
}

// What shares an object, or only knows it, does not end it when it is taken out.
struct Window {
  int width = 0;
};
struct Screen {
  std::vector<Window *> order;
  std::vector<std::shared_ptr<Window>> windows;
  int hide(Window *window) {
    order.erase(std::remove_if(order.begin(), order.end(), [window](Window *each) { return each == window; }),
                order.end());
    std::erase_if(windows, [window](const std::shared_ptr<Window> &each) { return each.get() == window; });
    return window->width;
  }
};
struct Desktop {
  std::vector<std::unique_ptr<Window>> windows;
  int keepOnly(Window *window) {
    std::erase_if(windows, [window](const std::unique_ptr<Window> &each) { return each.get() != window; });
    return window->width;
  }
};

// A copy of a shared pointer keeps the object, and a key that was changed is another one.
int lastWidth(std::shared_ptr<Window> &window) {
  auto kept = window;
  int &width = kept->width;
  window.reset();
  return width;
}
int nextWidth(std::map<int, std::unique_ptr<Window>> &windows, int number) {
  Window *window = windows.at(number).get();
  ++number;
  windows.erase(number);
  return window->width;
}

struct Link {
  Link *next = nullptr;
  int value = 0;
};
void removeAll(Link *first, int value) {
  for (Link *link = first; link;) {
    Link *next = link->next;
    if (link->value == value) delete link;
    link = next;
  }
}

// A variable that is returned in memory is the result itself.
struct Note {
  char text[32];
  char *end = text;
};
Note makeNote() {
  Note note;
  *note.end++ = 'a';
  return note;
}

// What the global got is gone only where it did not get it, or is taken back.
static int *newest = nullptr;
void remakeOrKeep(bool kept) {
  int *made = new int(1);
  if (kept)
    newest = made;
  else
    delete made;
}
void tryOut(bool shown) {
  int *made = new int(1);
  if (shown) newest = made;
  if (shown) newest = nullptr;
  delete made;
}

// The global is set anew before anybody looks at it.
static std::map<int, std::unique_ptr<int>> stock;
static int *inHand = nullptr;
void take(int key) {
  inHand = stock.at(key).get();
}
int restock() {
  stock.clear();
  stock[1] = std::make_unique<int>(1);
  take(1);
  return inHand ? *inHand : 0;
}

// Who is late frees what it has made, and takes what is there.
static std::atomic<char *> firstText;
static std::intptr_t textSlot;
static int exchanged(std::intptr_t *slot, std::intptr_t old, std::intptr_t next) {
  return __atomic_compare_exchange_n(slot, &old, next, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}
char *textOnce() {
  char *made = static_cast<char *>(std::malloc(8)), *there = nullptr;
  if (firstText.compare_exchange_strong(there, made)) return made;
  std::free(made);
  return there;
}
char *textOnceInSlot() {
  char *made = static_cast<char *>(std::malloc(8));
  if (!exchanged(&textSlot, 0, reinterpret_cast<std::intptr_t>(made))) {
    std::free(made);
    made = reinterpret_cast<char *>(__atomic_load_n(&textSlot, __ATOMIC_ACQUIRE));
  }
  return made;
}

// The other member is set anew with the owner, or the owner is emptied only, at the end.
struct Room {
  std::unique_ptr<int> state;
  int *current = nullptr;

  void open() { current = state.get(); }
  void replace(int to) {
    state = std::make_unique<int>(to);
    open();
  }
  void close() { state.reset(); }
  int value() const { return current ? *current : 0; }
};
struct Refurbished {
  std::unique_ptr<int> state;
  int *current = nullptr;

  int replace(int to) {
    int before = current ? *current : 0;
    state = std::make_unique<int>(to);
    current = state.get();
    return before;
  }
};

// The object that another one waits for takes its place.
struct Candidate {
  int *selected = nullptr;
  std::unique_ptr<int> made;
};
struct Switching {
  std::unique_ptr<Candidate> now, next;

  void use() { now = std::move(next); }
  void prepare() { next = std::make_unique<Candidate>(); }
};

// What a destructor looks at is there while it runs, or it does not run.
struct Bell {
  std::vector<int> rung;
  void ring(int times) { rung.push_back(times); }
};
struct Rope {
  Bell *bell;
  explicit Rope(Bell *b) : bell(b) {}
  ~Rope() { bell->ring(1); }
};
void ringInTime(std::vector<std::unique_ptr<Rope>> &taken) {
  std::unique_ptr<Rope> rope, given;
  std::optional<Rope> spare;
  Bell *bell = new Bell;
  rope = std::make_unique<Rope>(bell);
  given = std::make_unique<Rope>(bell);
  spare.emplace(bell);
  taken.push_back(std::move(given));
  rope.reset();
  spare.reset();
  delete bell;
  taken.clear();
}
std::shared_ptr<Rope> shareRope(Bell &bell, std::shared_ptr<Rope> &other) {
  int *first = &bell.rung.front();
  std::shared_ptr<Rope> rope = std::make_shared<Rope>(&bell);
  other = rope;
  rope.reset();
  ++*first;
  return other;
}
class Church {
public:
  Church() { rope_ = std::make_shared<Rope>(&bell_); }

private:
  Bell bell_;
  std::shared_ptr<Rope> rope_;
};

// A share of what the caller owns ends, and nothing with it.
struct Guest;
struct Host : std::enable_shared_from_this<Host> {
  virtual ~Host() = default;
  void invite(const std::vector<std::string> &names) {
    for (const std::string &name : names) guests.emplace_back(name, shared_from_this());
  }
  std::vector<std::pair<std::string, std::weak_ptr<Host>>> guests;
};

// Each round owns what one element leads to.
struct Request {
  char *buffer = nullptr;
};
int sumOfRequests(int count) {
  std::vector<Request> requests;
  for (int i = 0; i < count; ++i) {
    Request made;
    made.buffer = new char[8]();
    requests.push_back(made);
  }
  int sum = 0;
  for (int i = 0; i < count; ++i) {
    std::unique_ptr<char[]> taken(requests[i].buffer);
    sum += taken[0];
  }
  return sum;
}

// What is kept is one of two globals, for the test says so; all else is copied.
struct Key {
  int *data = nullptr;
};
static const Key *least() {
  static Key key;
  return &key;
}
static const Key *greatest() {
  static Key key;
  return &key;
}
static bool isInfinite(const Key *key) { return key == least() || key == greatest(); }
struct Interval {
  const Key *left = nullptr;
  Key copied;
  void from(const Key *key) {
    left = isInfinite(key) ? key : nullptr;
    if (!left) copied.data = new int(*key->data);
  }
};
int startOfInterval() {
  Interval interval;
  Key *key = new Key{new int(1)};
  interval.from(key);
  delete key;
  return interval.left ? *interval.left->data : *interval.copied.data;
}

// The nodes on a stack are several, though one line put them there.
struct TreePart {
  int length = 0;
  struct TreeNode *node();
};
struct TreeNode : TreePart {
  int height = 0, size = 1;
  TreePart *edges[6] = {};
  TreePart *last() const { return edges[size - 1]; }
  static void end(TreeNode *node) { delete node; }
};
inline TreeNode *TreePart::node() { return static_cast<TreeNode *>(this); }
struct Cut {
  TreeNode *rest;
  TreePart *taken;
};
Cut cut(TreeNode *tree) {
  TreeNode *stack[8];
  int depth = 0;
  Cut result;
  result.rest = tree;
  result.taken = nullptr;
  while (tree->height > 0) {
    stack[depth++] = tree;
    tree = tree->last()->node();
  }
  TreePart *part = tree->last();
  result.taken = part;
  while (tree->size == 1) {
    TreeNode::end(tree);
    if (--depth < 0) {
      result.rest = nullptr;
      return result;
    }
    part = tree;
    tree = stack[depth];
  }
  tree->size--;
  while (depth > 0) {
    tree = stack[--depth];
    tree->length--;
  }
  result.rest = tree;
  return result;
}

// What a call ends is another one than what the one before it has kept.
static std::map<int, std::unique_ptr<int>> gauges;
static int *gauge = nullptr;
int renewGauge() {
  gauges.at(1).reset(new int(3));
  int last = gauge ? *gauge : 0;
  gauge = gauges.at(2).get();
  return last;
}

// Each round looks up what it has put there.
int renewGauges(bool (*more)()) {
  int *last = gauges.at(4).get();
  while (more()) {
    gauges.at(4).reset(new int(3));
    last = gauges.at(4).get();
  }
  return *last;
}

// Whoever gets the pointer may know whether it is done.
int *pointerOrGone(int *given, bool (*done)()) {
  if (done()) delete given;
  return given;
}

// The list is emptied with the owners.
struct Panel {
  std::vector<std::unique_ptr<int>> owned;
  std::vector<int *> shown;

  void load() {
    owned.clear();
    shown.clear();
    owned.push_back(std::make_unique<int>(1));
    shown.push_back(owned.back().get());
  }
  int sum() const {
    int all = 0;
    for (const int *each : shown) all += *each;
    return all;
  }
};

// The key by which a callee ends what an element owns is another one.
struct Ticket {
  int bytes = 0;
};
class Tickets {
public:
  Ticket *get(int id) { return byId_.at(id).get(); }
  Ticket *last() { return recent_.back().get(); }
  void close(int id) { byId_.erase(id); }
  void renew(int id) { byId_.at(id) = std::make_unique<Ticket>(); }
  void addAndRenewLast() {
    recent_.push_back(nullptr);
    recent_.back().reset(new Ticket);
  }

private:
  std::map<int, std::unique_ptr<Ticket>> byId_;
  std::vector<std::unique_ptr<Ticket>> recent_;
};
int closeOther(Tickets &tickets, int id, int other) {
  Ticket *ticket = tickets.get(id);
  tickets.close(other);
  return ticket->bytes;
}
int renewOther(Tickets &tickets, int id, int other) {
  Ticket *ticket = tickets.get(id);
  tickets.renew(other);
  return ticket->bytes;
}
int renewNext(Tickets &tickets, int id) {
  Ticket *ticket = tickets.get(id);
  ++id;
  tickets.renew(id);
  return ticket->bytes;
}
int closeSecond(Tickets &tickets) {
  Ticket *ticket = tickets.get(1);
  tickets.close(2);
  return ticket->bytes;
}
int renewedLast(Tickets &tickets) {
  Ticket *ticket = tickets.last();
  tickets.addAndRenewLast();
  return ticket->bytes;
}

// The end of what a smart pointer had in another function signs it off.
struct Subscriber;
static std::set<Subscriber *> subscribers;
struct Subscriber {
  virtual ~Subscriber() { subscribers.erase(this); }
  void subscribe() { subscribers.insert(this); }
  virtual void notify() = 0;
};
struct Painter : Subscriber {
  int count = 0;
  Painter() { subscribe(); }
  void notify() override { ++count; }
};
struct Settings {
  std::unique_ptr<Painter> painter;
  void setPainting(bool on) {
    painter.reset();
    painter = on ? std::make_unique<Painter>() : nullptr;
  }
};
void notifySubscribers() {
  for (Subscriber *each : subscribers) each->notify();
}
void paintForAWhile() {
  Settings settings;
  settings.setPainting(true);
  notifySubscribers();
  settings.setPainting(false);
  notifySubscribers();
}

// A move that nothing is done in if the object is moved to itself takes what it moves.
class Outcome {
  const char *text = nullptr;
  static const char *copy(const char *of) {
    char *made = new char[std::strlen(of) + 1];
    return std::strcpy(made, of);
  }
public:
  Outcome() = default;
  explicit Outcome(const char *of) : text(copy(of)) {}
  Outcome(const Outcome &other) { text = other.text == nullptr ? nullptr : copy(other.text); }
  Outcome(Outcome &&other) : Outcome() { *this = std::move(other); }
  Outcome &operator=(Outcome &&other) {
    if (this != &other) {
      delete[] text;
      text = nullptr;
      std::swap(text, other.text);
    }
    return *this;
  }
  ~Outcome() { delete[] text; }
  bool ok() const { return text == nullptr; }
};
class Writer {
  Outcome error;

public:
  Outcome check(int n) { return n < 0 ? error : Outcome(); }
  Outcome write(int n) {
    Outcome outcome;
    if (n > 0) outcome = check(n);
    if (!outcome.ok()) return outcome;
    outcome = check(n - 1);
    return outcome;
  }
};

// A callback that takes itself out last, or of which a copy runs.
class Requests {
public:
  void send(int id, std::string text) {
    handlers_[id] = [this, id, text](int code) {
      if (code != 0) failed_ = text;
      handlers_.erase(id);
    };
  }
  void sendOther(int id, std::string text) {
    others_[id] = [this, id, text](int code) {
      others_.erase(id);
      if (code != 0) failed_ = text;
    };
  }
  void received(int id, int code) {
    auto handler = handlers_.find(id);
    if (handler != handlers_.end()) handler->second(code);
  }
  void receivedOther(int id, int code) {
    std::function<void(int)> handler = others_[id];
    handler(code);
    std::function<void(int)> last = std::move(others_[id + 1]);
    last(code);
  }

private:
  std::map<int, std::function<void(int)>> handlers_, others_;
  std::string failed_;
};
class Dialog {
public:
  void open(std::string answer) {
    closed_ = [this, answer] {
      Dialog *self = this;
      std::string copy = answer;
      closed_ = nullptr;
      self->answer_ = copy;
    };
  }
  void openNext(std::string answer) {
    closed_ = [this, answer] {
      next_ = nullptr;
      answer_ = answer;
    };
  }
  void close() {
    if (closed_) closed_();
  }

private:
  std::function<void()> closed_, next_;
  std::string answer_;
};

// What is owned by several levels signs off where the outermost owner lets go, each object of its own.
struct Whistle {
  std::vector<std::function<void()>> heard;
  void blow() {
    for (auto &each : heard) each();
  }
};
class Wagon {
public:
  explicit Wagon(Whistle &whistle) : whistle_(whistle) {
    whistle.heard.push_back([this] { ++count_; });
  }
  ~Wagon() { whistle_.heard.clear(); }

private:
  Whistle &whistle_;
  int count_ = 0;
};
struct Convoy {
  std::vector<std::shared_ptr<Wagon>> wagons;
  void add(Whistle &whistle) { wagons.push_back(std::make_shared<Wagon>(whistle)); }
};
void drive() {
  Whistle first, second;
  auto convoy = std::make_shared<Convoy>();
  convoy->add(first);
  convoy->add(second);
  first.blow();
  convoy.reset();
  first.blow();
  second.blow();
}

// An object of a class signs off as what the class is: while it ends, it is nothing else any more.
template <class T> class Enrolled {
public:
  static int sum() {
    int all = 0;
    for (Enrolled *each : all_) all += each->size();
    return all;
  }

protected:
  void enroll() { all_.insert(this); }
  virtual ~Enrolled() { all_.erase(this); }
  virtual int size() const = 0;

private:
  static inline std::set<Enrolled *> all_;
};
class Bud : public Enrolled<Bud> {
public:
  Bud() { enroll(); }
  int size() const override { return 1; }
};
class Branch {
public:
  void grow() { bud_ = std::make_unique<Bud>(); }
  void shed() { bud_.reset(); }

private:
  std::unique_ptr<Bud> bud_;
};
int sizeOfBuds() { return Enrolled<Bud>::sum(); }

// What a thread uses is declared before the member whose end waits for it, or a destructor waits before, or does not wait.
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
  std::vector<std::string> pages_;
  std::jthread thread_;
  std::vector<std::string> printed_;
};
class Scanner {
public:
  void start() { thread_ = std::jthread([this](std::stop_token stop) { run(stop); }); }
  ~Scanner() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }

private:
  void run(std::stop_token stop) {
    while (!stop.stop_requested()) pages_.push_back("page");
  }
  std::jthread thread_;
  std::vector<std::string> pages_;
};
class Plotter {
public:
  Plotter() : thread_(&Plotter::run, this) {}
  ~Plotter() { thread_.join(); }

private:
  void run() { pages_.push_back("page"); }
  std::thread thread_;
  std::vector<std::string> pages_;
};
class Crew {
public:
  explicit Crew(int size) {
    for (int i = 0; i < size; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Crew() { stop(); }
  void stop() {
    done_ = true;
    for (std::thread &each : threads_) each.join();
    threads_.clear();
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
  std::vector<std::string> goods_;
  Crew crew_;
};
class Shed {
public:
  Shed() : crew_(2) {
    crew_.push([this] { goods_.push_back("crate"); });
  }

private:
  Crew crew_;
  std::vector<std::string> goods_;
};
class Dock {
public:
  Dock() : crew_(2) {
    crew_.push([this] { load(); });
  }
  ~Dock() { crew_.stop(); }

private:
  void load() {
    while (!closed_) goods_.push_back("crate");
  }
  std::atomic<bool> closed_{false};
  Crew crew_;
  std::vector<std::string> goods_;
};
void scan() {
  Scanner scanner;
  scanner.start();
}


// Of the members of a union there is the one that was written last.
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
  void insert(int value) {
    if (isArray && array.count == 8) toList();
    if (isArray) array.values[array.count++] = value;
  }
};
int bothWays(Series &series) {
  series.toList();
  int first = series.first();
  series.toArray();
  return first + series.first();
}

// Each round deletes what the iterator leads to then, and what is walked through is a copy of what changes.
class Wire;
class Clamp {
public:
  ~Clamp();
  void add(Wire *wire) { wires_.push_back(wire); }
  void remove(Wire *wire) { std::erase(wires_, wire); }

private:
  std::vector<Wire *> wires_;
};
class Wire {
public:
  Wire(Clamp &first, Clamp &second) : first_(first), second_(second) {
    first_.add(this);
    second_.add(this);
  }
  ~Wire() {
    first_.remove(this);
    second_.remove(this);
  }

private:
  Clamp &first_, &second_;
};
template <class Iterator> void deleteEach(Iterator first, Iterator last) {
  for (; first != last; ++first) delete *first;
}
template <class Range> void deleteEach(const Range &all) { deleteEach(all.begin(), all.end()); }
Clamp::~Clamp() {
  const std::vector<Wire *> wires = wires_;
  deleteEach(wires);
}
