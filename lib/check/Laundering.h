//===- Laundering.h - Values that went through an integer or a void pointer ---------------------------------------===//
//
// Facts say of each cast that hides or brings back what a pointer leads to: `copy %1 <- l0 cast`. Here a value is
// followed back from where it was stored, through temporaries, records that were filled first, arguments and the bodies
// of callees.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Solve.h"

namespace refleak {

/// Whether what \p At writes in the function of \p S came through such a cast.
bool cameThroughCast(const Solved &Program, const LoanSolution &S, Point At);

} // namespace refleak
