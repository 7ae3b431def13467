//===- Driver.h - From a command line to an exit status -----------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

namespace refleak {

/// How a run ends.
enum ExitStatus : int {
  NothingFound = 0,
  FindingsReported = 1, ///< at or above the threshold
  WrongUsage = 2,       ///< or a wrong configuration, model or database; or an output that cannot be written
  NotAnalysed = 3,      ///< something could not be analysed, and nothing was found
};

/// Does what \p Arguments (without the program's name) ask for. User errors are printed here and nowhere else.
int run(llvm::ArrayRef<const char *> Arguments);

} // namespace refleak
