//===- Lives.h - Members that need each other when they end -------------------------------------------------------===//
//
// A life (lower/Lives.h) is solved like a function, when everything is known of what it calls. What is news in it are
// the uses, at the end of a member, of what another member's end has killed; all else is told where it happens. That
// some function empties the member which is destroyed too late (`close`) leaves open whether it happens.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Solution.h"

namespace refleak {

struct Solved;

/// What \p Life, the solution of a life, has of news: events of the kind Sibling, and what they refer to.
LoanSolution endsOfMembers(const Program &P, LoanSolution Life);

/// The member whose end uses something in \p E, an event of the kind Sibling in the function \p Whole; invalid for a
/// base class.
PathId memberEndingAt(const Function &Whole, const LoanSolution &S, const Event &E);

/// Doubts the ends of members that some function empties.
void doubtEmptied(Solved &Program);

} // namespace refleak
