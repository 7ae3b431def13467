//===- Order.h - The one order in which findings are reported -----------------------------------------------------===//
#pragma once

#include "finding/Finding.h"

namespace refleak {

/// Sorts by file, line, column, rule, the place lent and then by everything else that distinguishes two findings, so
/// that the order in which they were found shows nowhere.
void sortFindings(std::vector<Finding> &Findings);

/// Keeps one of several findings with the same rule, location and place lent: a header is seen by many units, a
/// template by many instantiations, and a place may get to where it is reported in several ways. The most confident
/// stays, of those the one with the shortest trace. Expects sorted findings and leaves them sorted.
void removeDuplicates(std::vector<Finding> &Findings);

} // namespace refleak
