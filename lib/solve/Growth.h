//===- Growth.h - Keyed containers that the program only adds to --------------------------------------------------===//
//
// A container of static lifetime that is asked for keys and takes in those it does not know grows with every new key:
//
//     static std::map<int, Shape> cache;
//     const Shape &shape(int key) {
//       auto it = cache.find(key);                                    looked up, and read if it is there
//       if (it == cache.end()) it = cache.emplace(key, load(key)).first;    added to
//       return it->second;
//     }
//
// It is reported when all that the program does to it is known and nothing takes anything out of it: no erase, clear,
// assignment, move, swap; nothing looks at how large it is, which may bound it; no reference to it gets where it cannot
// be followed; and everything that can name it was seen, which for one that other units can name takes a program with
// nothing unknown in it. One that is only filled (a registry) is asked by other functions than those that add to it.
//
// References are followed without regard to the order of facts: through locals, arguments, results of functions, and
// from an object of static lifetime to its members in its member functions.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

class Neighbours;
struct Solved;

/// Appends an event of the kind Grows to the solution of a function that adds to such a container, one for each of
/// them.
void findGrowth(Solved &Program, const Neighbours &Near);

} // namespace refleak
