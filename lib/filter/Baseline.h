//===- Baseline.h - The findings that were accepted ---------------------------------------------------------------===//
//
// A project that meets refleak late has findings that nobody will mend today. A baseline is the list of them: what is
// on it is suppressed, so that only new mistakes count. Findings are known again by their fingerprints; the rest of an
// entry is there for whoever reads a change of the file. docs/formats/baseline.md describes it.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "support/Table.h"
#include "llvm/Support/Error.h"

namespace refleak {

/// One accepted finding.
struct BaselineEntry {
  std::string File; ///< relative to the working directory; of a file outside it the name alone
  std::string Rule;
  std::string Message;
  std::string Fingerprint;
  Location At; ///< of the entry itself
  bool Used = false;
};

class Baseline {
public:
  static constexpr llvm::StringLiteral FileName = ".refleak-baseline.json";

  /// Reads \p File. An error names the position, and what to do.
  static llvm::Expected<Baseline> read(llvm::StringRef File);
  /// The same for its contents.
  static llvm::Expected<Baseline> parse(llvm::StringRef Text, llvm::StringRef File);

  llvm::ArrayRef<BaselineEntry> entries() const { return Entries; }

  /// Marks \p F as suppressed if an entry accepts it. An entry accepts one finding.
  void apply(Finding &F);

  /// A finding for each entry that has accepted nothing, unless its file is there but not among \p Files, the files
  /// that were looked at.
  std::vector<Finding> unused(llvm::ArrayRef<std::string> Files) const;

private:
  std::string File;
  std::vector<BaselineEntry> Entries;
  /// By fingerprint, in descending order: the last one is the next to be used.
  Table<std::string, std::vector<size_t>> Free;
};

} // namespace refleak
