// What field-holds-local gets wrong.
#include <cstdint>

struct Handle {
  std::uintptr_t address = 0;

  void open() {
    int local = 0;
    address = reinterpret_cast<std::uintptr_t>(&local); // FN_field-holds-local
  }
};
