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
// Where an object signs itself on, and who owns it, may be in functions that do not know of each other. So they are
// matched by class:
//
//     sign on  a member function leaves a reference to its object in a list, in an object that a member of its own refers
//              to, or in a global
//     own      a function leaves an object that it has made by a constructor of that class, or of one that derives from
//              it, in a container
//     end      another function erases from that
//     reset    as above; and no function that somebody calls takes anything out of the list
//
// That the list is looked at has to be seen: else the object may only be known there.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

class Neighbours;
struct Solved;

/// Appends an event of the kind Orphaned to the solution of each function that leaves such a loan.
void findOrphans(Solved &Program, const Neighbours &Near);

} // namespace refleak
