//===- Transfer.h - What one fact does to a state -----------------------------------------------------------------===//
//
// Implementation of solveLoans. Section "What each fact does" of docs/theory.md, one function for each kind of fact.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Arrays.h"
#include "solve/Loans.h"
#include "solve/Notes.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

namespace refleak {

/// Adds \p X to the ordered \p Set, in which each thing is once.
template <class T> void insertOrdered(llvm::SmallVectorImpl<T> &Set, const T &X) {
  auto It = llvm::lower_bound(Set, X);
  if (It == Set.end() || *It != X) Set.insert(It, X);
}

/// The loans of one function, interned.
class LoanTable {
public:
  LoanId intern(const Loan &L);
  /// False if no loan was issued at \p At, but for such as were marked old at once.
  bool mayHaveIssued(Point At) const { return Issuers.contains(keyOf(At)); }
  /// Whether \p L tells of a cell that it, or a loan that it names, was read out of.
  bool tellsWhereRead(LoanId L) const { return WasRead.test(L.index()); }
  const Loan &operator[](LoanId L) const { return Loans[L.index()]; }
  /// The first of the chain that \p L was passed on from.
  const Loan &first(LoanId L) const {
    while (Loans[L.index()].Parent.valid()) L = Loans[L.index()].Parent;
    return Loans[L.index()];
  }
  size_t size() const { return Loans.size(); }
  std::vector<Loan> take() { return std::move(Loans); }

private:
  std::vector<Loan> Loans;
  Table<uint64_t, LoanId> Newest;   ///< by hash
  std::vector<LoanId> Older;        ///< by loan: the one before it with the same hash
  llvm::BitVector WasRead;          ///< by loan: see tellsWhereRead
  llvm::DenseSet<uint64_t> Issuers; ///< keys of the points that loans were issued at; different points may share one

  static uint64_t keyOf(Point At) { return uint64_t(hash_value(At)) >> 2; }
};

/// What loans become in one pass over a state. Emptied between passes at no cost.
class Renaming {
public:
  void clear() { ++Pass; }
  /// What \p L becomes; invalid when that was not set since the last clear.
  LoanId of(LoanId L) const {
    return L.index() < Entries.size() && Entries[L.index()].Pass == Pass ? Entries[L.index()].Becomes : LoanId();
  }
  void set(LoanId L, LoanId Becomes) {
    if (L.index() >= Entries.size()) Entries.resize(L.index() + 1);
    Entries[L.index()] = {Becomes, Pass};
  }

private:
  struct Entry {
    LoanId Becomes;
    uint32_t Pass = 0;
  };
  std::vector<Entry> Entries;
  uint32_t Pass = 1;
};

/// Where the formal roots of a callee's effects lie in the caller.
struct Frame {
  const Call *Site;
  const Effects *Done; ///< the effects that are being done
  const Frame *Outer;  ///< null: paths of Site are the function's own
  PathId This;         ///< stands for Site->This when valid; a path of the function itself
  uint32_t Depth;      ///< of nested frames; numbers scratch cells
  PathId Captures;     ///< Done is a closure that is called where it lies: a cell that leads to what it has captured
};

class Transfer {
public:
  Transfer(Program &P, const Function &F, Callees &C, const SolveLimits &Limits)
      : P(P), F(F), Lookup(C), Limits(Limits), Arrays(arraysOf(P, F, C, Limits)) {}

  /// Does \p Each, fact number \p Number, to \p S. Facts in loops may meet their own loans of an earlier round.
  void apply(State &S, const Fact &Each, uint32_t Number, bool InLoop);
  /// Unites \p Other into \p Into.
  void join(State &Into, const State &Other);

  /// What \p Cell holds in \p S: its entry, the image it was copied from, or its initial loan.
  HeldSet value(const State &S, PathId Cell);
  /// As above without a copy: what is returned is the entry, or \p Unwritten, filled.
  const HeldSet &value(const State &S, PathId Cell, HeldSet &Unwritten);
  /// Whether \p Place is there before and after the function runs.
  bool outlives(PathId Place) const;
  /// Whose contents, at entry, \p Cell follows; invalid if it follows nothing.
  PathId followed(PathId Cell) const { return Followed.lookup(Cell); }
  /// What the function \p Symbol does to its callers; null when nothing is known.
  const Effects *effectsOf(NameId Symbol) { return Lookup.effects(Symbol); }

