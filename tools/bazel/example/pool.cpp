#include "pool.h"

std::string &Pool::add(const std::string &name) {
  names.push_back(name);
  return names.back();
}
