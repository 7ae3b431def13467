//===- Session.h - What all commands that analyse have in common --------------------------------------------------===//
#pragma once

#include "driver/Cache.h"
#include "driver/Options.h"
#include "driver/Statistics.h"
#include "driver/Verdict.h"
#include "filter/Configuration.h"
#include "finding/Coverage.h"
#include "frontend/Unit.h"
#include "model/Models.h"

namespace refleak {

/// The request and its settings, all checked: from here on only the analysed source can be wrong.
struct Session {
  const Options &Asked;
  std::string Root; ///< names in facts are relative to this folder
  std::vector<CompileUnit> Units;
  Configurations Settings;
  Models Library;
  Digest LibraryDigest{}; ///< of the model files that are not part of the program
  SolveLimits Limits;
  std::optional<Cache> Kept;
  Statistics Stats;
};

/// Finds the units, their configurations and the models. Errors are the user's.
llvm::Expected<Session> openSession(const Options &O);
/// The same for units that are known already.
llvm::Expected<Session> openSession(const Options &O, std::vector<CompileUnit> Units);

/// The configurations and baselines that the command line names, or those that stand beside the sources.
llvm::Expected<Configurations> openSettings(const Options &O);
/// Reads the baselines that the configurations of \p Files name: what is wrong with one is told before the analysis.
llvm::Error readBaselines(Configurations &Settings, llvm::ArrayRef<std::string> Files);
/// The limits that the command line or the configurations of \p Files set.
llvm::Expected<SolveLimits> limitsFor(const Options &O, Configurations &Settings, llvm::ArrayRef<std::string> Files);
/// What the command line lets the program cost once its units are facts.
JudgeLimits judgeLimits(const Options &O);
/// The cache that the command line or the environment asks for, if any.
llvm::Expected<std::optional<Cache>> openCache(const Options &O);

/// Makes a facts file of each of the session's units, or takes the one that was kept, and counts in \p C what could not
/// be analysed. After this nothing knows Clang.
FactsFiles lowerAll(Session &S, Coverage &C);
/// The same, read back.
llvm::Expected<std::vector<Unit>> lowerAllAndRead(Session &S, Coverage &C);

std::string workingDirectory();
/// \p Path below the working directory if it is relative; without "." and "..".
std::string absolutePath(llvm::StringRef Path);
/// \p File relative to the working directory if it lies below it.
std::string shownPath(llvm::StringRef File);

/// Calls \p Write with the file of `-o`, which is replaced when all is written, or with standard output.
llvm::Error writeOutput(const Options &O, llvm::function_ref<void(llvm::raw_ostream &)> Write);

} // namespace refleak
