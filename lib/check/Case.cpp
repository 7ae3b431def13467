#include "check/Case.h"
#include "check/Laundering.h"
#include "solve/Lives.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Demangle/Demangle.h"

using namespace refleak;

Lender Case::lender() const {
  const Paths &Storage = Program.P.Storage;
  for (PathId At = loan().Target; !Storage.isRoot(At) && Storage.last(At).Kind != ProjectionKind::Deref;
       At = Storage.base(At))
    if (isElement(Storage.last(At))) return Lender::Element;
  PathId At = loan().Target;
  for (; !Storage.isRoot(At); At = Storage.base(At))
    if (Storage.last(At).Kind == ProjectionKind::Deref) return Lender::Other;
  switch (Storage.rootOf(At).Kind) {
  case RootKind::Local:
  case RootKind::Arg:
    return Lender::Variable;
  case RootKind::Temp:
    return Lender::Temporary;
  case RootKind::Heap:
    return Lender::Heap;
  default:
    return Lender::Other;
  }
}

bool Case::ownedByElement() const {
  if (lender() != Lender::Other) return lender() == Lender::Heap;
  for (LoanId L = E.Loan; L.valid(); L = S.Loans[L.index()].Parent)
    if (S.Loans[L.index()].Cell.valid()) return true;
  return false;
}

LoanKind Case::loanKind() const {
  if (loan().Parent.valid() && Program.P.Storage.rootOf(E.Cell).Kind == RootKind::Temp) {
    LoanKind From = S.Loans[loan().Parent.index()].Kind;
    if (From == LoanKind::Iterator || From == LoanKind::End) return From;
  }
  return loan().Kind;
}

bool Case::captured() const { return Program.isCaptured(S, E.Loan, E.Cell, E.Via); }

bool Case::runsUntilWaitedFor() const {
  if (kind() != EventKind::Use || !E.At.valid()) return false;
  const Fact &Use = Program.fact(S, E.At);
  return Use.Kind == FactKind::Use && Use.How == Access::Wait;
}

bool Case::inCoroutine() const {
  return loan().Why == Reason::Frame || (E.Via.valid() && Program.fact(S, E.Via).Why == Reason::Frame);
}

bool Case::signsItselfOn() const {
  if (!isStoredByCallee()) return false;
  PathId Stored = Program.fact(S, E.Via).Src;
  FunctionId Callee = Program.P.body(S.effectsAt(E.Via)->Symbol);
  return Stored.valid() && Program.P.Storage.isRoot(Stored) &&
         Program.P.Storage.rootOf(Stored).Kind == RootKind::This && Callee.valid() &&
         Program.function(Callee).IsConstructor;
}

bool Case::laundered() const {
  for (LoanId L = E.Loan; L.valid(); L = S.Loans[L.index()].Parent)
    if (S.Loans[L.index()].Why == Reason::Cast) return true;
  return cameThroughCast(Program, S, E.Via);
}

Holder Case::holder() const {
  const Paths &Storage = Program.P.Storage;
  const Root &R = Storage.rootOf(E.Cell);
  bool Field = false, Leads = false;
  for (PathId At = E.Cell; !Storage.isRoot(At); At = Storage.base(At)) {
    Field |= Storage.last(At).Kind == ProjectionKind::Field;
    Leads |= Storage.last(At).Kind == ProjectionKind::Deref;
  }
  if (E.Kind != EventKind::Use && captured() && R.Kind != RootKind::Ret) return Holder::Closure;
  switch (R.Kind) {
  case RootKind::Ret:
    return Holder::Result;
  case RootKind::Global:
    return Holder::Global;
  case RootKind::This:
    return Leads ? Holder::Member : Holder::Local;
  case RootKind::Arg:
    return Leads ? Holder::Outside : Holder::Local;
  case RootKind::Heap:
    return Holder::Member;
  case RootKind::Local: {
    llvm::StringRef Name = function().Locals[R.Index].Name;
    return Name.empty() ? Holder::Hidden : Field ? Holder::Member : Holder::Local;
  }
  default:
    return Holder::Local;
  }
}

Cause Case::cause() const {
  if (!E.Death.valid()) return Cause::None;
  if (E.Kind == EventKind::Escape && Program.P.Storage.rootOf(loan().Target).Kind == RootKind::Ret) return Cause::Scope;
  const Fact &Death = Program.fact(S, E.Death);
  if (Death.Kind != FactKind::Expire) return Cause::Invalidated;
  switch (Death.Ending) {
  case End::Scope:
    return Cause::Scope;
  case End::Temporary:
    return Cause::Temporary;
  case End::Delete:
  case End::Removed:
    return Cause::Deleted;
  case End::Reset:
  case End::Release:
    return Cause::Reset;
  case End::Moved:
    return Cause::Moved;
  case End::Grown:
    return Cause::Invalidated;
  }
  return Cause::None;
}

