// What laundered-pointer gets wrong.
#include <cstdint>

// Bits that are used for something else hide the address altogether.
struct Tagged {
  std::uintptr_t bits = 0;
};

void tag(Tagged &tagged) {
  int value = 1;
  tagged.bits = reinterpret_cast<std::uintptr_t>(&value) ^ 1; // FN_laundered-pointer
}
