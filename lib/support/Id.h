//===- Id.h - Distinct integer types for indices ------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/DenseMapInfo.h"
#include "llvm/ADT/Hashing.h"
#include <cstdint>

namespace refleak {

/// An index into the table of one kind of thing. Ids of different kinds do not mix; a default-made id is no thing.
template <class Tag> class Id {
public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t Index) : Value(Index) {}

  constexpr uint32_t index() const { return Value; }
  constexpr bool valid() const { return Value != None; }
  constexpr explicit operator bool() const { return valid(); }

  friend constexpr bool operator==(Id, Id) = default;
  friend constexpr auto operator<=>(Id, Id) = default;
  friend llvm::hash_code hash_value(Id I) { return llvm::hash_value(I.Value); }

private:
  static constexpr uint32_t None = ~0u;
  uint32_t Value = None;
};

} // namespace refleak

template <class Tag> struct llvm::DenseMapInfo<refleak::Id<Tag>> {
  static refleak::Id<Tag> getEmptyKey() { return refleak::Id<Tag>(~0u - 1); }
  static refleak::Id<Tag> getTombstoneKey() { return refleak::Id<Tag>(~0u - 2); }
  static unsigned getHashValue(refleak::Id<Tag> I) { return llvm::DenseMapInfo<uint32_t>::getHashValue(I.index()); }
  static bool isEqual(refleak::Id<Tag> A, refleak::Id<Tag> B) { return A == B; }
};
