// Disagreements that the oracle once found, reduced.
// RUN: %expect --flags "-std=c++20 %hmap" %s

#include <cstdint>
#include <deque>
#include <functional>
#include <hmap/map.h>
#include <list>
#include <map>
#include <memory>
#include <stack>
#include <string>
#include <string_view>
#include <vector>

int fresh();

void ownElement(std::vector<std::string> &v) { v.push_back(v[0]); }

void sweep(std::map<int, int> &m) {
  for (auto i = m.begin(); i != m.end();)
    if (i->second)
      m.erase(i++);
    else
      ++i;
}

std::function<int()> swapped(hmap::map<int, int> &given) {
  int &r = given[1];
  hmap::map<int, int> local{{1, 1}};
  given.swap(local);
  return [&] { return r; }; // expect: closure-captures-element
}

int next(std::map<int, int> &m) {
  auto i = m.find(1);
  auto j = std::next(i);
  m.erase(i);
  return j->second;
}

int lookedUpTwice(std::map<int, int> &m) {
  auto i = m.find(1);
  m.erase(m.find(1));
  return i->second; // expect: iterator-invalidated
}

int walked(std::map<int, int> &m) {
  int sum = 0;
  for (auto &[k, v] : m) { // FN_range-for-mutation
    sum += v;
    m.erase(3);
  }
  return sum;
}

int behindTheBack(std::list<int> &l) {
  int &r = l.back();
  l.push_back(2);
  l.pop_back();
  return r;
}

static void add(std::list<int> &l) { l.push_back(2); }

int behindTheBackOfACallee(std::list<int> &l) {
  int &r = l.back();
  add(l);
  l.pop_back();
  return r;
}

int behindTheBackWithRoom() {
  std::vector<int> v{1, 2};
  v.reserve(64);
  int &r = v.back();
  v.push_back(2);
  v.pop_back();
  return r;
}

int behindTheTop(std::stack<int> &s) {
  int &r = s.top();
  s.push(2);
  s.pop();
  return r;
}

int secondElement(std::deque<int> &c) {
  int &r = *(c.begin() + 1);
  c.pop_front();
  return r;
}

int firstElement(std::deque<int> &c) {
  int &r = *c.begin();
  c.pop_front();
  return r; // expect: element-invalidated
}

int insertedAtTheEnds(std::deque<int> &c) {
  int &r = c[1];
  c.insert(c.begin(), 2);
  c.insert(c.end(), 2);
  return r;
}

int insertedInside(std::deque<int> &c) {
  int &r = c[1];
  c.insert(c.begin() + 1, 2);
  return r; // expect: element-invalidated(likely)
}

std::deque<int>::iterator movedOn() {
  std::deque<int> c{1, 2};
  return c.begin() + 1; // expect: return-local
}

int firstTwice(std::map<int, int> &m) {
  auto i = m.begin();
  m.erase(m.begin());
  return i->second; // expect: iterator-invalidated(definite)
}

int anotherFirst(std::map<int, int> &m) {
  auto i = m.begin();
  m[fresh()] = 2;
  m.erase(m.begin());
  return i->second;
}

int walkedFromTheFirst(std::map<int, int> &m) {
  int sum = 0;
  for (auto &[k, v] : m) { // expect: range-for-mutation
    sum += v;
    m.erase(m.begin());
  }
  return sum;
}

int frontByIterator(std::list<int> &l) {
  int &r = l.front();
  l.erase(l.begin());
  return r; // expect: element-invalidated
}

int anotherFront(std::list<int> &l) {
  auto i = l.begin();
  l.push_front(2);
  l.erase(l.begin());
  return *i;
}

int frontByIndex(std::deque<int> &c) {
  int &r = c[0];
  c.pop_front();
  return r; // expect: element-invalidated
}

bool pick();
void keepShared(std::shared_ptr<int> owner);
static int *held;
static std::vector<int *> allHeld;

void ownedByALocal() {
  std::unique_ptr<int> owner = std::make_unique<int>(8);
  held = owner.get(); // expect: global-holds-local: which ends with its owner
}

void sharedWithOthers() {
  std::shared_ptr<int> owner = std::make_shared<int>(8);
  held = owner.get();
  keepShared(owner);
}

void sharedWithNobody() {
  std::shared_ptr<int> owner = std::make_shared<int>(8);
  held = owner.get(); // expect: global-holds-local
}

int resetGiven(std::unique_ptr<int> &owner) {
  int &r = *owner;
  owner.reset(new int(3));
  return r; // expect: owner-gone(definite)
}

int releaseGiven(std::shared_ptr<int> &owner) {
  int &r = *owner;
  owner.reset(new int(3));
  return r;
}

void releasedSometimes() {
  std::unique_ptr<int> owner = std::make_unique<int>(8);
  held = pick() ? owner.release() : nullptr;
}

