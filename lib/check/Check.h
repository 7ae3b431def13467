//===- Check.h - The seam that rules plug into --------------------------------------------------------------------===//
//
// A rule is a folder under rules/ with a Check.cpp that defines one function of the type RuleCheck; the build collects
// them. A rule only reads: it decides whether a case is its own, and words it.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "check/Case.h"
#include "finding/Rule.h"

namespace refleak {

/// Returns whether \p C belongs to the rule. If so, \p F has got Message, At (where the mistake happens) and, if the
/// usual story or advice does not fit, Trace and Remedy. Everything else in \p F is filled in by check().
using RuleCheck = bool (*)(const Case &C, Finding &F);

struct RuleEntry {
  const Rule *About;
  RuleCheck Check;
};

/// All findings in \p Program: each case goes to the first rule in \p Rules that claims it. Neither ordered nor
/// filtered.
std::vector<Finding> check(const Solved &Program, llvm::ArrayRef<RuleEntry> Rules);

} // namespace refleak
