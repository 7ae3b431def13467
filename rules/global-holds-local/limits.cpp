// What global-holds-local gets wrong.
#include <cstdint>

static std::uintptr_t stored;

void hide() {
  int local = 0;
  stored = reinterpret_cast<std::uintptr_t>(&local); // FN_global-holds-local
}