Confidence Case::confidence() const {
  auto weakest = [&](Certainty C) {
    return C == Certainty::Must  ? Confidence::Definite
           : C == Certainty::May ? Confidence::Likely
                                 : Confidence::Possible;
  };
  if (E.MayBeUndone) return Confidence::Possible;
  Confidence Sure = weakest(E.Sure);
  if (E.Death.valid()) {
    const Fact &Death = Program.fact(S, E.Death);
    Sure = std::min(Sure, weakest(Death.Sure));
    // A callee that destroys on some paths only counts references more often than not. What the caller of this function
    // gave may have other owners, but for what a callee's only owner let go; and what a callee itself uses afterwards
    // is another object as far as it knows.
    bool Destroys = Death.Kind == FactKind::Expire && Death.Ending != End::Grown && Death.Ending != End::Removed &&
                    (S.bodyAt(E.Death) || Death.Ending == End::Release);
    bool Inside = E.At.inEffects() && E.At.fact() == E.Death.fact();
    bool Shared = loan().Initial && (Death.Ending == End::Release || (Inside && Death.Ending != End::Reset));
    if (Destroys && (Death.Sure != Certainty::Must || Shared)) Sure = Confidence::Possible;
    if (Death.Cond != When::Always) Sure = std::min(Sure, Confidence::Likely);
  }
  bool StoredByGuess = E.Via.valid() && (S.isGuess(E.Via) || Program.fact(S, E.Via).Sure == Certainty::Assumed);
  if (E.Kind != EventKind::Use && StoredByGuess) Sure = Confidence::Possible;
  // What one of several stored closures does, the function itself may meet; that another one does is a guess.
  bool ByStored = std::binary_search(S.Guesses.begin(), S.Guesses.end(), E.Death);
  bool DiedByGuess = S.isGuess(E.Death) && !(E.Kind == EventKind::Use && ByStored && !S.isGuess(E.At));
  if (DiedByGuess || S.isGuess(loan().Issued) || S.isGuess(S.first(E.Loan).Issued)) Sure = Confidence::Possible;
  return Sure;
}

//===- Names for people -------------------------------------------------------------------------------------------===//

std::string Case::fieldName(NameId Field) const {
  llvm::StringRef Text = Program.P.Symbols.text(Field);
  size_t Colons = Text.rfind("::");
  return (Colons == llvm::StringRef::npos ? Text : Text.substr(Colons + 2)).str();
}

std::string Case::rootName(PathId Path) const {
  const Root &R = Program.P.Storage.rootOf(Path);
  const Function &F = function();
  switch (R.Kind) {
  case RootKind::Local: {
    llvm::StringRef Name = F.Locals[R.Index].Name;
    return Name.empty() ? "the range" : Name.str();
  }
  case RootKind::Arg:
    return R.Index < F.Parameters.size() ? F.Parameters[R.Index].Name : "an argument";
  case RootKind::This:
    return "this";
  case RootKind::Global: {
    // Internal names stand behind their file and a colon, those of static locals behind their function.
    llvm::StringRef Name = Program.P.Symbols.text(R.Name);
    if (size_t Function = Name.rfind(")::"); Function != llvm::StringRef::npos) return Name.substr(Function + 3).str();
    size_t Colon = Name.rfind(':');
    if (Colon != llvm::StringRef::npos && Colon > 0 && Name[Colon - 1] != ':') Name = Name.substr(Colon + 1);
    return llvm::demangle(Name);
  }
  default:
    return "";
  }
}

