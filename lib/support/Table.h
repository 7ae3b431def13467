//===- Table.h - The hash tables of the analyzer ------------------------------------------------------------------===//
//
// Tables are hmap::map with one seed for all, so that two runs do the same work. The contract of hmap holds
// (hmap/map.h): an insert may move every element, so nothing keeps a reference or pointer into a table over one.
// No output may depend on the order of a table (docs/decisions/0007-tables-are-hmaps.md).
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "support/Id.h"
#include <hmap/map.h>

template <class Tag> struct hmap::hash<refleak::Id<Tag>, void> {
  std::uint64_t operator()(refleak::Id<Tag> Key, std::uint64_t Seed = 0) const noexcept {
    return hash<uint32_t>()(Key.index(), Seed);
  }
};

namespace refleak {

template <class Key, class Value> class Table : public hmap::map<Key, Value> {
public:
  Table() : hmap::map<Key, Value>(hmap::seed{0x243f6a8885a308d3}) {}

  /// The value of \p K, or a default-made one.
  Value lookup(const Key &K) const {
    auto It = this->find(K);
    return It == this->end() ? Value() : It->second;
  }
};

} // namespace refleak
