#include <deque>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct Menu {
  std::vector<std::string> items;
  std::string *selected = nullptr;

  void add(const std::string &item) { items.push_back(item); }

  void select(std::size_t index) {
    selected = &items[index]; // expect: field-holds-element
  }
};

struct Cache {
  std::unordered_map<int, std::string> entries;
  std::unordered_map<int, std::string>::iterator newest;

  void touch(int key) {
    newest = entries.find(key); // FN_field-holds-element
  }

  void evict(int key) { entries.erase(key); }
};

struct Store {
  std::map<int, std::string> texts;
  std::vector<const std::string *> all;

  void index() {
    all.clear();
    for (auto it = texts.begin(); it != texts.end(); ++it) all.push_back(&it->second); // expect: field-holds-element
  }

  // Whichever element goes, one of all led to it.
  void erase(int key) { texts.erase(key); }
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

  // The pool may not have come to the tasks of the picture before.
  void decode(int count) {
    parts.clear();
    parts.reserve(count);
    for (int i = 0; i < count; ++i) add(i);
  }

private:
  void add(int part) {
    parts.push_back(part);
    pool.add(&parts.back()); // expect: field-holds-element
  }
};

// What is never taken out of a list, though what it leads to goes.
struct Enemy {
  int strength = 0;
};
struct Arena {
  std::map<int, Enemy> enemies;
  std::vector<Enemy *> awake;

  void wake(int number) {
    awake.push_back(&enemies[number]); // expect: field-holds-element: 'awake'
  }
  void remove(int number) { enemies.erase(number); }
  int strength() {
    int sum = 0;
    for (Enemy *each : awake) sum += each->strength;
    return sum;
  }
};

// Both mean the first element.
struct Waiting {
  std::list<int> jobs;
  int *next = nullptr;

  void choose() {
    next = &jobs.front(); // expect: field-holds-element: 'next'
  }
  void drop() { jobs.erase(jobs.begin()); }
};

// What the member held before is looked at when all has gone.
struct Remade {
  std::vector<int> items;
  int *held = nullptr;

  int remake(bool anew) {
    if (anew) {
      items = {6, 5, 8};
      return held ? *held : 0;
    }
    held = &items.back(); // expect: field-holds-element: 'held'
    return 0;
  }
};

// Nobody else sets the member, and this function does not always.
struct Trimmed {
  std::vector<int> items;
  int *first = nullptr;

  void trim(bool (*wanted)()) {
    items.erase(items.begin());
    if (wanted()) first = &items[0]; // expect: field-holds-element: 'first'
  }
  int value() { return first ? *first : 0; }
};

// The list keeps what was put there before.
struct Lines {
  std::vector<std::string_view> words;
  std::string text;

  void read(const char *from) {
    text = from;
    words.push_back(text); // expect: field-holds-element: 'words'
  }
  int count(char first) {
    int sum = 0;
    for (std::string_view each : words) sum += each[0] == first;
    return sum;
  }
};

// The object is no new one: what was kept of it before is still there where nothing is kept now.
struct Track {
  std::vector<int> points;
  int *best = nullptr;

  int restart(int point, bool (*wanted)()) {
    points.push_back(point);
    int count = int(points.size());
    points = std::vector<int>{point};
    if (wanted()) best = &points[0]; // expect: field-holds-element: 'best'
    return count;
  }
  int value() { return best ? *best : 0; }
};

// What a list holds is too much to be told apart, and nobody takes anything out of it.
static int a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z;
struct Scores {
  std::list<int> all{1, 2, 3};
  std::vector<int *> shown;

  void show() { shown.push_back(&all.front()); } // expect: field-holds-element: 'shown'
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
    all.erase(all.begin());
  }
};

// Whether it is copied is said by a flag, the wrong way round.
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
      isKept = true;
    } else {
      text = kept.data();
      isKept = false;
    }
    now.set(text, isKept); // expect: field-holds-element
  }
};