/// A place as it would be written in the source, without what a reader need not know (`this->`, iterators).
std::string Case::placeName(PathId Place) const {
  const Paths &Storage = Program.P.Storage;
  bool Element = false;
  std::string Suffix;
  PathId At = Place;
  for (; !Storage.isRoot(At); At = Storage.base(At)) {
    const Projection &Last = Storage.last(At);
    if (isElement(Last)) {
      Element = true;
      Suffix.clear();
    } else if (Last.Kind == ProjectionKind::Field) {
      std::string Name = fieldName(Last.Name);
      if (Element && (Name == "first" || Name == "second")) continue;
      Suffix = Suffix.empty() ? Name : Name + "." + Suffix;
    }
  }
  RootKind K = Storage.rootOf(At).Kind;
  std::string Name;
  if (K == RootKind::Temp)
    Name = Suffix.empty() ? "a temporary" : "'" + Suffix + "' of a temporary";
  else if (K == RootKind::Heap)
    Name = Suffix.empty() ? "the allocated object" : "'" + Suffix + "' of the allocated object";
  else if (K == RootKind::Ret)
    Name = "the result";
  else {
    std::string Root = rootName(At);
    if (Root == "the range")
      Name = Root;
    else if ((Root == "this" || Root.empty()) && !Suffix.empty())
      Name = "'" + Suffix + "'";
    else
      Name = "'" + (Suffix.empty() ? (Root.empty() ? "a parameter" : Root) : Root + "." + Suffix) + "'";
  }
  return Element ? "an element of " + Name : Name;
}

std::string Case::lentName() const {
  if (E.Kind == EventKind::Copied) return partOfItself();
  std::string Name = placeName(loan().Target);
  const Loan &First = S.first(E.Loan);
  if (First.Kind == LoanKind::Iterator && First.Why == Reason::Argument && First.Target == loan().Target)
    return "the element that " + Name + " leads to";
  return isOwnedAtEntry() ? "what " + Name + " owns" : Name;
}

bool Case::isGivenIterator() const {
  return loan().Kind == LoanKind::Iterator && S.first(E.Loan).Why == Reason::Argument;
}

bool Case::isOwnedAtEntry() const {
  return E.Kind == EventKind::Orphaned && !E.Death.valid() && loan().Initial && !leadsToOwnObject();
}

bool Case::leadsToOwnObject() const {
  const Paths &Storage = Program.P.Storage;
  return Storage.rootOf(loan().Target).Kind == RootKind::This && Storage.depth(loan().Target) == 1;
}

std::string Case::holderInItself() const { return placeName(firstIssue().Dst); }

std::string Case::partOfItself() const { return placeName(firstIssue().Src); }

std::string Case::endedMember() const { return placeName(Program.fact(S, E.Death).Src); }

std::string Case::needyMember() const {
  PathId Member = memberEndingAt(Whole, S, E);
  return Member.valid() ? placeName(Member) : "";
}

bool Case::endsBeforeItsUser() const {
  const Paths &Storage = Program.P.Storage;
  bool OfScope = E.Kind == EventKind::Use && E.Death.valid() && !E.Death.inEffects() && cause() == Cause::Scope;
  PathId User = Storage.rootPath(E.Cell);
  if (!OfScope || Storage.rootOf(loan().Target).Kind != RootKind::Local || Storage.rootOf(User).Kind != RootKind::Local)
    return false;
  // Between the two ends there is nothing but the ends of other variables.
  for (uint32_t I = E.Death.fact() + 1; I < S.Order.size(); ++I) {
    const Fact &Each = Program.fact(S, Point::ofFact(I));
    if (Each.Kind == FactKind::Expire && I > E.At.fact()) return Each.Src == User;
    FunctionId Callee = Each.Kind == FactKind::Call && Whole.Calls[Each.Call].Callee.valid()
                            ? Program.P.body(Whole.Calls[Each.Call].Callee)
                            : FunctionId();
    bool Ends = Each.Kind == FactKind::Expire || (Callee.valid() && Program.function(Callee).IsDestructor);
    if (!Ends && Each.Kind != FactKind::Borrow) return false;
  }
  return false;
}

Span Case::ledIntoItselfAt() const {
  Span Store = firstIssue().At;
  return Store.known() ? Store : borrowedAt();
}

std::string Case::ownerName() const {
  const Paths &Storage = Program.P.Storage;
  for (PathId At = loan().Target; !Storage.isRoot(At); At = Storage.base(At))
    if (isElement(Storage.last(At))) return placeName(Storage.base(At));
  return lentName();
}

std::string Case::holderName() const {
  const Paths &Storage = Program.P.Storage;
  if (captured()) {
    for (PathId At = E.Cell; !Storage.isRoot(At); At = Storage.base(At))
      if (Storage.last(At).Kind == ProjectionKind::Field) return "'" + fieldName(Storage.last(At).Name) + "'";
  }
  if (Storage.rootOf(E.Cell).Kind == RootKind::Temp && Storage.isRoot(E.Cell)) return "the " + loanName();
  return placeName(E.Cell);
}

