//===- Running.h - Which functions of a whole program run at all --------------------------------------------------===//
//
// That a function takes something back helps only if something calls it. Who may call it is known where the program is
// complete: it has its `main`, nothing in it is unknown, and nothing was given up. There a member function runs that is
// named by one that runs. All others may run whenever: functions that are no members, constructors, destructors,
// operators and functions that override others may be called by libraries, too.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"

namespace refleak {

struct Solved;

/// Whether nothing else can belong to the program.
bool isComplete(const Solved &Program);
/// By function: whether it may run.
llvm::BitVector runningFunctions(const Solved &Program);

} // namespace refleak
