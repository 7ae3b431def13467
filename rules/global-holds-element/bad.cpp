#include <string>
#include <unordered_map>
#include <vector>

static std::vector<std::string> names;
static const std::string *longest = nullptr;

void addName(const std::string &name) { names.push_back(name); }

void findLongest() {
  for (const std::string &name : names)
    if (!longest || name.size() > longest->size()) longest = &name; // expect: global-holds-element
}

static std::unordered_map<int, int> scores;
static std::unordered_map<int, int>::iterator lastScore;

void score(int player) {
  lastScore = scores.find(player); // expect: global-holds-element
}

void drop(int player) { scores.erase(player); }

struct Texture {
  int width = 0;
};
static Texture *bound[2];

struct Textures {
  std::unordered_map<int, Texture> all;

  Texture *load(int id) {
    if (all.size() > 8) all.erase(all.begin());
    return &all[id];
  }
};

void bind(Textures &textures, int slot, int id) {
  bound[slot] = textures.load(id); // expect: global-holds-element
}

int draw() { return bound[0] ? bound[0]->width : 0; }

// Letting go at the end comes after all that looked.
int frames(Textures &textures) {
  int drawn = 0;
  for (int i = 0; i < 20; ++i) {
    bind(textures, i % 2, i);
    drawn += draw();
  }
  for (Texture *&each : bound) each = nullptr;
  return drawn;
}

// What is kept of the new contents is kept on some ways only: on the others the old is.
static std::vector<int> levels;
static int *top = nullptr;
static void keepTop(bool (*wanted)()) {
  if (wanted()) top = &levels[0]; // expect: global-holds-element: 'top'
}
void refill(bool (*wanted)()) {
  levels = std::vector<int>{1, 2, 3};
  keepTop(wanted);
}
int topLevel() { return top ? *top : 0; }
