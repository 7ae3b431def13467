// What outparam-escape gets wrong.
#include <cstdint>

void number(std::uintptr_t &result) {
  int local = 0;
  result = reinterpret_cast<std::uintptr_t>(&local); // FN_outparam-escape
}