void ownedByAParameterToo(std::unique_ptr<int> owner) {
  held = &*owner; // expect: global-holds-local
}

static void sink(std::unique_ptr<int> owner) { *owner = 1; }

int sunk() {
  std::unique_ptr<int> owner = std::make_unique<int>(2);
  int *raw = owner.get();
  sink(std::move(owner));
  return *raw; // expect: owner-gone(definite)
}

void twoPointers() {
  int local = 1;
  allHeld.push_back(&local); // expect: global-holds-local
  int *other = &local;
}

int *ownedByAParameter(std::unique_ptr<int> owner) {
  return owner.get(); // expect: owner-gone
}

void keep(std::unique_ptr<int> &&owner);

int *handedOn(std::unique_ptr<int> owner) {
  int *held = owner.get();
  keep(std::move(owner));
  return held;
}

int &deletedAndReturned(int *given) {
  delete given;
  return *given; // expect: owner-gone
}

void clearedBefore(std::string text, std::vector<std::string *> &out) {
  out.clear();
  out.push_back(&text); // expect: outparam-escape
}

static std::vector<std::vector<int> *> vectors;

void storedInALoop() {
  std::vector<int> local{1, 2};
  while (pick()) {
    vectors.push_back(&local); // expect: global-holds-local
    local = std::vector<int>{3, 4};
  }
}

static std::vector<int> numbers{1, 2};
static int *current, *latest;

// The first to be called may find the element of the call before moved.
void keepSometimes() {
  numbers.push_back(3);
  if (pick()) current = &numbers[1]; // expect: global-holds-element
}

static std::vector<int> others{1, 2};

void useThenKeep() {
  others.push_back(3);
  if (latest) *latest = 1;
  latest = &others[1]; // expect: global-holds-element
}

void returnsBeforeTheReset() {
  int local = 1;
  held = &local; // expect: global-holds-local
  if (pick()) return;
  held = nullptr;
}

void resetsPerhaps() {
  int local = 1;
  held = &local; // expect: global-holds-local
  if (pick()) held = nullptr;
}

int erasedByIterator(hmap::map<int, int> &m) {
  int &r = m.at(1);
  m.erase(m.find(1));
  return r; // expect: element-invalidated
}

static void eraseFirst(std::map<int, int> &m) {
  auto i = m.begin();
  m.erase(i);
}

int erasedByACallee(std::map<int, int> &m) {
  auto i = m.begin();
  eraseFirst(m);
  return i->second; // expect: iterator-invalidated
}

int resetElement(std::vector<std::unique_ptr<int>> &owners) {
  int *p = owners[0].get();
  owners[0].reset(new int(3));
  return *p; // expect: owner-gone(definite)
}

int popped() {
  std::vector<std::unique_ptr<int>> owners;
  owners.push_back(std::make_unique<int>(1));
  owners.push_back(std::make_unique<int>(2));
  int *p = owners.back().get();
  owners.pop_back();
  return *p; // expect: owner-gone(definite)
}

int takenBefore() {
  std::vector<std::unique_ptr<int>> owners;
  owners.push_back(std::make_unique<int>(1));
  int *p = owners.back().get();
  std::unique_ptr<int> kept = std::move(owners.back());
  owners.pop_back();
  return *p;
}

struct Store {
  std::vector<std::unique_ptr<int>> items;
  std::map<int, std::unique_ptr<int>> byId;

  int *first() { return items[0].get(); }
  void drop() { items.clear(); }
  std::unique_ptr<int> take() {
    auto last = std::move(items.back());
    items.pop_back();
    return last;
  }

  int erase(int id) {
    auto found = byId.find(id);
    int *p = found->second.get();
    byId.erase(found);
    return *p; // expect: owner-gone(definite)
  }

  int dropped() {
    int *p = first();
    drop();
    return *p; // expect: owner-gone(definite)
  }

  int grown() {
    int *p = items[0].get();
    items.push_back(std::make_unique<int>(1));
    return *p;
  }

  int taken() {
    int *p = items.back().get();
    auto last = take();
    return *p;
  }

  int allTaken() {
    int *p = items[0].get();
    auto all = std::move(items);
    items.clear();
    return *p;
  }

  int swept() {
    for (auto i = items.begin(); i != items.end();) {
      int *p = i->get();
      if (pick())
        i = items.erase(i);
      else
        ++i, *p = 1;
    }
    return 0;
  }
};

static std::uintptr_t hidden;

struct Hides {
  std::unique_ptr<int> owner = std::make_unique<int>(1);
  void renew() {
    hidden = reinterpret_cast<std::uintptr_t>(owner.get()); // expect: owner-gone
    owner.reset(new int(3));
  }
};