  LoanTable Loans;
  llvm::DenseSet<PathId> Flags;      ///< what facts of the function assume something of
  llvm::DenseSet<PathId> Parametric; ///< flags that are parameters and stay as they were given
  bool Collecting = false;
  Notes Noted;                           ///< filled while Collecting
  std::vector<OwningStore> OwningStores; ///< the same, of all cases
  uint64_t Steps = 0;                    ///< cells and loans looked at so far
  bool outOfSteps() const { return Steps > Limits.MaxSteps; }

private:
  /// A place that a path leads to, and the loan of the last dereference on the way.
  struct Lent {
    PathId Place;
    std::optional<Held> Through;
  };
  using LentList = llvm::SmallVector<Lent, 2>;
  using OnDeref = llvm::function_ref<void(PathId Cell, const Held &, const HeldSet &All)>;

  Program &P;
  const Function &F;
  Callees &Lookup;
  const SolveLimits &Limits;
  llvm::DenseSet<PathId> Arrays; ///< places that stand for many objects, one behind the other
  State *S = nullptr;
  Point Now;
  bool InLoop = false;
  /// The facts of one of several callees: that it is this one is a guess.
  bool Guess = false;
  /// A place that a path leads to was left out because of the limits.
  bool TooDeep = false;
  const Fact *Current = nullptr;
  /// Effects that are being done. All that happens in a call that a callee makes happens at one point.
  struct RunningEffects {
    const Effects &Done;
    RunningEffects *Outer;                           ///< null: effects of a call of the function itself
    uint32_t Effect = 0;                             ///< the one that is being done
    std::vector<std::pair<LoanId, uint32_t>> Killed; ///< which effect a loan died of, where that is asked for
  };
  RunningEffects *Running = nullptr;     ///< null: a fact of the function itself
  llvm::SmallVector<Point, 4> EndedHere; ///< where the current fact has ended a loan
  Renaming Renamed;                      ///< by the current pass over the state
  llvm::DenseSet<PathId> Keys;           ///< of all loans so far
  llvm::DenseSet<PathId> GivenUp;        ///< what loans so far were Without
  llvm::DenseSet<PathId> ReadCells;      ///< that some loan tells it was read out of
  llvm::DenseMap<PathId, PathId>
      Followed;                          ///< what given containers had in them, by the cell that follows where it went
  llvm::DenseMap<PathId, NameId> MadeBy; ///< by object, the constructor that made it here
  std::map<Point, std::set<PathId>> EndedAt; ///< what exportFact has told of as certain
  std::set<Point> AmbiguousDeaths;           ///< where one of several objects ended, and which is not known
  std::set<Point> DeathsOfOneCell;           ///< where one cell led to them all
  std::set<Point> DeathsWithResult;          ///< where a call ended what it ends only if it gives something
  /// What ended in a loop's first round: in later ones it may be what replaced that.
  std::set<std::pair<Point, PathId>> Replaced;
  struct ToldUses {
    bool First = false;                ///< before any invalidation
    llvm::SmallVector<Point, 0> After; ///< after these
  };
  llvm::DenseMap<std::pair<PathId, std::pair<PathId, unsigned>>, ToldUses> Told; ///< uses exported, by place and case
  /// Temporaries and allocations of callees get numbers of their own in the caller, far from its own.
  static constexpr uint32_t ScratchBase = 1u << 24;
  std::vector<std::pair<PathId, Point>> EndedMembers; ///< in a life
  llvm::SmallVector<PathId, 2> WaitedFor;             ///< in a life: cells with code
  uint32_t Scratch = 0;                               ///< scratch cells made for the current fact
  llvm::DenseMap<PathId, PathId> SameStorage;         ///< parts of scratch objects that have names of their own
  llvm::DenseMap<PathId, PathId> LedBackTo; ///< the same of parts of objects that were led back to: see Inverses

