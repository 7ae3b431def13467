//===- Report.h - All that a run has to say -----------------------------------------------------------------------===//
#pragma once

#include "finding/Coverage.h"
#include "finding/Finding.h"
#include "finding/Rule.h"

namespace refleak {

/// What a format writes out. Findings are sorted, suppressed ones among them, and name files as the user should see
/// them.
struct Report {
  std::vector<Finding> Findings;
  Coverage Covered;
  llvm::ArrayRef<Rule> Rules; ///< those that were checked
  bool Details = false;       ///< forms for people name what was given up and what is unknown, not only how much
};

} // namespace refleak
