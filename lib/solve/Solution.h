//===- Solution.h - What the solver found in one function, and in the program -------------------------------------===//
#pragma once

#include "link/Program.h"
#include "solve/State.h"
#include <optional>

namespace refleak {

/// What one call at a fact may run: the effects of each callee that was considered, in order.
struct Resolved {
  uint32_t Fact;
  bool IsGuess; ///< that it is one of the candidates
  llvm::SmallVector<const Effects *, 1> Candidates;
};

enum class EventKind : uint8_t {
  Use,      ///< a dead loan was used
  Escape,   ///< a cell that outlives the function holds a loan that died with a local
  Standing, ///< a cell that outlives the function holds a living loan on elements that the program kills elsewhere
  Orphaned, ///< a cell that outlives the function holds a loan on what its owner lets go: here, or elsewhere, then
            ///< alive
  Pinned,   ///< a cell that outlives the function leads to a part of what it keeps alive; Loan is that on the part
  Retained, ///< a container that outlives the function still holds what is destroyed at At
  Bypass,   ///< a pointer is written, at At, through a loan that was lent around a write barrier
  Ring,     ///< objects keep each other alive; Loan, Cell and Via are those of the link that closed the ring
  Copied,   ///< as Use or Escape; Cell belongs to a copy of an object that led into itself
  Grows,    ///< the function adds to a container, Cell, that the program only adds to; Loan is one on it
  Sibling,  ///< as Use, in a life: the end of a member at At uses what another member's end has killed
};

/// A cell that holds some loan.
struct Holding {
  PathId Cell;
  Point Via; ///< what put the loan there

  friend bool operator==(const Holding &, const Holding &) = default;
};

/// Something the rules look at. Rules choose by the members; they do not look at states.
struct Event {
  EventKind Kind = EventKind::Use;
  Certainty Sure = Certainty::May; ///< Must: definite; May: likely; Assumed: possible
  bool MayBeUndone = false;        ///< the loan may be taken back, or what uses it waited for; that is not seen
  LoanId Loan;                     ///< into LoanSolution::Loans
  PathId Cell;                     ///< the cell that holds the loan
  Point Via;                       ///< what put it there
  Point Death;                     ///< none for Standing, and for Orphaned elsewhere
  Point At;                        ///< Use: the use; Escape: what ends the function; none for Standing
  uint32_t Requirement = 0;        ///< Use inside a callee after its own invalidation: index + 1 of its Need
  bool ByWaiting = false;          ///< Sibling: what is waited for uses it
  Span UsedInside;                 ///< Use by a closure that ended while it ran, of what it has captured: where
  FunctionId Killer;   ///< Standing, Orphaned: another that kills such loans; Retained: one that meets it again, if any
  Span KilledAt;       ///< Standing, Orphaned: where
  uint32_t Ring = 0;   ///< Ring: into LoanSolution::Rings
  uint32_t Growth = 0; ///< Grows: into LoanSolution::Growths
  llvm::SmallVector<Holding, 0> Beside; ///< Use: what else held a loan that a callee had issued

  friend bool operator==(const Event &, const Event &) = default;
};

/// Something that a function does to storage that outlives it, at a point of its body: raw material for its effects.
struct Export {
  Point At;
  Fact What; ///< paths are places; If and Is: one of the parameters that were known to be flags, and what
  llvm::SmallVector<Point, 2> After = {}; ///< Use: exported invalidations that may have happened before
  /// Invalidate, Expire: what it concerns lies in this, or is owned by it: an element that was looked up with Key, or
  /// what a pointer leads to that does not lead to Apart; invalid if neither is known.
  PathId Object = {};
  PathId Key = {}, Apart = {};

  bool isInSame(const Export &Other) const {
    return Object == Other.Object && Key == Other.Key && Apart == Other.Apart;
  }
};

/// A cell that outlives the function is overwritten.
struct Overwrite {
  PathId Cell;
  Point At;
  bool Empties; ///< it holds nothing afterwards
  bool IsOneOf; ///< or a cell of the function's own is, and which is not known

