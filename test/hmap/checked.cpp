// Checked mode (contract 16): each use of what the contract invalidates fails, and the program that keeps the contract
// runs. With AddressSanitizer the failure is its report; without, stale iterators stop and stale references read the
// pattern.
//
// RUN: %clangxx -std=c++17 -g -O1 -DHMAP_CHECKED=1 -fsanitize=address %hmap %s -o %t.asan
// RUN: %clangxx -std=c++17 -O1 -DHMAP_CHECKED=1 %hmap %s -o %t.plain
// RUN: %run %t.asan contract-kept
// RUN: %run %t.plain contract-kept
// RUN: not %run %t.asan reference-after-insert 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not %run %t.asan reference-after-erase 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not %run %t.asan reference-after-clear 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not %run %t.asan reference-after-reserve 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not %run %t.asan key-after-insert 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not %run %t.asan many-inserts-later 2>&1 | FileCheck %s --check-prefix=ASAN
// RUN: not --crash %run %t.plain iterator-after-insert 2>&1 | FileCheck %s --check-prefix=ITERATOR
// RUN: not --crash %run %t.plain iterator-after-erase 2>&1 | FileCheck %s --check-prefix=ERASED
// RUN: not --crash %run %t.plain erase-by-iterator-after-insert 2>&1 | FileCheck %s --check-prefix=ITERATOR
// RUN: not --crash %run %t.plain loop-after-assignment 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-move-to 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-move-from 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-list 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-swap 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-rehash 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain loop-after-reserve 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain lookup-after-assignment 2>&1 | FileCheck %s --check-prefix=GENERATION
// RUN: not --crash %run %t.plain end 2>&1 | FileCheck %s --check-prefix=END
// RUN: %run %t.plain pattern
// ASAN: AddressSanitizer: use-after-poison
// ITERATOR: hmap: contract 8: an iterator was dereferenced after an insert
// ERASED: hmap: contract 8: an iterator to an erased entry was dereferenced
// GENERATION: hmap: contract 6: an iterator was used after rehash, reserve, assignment, move or swap
// END: hmap: contract 8: the end iterator was dereferenced

#include "Inputs/check.h"

#include <hmap/map.h>

#include <cstring>
#include <string>

namespace {

using numbers = hmap::map<int, long>;
volatile long sink;

numbers filled() {
  numbers m;
  for (int i = 0; i != 40; ++i) m[i] = i;
  return m;
}

void contract_kept() {
  hmap::map<int, std::string> m;
  for (int i = 0; i != 200; ++i) {
    std::string &slot = m[i];
    slot = std::to_string(i);
    if (i) CHECK(m.insert({i, ""}).second == false && slot == std::to_string(i)); // contract 2: present, nothing moves
    if (i > 2) {                                                                  // contract 5
      std::string &other = m.at(i - 1);
      m.erase(i - 2);
      CHECK(other == std::to_string(i - 1));
    }
    m.try_emplace(1000 + i, m.at(i)); // contract 4
  }
  for (auto it = m.begin(); it != m.end(); ++it) m[5000 + it->first % 7]; // contract 7
  for (auto it = m.begin(); it != m.end(); ++it) m.clear();               // contract 7: ends the loop
  m = {{1, "a"}, {2, "b"}};
  for (auto it = m.begin(); it != m.end();) it = m.erase(it);
  m.rehash(0); // no loop is under way
  CHECK_SOUND(m);
}

void pattern() {
  numbers m = filled();
  long *slot = &m.at(3);
  m[1000] = 1;
  unsigned char bytes[sizeof(long)];
  std::memcpy(bytes, slot, sizeof bytes);
  for (unsigned char byte : bytes) CHECK(byte == 0xDB);
}

void misuse(const std::string &which) {
  numbers m = filled();
  auto at = m.find(3);
  long &slot = at->second;
  const int &key = at->first;
  if (which == "reference-after-insert") m[1000] = 1, sink = slot;       // contract 3
  if (which == "reference-after-erase") m.erase(3), sink = slot;         // contract 5
  if (which == "reference-after-clear") m.clear(), sink = slot;          // contract 6
  if (which == "reference-after-reserve") m.reserve(10000), sink = slot; // contract 6
  if (which == "key-after-insert") m[1000] = 1, sink = key;
  if (which == "iterator-after-insert") m[1000] = 1, sink = at->second;
  if (which == "iterator-after-erase") m.erase(3), sink = at->second;
  if (which == "erase-by-iterator-after-insert") m[1000] = 1, m.erase(at); // contract 8
  if (which == "lookup-after-assignment") m = filled(), sink = at->second; // contract 6
  if (which == "end") sink = m.end()->second;
  if (which == "many-inserts-later") {
    for (int i = 0; i != 500; ++i) m[1000 + i] = i;
    sink = slot;
  }
}

/// Contract 6: what ends every iterator, in a loop that goes on.
void loop_after(const std::string &what) {
  numbers m = filled(), other = filled();
  for (auto it = m.begin(); it != m.end(); ++it) {
    if (what == "assignment") m = other;
    if (what == "move-to") m = std::move(other);
    if (what == "move-from") other = std::move(m);
    if (what == "list") m = {{1, 1}, {2, 2}};
    if (what == "swap") m.swap(other);
    if (what == "rehash") m.rehash(0);
    if (what == "reserve") m.reserve(10000);
  }
}

} // namespace

int main(int, char **argv) {
  std::string which = argv[1];
  const std::string loop = "loop-after-";
  if (which == "contract-kept")
    contract_kept();
  else if (which == "pattern")
    pattern();
  else if (which.rfind(loop, 0) == 0)
    loop_after(which.substr(loop.size()));
  else
    misuse(which);
}
