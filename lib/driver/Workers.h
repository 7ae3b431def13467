//===- Workers.h - Units become facts in processes of their own ---------------------------------------------------===//
//
// A parser can crash, loop or eat all memory on a file that a compiler was never meant to see, and must not take the
// run down with it. So units are parsed in worker processes, each many units one after another; a unit that ends its
// worker is counted as failed and the rest goes on in a new one. The result does not depend on the number of workers:
// it is ordered by unit, and a unit that failed in a worker which others had used before is tried again in a fresh one.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "driver/LowerOne.h"
#include "frontend/Unit.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace refleak {

struct WorkerOptions {
  unsigned Jobs = 1;
  unsigned UnitTimeout = 0; ///< seconds; 0: no limit
  unsigned UnitMemory = 0;  ///< MiB; 0: no limit
  LowerSettings Lowering;
  int WritableFolder = -1; ///< an open one that Keep writes to
  /// Gets what was found out about the unit of a number, in the worker's process.
  std::function<void(size_t, const LoweredUnit &, llvm::StringRef Facts)> Keep;
};

/// What a worker has made of a unit.
struct UnitBytes {
  std::string Facts;    ///< a facts file
  std::string Failure;  ///< see UnitFacts
  bool Skipped = false; ///< see UnitFacts
  std::vector<ReadFile> Files;
};

/// Parses and lowers \p Units. \p Done is called after each one, with the number of those that are done.
std::vector<UnitBytes> lowerUnits(llvm::ArrayRef<CompileUnit> Units, const Models &Library,
                                  const WorkerOptions &Options, llvm::function_ref<void(size_t)> Done);

} // namespace refleak
