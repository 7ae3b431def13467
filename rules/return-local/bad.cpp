#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

std::string_view greeting(const std::string &name) {
  std::string text = "hello " + name;
  return text; // expect: return-local
}

int &counter() {
  int count = 0;
  int &result = count;
  return result; // expect: return-local
}

const int *lowest(std::vector<int> values) {
  int *low = &values[0];
  for (int &value : values)
    if (value < *low) low = &value;
  return low; // expect: return-local
}

static const std::string &firstOf(const std::string &a, const std::string &b) { return a < b ? a : b; }

const std::string &chosen(const std::string &given) {
  std::string other = "m";
  return firstOf(given, other); // expect: return-local
}

std::map<int, int>::iterator findIn(std::map<int, int> table) {
  return table.find(1); // expect: return-local
}

std::pair<const std::string &, int &> named(int &value) {
  return {std::string("none"), value}; // expect: return-local
}

std::intptr_t asNumber() {
  int local = 0;
  return reinterpret_cast<std::intptr_t>(&local); // expect: return-local
}
