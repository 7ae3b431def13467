//===- Solve.h - The whole program, callees first -----------------------------------------------------------------===//
//
// Each function is solved once its callees' effects are known; a cycle of calls is solved again until its effects stay
// the same or its budget of rounds ends. A call's effects come from a model, an annotation, the body, or are not known.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Loans.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <deque>

namespace refleak {

/// What is known after solving: the program's effects and each function's events.
struct Solved {
  Program P;
  std::vector<const Effects *> Inferred; ///< by function, into Versions
  std::deque<Effects> Versions; ///< all effects ever inferred: solutions point to those that they were made with
  std::vector<std::unique_ptr<LoanSolution>> Solutions; ///< by function; none: nothing in it is to be looked at
  /// Callees that nothing is known of, by how many calls name them, most frequent first.
  std::vector<std::pair<NameId, uint32_t>> Unknown;
  uint32_t GaveUp = 0; ///< functions whose body was too large, or whose step budget ran out

  /// Functions of which less is known than they do, because a limit was met.
  struct Limited {
    llvm::BitVector Cells;   ///< some cell may have held more loans than are told apart
    llvm::BitVector Effects; ///< their callers are not told all effects
    llvm::BitVector Rounds;  ///< they call each other, and their effects did not settle
  } Less;

  /// The solutions that there are, by function.
  auto solutions() const {
    return llvm::make_pointee_range(
        llvm::make_filter_range(Solutions, [](const std::unique_ptr<LoanSolution> &S) { return S != nullptr; }));
  }
  /// The solution of \p F, or an empty one of no function.
  const LoanSolution &solution(FunctionId F) const {
    static const LoanSolution Nothing;
    return Solutions[F.index()] ? *Solutions[F.index()] : Nothing;
  }
  const Function &function(FunctionId F) const { return P.Functions[F.index()]; }
  /// The fact that \p At stands for, in \p S's function or in the effects of a callee of it.
  Fact fact(const LoanSolution &S, Point At) const;
  /// Whether \p Loan, put into \p Cell by \p Via, is what a closure has captured, or needs as a coroutine.
  bool isCaptured(const LoanSolution &S, LoanId Loan, PathId Cell, Point Via) const;
  /// Where the function's text has what happens at \p At: for effects, the call.
  Span site(const LoanSolution &S, Point At) const;

private:
  mutable Function Whole;  ///< that the last fact was asked of: the next one mostly is of the same
  mutable FunctionId Last; ///< which one that is

  const Fact &ownFact(const LoanSolution &S, Point At) const;
};

/// Is told the symbol of each function that is about to be solved, and an empty one when the functions are done.
using SolveWatch = llvm::function_ref<void(llvm::StringRef)>;

/// Solves \p P: functions, then what only the whole program shows (Standing.cpp).
Solved solve(Program P, const SolveLimits &Limits = {}, SolveWatch Watch = nullptr);

} // namespace refleak
