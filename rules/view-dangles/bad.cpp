#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

std::size_t suffix(const std::string &name) {
  std::string_view view = name + ".txt";
  return view.find('.'); // expect: view-dangles
}

char appended(std::string &text) {
  std::string_view view = text;
  text += "more";
  return view[0]; // expect: view-dangles
}

char ended() {
  std::string_view view;
  {
    std::string text = "gone";
    view = text;
  }
  return view[0]; // expect: view-dangles
}

static std::string make() { return "made"; }

char pointer() {
  const char *chars = make().c_str();
  return chars[0]; // expect: view-dangles
}

// Who is given a view, or an object with one in it, looks at what it shows.
struct Field {
  std::string_view name;
  int number;
};
bool isKnown(const std::string_view &name);
bool isSet(Field field);

bool byReference() {
  std::string_view name = make();
  return isKnown(name); // expect: view-dangles
}

bool inAnObject() {
  Field field{make(), 1};
  return isSet(field); // expect: view-dangles
}

// Whoever gives a unique_ptr gives what it leads to.
struct Letter {
  std::string title;
  const std::string &subject() const { return title; }
};
std::unique_ptr<Letter> receive(int number);
size_t lengthOfSubject() {
  const std::string &subject = receive(1)->subject();
  return subject.size(); // expect: view-dangles: 'subject'
}

// A pair is made of what it is given, and makes a view of a string on the way.
size_t lengthOfFirstName() {
  std::map<std::string_view, int> numbers;
  {
    std::string name = "a name that is not short";
    numbers.emplace(name, 1);
  }
  return numbers.begin()->first.size(); // expect: view-dangles
}
size_t lengthOfPair() {
  std::map<std::string_view, int> numbers;
  {
    std::string name = "a name that is not short";
    numbers.insert({name, 2});
  }
  return numbers.begin()->first.size(); // expect: view-dangles
}

// A text among variable arguments is looked at.
void print() {
  const char *chars = make().c_str();
  std::printf("%d %s\n", 1, chars); // expect: view-dangles
}

// A null pointer in an array takes nothing away from what stands before it.
static std::size_t lengths(int count, const char **texts) {
  std::size_t sum = 0;
  for (int i = 0; i < count; ++i) sum += std::strlen(texts[i]);
  return sum;
}

std::size_t arguments() {
  const char *texts[] = {"name", make().c_str(), nullptr};
  return lengths(2, texts); // expect: view-dangles
}
