#include <cstdio>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

static const std::string *current = nullptr;

void process(const std::string &input) {
  std::string copy = input + "\n";
  current = &copy; // expect: global-holds-local
}

static std::string_view lastName;

void remember(std::string name) {
  lastName = name; // expect: global-holds-local
}

static std::vector<int *> registered;

static void enlist(int *counter) { registered.push_back(counter); }

void count() {
  int counter = 0;
  enlist(&counter); // expect: global-holds-local
}

// It signs on where it is made, and stays: one mistake, whoever makes such objects.
struct Emitter {
  static std::vector<Emitter *> all;
  float value = 0;
  Emitter() { all.push_back(this); } // expect: global-holds-local
  Emitter(const Emitter &) = delete;
};
std::vector<Emitter *> Emitter::all;

float calibrate(int samples) {
  Emitter offset;
  for (int i = 0; i < samples; ++i) offset.value += 0.5f;
  return offset.value;
}

float measure() {
  auto inside = std::make_unique<Emitter>();
  inside->value = calibrate(4);
  auto outside = std::make_unique<Emitter>();
  return inside->value - outside->value;
}

static const int *limit = nullptr;
int main() {
  {
    int most = 100;
    limit = &most; // expect: global-holds-local
  }
  std::printf("%d\n", 3);
  return 0;
}

// What is returned by its name leads to itself, and so does the copy of it that is kept.
struct Parsed {
  std::string text;
  std::string_view first;
};
Parsed parse(const char *text) {
  Parsed parsed;
  parsed.text = text;
  parsed.first = std::string_view(parsed.text).substr(0, 3);
  return parsed;
}
std::map<int, Parsed> parsedTexts;
void keepParsed(int key, const char *text) {
  parsedTexts.emplace(key, parse(text)); // expect: global-holds-local
}

// What the view shows has ended before the global may get something else.
static std::string_view shownText = "none";
void show(const std::string &name, bool (*isLong)()) {
  shownText = name + "!"; // expect: global-holds-local
  if (isLong()) shownText = name;
  limit = nullptr;
}

// The loop takes elements out itself, and waits for nobody.
static std::vector<int *> collected;
void thinOut(bool (*unwanted)(int)) {
  std::list<int> numbers{6, 7, 7};
  collected.push_back(&numbers.front()); // expect: global-holds-local
  for (auto each = numbers.begin(); each != numbers.end();)
    if (unwanted(*each))
      each = numbers.erase(each);
    else
      ++each;
  numbers = {9, 1};
}

// What the global leads to has come out of another global with all that was in there.
static std::vector<int> stock;
static int *chosen = nullptr;
static void exchange(std::vector<int> &given) { stock.swap(given); }
void restock() {
  std::vector<int> fresh{1, 2, 3};
  chosen = &stock[1]; // expect: global-holds-local: 'chosen'
  exchange(fresh);
}
int chosenOne() { return chosen ? *chosen : 0; }

// Whoever calls this ends the result, sooner or later.
static std::string *newest = nullptr;
static std::string *inHand = nullptr;
std::deque<std::string> withNewest(std::deque<std::string> lines) {
  newest = &lines.back(); // expect: global-holds-local: 'newest'
  return lines;
}
std::string withCurrent() {
  std::string line = "a line";
  inHand = &line; // expect: global-holds-local: 'inHand'
  return line;
}
char firstOfBoth() { return newest && inHand ? (*newest)[0] + (*inHand)[0] : ' '; }

// What a static variable leads to has been there before, or is made now.
struct Journal {
  const std::string *title = nullptr;
};
Journal &journal() {
  static Journal *only = new Journal;
  return *only;
}
void name(const std::string &title) { journal().title = &title; }
void nameIt() {
  std::string title("today");
  name(title); // expect: global-holds-local
}