std::string Case::loanName() const {
  switch (loan().Kind) {
  case LoanKind::Iterator:
    return "iterator";
  case LoanKind::End:
    return "end iterator";
  case LoanKind::View:
    return "view";
  case LoanKind::Own:
  case LoanKind::Share:
  case LoanKind::Weak:
    return "pointer";
  default:
    return loan().Why == Reason::AddressOf || loan().Why == Reason::New || loan().Why == Reason::Cast ? "pointer"
                                                                                                      : "reference";
  }
}

std::string Case::calleeName(Point At) const {
  const Effects *Callee = S.effectsAt(At);
  if (!Callee) return "";
  llvm::StringRef Name = Callee->Display;
  size_t CallOperator = Name.find("operator()");
  Name = Name.substr(0, Name.find('(', CallOperator == llvm::StringRef::npos ? 0 : CallOperator + 10));
  // Template arguments say nothing here; names of operators keep their signs.
  std::string Short;
  int Depth = 0;
  bool Operator = Name.contains("operator");
  for (char C : Name) {
    if (C == '<' && !Operator) ++Depth;
    if (!Depth) Short += C;
    if (C == '>' && !Operator) --Depth;
  }
  size_t Colons = Short.rfind("::");
  return Colons == std::string::npos ? Short : Short.substr(Colons + 2);
}

std::string Case::killerName() const { return E.Killer.valid() ? Program.function(E.Killer).Display : ""; }

std::string Case::causeName() const {
  switch (cause()) {
  case Cause::None:
    return "another function";
  case Cause::Scope:
    return "the end of its scope";
  case Cause::Temporary:
    return "the end of the full expression";
  case Cause::Deleted:
    return E.Death.inEffects() ? "'" + calleeName(E.Death) + "'" : "delete";
  case Cause::Reset:
    return E.Death.inEffects() ? "'" + calleeName(E.Death) + "'" : "an assignment";
  case Cause::Moved:
    return "a move";
  case Cause::Invalidated:
    if (E.Death.inEffects()) return "'" + calleeName(E.Death) + "'";
    return Program.fact(S, E.Death).Sure == Certainty::May ? "the loop" : "a change"; // see lib/lower/Sweeps.cpp
  }
  return "";
}

//===- The story --------------------------------------------------------------------------------------------------===//

Span Case::borrowedAt() const {
  const Loan &First = S.first(E.Loan);
  return First.Issued.valid() ? Program.site(S, First.Issued) : function().At;
}

Span Case::capturedAt() const {
  Point Made = S.first(E.Loan).Issued;
  if (neededLater(loan().Why) && Made.valid() && S.bodyAt(Made))
    if (const Fact &Capture = Program.fact(S, Made); Capture.At.known()) return Capture.At;
  Span Closure = closureAt();
  bool CopiedByCallee = loan().Why != Reason::Capture && captured() && S.bodyAt(E.Via);
  return CopiedByCallee && Closure.known() ? Closure : borrowedAt();
}

/// Where the closure is written that has captured what is held, if there is but one that the holder may hold.
Span Case::closureAt() const {
  const Paths &Storage = Program.P.Storage;
  for (PathId At = E.Cell; !Storage.isRoot(At); At = Storage.base(At)) {
    if (Storage.last(At).Kind != ProjectionKind::Field) continue;
    const HeldSet *Around = S.AtExit.find(Storage.base(At));
    if (!Around) continue;
    FunctionId Code;
    for (const Held &H : *Around) {
      if (S.Loans[H.Loan.index()].Kind != LoanKind::Code) continue;
      FunctionId Each = Program.P.body(Storage.rootOf(S.Loans[H.Loan.index()].Target).Name);
      if (Code.valid() && Each != Code) return Span();
      Code = Each;
    }
    if (Code.valid()) return Program.function(Code).At;
  }
  return Span();
}

Span Case::storedAt() const {
  if (!E.Via.valid()) return borrowedAt();
  Span Site = Program.site(S, firstStore());
  return Site.known() ? Site : borrowedAt();
}

Span Case::givenAwayAt() const {
  const Loan &First = S.first(E.Loan);
  if (!isStoredByCallee() || !S.bodyAt(First.Issued)) return storedAt();
  const Fact &Store = Program.fact(S, E.Via);
  bool IsResult = Store.Dst.valid() && Program.P.Storage.rootOf(Store.Dst).Kind == RootKind::Ret;
  return Store.At.known() && !IsResult ? Store.At : storedAt();
}

Span Case::keptAt() const {
  if (captured())
    if (Span Closure = closureAt(); Closure.known()) return Closure;
  if (isStoredByCallee() && !leadsToOwnObject())
    if (const Fact &Store = Program.fact(S, E.Via); Store.At.known()) return Store.At;
  return storedAt();
}

