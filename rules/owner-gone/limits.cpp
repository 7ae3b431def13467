// What owner-gone gets wrong.
#include <memory>
#include <unordered_map>
#include <vector>

int condition(int uses) {
  auto owner = std::make_unique<int>(1);
  int *value = owner.get();
  if (uses < 1) owner.reset();
  return uses < 1 ? 0 : *value; // FP_owner-gone
}

/// A container is taken to copy members, also where the class has a copy constructor of its own.
class Text {
public:
  explicit Text(char c) : data(new char(c)) {}
  Text(const Text &other) : data(new char(*other.data)) {}
  ~Text() { delete data; }

private:
  char *data;
};
std::vector<Text> copied(int n) {
  return std::vector<Text>(n, Text('x')); // FP_owner-gone
}

/// What is copied out of an element with the whole element is not known to be another one in each round.
void deleteAll(std::unordered_map<int, int *> &m) {
  for (auto entry : m) delete entry.second; // FP_owner-gone
}
