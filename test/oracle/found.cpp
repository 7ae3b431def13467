// Disagreements that the oracle once found, reduced.
// RUN: %expect --flags "-std=c++20 %hmap" %s

#include <deque>
#include <functional>
#include <hmap/map.h>
#include <list>
#include <map>
#include <memory>
#include <stack>
#include <string>
#include <vector>

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

static int *held;
static std::vector<int *> allHeld;

void ownedByALocal() {
  std::unique_ptr<int> owner = std::make_unique<int>(8);
  held = owner.get(); // FN_global-holds-local
}

int resetGiven(std::unique_ptr<int> &owner) {
  int &r = *owner;
  owner.reset(new int(3));
  return r; // FN_owner-gone
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

bool pick();
static std::vector<std::vector<int> *> vectors;

void storedInALoop() {
  std::vector<int> local{1, 2};
  while (pick()) {
    vectors.push_back(&local); // expect: global-holds-local
    local = std::vector<int>{3, 4};
  }
}