Span Case::closureOfCalleeAt() const {
  const Paths &Storage = Program.P.Storage;
  if (!isStoredByCallee()) return Span();
  PathId Capture = Program.fact(S, E.Via).Dst; // none: a call that the callee makes stored it
  if (!Capture.valid() || Storage.isRoot(Capture) || Storage.last(Capture).Kind != ProjectionKind::Field) return Span();
  Span Found;
  for (const Fact &Each : S.effectsAt(E.Via)->Facts) {
    if (Each.Kind != FactKind::Borrow || Each.Loan != LoanKind::Code || Each.Dst != Storage.base(Capture)) continue;
    FunctionId Code = Program.P.body(Storage.rootOf(Each.Src).Name);
    if (Found.known() || !Code.valid()) return Span();
    Found = Program.function(Code).At;
  }
  return Found;
}

/// The fact that put the loan into a data member: a record may be filled first and stored as a whole later.
Point Case::firstStore() const {
  const Paths &Storage = Program.P.Storage;
  NameId Member;
  for (PathId At = E.Cell; !Storage.isRoot(At) && !Member.valid(); At = Storage.base(At))
    if (Storage.last(At).Kind == ProjectionKind::Field) Member = Storage.last(At).Name;
  if (!Member.valid() || !Program.P.isMember(Member)) return E.Via;
  auto isInResult = [&](PathId Cell) { return Storage.rootOf(Cell).Kind == RootKind::Ret; };
  for (uint32_t I = E.Via.fact(); I-- > 0;) {
    const Fact &Each = Program.fact(S, Point::ofFact(I));
    bool Stores = Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy;
    if (Stores && !Storage.isRoot(Each.Dst) && Storage.last(Each.Dst).Kind == ProjectionKind::Field &&
        Storage.last(Each.Dst).Name == Member && isInResult(Each.Dst) <= isInResult(E.Cell) && Each.At.known())
      return Point::ofFact(I);
  }
  return E.Via;
}

Span Case::endedAt() const {
  if (E.Killer.valid() && E.Kind != EventKind::Retained) return E.KilledAt;
  return E.Death.valid() ? Program.site(S, E.Death) : Span();
}

/// A callee that destroys its own object and goes on is wrong itself: there the use is reported. So is one that uses
/// what a callee has put where only they look, in a global or in a member, unless it goes with a variable or a
/// temporary of this function.
Span Case::usedAt() const {
  if (E.Kind == EventKind::Sibling) return Program.site(S, E.At);
  if (E.UsedInside.known()) return E.UsedInside;
  if (E.Requirement) {
    const Fact &Need = Program.fact(S, E.At);
    bool OfItself = Need.Kind == FactKind::Need && Program.P.Storage.rootOf(Need.Src).Kind == RootKind::This &&
                    cause() != Cause::Invalidated;
    if (OfItself && Need.At.known()) return Need.At;
  }
  if (!E.At.valid()) return function().At;
  if (const Local *User = endingUser()) return User->At;
  if (S.bodyAt(E.At) && S.bodyAt(E.Via) && isKeptByCallees(E.Cell) && !endsWithOwnObject())
    if (const Fact &Use = Program.fact(S, E.At); Use.At.known()) return Use.At;
  return Program.site(S, E.At);
}

/// The variable whose destructor uses what the loan leads to when its scope ends: a lock, for one. Null if it is
/// something else.
const Local *Case::endingUser() const {
  if (!E.At.valid() || !E.At.inEffects() || E.At.fact() + 1 >= S.Order.size()) return nullptr;
  const Fact &Next = Program.fact(S, Point::ofFact(E.At.fact() + 1));
  bool Ends = Next.Kind == FactKind::Expire && Next.Ending == End::Scope && Program.P.Storage.isRoot(Next.Src) &&
              Next.At == Program.site(S, E.At);
  const Root &Ended = Program.P.Storage.rootOf(Ends ? Next.Src : E.Cell);
  if (!Ends || Ended.Kind != RootKind::Local || Program.P.Storage.rootPath(E.Cell) != Next.Src) return nullptr;
  const Local &User = function().Locals[Ended.Index];
  return User.Name.empty() ? nullptr : &User;
}

/// Whether it is the destructor of a variable or a temporary of the function that ends what the loan leads to: the end
/// of the object itself stands right behind.
bool Case::endsWithOwnObject() const {
  const Effects *Callee = E.Death.valid() ? S.bodyAt(E.Death) : nullptr;
  FunctionId Body = Callee ? Program.P.body(Callee->Symbol) : FunctionId();
  if (!Body.valid() || !Program.P.Functions[Body.index()].IsDestructor) return false;
  if (E.Death.fact() + 1 >= S.Order.size()) return false;
  const Fact &Next = Program.fact(S, Point::ofFact(E.Death.fact() + 1));
  return Next.Kind == FactKind::Expire && (Next.Ending == End::Scope || Next.Ending == End::Temporary);
}

