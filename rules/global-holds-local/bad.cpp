#include <cstdio>
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
