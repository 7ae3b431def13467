//===- Standing.h - Borrows that one function stores and another one kills ----------------------------------------===//
//
// A class that keeps `T *Last = &Items[k]` in a member is wrong as soon as another of its functions inserts into Items
// and leaves Last as it is. No single path through one function shows that, so this looks at the program's functions
// side by side:
//
//     store   a function leaves, in a cell that outlives it, a living loan on elements of a container that outlives it
//     kill    a function invalidates elements of that container, for loans of that kind
//     reset   a function writes the cell
//
// Containers and cells of different functions are matched by the data member (or global) they are. A store is reported
// when some kill has no reset in its function, in what that calls, or in what calls it; an erasure of one element
// counts as made good when the same functions erase from the holder. What is not matched: containers that are no member
// or global.
//
// Reported only where holder and container belong together: both in the same object, the holder a global, a closure that
// is kept (its owner cannot know when the container changes), or an element of what the container's object leads to, as
// the queue that it hands tasks to. Else a pointer from one object into another's container, as every iterator class
// has, is judged where both are used.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

class Neighbours;
struct Solved;

/// Appends an event of the kind Standing to the solution of each function that stores such a loan.
void findStandingBorrows(Solved &Program, const Neighbours &Near);

} // namespace refleak
