#include <algorithm>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

void removeOdd(std::vector<int> &values) {
  for (auto it = values.begin(); it != values.end(); ++it) // expect: iterator-invalidated | iterator-invalidated
    if (*it % 2) values.erase(it);
}

int afterErase(std::map<int, int> &table) {
  auto it = table.find(1);
  table.erase(it);
  return it->second; // expect: iterator-invalidated
}

bool oldEnd(std::vector<int> &values) {
  auto end = values.end();
  values.push_back(1);
  return values.begin() == end; // expect: iterator-invalidated
}

int rehashed(std::unordered_map<int, int> &table) {
  auto it = table.begin();
  table.emplace(7, 7);
  return it->second; // expect: iterator-invalidated
}

int sameKey(std::map<int, int> &table) {
  auto one = table.find(1);
  auto other = table.find(1);
  table.erase(other);
  return one->second; // expect: iterator-invalidated
}

int otherTest(std::vector<int> &values, bool grow) {
  auto it = values.begin();
  if (grow) values.push_back(1);
  if (!grow) it = values.begin();
  return *it; // expect: iterator-invalidated
}

// The list is reached through the same element each time.
struct Listeners {
  std::map<int, std::unique_ptr<std::list<int>>> byTopic;
  void remove(int listener) {
    for (auto &[topic, list] : byTopic)
      for (auto it = list->begin(); it != list->end(); ++it) // expect: iterator-invalidated | iterator-invalidated
        if (*it == listener) list->erase(it);
  }
};

// An algorithm goes on with the iterators that it was given.
void addMissing(std::vector<int> &values) {
  std::for_each(values.begin(), values.end(), [&](int value) { // expect: iterator-invalidated
    if (value > 0) values.push_back(-value);
  });
}
void addMissingOfRange(std::vector<int> &values) {
  std::ranges::for_each(values, [&](int value) { // expect: iterator-invalidated
    if (value > 0) values.push_back(-value);
  });
}

// Whoever erases at a position that the function was given has no use for that position any more.
struct Ordered {
  std::map<std::string, int> values;
  std::vector<std::map<std::string, int>::value_type *> order;
  void erase(std::vector<std::map<std::string, int>::value_type *>::iterator position) {
    order.erase(position);
    values.erase((*position)->first); // expect: iterator-invalidated
  }
};

// That heroes lead back to the kingdom which lists them is seen where both are made.
struct Kingdom;
struct Hero {
  Kingdom *kingdom;
  void leave();
};
struct Kingdom {
  std::vector<Hero *> heroes;
  void remove(Hero *hero) { heroes.erase(std::find(heroes.begin(), heroes.end(), hero)); }
  void fall() {
    std::for_each(heroes.begin(), heroes.end(), [](Hero *hero) { hero->leave(); }); // expect: iterator-invalidated
  }
};
void Hero::leave() { kingdom->remove(this); }
void lose() {
  Kingdom kingdom;
  Hero first{&kingdom}, second{&kingdom};
  kingdom.heroes = {&first, &second};
  kingdom.fall();
}

// What is gone must not even be copied.
struct Cursor {
  std::list<int>::iterator at;
};
void keepGone(std::list<int> &values, Cursor &cursor) {
  auto first = values.begin();
  values.erase(first);
  cursor.at = first; // expect: iterator-invalidated
  cursor.at = values.end();
}

int dropRest(std::list<int> &values, std::list<int>::iterator from) {
  values.erase(from, values.end());
  return *from; // expect: iterator-invalidated
}
