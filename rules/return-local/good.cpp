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

/// Short texts lie inside it; only of long ones does it keep a pointer.
class Text {
public:
  Text(const char *data, unsigned length) {
    storage.inside.length = length;
    if (length <= sizeof storage.inside.data)
      __builtin_memcpy(storage.inside.data, data, length);
    else
      storage.outside.data = data;
  }
  Text(const std::string &text) : Text(text.data(), unsigned(text.size())) {}

private:
  union {
    struct {
      unsigned length;
      char data[12];
    } inside;
    struct {
      unsigned length;
      const char *data;
    } outside;
  } storage;
};

Text letter(char which) {
  char text[2] = {which, 0};
  return Text(text, 1);
}

Text digits(int number) { return std::to_string(number); }
