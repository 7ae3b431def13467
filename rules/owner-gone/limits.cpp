// What owner-gone gets wrong.
#include <memory>

int condition(bool keep) {
  auto owner = std::make_unique<int>(1);
  int *value = owner.get();
  if (!keep) owner.reset();
  return keep ? *value : 0; // FP_owner-gone
}
