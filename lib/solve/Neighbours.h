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
  /// By function: the indices of others.
  using Edges = std::vector<std::set<uint32_t>>;

  explicit Neighbours(const Program &P);

  const Edges &callers() const { return Callers; }
  const Edges &called() const { return Called; }

  /// Adds to \p Seen all that it leads to, until it is too large. Returns whether it is: then more may be missing.
  static bool reach(const Edges &Along, std::set<uint32_t> &Seen);

private:
  Edges Callers, Called;
};

} // namespace refleak
