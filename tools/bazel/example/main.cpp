#include "pool.h"

int main() {
  Pool pool;
  std::string &first = pool.add("first");
  pool.add("second");
  return int(first.size()); // 'first' was moved by the second add
}