  friend auto operator<=>(const Overwrite &, const Overwrite &) = default;
};

/// A cell that outlives the function may have been overwritten by what keeps a list or an array without it: an element
/// got what another one held, or a neighbour of \p Self was reached through \p Self and led past it.
struct Replacement {
  PathId Cell;
  PathId Self; ///< invalid: an element
  Point At;

  friend auto operator<=>(const Replacement &, const Replacement &) = default;
};

/// A closure that was put into a cell, and what its captures led to then: what a call through that cell may run.
struct StoredClosure {
  PathId Cell;
  NameId Code;
  std::vector<std::pair<PathId, PathId>> Captures; ///< cells below Cell, and the place that each one leads to
  std::vector<std::pair<PathId, PathId>> Behind;   ///< the same of cells in variables that the captures lead to

  /// A capture that leads to an object which whoever calls the closure cannot name, and what of it they can.
  struct Surroundings {
    PathId Capture;
    std::vector<std::pair<std::vector<Projection>, PathId>> Parts; ///< the way there from the object; the place
    friend bool operator==(const Surroundings &, const Surroundings &) = default;
  };
  std::vector<Surroundings> Around; ///< see ClosureEnvironment

  friend bool operator==(const StoredClosure &, const StoredClosure &) = default;
};

/// A call of a closure that the function was given: its callers know what it runs.
struct ThroughCall {
  PathId Cell; ///< the place that holds the closure
  std::vector<std::optional<Held>> Args;
  bool InPlace;        ///< else it is a copy of what the cell holds that runs
  uint8_t ByReference; ///< as in Call
  NameId Callee;       ///< whose effects make the call; invalid: the function makes it itself

  friend bool operator==(const ThroughCall &, const ThroughCall &) = default;
};

/// A cell keeps alive what the loan in it leads to.
struct Link {
  PathId Cell;
  LoanId Loan; ///< invalid: what the cell held at entry
  Point Via;   ///< what put it there

  friend bool operator==(const Link &, const Link &) = default;
};

/// A cell of one object leads to another object, and a cell of that one to it.
struct Mutual {
  struct Way {
    PathId Cell, Object; ///< where it leads

    friend auto operator<=>(const Way &, const Way &) = default;
  };
  Way There, Back;

  friend auto operator<=>(const Mutual &, const Mutual &) = default;
};

/// A store of what may keep objects alive: in one of several cells, of one of several loans.
struct OwningStore {
  Point Via;
  std::vector<std::pair<PathId, LoanId>> Into; ///< cells, and the first of the loans that led there, if any did
  std::vector<LoanId> What;
  bool AllOfThem = false; ///< a closure has bound all of What
  bool IsWhole = false;   ///< a whole object was copied: parts of it may keep others alive

  /// Whether nothing else can be meant.
  bool isCertain() const { return Into.size() == 1 && (What.size() == 1 || AllOfThem); }
  /// Whether \p Cell is one of those, or lies in a whole object that was copied.
  bool mayHaveMade(const Paths &Storage, PathId Cell) const;
  friend bool operator==(const OwningStore &, const OwningStore &) = default;
};

/// Objects that keep each other alive. The first link closed the ring; each of the others leads from the object that
/// the one before leads to, the last one to the cell of the first.
struct Ring {
  std::vector<Link> Links;
  std::vector<Ring> Otherwise; ///< closed instead, where the first link may be another one

  friend bool operator==(const Ring &, const Ring &) = default;
};

/// Where a function asks a container for a key, and where it adds that key.
struct Growth {
  Span LookedUp, Added;