  LentList resolve(PathId Path, const Frame *At, OnDeref Seen);
  LentList resolveRoot(PathId Path, const Frame *At, OnDeref Seen);
  LentList places(PathId Path, const Frame *At);
  std::optional<PathId> extend(PathId Base, const Projection &Last) const;
  std::optional<PathId> rebase(PathId Place, PathId From, PathId To) const;
  bool withinLimits(PathId Place) const;
  bool symbolic(PathId Place) const;
  /// Whether all that is known of \p Place is that a pointer or an iterator the function was given leads to it.
  bool isBehindGiven(PathId Place) const;
  std::optional<Held> initial(PathId Cell);
  bool isGivenIterator(const Loan &L) const;
  bool isGivenByValue(PathId Place) const;
  PathId tag(PathId By, const Frame *At);
  bool isKeyIn(PathId Place, PathId Contents) const;
  bool isReadFrom(const LentList &By, PathId Contents);
  LoanId issue(PathId Target, LoanKind Kind, Reason Why, Certainty Sure, PathId Key, LoanId Parent, LoanId Within);
  bool isAtEnd(LoanId L) const;
  bool isPosition(PathId Key) const;
  bool manyObjects(PathId Cell) const;
  bool inArray(PathId Cell) const;
  bool endsAsOne(PathId Place) const;
  Held loaded(PathId Cell, Held H, const std::optional<Held> &Through = std::nullopt);
  LoanId oneOf(LoanId L, Point Read, PathId Cell, LoanId Within);
  LoanId renamed(LoanId L, llvm::function_ref<void(Loan &)> Change);
  void rename(
      llvm::function_ref<void(Loan &)> Change,
      llvm::function_ref<bool(LoanId)> MayConcern = [](LoanId) { return true; });
  void ageLoansOfThisPoint();
  LoanId identity(LoanId L) const;
  bool ledBack(const Lent &Reached) const;
  PathId elementOf(PathId Place) const;
  bool sameKey(const Loan &A, const Loan &B) const;
  bool ownsAlone(PathId Cell);
  bool isOwnedWhereRead(LoanId L) const;
  bool isContentOf(const Lent &Content) const;
  LoanId outerElement(LoanId L, PathId Content) const;
  void followContents(PathId Container);
  void forgetReads(const LentList &Written);
  void takeOut(const LentList &Elements);
  static void forgetRead(Loan &L);

  /// What a Borrow, Copy, Move or Clear is about to write.
  struct Write {
    LentList Dst;
    LentList Src;                                  ///< Move only
    std::vector<std::pair<PathId, HeldSet>> Cells; ///< below a root of their own, the first's path
    bool Weak = false;
    bool Stays = false;  ///< what a place holds is left there: nothing is put into it now
    bool IsSame = false; ///< Move: what is moved from is the object itself, by another name
  };

  bool single(const LentList &Dst) const;
  bool leadsAlone(const Lent &To, const LentList &Dst) const;
  bool holds(PathId Place, const HeldSet &These);
  void write(const Write &W);
  void commit(Write W);
  PathId wayTo(PathId Place) const;
  void noteReplaced(const Fact &Each, const LentList &Dst, const LentList &Src,
                    llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells, const Frame *At);
  void noteBypass(const Lent &To, const std::vector<std::pair<PathId, HeldSet>> &Cells, bool OnlyHere);
  void dropBelow(PathId Place);
  bool isElementKey(PathId Key, PathId Place) const;
  void forgetKey(PathId Place);
  void forgetWithout(PathId Place);
  std::vector<std::pair<PathId, HeldSet>> gather(const LentList &Src);

