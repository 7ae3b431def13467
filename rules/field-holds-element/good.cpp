#include <deque>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct Menu {
  std::vector<std::string> items;
  std::size_t selected = 0;

  void add(const std::string &item) { items.push_back(item); }

  void select(std::size_t index) { selected = index; }
};

struct Stable {
  std::list<std::string> items;
  std::string *selected = nullptr;

  // The elements of a list stay where they are, and nothing erases them.
  void add(const std::string &item) { items.push_back(item); }
  void select() { selected = &items.front(); }
};

struct Mending {
  std::vector<std::string> items;
  std::string *selected = nullptr;

  void add(const std::string &item) {
    items.push_back(item);
    selected = &items.back();
  }
};

struct Store {
  std::map<int, std::string> texts;
  std::vector<const std::string *> all;

  void index() {
    all.clear();
    for (auto it = texts.begin(); it != texts.end(); ++it) all.push_back(&it->second);
  }

  void erase(int key) {
    auto it = texts.find(key);
    for (auto each = all.begin(); each != all.end(); ++each)
      if (*each == &it->second) {
        all.erase(each);
        break;
      }
    texts.erase(it);
  }
};

struct Pool {
  std::deque<int *> tasks;
  void add(int *task) { tasks.push_back(task); }
  void run() {
    while (!tasks.empty()) tasks.pop_front();
  }
};

struct Picture {
  Pool &pool;
  std::vector<int> parts;

  void decode(int count) {
    pool.run();
    parts.clear();
    parts.reserve(count);
    for (int i = 0; i < count; ++i) add(i);
  }

private:
  void add(int part) {
    parts.push_back(part);
    pool.add(&parts.back());
  }
};

// What goes is taken out of the list first.
struct Enemy {
  int strength = 0;
};
struct Arena {
  std::map<int, Enemy> enemies;
  std::vector<Enemy *> awake;

  void wake(int number) { awake.push_back(&enemies[number]); }
  void remove(int number) {
    auto enemy = enemies.find(number);
    if (enemy == enemies.end()) return;
    std::erase(awake, &enemy->second);
    enemies.erase(enemy);
  }
  int strength() {
    int sum = 0;
    for (Enemy *each : awake) sum += each->strength;
    return sum;
  }
};

// The member is set anew before the first element goes.
struct Waiting {
  std::list<int> jobs;
  int *next = nullptr;

  void choose() { next = &jobs.front(); }
  void drop() {
    next = nullptr;
    jobs.erase(jobs.begin());
  }
  void dropLast() { jobs.pop_back(); }
};

// What the member held before is not looked at.
struct Remade {
  std::vector<int> items;
  int *held = nullptr;

  int remake() {
    items = {6, 5, 8};
    held = &items.back();
    return *held;
  }
};

// Whoever calls it may have set the member anew before.
struct Trimmed {
  std::vector<int> items;
  int *first = nullptr;

  void forget() { first = nullptr; }
  void trim(bool (*wanted)()) {
    items.erase(items.begin());
    if (wanted()) first = &items[0];
  }
  void run(bool (*wanted)()) {
    forget();
    trim(wanted);
  }
};

// The list is emptied with the text.
struct Lines {
  std::vector<std::string_view> words;
  std::string text;

  void read(const char *from) {
    words.clear();
    text = from;
    words.push_back(text);
  }
  int count(char first) {
    int sum = 0;
    for (std::string_view each : words) sum += each[0] == first;
    return sum;
  }
};

// It is let go with what was there before.
struct Track {
  std::vector<int> points;
  int *best = nullptr;

  int restart(int point, bool (*wanted)()) {
    points.push_back(point);
    int count = int(points.size());
    points = std::vector<int>{point};
    best = wanted() ? &points[0] : nullptr;
    return count;
  }
  int value() { return best ? *best : 0; }
};

// The list is emptied with it.
static int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z;
struct Scores {
  std::list<int> all{1, 2, 3};
  std::vector<int *> shown;

  void show() { shown.push_back(&all.front()); }
  int sum() const {
    int sum = 0;
    for (const int *each : shown) sum += *each;
    return sum;
  }
  void showMany() {
    for (int *each : {&a, &b, &c, &d, &e, &f, &g, &h, &i, &j, &k, &l, &m,
                      &n, &o, &p, &q, &r, &s, &t, &u, &v, &w, &x, &y, &z})
      shown.push_back(each);
    show();
    shown.clear();
    all.erase(all.begin());
  }
};

// The caller lends the storage for the text, to one object at a time.
class Joined {
  const char *data;
  std::size_t size;

public:
  Joined(const std::vector<std::string> &parts, std::string *storage) {
    for (const std::string &part : parts) storage->append(part);
    data = storage->data();
    size = storage->size();
  }
};

// Whether it is copied is said by a flag that goes with it.
class Label {
  char room[32];
  const char *text = "";

public:
  void set(const char *given, bool copy) {
    if (copy) {
      for (int i = 0; i != 32; ++i) room[i] = given[i];
      text = room;
    } else {
      text = given;
    }
  }
  char first() const { return *text; }
};
class Labels {
  std::string kept;
  const char *pinned = nullptr;
  Label now;

public:
  void keep(const std::string &text) { kept += text; }
  char first() const { return now.first(); }
  void next() {
    const char *text;
    bool isKept;
    if (pinned) {
      text = pinned;
      isKept = false;
    } else {
      text = kept.data();
      isKept = true;
    }
    now.set(text, isKept);
  }
};
