#include <string>
#include <unordered_map>
#include <vector>

static std::vector<std::string> names;
static std::size_t longest = 0;

void addName(const std::string &name) { names.push_back(name); }

void findLongest() {
  for (std::size_t i = 0; i != names.size(); ++i)
    if (names[i].size() > names[longest].size()) longest = i;
}

static std::unordered_map<int, int> scores;
static int *best = nullptr;

// References to the elements of an unordered_map stay good when it grows, and nothing here erases.
void score(int player) { best = &scores[player]; }

static std::vector<std::string> words;
static const std::string *first = nullptr;

void setWords(const std::vector<std::string> &given) {
  words = given;
  first = words.empty() ? nullptr : &words.front();
}

struct Texture {
  int width = 0;
};
static Texture *bound[2];

struct Textures {
  std::unordered_map<int, Texture> all;

  void drop(int id) {
    for (Texture *&each : bound)
      if (each == &all[id]) each = nullptr;
    all.erase(id);
  }

  Texture *load(int id) {
    if (all.size() > 8) drop(all.begin()->first);
    return &all[id];
  }
};

void bind(Textures &textures, int slot, int id) { bound[slot] = textures.load(id); }

int draw() { return bound[0] ? bound[0]->width : 0; }

int frames(Textures &textures) {
  int drawn = 0;
  for (int i = 0; i < 20; ++i) {
    bind(textures, i % 2, i);
    drawn += draw();
  }
  for (Texture *&each : bound) each = nullptr;
  return drawn;
}

// What is kept of the old contents is let go where nothing is kept of the new, and nothing ends where neither is.
static std::vector<int> levels;
static int *top = nullptr;
static void keepTop(bool (*wanted)()) { top = wanted() ? &levels[0] : nullptr; }
void refill(bool (*wanted)()) {
  levels = std::vector<int>{1, 2, 3};
  keepTop(wanted);
}
int topLevel() { return top ? *top : 0; }
static std::vector<int> depths;
static int *deepest = nullptr;
void refillOnce(bool (*filled)()) {
  if (filled()) return;
  depths = std::vector<int>{1, 2, 3};
  deepest = &depths[0];
}
int deepestDepth() { return deepest ? *deepest : 0; }