  void applyFact(const Fact &Each, const Frame *At);
  void live(const Fact &Each, const Frame *At);
  using GivenUpList = llvm::SmallVector<std::pair<PathId, PathId>, 2>; ///< cells, and what they lead to elsewhere
  GivenUpList givenUp(const State &Here, const State &There);
  void markGivenUp(State &Here, const State &There, const GivenUpList &Cells);
  HeldSet guessed(const HeldSet &Holds);
  std::optional<LoanId> elementOfClosure(const Fact &Each, const Frame *At);
  Held lend(const Lent &From, LoanKind Kind, Reason Why, Certainty Sure, PathId Key);
  Write readBorrow(const Fact &Each, const Frame *At);
  Write readCopy(const Fact &Each, const Frame *At);
  using Contents = llvm::MutableArrayRef<std::pair<PathId, HeldSet>>;
  void retarget(PathId From, PathId To, bool Whole, Contents Moved = {});
  void ageAllocation(PathId Object);
  void use(const Fact &Each, const Frame *At);
  void waitFor(const Fact &Each, PathId Code);
  /// Code that runs until it is waited for: a function, and the cell that leads to it.
  struct WaitedCode {
    NameId Symbol;
    PathId Cell;
    Point Via;
  };
  void addWaitedCode(llvm::SmallVectorImpl<WaitedCode> &Runs, PathId Cell, const HeldSet &Holds, bool OnlyLasting);
  llvm::SmallVector<PathId, 2> objectsOf(const WaitedCode &Code);
  void addTasks(llvm::SmallVectorImpl<WaitedCode> &Runs, const WaitedCode &Code, PathId Object);
  void noteEndedMembers(PathId Waited);
  void noteEndedMember(PathId Member, PathId Closure, Point Via);
  void signOff(PathId Container, const Frame *At);
  void invalidate(const Fact &Each, const Frame *At);
  bool sameElement(LoanId A, LoanId B) const;
  PathId literalOf(LoanId L) const;
  void expire(PathId Place, Certainty Sure, unsigned Depth, llvm::ArrayRef<PathId> By, LoanId OneOfMany = LoanId());
  bool hasLivingOwner(PathId Object, PathId Ending = PathId()) const;
  void killOwned(PathId Content, bool Certain, llvm::function_ref<bool(LoanId Element)> Concerned);
  void endOneOf(const LentList &Found, llvm::ArrayRef<PathId> Read, Certainty Sure);
  void writeDownParts(llvm::ArrayRef<PathId> Cells);
  void expire(const Fact &Each, const Frame *At);
  void advance(const Fact &Each, const Frame *At);
  void reserve(const Fact &Each, const Frame *At);
  void need(const Fact &Each, const Frame *At);
  void assume(const Fact &Each);
  bool isAllOfContainer(PathId Place) const;
  void dropContents(PathId Contents);
  void assumeEmpty(const LentList &Tested);
  bool isEmpty(const Lent &Cell) const;
  void assumeNull(PathId Flag);
  void undoDeathsWithResult(const HeldSet &Given);
  bool standsOn(PathId Target, PathId Place) const;
  void assumeOn(const LentList &Cells, const LentList &On);
  void assumeGlobal(PathId Cell, const HeldSet &Holds, const LentList &On);
  void assumeOff(const LentList &Cells, const LentList &Off);
  HeldSet without(const HeldSet &Holds, PathId Place);
  bool mayHappen(const Fact &Each, const Frame &At) const;
  bool tellsArgument(const Fact &Each) const;
  bool isKnown(PathId Flag, bool Is) const;

  void call(const Call &Site, const Frame *At, uint32_t Number);
  llvm::SmallVector<NameId, 4> called(const Call &Site, const Frame *At);
  struct Candidate {
    const Effects *E;
    PathId This;          ///< the cell that stands for the callee's `this`; invalid: the call's own
    bool IsHeld = false;  ///< a closure that the called cell holds here; else one that it may be for all we know
    PathId Captures = {}; ///< as in Frame
  };
  void collectThrough(const Call &Site, const Frame *At, llvm::SmallVectorImpl<Candidate> &Candidates);
  void noteShared(const Call &Site);
  void markArrays(const Call &Site);
  PathId scratch(PathId LeadsTo);
  PathId captures(const Lent &Closure);
  PathId copiedFrom(PathId Cell);
  bool isGivenClosure(PathId Origin, PathId Cell);
  void surround(PathId Capture, const StoredClosure::Surroundings &Known);
  void noteClosures(PathId Place);
  void noteClosuresOf(const State::Cell &C, PathId Known);
  bool leadsToClosure(PathId Object) const;
  void forEachLoanBelow(PathId Object, llvm::function_ref<void(PathId, PathId)> Do) const;
  void callInside(const Effects &E, const Fact &Each, const Frame &Inner);
  void callUnknown(const Call &Site, const Frame *At);
  void spareOverwritten(llvm::ArrayRef<std::pair<Write, Point>> Results, const Effects &E, Point Call);
  void invalidateResults(std::vector<std::pair<Write, Point>> &Results, const Effects &E, Point Call);
  void runEffects(const Effects &E, const Frame &Inner, uint32_t Candidate);

