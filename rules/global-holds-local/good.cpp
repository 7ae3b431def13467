#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <list>
#include <string>
#include <string_view>
#include <vector>

static const std::string *current = nullptr;

void process(const std::string &input) {
  std::string copy = input + "\n";
  current = &copy;
  current = nullptr;
}

static std::string lastName;

void remember(std::string name) { lastName = name; }

static int forever = 0;
static int *chosen = nullptr;

void choose() { chosen = &forever; }

struct Scoped {
  explicit Scoped(const std::string &text) { current = &text; }
  ~Scoped() { current = nullptr; }
};

void guarded(const std::string &input) {
  std::string copy = input + "!";
  Scoped guard(copy);
}

static int *heap = nullptr;

void allocate() {
  int *fresh = new int(1);
  heap = fresh;
}

/// Leaves the global only if it is the one there.
struct Guard {
  Guard() {
    if (!current) current = this;
  }
  ~Guard() {
    if (current == this) current = nullptr;
  }
  static thread_local Guard *current;
};
thread_local Guard *Guard::current;
void guarded() { Guard guard; }
// It signs on where it is made, and off where it ends.
struct Emitter {
  static std::vector<Emitter *> all;
  Emitter() { all.push_back(this); }
  Emitter(const Emitter &) = delete;
  ~Emitter() { all.erase(std::remove(all.begin(), all.end(), this), all.end()); }
};
std::vector<Emitter *> Emitter::all;

void calibrate() { Emitter offset; }

// What a global keeps when main ends nobody looks at.
struct Application {
  int windows = 0;
};
static Application *application = nullptr;
int openWindow() { return ++application->windows; }
int main() {
  Application app;
  application = &app;
  return openWindow();
}

// What a moved owner owns on the heap, and what leads there, goes along.
struct Numbers {
  std::vector<int> all;
  int *first = nullptr;
};
std::vector<Numbers> kept;
void keep(int count) {
  Numbers numbers;
  numbers.all.resize(count);
  numbers.first = numbers.all.data();
  kept.push_back(std::move(numbers));
}
Numbers made(int count) {
  Numbers numbers;
  numbers.all.resize(count);
  numbers.first = numbers.all.data();
  if (count == 0) return Numbers();
  return std::move(numbers);
}

// One table of constants stands for all allocations of nothing.
static const int nothing[] = {0, 0};
void *allocate(std::size_t size) { return size ? std::malloc(size) : (void *)nothing; }
void release(void *given) {
  if (given != (void *)nothing) std::free(given);
}
class Lines {
public:
  std::size_t measure(std::size_t count, const char *given) {
    all = static_cast<const char **>(allocate(count * sizeof(char *)));
    char line[20];
    std::strncpy(line, given, sizeof line - 1);
    all[0] = line;
    std::size_t length = std::strlen(all[0]);
    release(all);
    all = nullptr;
    return length;
  }

private:
  const char **all = nullptr;
};

// The loop may wait for those that take out of the list what it was told to.
static std::vector<int *> collected;
void waitForAll(void (*poll)()) {
  std::list<int> numbers{6, 7, 7};
  collected.push_back(&numbers.front());
  while (!numbers.empty()) poll();
}

// What the global leads to has gone into another global with all that was in there.
static std::vector<int> stock;
static int *picked = nullptr;
static void exchange(std::vector<int> &given) { stock.swap(given); }
void restock() {
  std::vector<int> fresh{1, 2, 3};
  picked = &fresh[1];
  exchange(fresh);
}
int pickedOne() { return picked ? *picked : 0; }

// The result takes itself out of the global when it ends; and what the global leads to is not the result.
struct Level {
  Level *outer;
  Level();
  Level(const Level &) = delete;
  Level(Level &&other);
  ~Level();
};
static Level *innermost = nullptr;
Level::Level() : outer(innermost) { innermost = this; }
Level::Level(Level &&other) : outer(other.outer) { innermost = this; }
Level::~Level() { innermost = outer; }
Level entered() { return Level(); }
Level enteredTwice() {
  Level level;
  innermost = &level;
  return level;
}
static std::string shown;
static std::string *inHand = nullptr;
std::string copied() {
  std::string line = "a line";
  shown = line;
  inHand = &shown;
  return line;
}
int depth() {
  int levels = 0;
  for (Level *each = innermost; each; each = each->outer) ++levels;
  return levels;
}
char first() { return inHand ? (*inHand)[0] : ' '; }
