#include <string>
#include <string_view>
#include <vector>

void split(const std::string &text, std::vector<std::string_view> &parts) {
  std::string lower = text + " ";
  parts.push_back(lower); // expect: outparam-escape
}

void locate(int **result) {
  int found = 1;
  *result = &found; // expect: outparam-escape
}

void name(std::string given, std::string_view &result) {
  result = given; // expect: outparam-escape
}
