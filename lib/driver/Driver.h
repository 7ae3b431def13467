//===- Driver.h - From a command line to an exit status -----------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace refleak {

/// How a run ends.
enum ExitStatus : int {
  NothingFound = 0,
  FindingsReported = 1, ///< at or above the threshold
  WrongUsage = 2,       ///< or a wrong configuration, model or database; or an output that cannot be written
  NotAnalysed = 3,      ///< something could not be analysed, and nothing was found
};

/// Does what \p Arguments (without the program's name) ask for. User errors are printed here and nowhere else. Under
/// the name `refleak-index` the program is the command `index` alone, for tools that put up with nothing between a
/// compiler's name and its flags.
int run(llvm::StringRef ProgramName, llvm::ArrayRef<const char *> Arguments);

} // namespace refleak
