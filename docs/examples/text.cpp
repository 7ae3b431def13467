// Views own nothing.
#include <string>
#include <string_view>

static std::string lower(const std::string &text) {
  std::string result = text;
  for (char &c : result)
    if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
  return result;
}

bool isHelpWrong(const std::string &command) {
  std::string_view word = lower(command);
  return word == "help"; // expect: view-dangles
}

bool isHelpRight(const std::string &command) {
  std::string word = lower(command);
  return word == "help";
}

std::string_view trimmedWrong(const std::string &text) {
  std::string copy = lower(text);
  return copy; // expect: return-local
}

std::string trimmedRight(const std::string &text) { return lower(text); }
