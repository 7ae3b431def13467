//===- Rings.h - Objects that keep each other alive for good ------------------------------------------------------===//
//
// Transfer notes where a store closes a ring of owning loans (section "Rings" of docs/theory.md). Most of them are
// opened again: by the function itself before it ends, or by another one that empties a member which the ring goes
// through. This keeps those that nothing in the program opens.
//
// Assumed: a function that empties such a member, moves it away or erases from it does so for every ring, if it may
// run. Constructors do not count, and destructors not for their own object: in a ring they do not run.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

struct Solved;

/// Appends an event of the kind Ring to the solution of each function that closes one which stays closed.
void findRings(Solved &Program);

} // namespace refleak