// What a swap or a move takes away ends with the local that it comes to.
struct Emptied {
  std::map<int, int> items;
  std::vector<std::unique_ptr<int>> owners;
  int *kept = nullptr;

  void keep() { kept = &items[1]; } // expect: field-holds-element
  void empty() {
    std::map<int, int> local;
    items.swap(local);
  }

  int used() {
    int &r = items.at(1);
    empty();
    return r; // expect: element-invalidated
  }

  void exchange(std::map<int, int> &other) { items.swap(other); }
  int usedAfterExchange(std::map<int, int> &other) {
    int &r = items.at(1);
    exchange(other);
    return r;
  }

  void tidy() {
    std::map<int, int> local;
    items.swap(local);
    local.size();
    items.swap(local);
  }
  int usedAfterTidying() {
    int &r = items.at(1);
    tidy();
    return r;
  }

  void hand(std::vector<std::unique_ptr<int>> &out) {
    auto all = std::move(owners);
    owners.clear();
    for (auto &each : all) out.push_back(std::move(each));
  }
  int usedAfterHanding(std::vector<std::unique_ptr<int>> &out) {
    int *p = owners[0].get();
    hand(out);
    return *p;
  }
};

static std::list<std::string> lines{"a", "b"};

char viewOfPopped() {
  std::string_view view = lines.back();
  lines.pop_back();
  return view[0]; // expect: view-dangles
}

int innerOfErased(std::vector<std::vector<int>> &rows) {
  int &first = rows[0][0];
  rows.erase(rows.begin());
  return first; // expect: element-invalidated
}

int innerOfAnother(std::list<std::vector<int>> &rows) {
  int &first = rows.front()[0];
  rows.pop_back();
  return first;
}

static std::deque<std::string> words{"a", "b", "c"};
static std::string_view word;

void eraseFirstWord() {
  auto i = words.begin();
  words.erase(i);
}

void keepWord() { word = words[0]; } // expect: global-holds-element

static std::list<int> shared{1, 2};

struct KeepsShared {
  std::vector<int *> held;
  void empty() { shared.clear(); }
  void keep() { held.push_back(&shared.front()); } // expect: field-holds-element
};

struct Keeper {
  std::list<std::string> items{"a", "b"};
  std::string_view held;
};

char popAfterKeeping(Keeper &keeper) {
  keeper.held = keeper.items.back(); // expect: outparam-escape: which 'pop_back' may have moved or destroyed
  keeper.items.pop_back();
  return keeper.held[0]; // expect: view-dangles
}

static std::list<std::string> sheets{"a", "b"};
static std::string *sheet = nullptr;

bool again();

void keepSheetSometimes() {
  sheets.clear();
  sheets.push_back("c");
  if (again()) sheet = &sheets.front(); // expect: global-holds-element
}

static std::map<int, int> counts{{1, 1}};
static int *counter = nullptr;

int countAnew() {
  counts.clear();
  counts[1] = 0;
  int before = counter ? *counter : 0;
  counter = &counts[1]; // expect: global-holds-element
  return before;
}

static std::map<int, int> ages{{1, 1}, {3, 1}};
static int *age = nullptr;

void keepFirstAge() { age = &ages.at(1); }
void eraseThirdAge() { ages.erase(3); }

struct Lines {
  std::vector<int> items{1, 2};
  int *held = nullptr;
  void keepOrGrow() {
    if (again()) {
      held = &items[0]; // expect: field-holds-element
    } else {
      items.push_back(3);
      Lines another;
    }
  }
};

int swappedInLoop(std::list<int> &other) {
  std::list<int> mine{1, 2};
  int sum = 0;
  for (int each : mine) { // expect: range-for-mutation
    sum += each;
    if (sum == 1) mine.swap(other);
  }
  return sum;
}

void takenBackInALoop() {
  int local = 1;
  held = &local; // expect: global-holds-local
  while (again()) held = nullptr;
}

void keptSometimesAndTakenBackPerhaps() {
  int local = 1;
  if (again()) held = &local;
  if (pick()) held = nullptr;
}

static std::unique_ptr<int> engine{new int(1)}, door{new int(1)};

struct Driver {
  int *held = nullptr, *left = nullptr;
  void sitDown() { held = engine.get(); } // expect: owner-gone
  void leave() { left = door.get(); }
};

void exchangeEngine() { engine.reset(new int(2)); }
void removeDoor() { door.reset(); }

static std::vector<std::unique_ptr<int>> givenOwners;

int clearGiven() {
  int &first = *givenOwners.front();
  givenOwners.clear();
  return first; // expect: owner-gone
}

int eraseGiven(std::map<int, std::unique_ptr<int>> &owners) {
  int *p = owners[1].get();
  owners.erase(1);
  return *p; // expect: owner-gone
}

