#include <algorithm>
#include <deque>
#include <iterator>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

void removeOdd(std::vector<int> &values) {
  for (auto it = values.begin(); it != values.end();) it = *it % 2 ? values.erase(it) : it + 1;
}

int beforeErase(std::map<int, int> &table) {
  auto it = table.find(1);
  int value = it->second;
  table.erase(it);
  return value;
}

void postIncrement(std::map<int, int> &table) {
  for (auto it = table.begin(); it != table.end();)
    if (it->second == 0)
      table.erase(it++);
    else
      ++it;
}

void eraseAndStop(std::vector<int> &values) {
  for (auto it = values.begin(); it != values.end(); ++it)
    if (*it == 3) {
      values.erase(it);
      break;
    }
}

int stable(std::list<int> &values) {
  auto it = values.begin();
  values.push_back(1);
  return *it;
}

int found(std::set<int> &values) {
  auto it = values.insert(3).first;
  values.insert(4);
  return *it;
}

void back(std::vector<int> &values) {
  auto it = values.begin();
  it = values.insert(it, 3);
  *it = 4;
}

int sameTest(std::vector<int> &values, bool grow) {
  auto it = values.begin();
  if (grow) values.push_back(1);
  if (grow) it = values.begin();
  return *it;
}

struct Listeners {
  std::map<int, std::unique_ptr<std::list<int>>> byTopic;
  void remove(int listener) {
    for (auto &[topic, list] : byTopic)
      for (auto it = list->begin(); it != list->end();)
        if (*it == listener)
          it = list->erase(it);
        else
          ++it;
  }
};

// Each entry knows its place in the list, and gets a new one when it is moved to the end.
struct Recent {
  std::list<int> order;
  std::unordered_map<int, std::list<int>::iterator> places;
  void open(int file) {
    auto it = places.find(file);
    if (it == places.end()) {
      order.push_back(file);
      places.emplace(file, std::prev(order.end()));
      return;
    }
    order.erase(it->second);
    order.push_back(file);
    it->second = std::prev(order.end());
  }
};
void openAll() {
  Recent recent;
  recent.open(1);
  recent.open(2);
  recent.open(1);
  recent.open(2);
}

// An algorithm over one container that fills another, or the same one where iterators stay.
void collect(const std::vector<int> &from, std::vector<int> &into) {
  std::for_each(from.begin(), from.end(), [&](int value) { into.push_back(value); });
  std::ranges::for_each(from, [&](int value) { into.push_back(value); });
}
void echo(std::list<int> &values) {
  std::for_each(values.begin(), values.end(), [&](int value) {
    if (value > 0) values.push_back(-value);
  });
}

// Positions that the function was given: what is erased is looked at before, and the next one is another element.
std::string take(std::map<int, std::string> &names, std::map<int, std::string>::iterator position) {
  auto next = std::next(position);
  std::string name = std::move(position->second);
  names.erase(position);
  return next == names.end() ? name : name + next->second;
}
std::map<int, std::string>::iterator skip(std::map<int, std::string> &names,
                                          std::map<int, std::string>::iterator from) {
  names.erase(from++);
  return from;
}
void dropBoth(std::map<int, std::string> &names, std::map<int, std::string>::iterator a,
              std::map<int, std::string>::iterator b) {
  names.erase(a);
  b->second.clear();
  names.erase(b);
}
void dropRange(std::map<int, std::string> &names, std::map<int, std::string>::iterator from,
               std::map<int, std::string>::iterator to) {
  names.erase(from, to);
  if (to != names.end()) to->second.clear();
}

// An algorithm that passes elements on by value hands out what they are, not where they lie.
struct Shape {};
void freeAll(std::vector<Shape *> &shapes) {
  std::for_each(shapes.begin(), shapes.end(), [](Shape *shape) { delete shape; });
  shapes.clear();
}

// What was found is not the first element because the search began there.
int dropOne(std::list<int> &values, int value) {
  auto first = values.begin();
  values.erase(std::find(values.begin(), values.end(), value));
  return *first;
}

// What a range up to an iterator leaves is what that leads to.
int dropPassed(std::multiset<int> &ends, int next) {
  auto it = ends.begin();
  bool reached = false;
  for (; it != ends.end() && !reached; ++it) {
    if (*it >= next) {
      reached = true;
      ends.erase(ends.begin(), it);
    }
    for (auto rest = it; rest != ends.end(); ++rest) next += *rest;
  }
  return next;
}
int dropThree(std::list<int> &values) {
  auto it = values.begin();
  std::advance(it, 3);
  values.erase(values.begin(), it);
  return *it;
}
