#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

std::string greeting(const std::string &name) {
  std::string text = "hello " + name;
  return text;
}

int counter() {
  int count = 0;
  int &result = count;
  return result;
}

int &counted() {
  static int count = 0;
  return count;
}

const int *lowest(const std::vector<int> &values) {
  const int *low = &values[0];
  for (const int &value : values)
    if (value < *low) low = &value;
  return low;
}

static const std::string &firstOf(const std::string &a, const std::string &b) { return a < b ? a : b; }

const std::string &chosen(const std::string &a, const std::string &b) { return firstOf(a, b); }

std::map<int, int>::iterator findIn(std::map<int, int> &table) { return table.find(1); }

std::pair<const std::string &, int &> named(const std::string &name, int &value) { return {name, value}; }

std::pair<std::string, int &> copied(int &value) { return {std::string("none"), value}; }

int *fresh() {
  int *value = new int(0);
  return value;
}

std::string_view literal(bool yes) {
  const char *text = yes ? "yes" : "no";
  return text;
}
