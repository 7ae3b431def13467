//===- Members.h - What stands for the same storage in all functions ----------------------------------------------===//
//
// What looks at functions side by side matches their places by data members and globals: `this->items_` in one function
// and `cache->items_` in another are taken to be the same storage.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include <set>

namespace refleak {

/// A data member, or a global.
struct Member {
  PathId Prefix; ///< the path up to it, in the function concerned
  NameId Name;   ///< invalid when the path has none

  bool known() const { return Name.valid(); }
};

/// Reads members off paths.
class Members {
public:
  explicit Members(const Program &P) : P(P), Storage(P.Storage) {}

  /// The last member on the way to the container that \p Place lies in.
  Member containerOf(PathId Place) const;
  /// The last member on the way to \p At, behind its last dereference.
  Member memberOf(PathId At) const;
  /// Whether \p M is a global, or lies in one: there is one such.
  bool isOfGlobal(const Member &M) const {
    return Storage.rootOf(M.Prefix).Kind == RootKind::Global && Storage.derefs(M.Prefix) == 0;
  }
  /// The way from \p Prefix to \p Place.
  std::vector<Projection> belowOf(PathId Place, PathId Prefix) const;
  /// In which way \p Cell, which lies in a data member, owns what it leads to, as the class declares; none if it does
  /// not.
  std::optional<LoanKind> declaredOwner(PathId Cell) const;
  /// The members and globals that the path to \p Cell goes through: writing one of them resets the cell.
  std::set<NameId> holders(PathId Cell) const;
  /// Whether \p Place is the member \p Name or its elements, not something that it leads to.
  bool endsIn(PathId Place, NameId Name) const;
  /// Whether \p Key is a literal. 0 does not count, which is also the index of the first element.
  bool isLiteral(PathId Key) const;

private:
  const Program &P;
  const Paths &Storage;
};

} // namespace refleak