/// Whether \p Cell is a global, or a member of an object that is no variable of this function.
bool Case::isKeptByCallees(PathId Cell) const {
  const Paths &Storage = Program.P.Storage;
  RootKind K = Storage.rootOf(Cell).Kind;
  if (K == RootKind::Global) return true;
  bool Member = false;
  for (; !Storage.isRoot(Cell); Cell = Storage.base(Cell))
    Member |= Storage.last(Cell).Kind == ProjectionKind::Field && Program.P.isMember(Storage.last(Cell).Name);
  return Member && (K == RootKind::Heap || K == RootKind::Local);
}

/// What happens at \p At inside a callee, if its body or that of a closure that it calls is known.
void Case::inside(std::vector<Step> &Trace, Point At, StepKind Kind, const std::string &What) const {
  auto InClosure = llvm::find_if(S.EndedInside, [&](const auto &Each) { return Each.first == At; });
  Span Where = InClosure != S.EndedInside.end() && At == E.Death ? InClosure->second
               : S.bodyAt(At)                                    ? Program.fact(S, At).At
                                                                 : Span();
  if (Where.known()) Trace.push_back({Kind, What, location(Where)});
}

std::vector<Step> Case::trace() const {
  if (E.Kind == EventKind::Ring) return ringTrace();
  if (E.Kind == EventKind::Retained) return retainedTrace();
  if (E.Kind == EventKind::Bypass) return bypassTrace();
  if (E.Kind == EventKind::Grows) return growthTrace();
  if (endedWhileItRan()) return selfTrace();
  std::vector<Step> Trace;
  const Loan &First = S.first(E.Loan);
  std::string Keeper = E.Kind == EventKind::Copied              ? "a copy of the object"
                       : inCoroutine()                          ? "the coroutine"
                       : E.Kind != EventKind::Use && captured() ? "the closure"
                                                                : holderName();
  if (isOwnedAtEntry()) {
    Trace.push_back({StepKind::Borrow, lentName() + " is there at the call", location(function().At)});
  } else if (!First.Initial) {
    Trace.push_back({StepKind::Borrow, lentName() + " is borrowed here", location(borrowedAt())});
    inside(Trace, First.Issued, StepKind::Borrow, "inside, by this");
  } else {
    Trace.push_back({StepKind::Borrow, lentName() + " is given by the caller", location(function().At)});
  }
  Span Stored = storedAt();
  if (E.Via.valid() && !(Stored == borrowedAt())) {
    Trace.push_back({isUse() ? StepKind::Flow : StepKind::Store, Keeper + " gets it here", location(Stored)});
    inside(Trace, E.Via, StepKind::Store, "inside, by this");
  } else if (signsItselfOn()) {
    inside(Trace, E.Via, StepKind::Store, "its constructor lets " + Keeper + " have it here");
  }
  std::string Ended;
  StepKind EndKind = cause() == Cause::Invalidated ? StepKind::Invalidate : StepKind::Expire;
  switch (cause()) {
  case Cause::Invalidated:
    Ended = causeName() + " may move or destroy it here";
    break;
  case Cause::Scope:
    Ended = lentName() + " ends here, with its scope";
    break;
  case Cause::Temporary:
    Ended = lentName() + " ends here, with its full expression";
    break;
  case Cause::None:
    break;
  default:
    Ended = causeName() + " destroys it here";
    break;
  }
  if (E.Kind == EventKind::Sibling) Ended = endedMember() + " is destroyed before what is declared above it";
  if (E.Kind == EventKind::Standing) {
    EndKind = StepKind::Invalidate;
    Ended = "'" + killerName() + "' may move or destroy it here";
  }
  if (E.Kind == EventKind::Orphaned && E.Killer.valid()) {
    EndKind = StepKind::Expire;
    Ended = "'" + killerName() + "' lets go here what owns it";
  }
  if (!Ended.empty()) {
    Trace.push_back({EndKind, Ended, location(endedAt())});
    if (E.Death.valid()) inside(Trace, E.Death, EndKind, "inside, by this");
  }
  if (isUse()) {
    bool IsSibling = E.Kind == EventKind::Sibling;
    bool ByCallee = !IsSibling && S.bodyAt(E.At) && isKeptByCallees(E.Cell);
    const Local *User = IsSibling ? nullptr : endingUser();
    std::string Used = E.ByWaiting ? "the destructor here waits for code that uses it"
                       : IsSibling ? "the destructor here uses it"
                       : User      ? "it is used here, where '" + User->Name + "' ends"
                                   : "it is used here";
    Trace.push_back({StepKind::Use, Used, location(ByCallee || User ? Program.site(S, E.At) : usedAt())});
    inside(Trace, E.At, StepKind::Use, "inside, here");
  } else {
    Trace.push_back({StepKind::Escape, Keeper + " still holds it after that", location(storedAt())});
  }
  return Trace;
}

