// Constant functions on several threads at once (contract 14): lookups and loops, on a map that is not growing and on
// one that stopped half way.
//
// RUN: %clangxx -std=c++17 -O1 -fsanitize=thread %hmap %s -o %t -pthread && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>

#include <thread>
#include <vector>

namespace {

void read(const hmap::map<int, int> &map, int count) {
  for (int round = 0; round != 5; ++round) {
    int sum = 0;
    for (auto [key, value] : map) sum += value - key;
    CHECK(sum == 0);
    for (int key = 0; key != count; ++key) CHECK(map.contains(key) && map.find(key)->second == key);
    CHECK(map.find(-1) == map.end() && map == map);
    CHECK_SOUND(map);
  }
}

} // namespace

int main() {
  for (int count : {0, 1, 1000, 1670}) { // 256 buckets hold 1664 entries
    hmap::map<int, int> map;
    for (int key = 0; key != count; ++key) map[key] = key;
    std::vector<std::thread> readers;
    for (int i = 0; i != 4; ++i) readers.emplace_back([&] { read(map, count); });
    for (std::thread &reader : readers) reader.join();
  }
}
