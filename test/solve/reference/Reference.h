//===- Reference.h - The slow, obvious loan solver ----------------------------------------------------------------===//
//
// docs/theory.md written out as code: "State", "What each fact does" and "Details", sentence by sentence, on ordered
// maps, block after block until nothing changes. It is judged by reading, never by speed; the solver in
// lib/solve must agree with it. Callees are seen through the effects that the facts text states; calls through closures
// are left out.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

namespace refleak::reference {

/// When something happened: the number of the fact in reverse postorder; inside a callee's effects also which
/// candidate and which effect, from 1. All zero: never.
struct Moment {
  uint32_t Fact = 0, Candidate = 0, Effect = 0;

  bool ever() const { return Fact != 0; }
  friend auto operator<=>(const Moment &, const Moment &) = default;
};

struct Loan;
using LoanRef = std::shared_ptr<const Loan>;

/// One borrow. Name says all that tells it from others.
struct Loan {
  PathId Target;
  LoanKind Kind = LoanKind::Ref;
  Reason Why = Reason::None;
  bool Initial = false, Old = false, Loaded = false;
  Certainty Sure = Certainty::Must;
  Moment Issued;
  LoanRef Parent, Within;
  PathId Key, Cell, Apart, Without;
};

/// Orders loans by their members, parents included.
struct LoanOrder {
  bool operator()(const LoanRef &A, const LoanRef &B) const;
};

struct Life {
  bool Alive = true;
  Moment Death;
  Moment Via; ///< what put the loan there: no part of the state's meaning

  friend bool operator==(const Life &A, const Life &B) { return A.Alive == B.Alive && A.Death == B.Death; }
};

using Holding = std::map<LoanRef, Life, LoanOrder>;

struct State {
  std::map<PathId, Holding> Cells;
  std::set<PathId> Reserved;
  std::map<PathId, std::set<LoanRef, LoanOrder>> Empty; ///< by cell of many: elements where it holds nothing
  std::map<PathId, bool> Flags;                         ///< what is known of flags: the case that this is the state of
  bool Impossible = false;                              ///< control cannot come here

  friend bool operator==(const State &, const State &);
};

/// What the solver finds, as text that does not depend on any numbering but that of the facts.
struct Result {
  bool Covered = true; ///< false: the function does something that the reference leaves out
  std::set<std::string> Lines;
};

Result solve(Program &P, FunctionId F);

} // namespace refleak::reference
