// Objects keep what their members refer to only if it is theirs.
#include <string>
#include <string_view>
#include <vector>

class Lexer {
public:
  void startWrong(std::string text) {
    view = text; // expect: field-holds-local
  }
  void startRight(std::string text) { owned = std::move(text); }
  std::size_t size() const { return view.size() + owned.size(); }

private:
  std::string_view view;
  std::string owned;
};

class Menu {
public:
  void add(const std::string &item) { items.push_back(item); }
  void selectWrong(std::size_t index) {
    selected = &items[index]; // expect: field-holds-element
  }
  void selectRight(std::size_t index) { selectedIndex = index; }
  std::string text() const { return selected ? *selected : items[selectedIndex]; }

private:
  std::vector<std::string> items;
  const std::string *selected = nullptr;
  std::size_t selectedIndex = 0;
};

void wordsWrong(const std::string &text, std::vector<std::string_view> &words) {
  std::string copy = text + " ";
  words.push_back(copy); // expect: outparam-escape
}

void wordsRight(const std::string &text, std::vector<std::string_view> &words) { words.push_back(text); }
