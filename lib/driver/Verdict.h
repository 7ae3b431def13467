//===- Verdict.h - What the analysis of a whole program says ------------------------------------------------------===//
#pragma once

#include "facts/File.h"
#include "finding/Coverage.h"
#include "finding/Finding.h"
#include "solve/Solve.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBuffer.h"

namespace refleak {

class Cache;
class Statistics;

/// All that the rules claim, and what was not looked at. Suppressions, order and fingerprints come later: they depend
/// on sources and configuration, this on facts alone.
struct Verdict {
  std::string Failure; ///< why nothing is known of the program; empty if it was analysed
  std::vector<Finding> Findings;
  uint64_t Functions = 0;
  uint64_t UnknownCallees = 0;
  std::vector<UnknownCallee> MostUnknown;
  std::map<std::string, uint64_t> GaveUp;
  std::vector<GivenUpFunction> GivenUp;
  std::map<std::string, uint64_t> Narrowed;
  std::vector<std::string> Sources; ///< the files that functions stand in
};

/// The contents of facts files; each is freed when it has been linked.
using FactsFiles = std::vector<std::unique_ptr<llvm::MemoryBuffer>>;

/// What judging may cost before it is given up. 0: no limit.
struct JudgeLimits {
  unsigned FunctionTimeout = 0; ///< seconds to solve one function in
  unsigned Memory = 0;          ///< MiB
};

/// The verdict on the program that \p Files make. What \p Kept knows already is not done again.
///
/// The program is judged in a process of its own. A function that ends that process, or keeps it too long, is given up
/// and the rest judged again; where no function is to blame, the verdict is a failure.
llvm::Expected<Verdict> judge(const FactsFiles &Files, const SolveLimits &Limits, const JudgeLimits &Bounds,
                              const Cache *Kept, Statistics &Stats);

/// Symbols of functions.
using SymbolSet = llvm::StringSet<>;

/// Links, solves and checks the program in this process, without the bodies of \p Deadly.
llvm::Expected<Verdict> judgeHere(const FactsFiles &Files, const SolveLimits &Limits, const SymbolSet &Deadly,
                                  SolveWatch Watch, Statistics &Stats);

/// A verdict on its way to a report.
struct JudgedProgram {
  Verdict Said;
  Coverage Covered; ///< of units alone
};

/// The bytes of a verdict file; docs/formats/facts-file.md tells what it is for.
std::string writeVerdictFile(const JudgedProgram &P);
llvm::Expected<JudgedProgram> readVerdictFile(llvm::StringRef Bytes, llvm::StringRef Name);

/// Where the numbered positions of facts files without positions are.
class PlaceTable {
public:
  void add(UnitPositions P);
  /// Puts lines and columns, and the reasons of failures, in the place of numbers. An error says what is missing.
  llvm::Error place(JudgedProgram &P) const;

private:
  llvm::Error place(Location &At) const;
  std::map<std::string, UnitPositions> ByFile; ///< under their numberedFile
};

/// The form in which a verdict is kept.
std::string writeVerdict(const Verdict &V);
/// Reads what writeVerdict wrote; nothing if it makes no sense.
std::optional<Verdict> readVerdict(llvm::StringRef Bytes);

} // namespace refleak
