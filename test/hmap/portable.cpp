// Every header alone, in both standards, without exceptions and run-time type information, in checked mode, with
// every warning an error, and without vector instructions. The analyzer is built like this.
//
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/arena.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/barrier.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/hash.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/keep_alive.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/map.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/marshal.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/pool.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/set.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fsyntax-only -Wall -Wextra -Werror %hmap -include hmap/sync_map.h -x c++ /dev/null
// RUN: %clangxx -std=c++17 -fno-exceptions -fno-rtti -Wall -Wextra -Werror %hmap %s -o %t -pthread && %run %t
// RUN: %clangxx -std=c++20 -fno-exceptions -fno-rtti -Wall -Wextra -Wpedantic -Wshadow -Werror -O2 %hmap %s -o %t -pthread && %run %t
// RUN: %clangxx -std=c++17 -DHMAP_SSE2=0 -Wall -Wextra -Werror %hmap %s -o %t -pthread && %run %t
// RUN: %clangxx -std=c++20 -fno-exceptions -fno-rtti -DHMAP_CHECKED=1 %hmap %s -o %t -pthread && %run %t

#include "Inputs/check.h"

#include <hmap/arena.h>
#include <hmap/keep_alive.h>
#include <hmap/map.h>
#include <hmap/marshal.h>
#include <hmap/pool.h>
#include <hmap/set.h>
#include <hmap/sync_map.h>

#include <string>

int main() {
  hmap::map<std::string, int> m;
  for (int i = 0; i != 300; ++i) m[std::to_string(i)] = i;
  m.erase("7");
  CHECK(m.size() == 299 && m.at("8") == 8);
  CHECK_SOUND(m);
  hmap::set<int> s{1, 2, 3};
  CHECK(s.contains(2));
  hmap::sync_map<int, std::string> shared;
  shared.store(1, "x");
  CHECK(*shared.load(1) == "x");
  hmap::pool<std::string> strings;
  *strings.get() = "y";
  std::string out;
  CHECK(hmap::encode(m, hmap::container_sink<std::string>(out)) == hmap::marshal_error::none);
  hmap::map<std::string, int> back;
  CHECK(hmap::decode(out.data(), out.size(), back) == hmap::marshal_error::none && back == m);
  hmap::keep_alive(back);
}
