//===- Filter.h - Which findings are reported ---------------------------------------------------------------------===//
#pragma once

#include "filter/Configuration.h"
#include "filter/Suppressions.h"

namespace refleak {

/// Removes the findings of rules that are not on, and those that are less sure than \p Least (or than their file's
/// configuration asks for, when \p Least is not given; likely, when it asks for nothing), gives the others the severity
/// that is configured, and marks those that configuration, comments or a baseline suppress. Expects fingerprints.
llvm::Error filterFindings(std::vector<Finding> &Findings, std::optional<Confidence> Least, Configurations &Settings,
                           SuppressionComments &Comments);

/// Whether a finding that is not suppressed is at or above \p Threshold (or what its file's configuration asks for;
/// warning, when it asks for nothing).
llvm::Expected<bool> fails(llvm::ArrayRef<Finding> Findings, std::optional<Severity> Threshold,
                           Configurations &Settings);

} // namespace refleak