std::vector<Step> Case::selfTrace() const {
  auto Ended = llvm::find_if(S.EndedInside, [&](const auto &Each) { return Each.first == E.Death; });
  Span Where = Ended != S.EndedInside.end() ? Ended->second : Program.site(S, E.Death);
  return {{StepKind::Borrow, "the closure is called here", location(Program.site(S, E.At))},
          {StepKind::Expire, "it ends here, with all that it has captured", location(Where)},
          {StepKind::Use, "it uses that here", location(usedAt())}};
}

std::vector<Step> Case::bypassTrace() const {
  std::vector<Step> Trace;
  Trace.push_back({StepKind::Borrow, "the bare slot of " + lentName() + " is lent here", location(borrowedAt())});
  inside(Trace, S.first(E.Loan).Issued, StepKind::Borrow, "inside, by this");
  Trace.push_back({StepKind::Store, "a pointer is written into it here", location(usedAt())});
  inside(Trace, E.At, StepKind::Store, "inside, here");
  return Trace;
}

std::vector<Step> Case::growthTrace() const {
  const Growth &G = S.Growths[E.Growth];
  std::vector<Step> Trace;
  if (G.LookedUp != G.Added)
    Trace.push_back({StepKind::Borrow, "an element of " + holderName() + " is looked for here", location(G.LookedUp)});
  Trace.push_back({StepKind::Store, "an element is added here for a key that is not there yet", location(G.Added)});
  return Trace;
}

//===- Rings ------------------------------------------------------------------------------------------------------===//

/// The nearest field of the cell: a member, or what a closure has captured.
std::string Case::linkName(const Link &L) const {
  const Paths &Storage = Program.P.Storage;
  std::string Half;
  for (PathId At = L.Cell; !Storage.isRoot(At) && Storage.last(At).Kind != ProjectionKind::Deref; At = Storage.base(At))
    if (Storage.last(At).Kind == ProjectionKind::Field) {
      std::string Name = fieldName(Storage.last(At).Name);
      if (Name != "first" && Name != "second") return "'" + Name + "'";
      if (Half.empty()) Half = "'" + Name + "'";
    }
  return Half.empty() ? "the closure" : Half;
}

std::vector<std::string> Case::otherLinkNames() const {
  std::vector<std::string> Names;
  for (const Link &L : ring().Links)
    if (&L != &mainLink()) Names.push_back(linkName(L));
  return Names;
}

const Link &Case::mainLink() const {
  const Link &Closing = ring().Links[0];
  if (captured()) return Closing;
  auto madeInCallee = [&](const Link &L) {
    return L.Loan.valid() && S.bodyAt(L.Via) && Program.fact(S, L.Via).At.known() &&
           Program.isCaptured(S, L.Loan, L.Cell, L.Via);
  };
  auto Inner = llvm::find_if(ring().Links, madeInCallee);
  return Inner != ring().Links.end() ? *Inner : Closing;
}

bool Case::ringIsCaptured() const { return captured() || &mainLink() != &ring().Links[0]; }

Span Case::mainLinkAt() const {
  return &mainLink() == &ring().Links[0] ? closedAt() : Program.fact(S, mainLink().Via).At;
}

/// The object that \p Place belongs to.
std::string Case::objectName(PathId Place) const {
  const Paths &Storage = Program.P.Storage;
  Place = Storage.objectOf(Place);
  if (Storage.isRoot(Place)) return "the allocated object";
  bool OfThis = Storage.isRoot(Storage.base(Place)) && Storage.rootOf(Place).Kind == RootKind::This;
  return OfThis ? "this object" : "what " + placeName(Storage.base(Place)) + " leads to";
}

/// Whether \p Path is the capture \p Name of a closure that is being made.
static bool isCapture(const Paths &Storage, PathId Path, NameId Name) {
  if (!Path.valid() || Storage.isRoot(Path) || Storage.last(Path) != Projection{ProjectionKind::Field, Name})
    return false;
  RootKind K = Storage.rootOf(Path).Kind;
  return K == RootKind::Temp || K == RootKind::Local;
}

