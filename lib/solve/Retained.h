//===- Retained.h - Containers that keep what has been destroyed --------------------------------------------------===//
//
// A pool or cache is a container of pointers that outlives the functions which borrow from it. Two mistakes of its
// users are found here:
//
//     Item *item = pool.last();  delete item;    taken out of a container and destroyed, but still in it
//     pool.put(item);            delete item;    put into it and destroyed
//
// Of the first kind is reported what nothing takes out of the container: neither the function, nor what it calls, nor
// what calls it, removes or overwrites elements; no function but constructors ever puts other ones in their place; and
// the program meets them again: a function gives them out, or a destructor deletes them. Destructors, and what they
// call, may leave dead pointers behind.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

class Neighbours;
struct Solved;

/// Appends an event of the kind Retained to the solution of each function that destroys what a container keeps.
void findRetained(Solved &Program, const Neighbours &Near);

} // namespace refleak
