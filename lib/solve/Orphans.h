//===- Orphans.h - Borrows of what an owner lets go in another function -------------------------------------------===//
//
// An object signs itself on with something that lives longer, and what owns the object may let it go:
//
//     own     a function leaves an object in a member that owns it, or in a container of such, and a living loan on the
//             object, or on what it owns itself, in a cell that does not end with it
//     end     another function empties that member, or erases from it
//     reset   somebody takes the loan out of its cell then: that function, what it calls, what calls it, or any
//             destructor of the program
//
// Members of different functions are matched as for standing borrows, and the same things must belong together: both in
// one object, the holder a global, or a closure that is kept. Owners that are no containers are left out: that such a
// member is reset, but never looked at again without being set, is what many classes do when they close.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

class Neighbours;
struct Solved;

/// Appends an event of the kind Orphaned to the solution of each function that leaves such a loan.
void findOrphans(Solved &Program, const Neighbours &Near);

} // namespace refleak
