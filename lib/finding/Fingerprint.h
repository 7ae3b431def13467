//===- Fingerprint.h - Knowing a finding again --------------------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "support/SourceText.h"

namespace refleak {

/// Gives each finding its fingerprint: a hash of its rule, function, place, the text of the line it borrows on without
/// blanks, its cause, and its number among the findings that agree in all of these. Lines may be inserted above, the
/// tree may move to another folder and the trace may change its length without changing it. Expects sorted findings.
void setFingerprints(std::vector<Finding> &Findings, SourceText &Sources);

} // namespace refleak
