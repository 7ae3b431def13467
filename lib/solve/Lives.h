//===- Lives.h - Members that need each other when they end -------------------------------------------------------===//
//
// A life (lower/Lives.h) is solved like a function, when everything is known of what it calls. What is news in it are
// the uses, at the end of a member, of what another member's end has killed; all else is told where it happens. That
// some function empties the member which is destroyed too late (`close`) leaves open whether it happens.
//
// Not only constructors make members lead to each other. Where a later function does, a member function or one that
// makes the object itself, its call is put into a life:
//
//     live l0                                  void Report::open() { section = std::make_unique<Section>(log); }
//     borrow this <- l0 ref this
//     call @Report::Report(this=this)
//     call @Report::open(this=this)
//     expire this*.log scope
//     call @~Section(this=this*.section)
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Solution.h"
#include <set>

namespace refleak {

struct Solved;

/// What \p Life, the solution of a life, has of news: events of the kind Sibling, and what they refer to.
LoanSolution endsOfMembers(const Program &P, LoanSolution Life);

/// A life in which a function makes one member lead to another one that ends before it.
struct LaterLife {
  Function Whole;
  NameId Needy; ///< the one that leads there
};

/// Such lives, as far as effects tell. Callees come before callers.
std::vector<LaterLife> laterLives(Solved &Program);

/// The member whose end uses something in \p E, an event of the kind Sibling in the function \p Whole; invalid for a
/// base class.
PathId memberEndingAt(const Function &Whole, const LoanSolution &S, const Event &E);

/// The members whose ends use something in \p Life, the news of a life.
std::set<NameId> needyMembers(Program &P, const LoanSolution &Life);

/// Doubts the ends of members that some function empties.
void doubtEmptied(Solved &Program);

} // namespace refleak
