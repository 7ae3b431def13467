//===- Suppressions.h - Comments that silence findings ------------------------------------------------------------===//
//
//     x.use(); // refleak: allow(element-invalidated) the capacity was checked above
//     x.use(); // NOLINT(refleak-element-invalidated)         NOLINTNEXTLINE: the next line; NOLINTBEGIN, NOLINTEND: a
//     region x.use(); //nolint:refleak                               all rules; or nolint:refleak-element-invalidated
//
// A comment counts on any line of a finding's trace, on its location and on the declaration of its function. A
// `refleak: allow` that stands alone counts for the next line of code too. Rules are separated by commas and may have
// stars. A NOLINT that does not name refleak was written for another tool and does not count.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "finding/Rule.h"
#include "support/SourceText.h"
#include "support/Table.h"

namespace refleak {

/// One comment, and the lines on which it counts.
struct SuppressionComment {
  std::vector<std::string> Patterns; ///< each `refleak-` and a rule, perhaps with stars
  std::string Reason;
  Location At;
  unsigned FirstLine = 0;
  unsigned LastLine = 0; ///< before FirstLine: nowhere, for want of a NOLINTEND
  bool Used = false;
};

/// The suppression comments of the files that findings touch.
class SuppressionComments {
public:
  explicit SuppressionComments(SourceText &Sources) : Sources(Sources) {}

  /// Marks the findings that a comment silences.
  void apply(std::vector<Finding> &Findings);

  /// A finding for each comment in \p Files and in the files seen by apply that has silenced nothing. \p Rules are
  /// those that exist.
  std::vector<Finding> unused(llvm::ArrayRef<std::string> Files, llvm::ArrayRef<Rule> Rules);

private:
  std::vector<SuppressionComment> &of(llvm::StringRef File);
  void applyAt(Finding &F, const Location &At);
  void applyOnLine(Finding &F, llvm::StringRef File, unsigned Line);

  SourceText &Sources;
  Table<std::string, std::vector<SuppressionComment>> ByFile;
};

} // namespace refleak
