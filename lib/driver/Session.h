//===- Session.h - What all commands that analyse have in common --------------------------------------------------===//
#pragma once

#include "driver/Options.h"
#include "filter/Configuration.h"
#include "finding/Coverage.h"
#include "frontend/Unit.h"
#include "model/Models.h"
#include "solve/Loans.h"

namespace refleak {

/// The request and its settings, all checked: from here on only the analysed source can be wrong.
struct Session {
  const Options &Asked;
  std::vector<CompileUnit> Units;
  Configurations Settings;
  Models Library;
  SolveLimits Limits;
};

/// Finds the units, their configurations and the models. Errors are the user's.
llvm::Expected<Session> openSession(const Options &O);

/// Parses and lowers the session's units and counts in \p C what could not be. After this nothing knows Clang.
std::vector<Unit> lowerAll(const Session &S, Coverage &C);

/// \p File relative to the working directory if it lies below it.
std::string shownPath(llvm::StringRef File);

/// Calls \p Write with the file of `-o`, which is replaced when all is written, or with standard output.
llvm::Error writeOutput(const Options &O, llvm::function_ref<void(llvm::raw_ostream &)> Write);

} // namespace refleak
