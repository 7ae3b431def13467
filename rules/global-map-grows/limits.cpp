// What global-map-grows gets wrong.
#include <map>
#include <string>

enum class Colour { Red, Green, Blue };
std::string describe(Colour colour);
int measure(int width);

// There are only three keys.
static std::map<Colour, std::string> names;
const std::string &name(Colour colour) {
  return names.try_emplace(colour, describe(colour)).first->second; // FP_global-map-grows: 'names'
}

// One function asks, another one adds: taken to be a registry.
static std::map<int, int> widths;
static int add(int width) {
  int measured = measure(width);
  widths[width] = measured;
  return measured;
}
int widthOf(int width) {
  auto it = widths.find(width);
  return it == widths.end() ? add(width) : it->second; // FN_global-map-grows
}

// What is read as a number leaves no trace but the read; what is only counted is taken to be filled.
static std::map<std::string, int> counts;
void count(const std::string &word) { ++counts[word]; } // FN_global-map-grows
