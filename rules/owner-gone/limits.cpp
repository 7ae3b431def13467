// What owner-gone gets wrong.
#include <memory>

int condition(int uses) {
  auto owner = std::make_unique<int>(1);
  int *value = owner.get();
  if (uses < 1) owner.reset();
  return uses < 1 ? 0 : *value; // FP_owner-gone
}
