// Globals live longer than what they are given.
#include <string>
#include <vector>

static const std::string *currentWrong = nullptr;
static const std::string *currentRight = nullptr;

std::size_t runWrong(std::string request) {
  currentWrong = &request; // expect: global-holds-local
  return currentWrong->size();
}

std::size_t runRight(std::string request) {
  currentRight = &request;
  std::size_t size = currentRight->size();
  currentRight = nullptr;
  return size;
}

static std::vector<int> prices;
static int *bestWrong = nullptr;
static std::size_t bestRight = 0;

void addPrice(int price) { prices.push_back(price); }

void chooseWrong(std::size_t index) {
  bestWrong = &prices[index]; // expect: global-holds-element
}

void chooseRight(std::size_t index) { bestRight = index; }

int best() { return bestWrong ? *bestWrong : prices[bestRight]; }
