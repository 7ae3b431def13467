//===- Teach.h - What would make an unknown callee known ----------------------------------------------------------===//
#pragma once

#include "finding/Coverage.h"
#include "solve/Solve.h"

namespace refleak {

/// The callees of \p S that are unknown to most calls, at most \p Most, each with a model file that would teach it.
///
/// The model says `{}`: the callee looks at what it is given and keeps, lends and ends nothing. That is a start for
/// whoever knows what the callee does.
std::vector<UnknownCallee> mostUnknown(const Solved &S, size_t Most);

} // namespace refleak
