#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

void repeat(std::vector<int> &values) {
  std::vector<int> more;
  for (int value : values)
    if (value > 10) more.push_back(value);
  for (int value : more) values.push_back(value);
}

void first(std::vector<int> &values) {
  for (int value : values)
    if (value > 10) {
      values.push_back(value);
      break;
    }
}

void change(std::vector<int> &values) {
  for (int &value : values) ++value;
}

void copied(std::map<int, int> &table) {
  std::map<int, int> before = table;
  for (auto &entry : before)
    if (entry.second == 0) table.erase(entry.first);
}

void others(std::vector<int> &values, std::vector<int> &more) {
  for (int value : values) more.push_back(value);
}

void inner(std::map<int, std::vector<int>> &table) {
  for (auto &entry : table) entry.second.push_back(1);
}

// What was queued is moved to another member before it runs, and closes the connection then.
struct Write {
  std::vector<char> bytes;
  std::function<void(bool)> done;
};
struct Queue {
  std::vector<Write> waiting, running;
  void add(std::vector<char> bytes, std::function<void(bool)> done) {
    waiting.push_back({std::move(bytes), std::move(done)});
  }
  void fill() {
    for (Write &each : waiting) running.push_back(std::move(each));
    waiting.clear();
  }
  void finish() {
    while (!running.empty()) {
      Write last = std::move(running.back());
      running.pop_back();
      last.done(false);
    }
  }
};
struct Connection {
  Queue queue;
  void send(std::vector<char> bytes) {
    queue.add(std::move(bytes), [this](bool failed) {
      if (failed) queue.running.clear();
    });
  }
};

struct Sparse {
  std::map<int, int> cells;
  void forget() {
    for (auto &[id, weight] : cells) {
      int opposite = -id;
      if (weight == 0) {
        cells.erase(opposite);
        break;
      }
    }
  }
  void forgetOne(int other) {
    for (auto &[id, weight] : cells)
      if (weight == 0 && id != other) cells.erase(other);
  }
};

// The loop walks over a copy, and that the listener's other subject is this one is not known.
class Topic;
class Listener {
public:
  Listener(Topic &topic, Topic &other);
  void told();
  void toldLast();

private:
  Topic &topic_;
  Topic &other_;
};
class Topic {
public:
  void add(Listener *each) { listeners_.push_back(each); }
  void drop(Listener *each) { listeners_.erase(std::find(listeners_.begin(), listeners_.end(), each)); }
  void tell() {
    std::vector<Listener *> now = listeners_;
    for (Listener *each : now) each->told();
    for (Listener *each : listeners_) each->toldLast();
  }

private:
  std::vector<Listener *> listeners_;
};
Listener::Listener(Topic &topic, Topic &other) : topic_(topic), other_(other) { topic.add(this); }
void Listener::told() { topic_.drop(this); }
void Listener::toldLast() { other_.drop(this); }

// Constants that differ look up different indices, and these different groups.
struct Group {
  std::vector<std::string> names;
};
class Groups {
public:
  void merge(const std::vector<std::size_t> &which) {
    for (auto &name : all.at(which[1]).names) all.at(which[0]).names.push_back(name);
  }

private:
  std::vector<Group> all;
};

// A key that is read from an element of the map is in there: nothing is inserted.
std::size_t sizeOf(std::unordered_map<int, std::vector<int>> &lists, int key) { return lists[key].size(); }
std::size_t sizesByKey(std::unordered_map<int, std::vector<int>> &lists) {
  std::size_t sum = 0;
  for (auto &entry : lists) sum += lists[entry.first].size();
  for (auto &[key, list] : lists) sum += lists[key].size() + sizeOf(lists, key);
  auto size = [&](int key) { return lists[key].size(); };
  for (auto &entry : lists) sum += size(entry.first);
  return sum;
}

// One of the rooms that a visitor has entered is the one that it was reached from: a copy is walked through.
class Visitor;
class Room {
public:
  void enter(Visitor &visitor);
  void leave(Visitor &visitor);
  void close();
  void closeOthers();

private:
  std::vector<Visitor *> visitors_;
  int closed_ = 0;
};
class Visitor {
public:
  void goHome() {
    while (!rooms_.empty()) rooms_.back()->leave(*this);
  }
  void leaveAllBut(Room *room) {
    for (Room *each : rooms_)
      if (each != room) each->leave(*this);
  }

private:
  friend class Room;
  std::vector<Room *> rooms_;
};
void Room::enter(Visitor &visitor) {
  visitors_.push_back(&visitor);
  visitor.rooms_.push_back(this);
}
void Room::leave(Visitor &visitor) { std::erase(visitors_, &visitor); }
void Room::close() {
  const std::vector<Visitor *> visitors = visitors_;
  for (Visitor *visitor : visitors) visitor->goHome();
}
void Room::closeOthers() {
  for (Visitor *visitor : visitors_) visitor->leaveAllBut(this);
}

// The signal that calls is a part of what the called one knows: it walks through a copy, or by index, or another signal is
// changed.
class Gauge {
public:
  virtual ~Gauge() = default;
  virtual void shown(int value) = 0;
};
struct Entry {
  int level;
  Gauge *gauge;
};
class Board {
public:
  void add(int level, Gauge *gauge) { entries_.push_back({level, gauge}); }
  void drop(Gauge *gauge) {
    entries_.erase(std::find_if(entries_.begin(), entries_.end(), [=](const Entry &each) { return each.gauge == gauge; }));
  }
  void show(int value) {
    const std::vector<Entry> entries = entries_;
    for (const Entry &each : entries) each.gauge->shown(value);
  }

private:
  std::vector<Entry> entries_;
};
struct Cockpit {
  int flights = 0;
  Board board, spare;
};
class Altimeter : public Gauge {
public:
  explicit Altimeter(Cockpit &cockpit) : cockpit_(cockpit) { cockpit_.board.add(1, this); }
  void shown(int value) override {
    if (value < 0) cockpit_.board.drop(this);
    cockpit_.spare.add(1, this);
  }

private:
  Cockpit &cockpit_;
};
struct Slots {
  void add(std::function<void(int)> slot) { all.push_back(std::make_unique<std::function<void(int)>>(std::move(slot))); }
  void call(int value) {
    for (const auto &each : all) (*each)(value);
  }
  void callByIndex(int value) {
    for (std::size_t i = 0; i < all.size(); ++i) (*all[i])(value);
  }
  std::vector<std::unique_ptr<std::function<void(int)>>> all;
};
struct Model {
  int value = 0;
  Slots shown;
};
class Label {
public:
  explicit Label(Model &model) {
    model.shown.add([this](int value) { text_ = value; });
  }

private:
  int text_ = 0;
};
struct Screen {
  Slots drawn;
};
class Panel {
public:
  Panel(Model &model, Screen &screen) : model_(model) {
    screen.drawn.add([this](int) { update(); });
  }
  void update() {
    if (!label_) label_ = std::make_unique<Label>(model_);
  }

private:
  Model &model_;
  std::unique_ptr<Label> label_;
};


// A copy of the key of the element at hand finds that element.
int counted(std::unordered_map<int, int> &counts) {
  int sum = 0;
  for (auto &entry : counts) {
    auto key = entry.first;
    if (key > 0) sum += counts[key];
  }
  for (auto &[first, count] : counts) {
    int key = first;
    counts[key] = 0;
  }
  return sum;
}
