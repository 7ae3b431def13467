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
