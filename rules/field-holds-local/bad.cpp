#include <string>
#include <string_view>
#include <vector>

struct Parser {
  std::string_view input;

  void start(std::string text) {
    input = text; // expect: field-holds-local
  }
};

struct Listener {
  int *counter = nullptr;

  void listen() {
    int count = 0;
    counter = &count; // expect: field-holds-local
  }
};

struct Names {
  std::vector<const char *> all;

  void add(int number) {
    std::string name = std::to_string(number);
    all.push_back(name.c_str()); // expect: field-holds-local
  }
};
