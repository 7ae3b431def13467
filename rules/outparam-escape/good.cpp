#include <string>
#include <string_view>
#include <vector>

void split(const std::string &text, std::vector<std::string> &parts) {
  std::string lower = text + " ";
  parts.push_back(lower);
}

void locate(int **result) {
  static int found = 1;
  *result = &found;
}

void name(const std::string &given, std::string_view &result) { result = given; }

void briefly(int **result) {
  int found = 1;
  *result = &found;
  ++**result;
  *result = nullptr;
}
