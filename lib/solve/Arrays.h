//===- Arrays.h - Places that pointers are moved along from -------------------------------------------------------===//
//
//     void clear(Item **items, int n) { for (int i = 0; i < n; ++i) delete items[i]; }
//
// `items*` is one path, and an array of pointers: it stands for many cells, as a container's elements do. (What an
// array of the function's own or a `new[]` is, its path says: `[in]`.)
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include "llvm/ADT/DenseSet.h"

namespace refleak {

class Callees;
struct SolveLimits;

/// The arrays of \p F, those of its callees, and the places that its variables lead to when they are moved along: for
/// `p = items; p[i]` also `items*`.
llvm::DenseSet<PathId> arraysOf(Program &P, const Function &F, Callees &Lookup, const SolveLimits &Limits);

} // namespace refleak
