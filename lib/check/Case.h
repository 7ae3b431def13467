//===- Case.h - One event, as a rule sees it ----------------------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "solve/Solve.h"

namespace refleak {

/// What lent the loan.
enum class Lender : uint8_t {
  Variable,  ///< a local variable, or a parameter's own storage
  Temporary, ///< an object that ends with its full expression
  Element,   ///< something inside a container
  Heap,      ///< an allocation
  Other,     ///< what a parameter, `this` or a global leads to
};

/// What holds the loan.
enum class Holder : uint8_t {
  Local,   ///< a local variable, parameter or temporary
  Hidden,  ///< the iterator or range that a range-for made
  Result,  ///< what the function returns
  Global,  ///< static or thread storage
  Closure, ///< a capture of a closure that outlives the function
  Member,  ///< a data member of `this`, or of something this leads to
  Outside, ///< storage that an argument leads to
};

/// How the loan ended.
enum class Cause : uint8_t { None, Scope, Temporary, Deleted, Reset, Moved, Invalidated };

/// An event with the questions that rules ask and the words that messages need. Places are told as a reader of the
/// source would: 'items', an element of 'cache', a temporary.
class Case {
public:
  Case(const Solved &Program, const LoanSolution &S, const Event &E)
      : Program(Program), S(S), E(E), Whole(Program.P.whole(S.Function)) {}

  EventKind kind() const { return E.Kind; }
  /// Of the loan; for `*it` or `it->` in the middle of an expression that of `it`.
  LoanKind loanKind() const;
  Lender lender() const;
  /// Whether what was lent is owned by a container's element, and not the element.
  bool ownedByElement() const;
  Holder holder() const;
  Cause cause() const;
  /// Whether the loan was taken by a closure's capture by reference, or is needed by a coroutine that goes on.
  bool captured() const;
  /// Whether it is used by code that runs until it is waited for: a thread.
  bool runsUntilWaitedFor() const;
  /// Whether it is a coroutine that needs it.
  bool inCoroutine() const;
  /// Whether code that the end of a member waits for uses what has ended.
  bool isByWaiting() const { return E.ByWaiting; }
  /// Whether a closure ends while it runs, and goes on using what it has captured.
  bool endedWhileItRan() const { return E.UsedInside.known(); }
  /// Whether what put the loan into the holder is a function with a body: it keeps what it was given.
  bool isStoredByCallee() const { return E.Via.valid() && S.bodyAt(E.Via); }
  /// Whether it is the object's own constructor that put the loan on the object into the holder.
  bool signsItselfOn() const;
  /// Whether the loan went through an integer or a void pointer on its way into what holds it.
  bool laundered() const;

  /// The place lent: "'x'", "an element of 'items'".
  std::string lentName() const;
  /// Whether the loan is on what an owner that was there before the function owned then, and that another lets go.
  bool isOwnedAtEntry() const;
  /// The container that the place lent lies in, or that place: "'items'".
  std::string ownerName() const;
  /// What is held is an iterator that the function was given: which container it leads into is not known.
  bool isGivenIterator() const;
  /// What holds the loan: "'r'", "the result", "'cache_'".
  std::string holderName() const;
  /// What ended the loan: "push_back", "the end of the scope".
  std::string causeName() const;
  /// Standing, Orphaned: the function elsewhere that ends it, for people; Retained: the one that meets it again. Empty
  /// when none is known.
  std::string killerName() const;
  /// "reference", "iterator", "end iterator", "view", "pointer": what the loan is to a reader.
  std::string loanName() const;

  /// Copied: the store in an object that leads into that same object, and what it stores where, "'ref_'".
  Span ledIntoItselfAt() const;
  std::string holderInItself() const;
  std::string partOfItself() const;

  /// Sibling: the member that has ended, "'pool_'", and the one whose end needs it; empty for a base class.
  std::string endedMember() const;
  std::string needyMember() const;

  /// Use: whether the destructor of a variable uses one that was declared behind it and has ended with the same scope;
  /// where that other one is declared, its name, "'pool'", and that of the one that uses it.
  bool endsBeforeItsUser() const;
  Span endedVariableAt() const { return Whole.Locals[Program.P.Storage.rootOf(loan().Target).Index].At; }
  std::string endedVariable() const { return placeName(Program.P.Storage.rootPath(loan().Target)); }
  std::string usingVariable() const { return placeName(Program.P.Storage.rootPath(E.Cell)); }

  /// Ring: the member or capture of the main link, "'parents_'", and those of the other links, in order. The main link
  /// is the one that closed the ring, or what a closure has captured that a callee made: who mends the ring looks
  /// there.
  std::string mainLinkName() const { return linkName(mainLink()); }
  std::vector<std::string> otherLinkNames() const;
  /// Ring: whether a closure has captured what the main link owns.
  bool ringIsCaptured() const;
  /// Ring: where the main link was made; for a closure where it captured what it owns.
  Span mainLinkAt() const;

  /// Grows: where an element is added.
  Span addedAt() const { return S.Growths[E.Growth].Added; }

  Span borrowedAt() const;
  /// As borrowedAt, but inside the callee when it is one that captured what it was given.
  Span capturedAt() const;
  Span storedAt() const;
  /// As storedAt, but inside the callee when that one lent what it stores. What it gives back the caller stores.
  Span givenAwayAt() const;
  /// As storedAt, but inside the callee that stores it; where an object signs itself on, that call.
  Span keptAt() const;
  /// Where the closure is written that has captured what is held, if a callee stored it; else unknown.
  Span closureOfCalleeAt() const;
  Span endedAt() const;
  Span usedAt() const;

  /// The whole story in order: borrow, store, end, use, each with what happens inside callees.
  std::vector<Step> trace() const;
  /// \p At as a location.
  Location location(const Span &At) const { return locate(At, Program.P.Files); }

  const Function &function() const { return Whole; }
  const Event &event() const { return E; }
  Confidence confidence() const;

private:
  const Local *endingUser() const;
  const Solved &Program;
  const LoanSolution &S;
  const Event &E;
  Function Whole; ///< the function of S, with its body

  const Ring &ring() const { return S.Rings[E.Ring]; }
  const Link &mainLink() const;
  Span closedAt() const;
  std::string linkName(const Link &L) const;
  std::string objectName(PathId Place) const;
  bool bindsArguments(uint32_t Number) const;
  std::vector<Step> ringTrace() const;
  std::vector<Step> retainedTrace() const;
  std::vector<Step> selfTrace() const;
  std::vector<Step> bypassTrace() const;
  std::vector<Step> growthTrace() const;
  bool isUse() const {
    return E.Kind == EventKind::Use || E.Kind == EventKind::Sibling || (E.Kind == EventKind::Copied && E.At != E.Via);
  }
  const Loan &loan() const { return S.Loans[E.Loan.index()]; }
  Fact firstIssue() const { return Program.fact(S, S.first(E.Loan).Issued); }
  Point firstStore() const;
  bool leadsToOwnObject() const;
  bool endsWithOwnObject() const;
  bool isKeptByCallees(PathId Cell) const;
  Span closureAt() const;
  std::string placeName(PathId Place) const;
  std::string rootName(PathId Root) const;
  std::string fieldName(NameId Field) const;
  std::string calleeName(Point At) const;
  void inside(std::vector<Step> &Trace, Point At, StepKind Kind, const std::string &What) const;
};

} // namespace refleak
