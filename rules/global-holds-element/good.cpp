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