  struct Murder {
    KindMask Kinds;
    bool AcrossElements;
    bool Certain;
    bool SparesInside; ///< loans held by the elements themselves: one that ends takes its own along
    bool SparesOwnParts =
        false;                ///< loans that the elements hold on parts of elements: one that moves sets its own anew
    bool OnlyInLoops = false; ///< the iterators that range-based loops run with
    llvm::ArrayRef<PathId> By = {}; ///< the cells that led there
  };
  void die(Held &H, bool Certain);
  bool diedOnOtherPath(const Held &H) const;
  bool leadsFromGlobal(LoanId L) const;
  bool isCalleesAffair(const Held &H) const;
  void kill(PathId Place, const Murder &How, llvm::function_ref<bool(const Held &)> Concerned);
  bool isOfLoop(PathId Cell) const;
  bool below(PathId Place, PathId Prefix, bool AcrossElements) const;
  Certainty sureness(const Fact &Each) const;
  PathId givenObject(const Loan &L, bool Later) const;
  void noteUse(PathId Cell, const Held &H, const HeldSet &All, bool AsGiven = false);
  void noteCopiedIterator(const LentList &Src);
  void exportUse(const Held &H, llvm::ArrayRef<Point> After);
  bool issuedInCall(LoanId Id) const;
  llvm::SmallVector<Holding, 0> othersThatHold(LoanId Id, PathId Cell) const;

  /// What the types of fields say of a cell.
  struct Declared {
    bool Owns = false;
    bool OwnsAlone = false;
    bool GoesByItself = false; ///< as what a thread holds does when it ends
  };
  llvm::SmallVector<const Effects *, 1> declarations(PathId Cell) const;
  Declared declared(PathId Cell) const;
  bool isOwnerByRoot(PathId Cell) const;
  bool keeps(PathId Cell, const Loan &L) const;
  bool ofAnObject(PathId Cell) const;
  bool isOfNoOwner(const Call &Site);
  llvm::SmallVector<PathId, 4> endedInTurn(const Call &Site);
  bool hasOtherOwner(const Lent &Object, const Fact &Reset, const Frame *At);
  void noteOwned(const LentList &Dst, llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells);
  const OwningStore *storeOf(const Link &L) const;
  bool sameObject(LoanId A, LoanId B) const;
  bool isOneVariable(llvm::ArrayRef<LoanId> What, const OwningStore &To) const;
  bool fits(const Ring &R, const OwningStore &Closing) const;
  LoanId wayInto(const Link &L, LoanId Kept) const;
  llvm::SmallVector<Link, 4> linksTo(PathId Object, LoanId Which);
  void linkInCopy(llvm::SmallVectorImpl<Link> &Found, PathId Copy, const Held &H, PathId Before);
  void closeRings(const OwningStore &Made);
  std::optional<Ring> ringOf(const Link &Last, LoanId Into);
  void noteMutuals(PathId To, llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells);
  void noteEmptied(PathId Place);
  bool holdsAnything(PathId Place);

  void exportFact(Fact What, PathId Place, const std::optional<Held> &Through = std::nullopt);
  void tellObject(Export &E, LoanId Through) const;
  void addExport(Export E, llvm::ArrayRef<Point> After = {});
  bool isToldAlready(Export &E, llvm::ArrayRef<Point> After);
};

} // namespace refleak
