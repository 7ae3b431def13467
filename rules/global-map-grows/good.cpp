#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

struct Shape {
  std::string outline;
};
Shape load(int id);

static std::unordered_map<int, Shape> shapes;

const Shape &shape(int id) {
  auto it = shapes.find(id);
  if (it == shapes.end()) it = shapes.emplace(id, load(id)).first;
  return it->second;
}

void forgetShape(int id) { shapes.erase(id); }

// Emptied, replaced, swapped away.
static std::map<int, Shape> cleared, replaced, swapped;
const Shape &fromCleared(int id) { return cleared.try_emplace(id, load(id)).first->second; }
void clearAll() { cleared.clear(); }
const Shape &fromReplaced(int id) { return replaced.try_emplace(id, load(id)).first->second; }
void replaceAll() { replaced = {}; }
const Shape &fromSwapped(int id) { return swapped.try_emplace(id, load(id)).first->second; }
void swapAll() { std::map<int, Shape>().swap(swapped); }

// Something looks at how many there are.
static std::map<int, Shape> bounded;
Shape atMostHundred(int id) {
  if (auto it = bounded.find(id); it != bounded.end()) return it->second;
  Shape made = load(id);
  if (bounded.size() < 100) bounded[id] = made;
  return made;
}

// A registry: those that ask are others than those that add.
using Maker = std::function<std::unique_ptr<Shape>()>;
static std::map<std::string, Maker> makers;
bool registerMaker(const std::string &name, Maker maker) { return makers.emplace(name, std::move(maker)).second; }
void replaceMaker(const std::string &name, Maker maker) { makers[name] = std::move(maker); }
std::unique_ptr<Shape> make(const std::string &name) {
  auto it = makers.find(name);
  return it == makers.end() ? nullptr : it->second();
}

// Filled where it is made, and asked for literals only.
static std::map<std::string, int> counters = {{"hits", 0}, {"misses", 0}};
int hits() {
  int &count = counters["hits"];
  return ++count;
}
int counterOf(const std::string &name) {
  static const std::map<std::string, int> initial = {{"hits", 1}, {"misses", 2}};
  auto it = initial.find(name);
  return it == initial.end() ? 0 : it->second;
}

// Other code gets hold of it, or other units may name it.
std::map<int, Shape> everybodys;
const Shape &fromEverybodys(int id) { return everybodys.try_emplace(id, load(id)).first->second; }
static std::map<int, Shape> handedOut;
void tidy(std::map<int, Shape> &all);
const Shape &fromHandedOut(int id) {
  tidy(handedOut);
  return handedOut.try_emplace(id, load(id)).first->second;
}
static std::map<int, Shape> kept;
std::map<int, Shape> *keptElsewhere = &kept;
const Shape &fromKept(int id) { return kept.try_emplace(id, load(id)).first->second; }
std::map<int, Shape> &accessible() {
  static std::map<int, Shape> all;
  return all;
}
const Shape &fromAccessible(int id) { return accessible().try_emplace(id, load(id)).first->second; }

// A container that goes with its owner.
class Cache {
public:
  const Shape &get(int id) { return known.try_emplace(id, load(id)).first->second; }

private:
  std::map<int, Shape> known;
};

// One for each thread is another matter, and a sequence is no cache.
static std::vector<Shape> log;
const Shape &append(int id) {
  log.push_back(load(id));
  return log.back();
}