  friend bool operator==(const Growth &, const Growth &) = default;
};

/// The result for one function. Points count the facts of Order.
struct LoanSolution {
  FunctionId Function;
  std::vector<Loan> Loans;
  std::vector<std::pair<uint32_t, uint32_t>> Order; ///< fact number -> block and index
  std::vector<Resolved> Calls;                      ///< ordered by fact
  std::vector<Event> Events;                        ///< ordered by point
  std::vector<Export> Exports;                      ///< ordered by point
  std::vector<Overwrite> Written;                   ///< ordered
  std::vector<Replacement> Replaced;
  std::vector<StoredClosure> Closures;           ///< in cells that are no temporaries
  std::vector<ThroughCall> Through;              ///< an Export of the kind Call has its index here in Call
  std::vector<OwningStore> OwningStores;         ///< those that a ring goes through, or may (see Rings.h)
  std::vector<Ring> Rings;                       ///< closed somewhere in the function
  std::vector<Mutual> Mutuals;                   ///< of objects of the function's own, ordered
  std::vector<Growth> Growths;                   ///< of containers that the program only adds to
  std::vector<std::pair<PathId, Point>> Emptied; ///< places whose contents ended or were moved away, and where
  std::vector<PathId> TakenOut;                  ///< elements whose contents went elsewhere, before they end
  std::vector<Point> Guesses; ///< effects that are calls of what may not happen or be called, ordered
  std::vector<std::pair<Point, Span>> EndedInside; ///< calls of closures by callees, and where in the closure loans die
  State AtExit;
  std::vector<State> ExitCases; ///< AtExit, told apart by what was known of parameters; empty when there is but one
  bool ReachesExit = false;
  bool GaveUp = false;  ///< the step budget ran out: no events
  bool HasLost = false; ///< some cell may have held more loans than are told apart

  /// Adds an event of the kind Standing or Orphaned: \p Killer ends, at \p At, what \p Cell holds.
  void addEndedElsewhere(EventKind Kind, PathId Cell, const Held &H, FunctionId Killer, const Span &At);
  /// The loan that \p L was passed on from first; \p L itself if it was lent anew.
  const Loan &first(LoanId L) const;
  /// The fact that \p At stands for, in the function, whose body is \p Whole, or in the effects of a callee of it.
  const Fact &factAt(const refleak::Function &Whole, Point At) const;
  /// What the call at fact number \p Fact may run, or null when no such call was noted.
  const Resolved *resolvedAt(uint32_t Fact) const;
  /// Lets go of what only the function's effects are read off. What looks at functions side by side knows members and
  /// globals; where a function does nothing to these and nothing happens in it, nothing is left to look at. Returns
  /// whether something is.
  bool settle(const Program &P);
  /// The effects that \p At lies in, or null when it is a fact of the function itself.
  const Effects *effectsAt(Point At) const;
  /// As effectsAt, if they are those of a body, which is solved itself; else null.
  const Effects *bodyAt(Point At) const;
  /// Whether what happens at \p At happens in one of several functions that a call may run.
  bool isGuess(Point At) const;
  /// Whether \p Cell, as it is left at the exit, lies in a field of something that holds code: a closure's capture.
  bool isCapture(const Paths &Storage, PathId Cell) const;
  /// Whether \p F, whose solution this is, calls anything on the way from \p From to \p To, and so may wait there.
  bool mayWait(const refleak::Function &F, Point From, Point To) const;
  /// Whether \p F waits there for others, as a model says.
  bool waits(const refleak::Function &F, Point From, Point To) const;
  /// Whether \p F may wait there for a thread: it calls code of the program or code that is not known, or joins one.
  bool mayWaitForCode(const refleak::Function &F, Point From, Point To) const;
  /// Whether some way through \p F leads from the fact \p From on to the fact \p To, given by their numbers.
  bool comesTo(const refleak::Function &F, uint32_t From, uint32_t To) const;
  /// Whether \p IsSuch a call, with what it runs (null: not known), that \p F makes on some way from \p From to \p To.
  bool anyCallBetween(const refleak::Function &F, Point From, Point To,
                      llvm::function_ref<bool(const Resolved *)> IsSuch) const;
  /// Whether the function has a body and all of it was looked at.
  bool isSolved() const { return Function.valid() && !GaveUp; }
};

/// Whether \p Key, a word of models, names the first element, whichever that is.
bool namesFirst(const Program &P, PathId Key);
/// \p Key as effects name it: what an argument leads to by the argument.
PathId keyOfEffects(const Paths &Storage, PathId Key);

} // namespace refleak
