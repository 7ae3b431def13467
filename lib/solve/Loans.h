//===- Loans.h - The flow-sensitive loan analysis of one function -------------------------------------------------===//
//
// Forward over the blocks to a fixed point, then once more to collect events; theory and rules of each fact in
// docs/theory.md ("State", "What each fact does"). Callees are seen only through their effects.
//
// Invariants:
//  * A place in a cell, a loan's target or a resolved path never has a dereference that the state could look up: `*`
//  occurs
//    only behind This, Arg and Global roots, where it names what was there at entry.
//  * States only grow from one round to the next: loans are interned by what they are, deaths only move forward in
//  program
//    order to the first, and loans are united, so the fixed point exists. Depth limits bound the places.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Solution.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace refleak {

struct SolveLimits {
  unsigned MaxDerefs = 3;      ///< dereferences followed from one root
  unsigned MaxProjections = 9; ///< projections of one place
  uint64_t MaxSteps = 2000000; ///< cells and loans looked at in one function before it is given up
};

/// Where what a cell held at entry is taken to lead back to: an object that has a name, or one that only a part of has.
struct LedBack {
  PathId Place; ///< invalid when nothing is known of it
  /// From the object to Place, last projection first; empty if Place is the object.
  llvm::ArrayRef<Projection> Part = {};
};

/// Finds the effects of what a call may run: the callee, its overriders, or the closures in a cell.
class Callees {
public:
  virtual ~Callees() = default;
  /// The effects of calling \p Symbol; null when nothing is known of it.
  virtual const Effects *effects(NameId Symbol) = 0;
  /// What a virtual call of \p Symbol may run: see Program::dispatched.
  virtual void dispatched(NameId Symbol, llvm::SmallVectorImpl<NameId> &Out) = 0;
  /// Closures that other functions put where \p Cell of \p F is; paths are \p F's. Their captures that are not known to
  /// lead to storage of \p F are left out.
  virtual llvm::ArrayRef<StoredClosure> stored(NameId F, PathId Cell) = 0;
  /// The arrays of \p Symbol that callers see; paths are those of its effects.
  virtual llvm::ArrayRef<PathId> arrays([[maybe_unused]] NameId Symbol) { return {}; }
  /// The members that \p Symbol uses, and what it calls on its own object: paths that start at its `this`.
  virtual llvm::ArrayRef<PathId> usedMembers([[maybe_unused]] NameId Symbol) { return {}; }
  /// Whether \p Symbol, or what it calls on its own object, may run for as long as that is there.
  virtual bool mayRunOn([[maybe_unused]] NameId Symbol) { return true; }
  virtual LedBack leadsBack([[maybe_unused]] PathId Cell) { return {}; }
};

/// Solves \p F. New places are interned in P.Storage.
LoanSolution solveLoans(Program &P, FunctionId F, Callees &C, const SolveLimits &Limits);

/// What \p F does to its callers, read off its solution. \p LeftOut: whether that is not all, for it was too much.
Effects inferEffects(Program &P, const LoanSolution &S, bool &LeftOut);

/// Prints the exit state and the events in a form that does not depend on numbering: for tests.
void printSolution(llvm::raw_ostream &OS, Program &P, const LoanSolution &S);

} // namespace refleak
