// What return-local gets wrong.
#include <cstdint>

std::intptr_t asNumber() {
  int local = 0;
  return reinterpret_cast<std::intptr_t>(&local); // FN_return-local
}
