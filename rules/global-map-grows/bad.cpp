#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

struct Shape {
  std::string outline;
};
Shape load(int id);

static std::unordered_map<int, Shape> shapes;

const Shape &shape(int id) {
  auto it = shapes.find(id);
  if (it == shapes.end()) it = shapes.emplace(id, load(id)).first; // expect: global-map-grows: 'shapes'
  return it->second;
}

// Of this one, too, nothing is ever taken out: the pointer always leads to the same table.
const char *intern(const std::string &text) {
  static auto *table = new std::unordered_set<std::string>();
  return table->insert(text).first->c_str(); // expect: global-map-grows: 'table'
}

namespace {
std::map<std::string, std::unique_ptr<Shape>> byName;

// Whoever is given the container is followed.
Shape *named(std::map<std::string, std::unique_ptr<Shape>> &all, const std::string &name) {
  auto &entry = all[name]; // expect: global-map-grows: 'byName'
  if (!entry) entry = std::make_unique<Shape>();
  return entry.get();
}
} // namespace

Shape *named(const std::string &name) { return named(byName, name); }
