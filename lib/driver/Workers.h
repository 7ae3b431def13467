//===- Workers.h - Units become facts in processes of their own ---------------------------------------------------===//
//
// A parser can crash, loop or eat all memory on a file that a compiler was never meant to see, and must not take the
// run down with it. So units are parsed in worker processes, each many units one after another; a unit that ends its
// worker is counted as failed and the rest goes on in a new one. The result does not depend on the number of workers:
// it is ordered by unit, and a unit that failed in a worker which others had used before is tried again in a fresh one.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "frontend/Unit.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace refleak {

class Models;

struct WorkerOptions {
  unsigned Jobs = 1;
  unsigned UnitTimeout = 0; ///< seconds; 0: no limit
  unsigned UnitMemory = 0;  ///< MiB; 0: no limit
  std::string Root;         ///< names of files below this folder are written relative to it
};

/// What became of one unit.
struct UnitFacts {
  Unit Facts;           ///< as far as it was analysed
  std::string Failure;  ///< why it counts as failed, one line; empty if it does not
  bool Skipped = false; ///< another language: not to be analysed
};

/// Parses and lowers \p Units. \p Done is called after each one, with the number of those that are done.
std::vector<UnitFacts> lowerUnits(llvm::ArrayRef<CompileUnit> Units, const Models &Library,
                                  const WorkerOptions &Options, llvm::function_ref<void(size_t)> Done);

} // namespace refleak