/// Where the link that closed the ring was made; for a closure where it captured what it owns.
Span Case::closedAt() const {
  const Paths &Storage = Program.P.Storage;
  // Not a member: a capture, or an argument that was bound.
  NameId Capture;
  for (PathId At = E.Cell; !Storage.isRoot(At) && Storage.last(At).Kind != ProjectionKind::Deref && !Capture.valid();
       At = Storage.base(At))
    if (Storage.last(At).Kind == ProjectionKind::Field) Capture = Storage.last(At).Name;
  bool Bound = !Capture.valid() || (Program.P.isMember(Capture) && Storage.last(E.Cell).Kind == ProjectionKind::Inline);
  bool Captured = Capture.valid() && !Program.P.isMember(Capture);
  for (uint32_t I = E.Via.fact() + 1; (Bound || Captured) && I-- > 0;) {
    const Fact &Each = Program.fact(S, Point::ofFact(I));
    if (!Each.At.known()) continue;
    bool IsCall = Each.Kind == FactKind::Call;
    PathId Result = IsCall ? function().Calls[Each.Call].Result : PathId();
    if (Captured && (isCapture(Storage, Each.Dst, Capture) || isCapture(Storage, Each.Src, Capture) ||
                     isCapture(Storage, Result, Capture)))
      return Each.At;
    if (Bound && IsCall && bindsArguments(I)) return Each.At;
  }
  return Program.site(S, E.Via);
}

/// Whether call fact \p Number gives out a closure with arguments bound in it.
bool Case::bindsArguments(uint32_t Number) const {
  const Paths &Storage = Program.P.Storage;
  const Resolved *Call = S.resolvedAt(Number);
  if (!Call || Call->Candidates.size() != 1) return false;
  return llvm::any_of(Call->Candidates[0]->Facts, [&](const Fact &Each) {
    return Each.Dst.valid() && !Storage.isRoot(Each.Dst) && Storage.last(Each.Dst).Kind == ProjectionKind::Inline &&
           Storage.rootOf(Each.Dst).Kind == RootKind::Ret;
  });
}

std::vector<Step> Case::ringTrace() const {
  std::vector<Step> Trace;
  for (const Link &L : llvm::reverse(ring().Links)) {
    bool Closes = &L == &ring().Links[0];
    PathId Target = L.Loan.valid() ? S.Loans[L.Loan.index()].Target : PathId();
    std::string Owned = L.Loan.valid() ? objectName(Target) : "what it leads to";
    std::string Owner = linkName(L) + " of " + objectName(L.Cell);
    if (!L.Loan.valid()) {
      Trace.push_back({StepKind::Borrow, Owner + " owns " + Owned, location(function().At)});
      continue;
    }
    if (const Loan &Made = S.Loans[L.Loan.index()]; Closes && Made.Issued.valid() && !Made.Initial)
      Trace.push_back({StepKind::Borrow, Owned + " is shared here", location(Program.site(S, Made.Issued))});
    if (Closes && !(closedAt() == Program.site(S, L.Via)))
      Trace.push_back({StepKind::Flow, "the closure gets it here", location(closedAt())});
    Trace.push_back({StepKind::Store, Owner + " owns " + Owned + " from here" + (Closes ? ": the ring is closed" : ""),
                     location(Program.site(S, L.Via))});
    inside(Trace, L.Via, StepKind::Store, "inside, by this");
  }
  return Trace;
}

//===- What is retained -------------------------------------------------------------------------------------------===//

std::vector<Step> Case::retainedTrace() const {
  std::vector<Step> Trace;
  if (E.Via.valid()) {
    Trace.push_back({StepKind::Store, holderName() + " gets it here", location(Program.site(S, E.Via))});
    inside(Trace, E.Via, StepKind::Store, "inside, by this");
  } else if (loan().Issued.valid()) {
    Trace.push_back({StepKind::Borrow, lentName() + " is taken here", location(Program.site(S, loan().Issued))});
    inside(Trace, loan().Issued, StepKind::Borrow, "inside, by this");
  }
  Trace.push_back({StepKind::Expire, "it is destroyed here, and stays in the container", location(endedAt())});
  inside(Trace, E.Death, StepKind::Expire, "inside, by this");
  if (E.Killer.valid())
    Trace.push_back({StepKind::Use, "'" + killerName() + "' meets it again", location(Program.function(E.Killer).At)});
  return Trace;
}