int eraseTakenOut(std::map<int, std::unique_ptr<int>> &owners) {
  std::unique_ptr<int> p = std::move(owners[1]);
  owners.erase(1);
  return *p;
}

int eraseShared(std::map<int, std::shared_ptr<int>> &owners) {
  int *p = owners[1].get();
  owners.erase(1);
  return *p;
}

int takenFromTheBackInALoop(std::list<int> &l) {
  int sum = 0;
  for (int each : l) { // expect: range-for-mutation
    sum += each;
    l.pop_back();
  }
  return sum;
}

int takenFromTheFrontAtTheEnd(std::list<int> &l) {
  for (int each : l)
    if (each == 1) {
      l.pop_front();
      break;
    }
  return 0;
}

static int *either = nullptr;

void keptOnOneWayOnly(std::map<int, int> &m) {
  int local = 1;
  if (pick())
    either = &local; // expect: global-holds-local
  else
    either = nullptr;
}

struct Shelf {
  std::vector<std::string> books;
  std::string_view open;
  std::string *lent = nullptr;

  void read() { open = books[0]; } // expect: field-holds-element
  void replace() {
    open = open;
    books = {"another"};
  }
  void add() { books.push_back("one more"); }
};

void lend(Shelf &shelf) { shelf.lent = &shelf.books[0]; } // expect: outparam-escape

struct Cupboard {
  std::map<int, int> notes;
  int *last = nullptr, *other = nullptr;

  void look() {
    last = &notes[3]; // expect: field-holds-element
    other = &notes[4];
  }
  void tidy() { notes.erase(3); }
};

static std::vector<std::string> spoken;
static std::string *lastSpoken = nullptr;

std::size_t choose() {
  std::size_t before = lastSpoken ? lastSpoken->size() : 0;
  lastSpoken = &spoken.back(); // expect: global-holds-element
  return before;
}

void chooseAndForget() {
  choose();
  spoken.erase(spoken.begin());
}

static std::vector<std::unique_ptr<int>> bought;
static int *lookedAt = nullptr;

void lookedAtAndCleared() {
  lookedAt = bought.front().get(); // expect: owner-gone
  bought.clear();
}

static std::unique_ptr<int> only = std::make_unique<int>(1);

void replaceOnly(int &given) {
  only = std::make_unique<int>(2);
  given = 4;
}

void knownByTheGlobal() {
  only = std::make_unique<int>(2);
  *only = 4;
}

void givenWhatAGlobalOwns() {
  replaceOnly(*only); // expect: owner-gone
  knownByTheGlobal();
}

bool pick();

int &anyOfThem(std::map<int, int> &m) {
  int &r = m.at(2);
  for (auto &[key, value] : m)
    if (pick()) {
      m.erase(key);
      break;
    }
  return r; // expect: element-invalidated(likely)
}

int &anyWhenFull(std::map<int, int> &m) {
  int &r = m.at(2);
  for (auto &[key, value] : m) {
    if (m.size() < 8) break;
    m.erase(key);
    break;
  }
  return r; // expect: element-invalidated(likely)
}

int &chosen(std::map<int, int> &m) {
  int &r = m.at(2);
  for (auto &[key, value] : m) {
    if (value != 0) continue;
    m.erase(key);
    break;
  }
  return r; // FN_element-invalidated
}

int movedAway(hmap::map<int, int> &m) {
  auto i = m.find(1);
  hmap::map<int, int> other = std::move(m);
  return i->second; // expect: iterator-invalidated
}

int assignedElsewhere(hmap::map<int, int> &m, hmap::map<int, int> &other) {
  int &r = m.at(1);
  auto i = m.find(1);
  other = std::move(m);
  i = other.find(1);
  return i->second + r;
}

int &anyEntry(hmap::map<int, int> &m) {
  int &r = m.at(2);
  for (auto [key, value] : m)
    if (pick()) m.erase(key);
  return r; // expect: element-invalidated(likely)
}

std::vector<int> &valueAt(hmap::map<int, std::vector<int>>::iterator i) { return i->second; }
int valuesMoved(hmap::map<int, std::vector<int>> &m) {
  std::vector<int> &r = valueAt(m.find(2));
  m[fresh()] = {5, 2, 3};
  return r[0]; // expect: element-invalidated(likely)
}

static hmap::map<int, int> entries;
int readLate(hmap::map<int, int>::iterator i) {
  entries[fresh()] = 1;
  return i->second;
}
int readLateOf() {
  return readLate(entries.find(3)); // expect: iterator-invalidated(likely)
}
int readFirst(hmap::map<int, int>::iterator i) {
  int read = i->second;
  entries[fresh()] = 1;
  return read;
}
int readFirstOf() {
  return readFirst(entries.find(3));
}
