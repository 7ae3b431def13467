//===- Neighbours.h - Who calls whom, by name ---------------------------------------------------------------------===//
//
// What looks at functions side by side asks for those that a function calls, or that call it, however far. Only calls
// that name a function with a body count; virtual calls lead to that function alone.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include <set>

namespace refleak {

class Neighbours {
public:
  /// By function: the indices of others, ordered.
  class Edges {
  public:
    /// \p Pairs: from whom, to whom.
    Edges(size_t Functions, llvm::ArrayRef<std::pair<uint32_t, uint32_t>> Pairs);

    llvm::ArrayRef<uint32_t> operator[](size_t From) const {
      return llvm::ArrayRef(To).slice(First[From], First[From + 1] - First[From]);
    }

  private:
    std::vector<size_t> First;
    std::vector<uint32_t> To;
  };

  explicit Neighbours(const Program &P);

  const Edges &callers() const { return Callers; }
  const Edges &called() const { return Called; }

  /// Adds to \p Seen all that it leads to, until it is too large. Returns whether it is: then more may be missing.
  static bool reach(const Edges &Along, std::set<uint32_t> &Seen);

private:
  using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

  Edges Called, Callers;

  static Pairs callsIn(const Program &P, bool Reversed);
};

} // namespace refleak
