//===- Registry.h - Every rule there is ---------------------------------------------------------------------------===//
//
// The tables behind these functions are generated from the folders beside this file.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "check/Check.h"

namespace refleak {

/// In alphabetical order.
llvm::ArrayRef<Rule> allRules();
/// The same with their checks.
llvm::ArrayRef<RuleEntry> allChecks();

} // namespace refleak
