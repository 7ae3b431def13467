#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

void repeat(std::vector<int> &values) {
  for (int value : values) // expect: range-for-mutation
    if (value > 10) values.push_back(value);
}

struct Graph {
  std::unordered_map<int, std::vector<int>> edges;

  void link(int from, int to) { edges[from].push_back(to); }

  void mirror() {
    for (auto &[from, targets] : edges) // expect: range-for-mutation
      for (int to : targets)            // expect: range-for-mutation
        link(to, from);
  }
};

void purge(std::map<int, int> &table) {
  for (auto &entry : table) // expect: range-for-mutation
    if (entry.second == 0) table.erase(entry.first);
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
    for (Write &each : running) each.done(false); // expect: range-for-mutation
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

// The loop comes to each element, so to the one that is looked up by whatever key.
struct Sparse {
  std::map<int, int> cells;
  void sweep() {
    for (auto &[id, weight] : cells) { // expect: range-for-mutation
      int opposite = -id;
      if (weight == 0) cells.erase(opposite);
    }
  }
};

// An observer leads back to its subject: what it does to the subject's observers is done to those that the loop walks.
class Subject;
class Observer {
public:
  explicit Observer(Subject &subject);
  void changed(bool last);

private:
  Subject &subject_;
};
class Subject {
public:
  void attach(Observer *each) { observers_.push_back(each); }
  void detach(Observer *each) { observers_.erase(std::find(observers_.begin(), observers_.end(), each)); }
  void notify(bool last) {
    for (Observer *each : observers_) each->changed(last); // expect: range-for-mutation
  }

private:
  std::vector<Observer *> observers_;
};
Observer::Observer(Subject &subject) : subject_(subject) { subject.attach(this); }
void Observer::changed(bool last) {
  if (last) subject_.detach(this);
}

// So does a guest to the house that it was made for.
class House;
class Guest {
public:
  explicit Guest(House *house) : house_(house) {}
  void leave(int number);

private:
  House *house_;
};
class House {
public:
  void enter(int number) {
    guests_.push_back(std::make_unique<Guest>(this));
    byNumber_.emplace(number, guests_.back().get());
  }
  void forget(int number) { byNumber_.erase(number); }
  void close() {
    for (const auto &[number, guest] : byNumber_) guest->leave(number); // expect: range-for-mutation
  }

private:
  std::vector<std::unique_ptr<Guest>> guests_;
  std::unordered_multimap<int, Guest *> byNumber_;
};
void Guest::leave(int number) { house_->forget(number); }

// A value of the map, another map's key and a key that is computed may not be in there.
int sumOfValues(std::unordered_map<int, int> &next) {
  int sum = 0;
  for (auto &entry : next) sum += next[entry.second]; // expect: range-for-mutation
  return sum;
}
int sumOfOthers(std::unordered_map<int, int> &values, std::unordered_map<int, int> &others) {
  int sum = 0;
  for (auto &entry : values) sum += values[others.begin()->first] + entry.second; // expect: range-for-mutation
  return sum;
}
int sumOfFollowing(std::unordered_map<int, int> &values) {
  int sum = 0;
  for (auto &[key, value] : values) sum += values[key + 1]; // expect: range-for-mutation
  return sum;
}

// One of the rooms that a visitor has entered is the one that it was reached from.
class Visitor;
class Room {
public:
  void enter(Visitor &visitor);
  void leave(Visitor &visitor);
  void close();

private:
  std::vector<Visitor *> visitors_;
};
class Visitor {
public:
  void goHome() {
    while (!rooms_.empty()) rooms_.back()->leave(*this);
  }

private:
  friend class Room;
  std::vector<Room *> rooms_;
};
void Room::enter(Visitor &visitor) {
  visitors_.push_back(&visitor);
  visitor.rooms_.push_back(this);
}
void Room::leave(Visitor &visitor) {
  std::erase(visitors_, &visitor);
  std::erase(visitor.rooms_, this);
}
void Room::close() {
  for (Visitor *visitor : visitors_) visitor->goHome(); // expect: range-for-mutation
}

// One of those that the owner keeps is the one that calls it.
class Ledger;
class Account {
public:
  explicit Account(Ledger &ledger) : ledger_(ledger) {}
  void book(int amount) { waiting_.push_back(amount); }
  void dropBelow(int amount) { std::erase_if(waiting_, [=](int each) { return each < amount; }); }
  void settle();

private:
  Ledger &ledger_;
  std::vector<int> waiting_;
};
class Ledger {
public:
  Account &open(int number) {
    auto &account = accounts_[number];
    if (!account) account = std::make_unique<Account>(*this);
    return *account;
  }
  void settled(int amount) {
    for (auto &[number, account] : accounts_) account->dropBelow(amount);
  }

private:
  std::map<int, std::unique_ptr<Account>> accounts_;
};
void Account::settle() {
  for (int amount : waiting_) ledger_.settled(amount); // expect: range-for-mutation
}

// The signal that calls is a part of what the called one knows.
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
    for (const Entry &each : entries_) each.gauge->shown(value); // expect: range-for-mutation
  }

private:
  std::vector<Entry> entries_;
};
struct Cockpit {
  int flights = 0;
  Board board;
};
class Altimeter : public Gauge {
public:
  explicit Altimeter(Cockpit &cockpit) : cockpit_(cockpit) { cockpit_.board.add(1, this); }
  void shown(int value) override {
    if (value < 0) cockpit_.board.drop(this);
  }

private:
  Cockpit &cockpit_;
};

// So it is for a closure, whose object was told of it when it was made.
struct Slots {
  void add(std::function<void(int)> slot) { all.push_back(std::make_unique<std::function<void(int)>>(std::move(slot))); }
  void call(int value) {
    for (const auto &each : all) (*each)(value); // expect: range-for-mutation
  }
  std::vector<std::unique_ptr<std::function<void(int)>>> all;
};
struct Model {
  int value = 0;
  Slots changed;
};
class Label {
public:
  explicit Label(Model &model) {
    model.changed.add([this](int value) { text_ = value; });
  }

private:
  int text_ = 0;
};
class Panel {
public:
  explicit Panel(Model &model) : model_(model) {
    model.changed.add([this](int) { update(); });
  }
  void update() {
    if (!label_) label_ = std::make_unique<Label>(model_);
  }

private:
  Model &model_;
  std::unique_ptr<Label> label_;
};


// A copy of the key of the element at hand, until it is changed.
void shifted(std::unordered_map<int, int> &counts) {
  for (auto &entry : counts) { // expect: range-for-mutation
    auto key = entry.first;
    ++key;
    counts[key] = entry.second;
  }
}
