//===- Infer.cpp - What a function does to its callers, read off its solution -------------------------------------===//
//
// The effects of a body come in four groups, in this order:
//   1. what it uses of what it was given,
//   2. what it invalidates and destroys, and the closures it was given and calls, in program order,
//   3. what it uses after an invalidation of its own (Need): the caller must not pass loans that this one kills,
//   4. what it leaves in cells that its caller sees, told in terms of what they held at entry.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "solve/Loans.h"
#include "solve/Members.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <map>
#include <set>

using namespace refleak;

namespace {

/// A body with more effects than this in one group is described by the first ones; callers may then miss something.
constexpr size_t MaxUses = 64, MaxInvalidations = 64, MaxCalls = 4, MaxWrites = 96;
/// A cell that may hold more than this is told as holding nothing: that it is one of so many explains nothing, and each
/// caller would multiply them.
constexpr size_t MaxWritesOfCell = 12;

class Inference {
public:
  Inference(Program &P, const LoanSolution &S) : P(P), S(S), F(P.whole(S.Function)), Returning(returningBlocks(F)) {
    Found.Symbol = F.Symbol;
    Found.Display = F.Display;
    Found.Source = EffectSource::Body;
    for (const Export &E : S.Exports)
      if (E.What.Kind != FactKind::Use && E.What.Kind != FactKind::Call) Changes.insert(E.At);
  }

  Effects run(bool &SomeLeftOut) {
    addUses();
    addInvalidations();
    tellPathsApart();
    findRenewedStorage();
    findMadeOnce();
    addNeeds();
    addWrites();
    addReplacements();
    addArguments();
    tellWhichOf();
    SomeLeftOut = LeftOut;
    return std::move(Found);
  }

private:
  Program &P;
  const LoanSolution &S;
  const Function F;
  std::vector<bool> Returning; ///< by block: whether the caller may go on after it
  Effects Found;
  std::set<Point> Changes;                      ///< exported, but for calls of closures that the function was given
  bool LeftOut = false;                         ///< some limit of the above was met
  uint32_t Temps = 0;                           ///< of the effects
  std::vector<std::pair<Point, uint32_t>> Ends; ///< invalidations: when, and which effect; ordered before addNeeds
  llvm::DenseSet<uint32_t> SureThere;           ///< those that happen whenever control comes to where they do

  /// Blocks from which some way leads to the end of the function: from the others it is left by an exception, or not at
  /// all. All, where none does.
  static std::vector<bool> returningBlocks(const Function &F) {
    std::vector<bool> Found(F.Blocks.size());
    if (Found.empty()) return Found;
    Found.back() = true;
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (uint32_t B = F.Blocks.size(); B-- > 0;) {
        if (Found[B] || llvm::none_of(F.Blocks[B].Successors, [&](BlockId To) { return Found[To.index()]; })) continue;
        Found[B] = Changed = true;
      }
    }
    if (!Found[0]) Found.assign(F.Blocks.size(), true);
    return Found;
  }

  /// What happens in a callee is told with that callee's name and place.
  void locate(Fact &What, Point At) const {
    auto [B, I] = S.Order[At.fact()];
    const Fact &Site = F.Blocks[B].Facts[I];
    if (!What.At.known() || !What.Note.valid()) {
      What.At = Site.At;
      What.Note = F.Symbol;
    }
  }

  bool formal(PathId Path) const {
    RootKind K = P.Storage.rootOf(Path).Kind;
    return K == RootKind::This || K == RootKind::Arg || K == RootKind::Global || K == RootKind::Code ||
           K == RootKind::Heap || K == RootKind::Constant || K == RootKind::Ret;
  }

  /// Whether \p Use tells that a word such as `back` stands for another element from there on.
  bool changesConstant(const Fact &Use) const { return P.Storage.rootOf(Use.Src).Kind == RootKind::Constant; }

  /// Whether \p Place is the object of the member function itself, which callers know to be used.
  bool isOwnObject(PathId Place) const {
    return !P.Storage.isRoot(Place) && P.Storage.isRoot(P.Storage.base(Place)) &&
           P.Storage.rootOf(Place).Kind == RootKind::This;
  }

  /// Whether \p Place lies behind so many objects that one of them may be another one for all that callers know: a
  /// builder that is made anew with the file which it writes to.
  bool isFarAway(PathId Place) const { return P.Storage.derefs(Place) > 2; }

  /// Whether the function itself may have changed something before \p Use; that closures have which it was given is
  /// told by needs.
  bool isAfterChange(const Export &Use) const {
    return llvm::any_of(Use.After, [&](Point At) { return Changes.count(At) != 0; });
  }

  /// Whether something on the way to what \p Use concerns may have got another value before, or have been taken out:
  /// then it is not what callers left there that is used.
  bool mayBeRenewedBefore(const Export &Use) const {
    auto concerns = [&](PathId Place, Point At) {
      return S.Order[At.fact()] <= S.Order[Use.At.fact()] && P.Storage.startsWith(Use.What.Src, Place);
    };
    auto takesOut = [&](const Export &E) {
      bool Ends = E.What.Kind == FactKind::Expire ||
                  (E.What.Kind == FactKind::Invalidate && E.What.Elements == Fate::Destroyed);
      return Ends && concerns(E.What.Src, E.At);
    };
    // What is joined has been waited for when it is cleared.
    auto isByItself = [&](Point At) { return Use.What.How == Access::Wait && At.fact() == Use.At.fact(); };
    return llvm::any_of(S.Exports, takesOut) ||
           llvm::any_of(S.Written, [&](const Overwrite &W) { return concerns(W.Cell, W.At) && !isByItself(W.At); });
  }

  /// What happened at \p At only where the function gives true, or only where it gives false, is told so.
  void tellResult(Fact &What, Point At) const {
    if (What.If.valid()) return;
    std::optional<bool> Gives;
    bool MayNotHappen = false;
    for (const State &Case : S.ExitCases) {
      if (!std::binary_search(Case.Possible.begin(), Case.Possible.end(), At)) {
        MayNotHappen = true;
        continue;
      }
      std::optional<bool> There = resultIn(Case);
      if (!There || (Gives && Gives != There)) return;
      Gives = There;
    }
    if (Gives && MayNotHappen) onlyWhere(*Gives, What);
  }

  /// \p What happens where the function gives \p Gives.
  void onlyWhere(bool Gives, Fact &What) const {
    What.If = P.Storage.root({RootKind::Ret, 0, NameId()});
    What.Is = Gives ? Truth::True : Truth::False;
  }

  /// What the function gives in \p Case, if that is known.
  std::optional<bool> resultIn(const State &Case) const {
    PathId Result = P.Storage.root({RootKind::Ret, 0, NameId()});
    auto Told = llvm::find_if(Case.Flags, [&](const Known &K) { return K.Flag == Result; });
    return Told == Case.Flags.end() ? std::nullopt : std::optional(Told->Is);
  }

  /// \p Known happens when \p Other does, too.
  static void alsoWhen(const Fact &Other, Fact &Known) {
    if (Known.If == Other.If && Known.Is == Other.Is) return;
    Known.If = PathId();
    Known.Is = Truth::Unknown;
  }

  void addUses() {
    llvm::DenseMap<PathId, size_t> Seen;
    for (const Export &E : S.Exports) {
      if (E.What.Kind != FactKind::Use || changesConstant(E.What)) continue;
      if (!E.After.empty() && isOwnObject(E.What.Src)) continue;
      if (isAfterChange(E) && (isFarAway(E.What.Src) || mayBeRenewedBefore(E))) continue;
      if (Found.Facts.size() >= MaxUses) {
        LeftOut |= !Seen.contains(E.What.Src);
        continue;
      }
      auto [Known, Fresh] = Seen.try_emplace(E.What.Src, Found.Facts.size());
      if (!Fresh) {
        alsoWhen(E.What, Found.Facts[Known->second]);
        if (E.What.Sure != Certainty::Assumed) Found.Facts[Known->second].Sure = Certainty::May;
        continue;
      }
      Fact Use = E.What;
      if (Use.Sure != Certainty::Assumed) Use.Sure = Certainty::May;
      locate(Use, E.At);
      Found.Facts.push_back(Use);
    }
  }

  void addInvalidations() {
    std::map<std::tuple<FactKind, PathId, PathId, KindMask, Extent, Fate, When>, size_t> Seen;
    size_t Count = 0;
    for (const Export &E : S.Exports) {
      if (E.What.Kind == FactKind::Move || (E.What.Kind == FactKind::Use && !changesConstant(E.What))) continue;
      if (E.What.Kind == FactKind::Call) {
        addThroughCall(E);
        continue;
      }
      if (!Returning[S.Order[E.At.fact()].first]) continue;
      Fact What = E.What;
      if (What.Kind == FactKind::Use) What.Sure = Certainty::May;
      if (What.Kind == FactKind::Expire) What.By = PathId(); // no other function tells its elements apart by it
      if (What.Which != Extent::All && !What.By.valid()) {
        // Callers do not know which element; they do know that one was taken out.
        if (What.Elements != Fate::Destroyed) continue;
        What.Which = Extent::One;
      } else if (llvm::any_of(S.TakenOut, [&](PathId Place) { return P.Storage.startsWith(Place, What.Src); })) {
        What.Elements = Fate::Moved; // what elements owned does not end with them if it was taken out before
      }
      tellResult(What, E.At);
      std::tuple Same(What.Kind, What.Src, What.By, What.Kinds, What.Which, What.Elements, What.Cond);
      auto [Known, Fresh] = Seen.try_emplace(Same, Found.Facts.size());
      if (!Fresh) {
        alsoWhen(What, Found.Facts[Known->second]);
        auto One = InOne.find(Known->second);
        if (One != InOne.end() && !One->second->isInSame(E)) InOne.erase(One);
        continue;
      }
      if (++Count > MaxInvalidations) {
        LeftOut = true;
        break;
      }
      bool OnEveryPath = std::binary_search(S.AtExit.Certain.begin(), S.AtExit.Certain.end(), E.At);
      if (What.Sure == Certainty::Must) SureThere.insert(Found.Facts.size());
      if (What.Sure == Certainty::Must && !OnEveryPath) What.Sure = Certainty::May;
      locate(What, E.At);
      Ends.emplace_back(E.At, uint32_t(Found.Facts.size()));
      if (E.Object.valid()) InOne[Found.Facts.size()] = &E;
      Found.Facts.push_back(What);
    }
  }

  std::map<size_t, const Export *> InOne; ///< invalidations of what lies in one of many

  struct ToldCall {
    const Export *What;
    const ThroughCall *Through;
    size_t EndsBefore;
    uint32_t Effect;
  };
  std::vector<ToldCall> ToldCalls;

  bool sameArguments(const ThroughCall &A, const ThroughCall &B) const {
    return std::equal(A.Args.begin(), A.Args.end(), B.Args.begin(), B.Args.end(), [&](const auto &X, const auto &Y) {
      if (!X || !Y) return !X && !Y;
      return loan(X->Loan).Target == loan(Y->Loan).Target && loan(X->Loan).Kind == loan(Y->Loan).Kind;
    });
  }

  /// Whether the closure is known to run on the same: once before anything ends, and once after.
  bool isToldAlready(const Export &E, const ThroughCall &Through) const {
    return llvm::any_of(ToldCalls, [&](const ToldCall &Known) {
      const Fact &What = Known.What->What;
      bool SameCase = What.If == E.What.If && What.Is == E.What.Is && What.Sure == E.What.Sure;
      bool SameCall = Known.Through->Cell == Through.Cell && Known.Through->InPlace == Through.InPlace &&
                      Known.Through->ByReference == Through.ByReference && sameArguments(*Known.Through, Through);
      return SameCase && SameCall && (Known.EndsBefore != 0 || Ends.empty());
    });
  }

  /// The closure runs on what the callee hands it: cells of the callee's are rebuilt as temporaries of the effects.
  void addThroughCall(const Export &E) {
    const ThroughCall &Through = S.Through[E.What.Call];
    if (isToldAlready(E, Through)) return;
    if (Found.Calls.size() >= MaxCalls) {
      LeftOut = true;
      return;
    }
    Call Site;
    Site.Through = Through.Cell;
    Site.ByReference = Through.ByReference;
    if (!Through.InPlace) {
      Fact Copied;
      Copied.Kind = FactKind::Copy;
      Copied.Src = Through.Cell;
      Copied.Dst = Site.Through = P.Storage.root({RootKind::Temp, Temps++, NameId()});
      locate(Copied, E.At);
      Found.Facts.push_back(Copied);
    }
    for (const std::optional<Held> &Arg : Through.Args) {
      Site.Args.emplace_back();
      if (!Arg || !formal(loan(Arg->Loan).Target) || byValueParameter(loan(Arg->Loan).Target)) continue;
      const Loan &L = loan(Arg->Loan);
      Fact Pass;
      Pass.Kind = L.Initial ? FactKind::Copy : FactKind::Borrow;
      Pass.Loan = L.Kind;
      Pass.Why = Reason::Argument;
      Pass.Src = L.Initial ? P.Storage.base(L.Target) : L.Target;
      Pass.Dst = Site.Args.back() = P.Storage.root({RootKind::Temp, Temps++, NameId()});
      locate(Pass, E.At);
      Found.Facts.push_back(Pass);
    }
    Fact Run = E.What;
    if (Run.Sure != Certainty::Assumed) Run.Sure = Certainty::May;
    Run.Call = Found.Calls.size();
    locate(Run, E.At);
    Found.Calls.push_back(Site);
    ToldCalls.push_back({&E, &Through, Ends.size(), uint32_t(Found.Facts.size())});
    Found.Facts.push_back(Run);
  }

  /// Of what ends something, and of the calls of closures, not all that come later in the text come later in a run.
  void tellPathsApart() {
    if (ToldCalls.empty()) return;
    std::vector<std::pair<Point, uint32_t>> Earlier = Ends;
    for (const ToldCall &Each : ToldCalls) Earlier.emplace_back(Each.What->At, Each.Effect);
    std::map<uint32_t, llvm::BitVector> Behind;
    auto comesBehind = [&](uint32_t Block, uint32_t From) {
      auto [It, Fresh] = Behind.try_emplace(From);
      if (Fresh) It->second = blocksBehind(F, From, ~0u);
      return It->second.test(Block);
    };
    auto mayFollow = [&](Point First, Point Second) {
      uint32_t From = S.Order[First.fact()].first, Block = S.Order[Second.fact()].first;
      if (Block != From || comesBehind(Block, From)) return comesBehind(Block, From);
      if (First.fact() != Second.fact()) return First < Second;
      const Effects *Callee = S.effectsAt(First);
      return Callee && First.candidate() == Second.candidate() &&
             !llvm::is_contained(Callee->NeverAfter, std::pair(First.effect(), Second.effect()));
    };
    for (const ToldCall &Call : ToldCalls)
      for (auto [Ended, End] : Earlier)
        if (End < Call.Effect && !mayFollow(Ended, Call.What->At)) Found.NeverAfter.emplace_back(End, Call.Effect);
  }

  std::map<PathId, PathId> Renewed; ///< what cells led to at entry, and the allocation in its place

  /// A cell was given a new allocation, or may have been, and what it led to was deleted: storage that grew. That it
  /// may be as it was tells callers nothing that they could act on, so it is told as new. Else they would have two
  /// objects, and could not say which of them ends when the storage grows again. What a callee deletes on some paths
  /// only is counted more often than not: then the one does not tell of the other.
  void findRenewedStorage() {
    for (size_t I = 0, Told = Ends.size(); I != Told; ++I) {
      auto [When, Index] = Ends[I];
      Fact &Each = Found.Facts[Index];
      bool Deletes = Each.Kind == FactKind::Expire &&
                     (Each.Ending == End::Grown || (Each.Ending == End::Delete && SureThere.contains(Index)));
      if (!Deletes || Renewed.count(Each.Src) || P.Storage.isRoot(Each.Src) ||
          P.Storage.last(Each.Src).Kind != ProjectionKind::Deref)
        continue;
      PathId Cell = P.Storage.base(Each.Src);
      const HeldSet *Holds = S.AtExit.find(Cell);
      PathId New = Holds && !Holds->IsLost && visible(Cell) ? ownAllocation(*Holds) : PathId();
      if (!New.valid()) continue;
      Each.Ending = End::Grown;
      Renewed[Each.Src] = New;
      renewBeside(Cell, {When, Index});
    }
    for (Fact &Each : Found.Facts)
      if (Each.Kind == FactKind::Expire && Each.Ending == End::Grown && !Renewed.count(Each.Src))
        Each.Ending = End::Delete;
  }

  /// Whether \p Target is all that its root is: itself, or what it holds as an array.
  bool isWhole(PathId Target) const {
    while (!P.Storage.isRoot(Target) && P.Storage.last(Target).Kind == ProjectionKind::Inline)
      Target = P.Storage.base(Target);
    return P.Storage.isRoot(Target);
  }

  /// The allocation that \p Holds owns, or was given; invalid when there is none. If there are several, one stands for
  /// all.
  PathId ownAllocation(const HeldSet &Holds) {
    PathId First;
    for (const Held &H : Holds) {
      PathId To = loan(H.Loan).Target;
      bool IsAllocation = P.Storage.rootOf(To).Kind == RootKind::Heap && isWhole(To);
      if (!IsAllocation || (loan(H.Loan).Kind != LoanKind::Own && loan(H.Loan).Why != Reason::New)) continue;
      if (!First.valid())
        First = To;
      else if (To != First)
        Renewed[To] = First;
    }
    return First;
  }

  std::map<PathId, PathId> MadeOnce; ///< what static variables are initialised with, and how callers name it

  /// What a static variable of the function is initialised with is made by the first call: to callers it is what the
  /// variable leads to, like what an earlier call has made.
  void findMadeOnce() {
    for (uint32_t B = 0; B != F.Blocks.size(); ++B)
      for (const Fact &Each : F.Blocks[B].Facts)
        if (Each.Kind == FactKind::Live && isGlobal(Each.Dst)) findMadeOnce(Each.Dst, B);
  }

  /// \p Static begins to exist in block \p First.
  void findMadeOnce(PathId Static, uint32_t First) {
    llvm::BitVector Always = First != 0 ? blocksBehind(F, 0, First) : llvm::BitVector(F.Blocks.size());
    auto isInitialiser = [&](const Held &H) {
      PathId To = loan(H.Loan).Target;
      return P.Storage.rootOf(To).Kind == RootKind::Heap && isWhole(To) && H.Via.valid() &&
             !Always.test(S.Order[H.Via.fact()].first);
    };
    llvm::DenseSet<PathId> Wholes = {Static};
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (const State::Cell &C : S.AtExit.cells()) {
        if (!Wholes.contains(P.Storage.rootPath(C.Path))) continue;
        PathId Named = exported(P.Storage.deref(C.Path));
        if (isFarAway(Named)) continue;
        for (const Held &H : C.Holds) {
          if (!isInitialiser(H)) continue;
          PathId Allocation = P.Storage.rootPath(loan(H.Loan).Target);
          Changed |= MadeOnce.try_emplace(Allocation, Named).second;
          Wholes.insert(Allocation);
        }
      }
    }
  }

  /// Data members beside \p Owner lead into its new storage, too: the begin, end and limit of a buffer. What they led
  /// to ended with the old one.
  void renewBeside(PathId Owner, std::pair<Point, uint32_t> Ended) {
    auto isMember = [&](PathId Cell) {
      return !P.Storage.isRoot(Cell) && P.Storage.last(Cell).Kind == ProjectionKind::Field;
    };
    if (!isMember(Owner)) return;
    PathId New = Renewed[Found.Facts[Ended.second].Src];
    for (const State::Cell &C : S.AtExit.cells()) {
      if (C.Path == Owner || !isMember(C.Path) || P.Storage.base(C.Path) != P.Storage.base(Owner)) continue;
      PathId Before = P.Storage.deref(C.Path);
      bool LeadsThere = llvm::any_of(C.Holds, [&](const Held &H) { return loan(H.Loan).Target == New; });
      if (!LeadsThere || !Renewed.try_emplace(Before, New).second) continue;
      auto isTold = [&](const Fact &Each) { return Each.Kind == FactKind::Expire && Each.Src == Before; };
      if (llvm::any_of(Found.Facts, isTold)) continue;
      Fact Beside = Found.Facts[Ended.second];
      Beside.Src = Before;
      Ends.emplace_back(Ended.first, uint32_t(Found.Facts.size()));
      Found.Facts.push_back(Beside);
    }
  }

  /// Whether \p Target is, or lies in, storage that may have been replaced.
  bool isRenewed(PathId Target) const {
    return llvm::any_of(Renewed, [&](const auto &Each) { return P.Storage.startsWith(Target, Each.first); });
  }

  bool isGlobal(PathId Place) const { return P.Storage.rootOf(Place).Kind == RootKind::Global; }

  /// Whether \p Cell is emptied at a point that \p IsMeant.
  bool isEmptied(PathId Cell, llvm::function_ref<bool(Point)> IsMeant) const {
    return llvm::any_of(S.Written, [&](const Overwrite &W) { return W.Cell == Cell && W.Empties && IsMeant(W.At); });
  }

  /// Whether \p Cell is emptied where \p When is.
  bool isEmptiedAt(PathId Cell, Point When) const {
    auto block = [&](Point At) { return S.Order[At.fact()].first; };
    return isEmptied(Cell, [&](Point At) { return block(At) == block(When); });
  }

  /// Whether what leads to \p Place is let go together with what ends at \p When: what leads there afterwards is new.
  bool isEmptiedWith(PathId Place, Point When) const {
    while (!P.Storage.isRoot(Place))
      if (Place = P.Storage.base(Place); isEmptiedAt(Place, When)) return true;
    return false;
  }

  void addNeeds() {
    llvm::sort(Ends);
    addNeedsAfter(Ends);
    std::vector<std::pair<Point, uint32_t>> Ran;
    for (const ToldCall &Each : ToldCalls) Ran.emplace_back(Each.What->At, Each.Effect);
    addNeedsAfter(Ran);
  }

  /// Whether \p E uses, after the call of a closure at \p Ran, what a parameter leads to. What lies behind that may
  /// have been given new storage in the call, and be read anew.
  bool isNeededAfterCall(const Export &E, Point Ran) const {
    bool Inside = E.At == Ran || (!Ran.inEffects() && E.At.fact() == Ran.fact());
    return !Inside && P.Storage.derefs(E.What.Src) == 1;
  }

  /// Callers may have given what the function uses after one of \p Events, effects that end something, or may.
  void addNeedsAfter(llvm::ArrayRef<std::pair<Point, uint32_t>> Events) {
    llvm::DenseMap<std::pair<PathId, uint32_t>, size_t> Seen;
    for (const Export &E : S.Exports) {
      if (E.What.Kind != FactKind::Use || E.After.empty()) continue;
      for (auto [When, Index] : Events) {
        if (Found.Facts[Index].Kind == FactKind::Call && !isNeededAfterCall(E, When)) continue;
        // What the function itself can tell apart by name it has judged already.
        bool IsAfter = std::binary_search(E.After.begin(), E.After.end(), When);
        const Fact &Event = Found.Facts[Index];
        bool ToldApart = (Event.Src.valid() && P.Storage.startsWith(E.What.Src, Event.Src)) ||
                         (Event.Ending == End::Grown && isRenewed(E.What.Src)) ||
                         (Event.Src.valid() && isGlobal(E.What.Src) && isGlobal(Event.Src));
        if (!IsAfter || ToldApart) continue;
        if (auto Known = Seen.find({E.What.Src, Index}); Known != Seen.end()) {
          alsoWhen(E.What, Found.Facts[Known->second]);
          continue;
        }
        if (isEmptiedWith(E.What.Src, When)) continue;
        if (Seen.size() >= MaxUses) {
          LeftOut = true;
          continue;
        }
        Seen[{E.What.Src, Index}] = Found.Facts.size();
        Fact Need = E.What;
        Need.Kind = FactKind::Need;
        Need.Call = Index;
        if (Need.Sure != Certainty::Assumed) Need.Sure = Certainty::May;
        locate(Need, E.At);
        Found.Facts.push_back(Need);
      }
    }
  }

  const Loan &loan(LoanId L) const { return S.Loans[L.index()]; }

  bool heapReached(PathId Cell) const { return Reached.contains(P.Storage.rootPath(Cell)); }

  bool visible(PathId Cell) const {
    RootKind K = P.Storage.rootOf(Cell).Kind;
    if (K == RootKind::Ret || K == RootKind::Global) return true;
    if (K == RootKind::Heap) return heapReached(Cell);
    if (K != RootKind::This && K != RootKind::Arg) return false;
    for (; !P.Storage.isRoot(Cell); Cell = P.Storage.base(Cell))
      if (P.Storage.last(Cell).Kind == ProjectionKind::Deref) return true;
    return false;
  }

  llvm::DenseSet<PathId> Reached; ///< allocations that visible cells lead to

  void findReachedAllocations() {
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (const State::Cell &C : S.AtExit.cells()) {
        if (!visible(C.Path)) continue;
        for (const Held &H : C.Holds) {
          PathId To = loan(H.Loan).Target;
          if (P.Storage.rootOf(To).Kind == RootKind::Heap) Changed |= Reached.insert(P.Storage.rootPath(To)).second;
        }
      }
    }
  }

  /// Whether \p Cell lies in an object that was copied from what the function was given.
  bool isPartOfCopy(PathId Cell) const {
    while (!P.Storage.isRoot(Cell) && P.Storage.last(Cell).Kind != ProjectionKind::Deref) {
      Cell = P.Storage.base(Cell);
      const HeldSet *Whole = S.AtExit.find(Cell);
      if (Whole && llvm::any_of(*Whole, [&](const Held &H) { return loan(H.Loan).Initial; })) return true;
    }
    return false;
  }

  static bool isSameWrite(const Fact &A, const Fact &B) {
    return A.Kind == B.Kind && A.Dst == B.Dst && A.Src == B.Src && A.Loan == B.Loan;
  }

  /// Two containers have exchanged their contents. Each goes by way of a temporary, for what was written there is told
  /// in terms of what was there before.
  void addExchanges() {
    for (const Export &E : S.Exports) {
      if (E.What.Kind != FactKind::Move) continue;
      PathId Both[] = {E.What.Src, E.What.Dst}, Between[2];
      for (PathId &Each : Between) Each = P.Storage.root({RootKind::Temp, Temps++, NameId()});
      auto move = [&](PathId To, PathId From) {
        Fact Moved = write(FactKind::Move, To, Held());
        Moved.Src = From;
        Found.Facts.push_back(Moved);
      };
      for (int I : {0, 1}) move(Between[I], Both[I]);
      for (int I : {0, 1}) move(Both[1 - I], Between[I]);
    }
  }

  /// Whether \p W is told already, of another cell that callers know by the same name.
  bool isToldOfOneName(const Fact &W) const {
    return !(Renewed.empty() && MadeOnce.empty()) &&
           llvm::any_of(Found.Facts, [&](const Fact &Each) { return isSameWrite(Each, W); });
  }

  /// That \p Cell holds what it held at entry.
  Fact asItWas(PathId Cell, Point At = Point()) {
    Fact Same = write(FactKind::Copy, Cell, {LoanId(), true, Point(), At});
    Same.Src = Same.Dst;
    return Same;
  }

  /// Tells that \p Cell may be as it was, which it is not where something ends that it is always overwritten with.
  void tellAsItWas(PathId Cell, const Fact &Same) {
    uint32_t Number = uint32_t(Found.Facts.size());
    Found.Facts.push_back(Same);
    if (Ends.empty()) return;
    Overwrites Of(*this, Cell);
    for (auto [When, End] : Ends)
      if (Of.comeWith(When)) Found.NeverAfter.emplace_back(End, Number);
  }

  /// Where one cell is overwritten.
  class Overwrites {
  public:
    Overwrites(const Inference &I, PathId Cell) : I(I), First(I.F.Blocks.size(), None) {
      for (const Overwrite &W : I.S.Written) {
        if (W.Cell != Cell || W.IsOneOf || I.S.isGuess(W.At)) continue;
        const Effects *Callee = I.S.effectsAt(W.At);
        bool MayStay = Callee && Callee->Facts[W.At.effect()].Src == Callee->Facts[W.At.effect()].Dst;
        (MayStay ? Partial : Whole).push_back(W.At);
        if (MayStay) continue;
        auto [Block, Position] = place(W.At);
        First[Block] = std::min(First[Block], Position);
      }
      if (Whole.empty()) return;
      Entered.resize(First.size());
      Leaves.resize(First.size());
      enter(0);
      for (bool Changed = true; Changed;) {
        Changed = false;
        for (uint32_t B = First.size(); B-- > 0;)
          if (!Leaves.test(B) && First[B] == None && goesOn(B)) Leaves.set(B), Changed = true;
      }
    }

    /// Whether the function does not return from where \p When is unless it has overwritten the cell, before or after.
    bool comeWith(Point When) const {
      const Effects *Callee = I.S.effectsAt(When);
      auto isSameCall = [&](Point At) { return At.sharesCallWith(When); };
      auto never = [&](Point At) {
        return isSameCall(At) && llvm::is_contained(Callee->NeverAfter, std::pair(When.effect(), At.effect()));
      };
      if (Callee && (llvm::any_of(Partial, never) || llvm::any_of(Whole, isSameCall))) return true;
      if (Whole.empty()) return false;
      auto [Block, Position] = place(When);
      bool Before = !Entered.test(Block) || First[Block] < Position;
      bool After = llvm::any_of(Whole, [&](Point At) {
        auto [Its, Number] = place(At);
        return Its == Block && Number > Position;
      });
      return Before || After || !goesOn(Block);
    }

  private:
    static constexpr uint32_t None = ~0u;
    const Inference &I;
    std::vector<Point> Whole, Partial; ///< Partial: in callees that may leave the cell as it was
    std::vector<uint32_t> First;       ///< by block: where the cell is overwritten first
    llvm::BitVector Entered;           ///< blocks that control comes to with the cell as it was
    llvm::BitVector Leaves;            ///< blocks from which the function returns without overwriting it

    std::pair<uint32_t, uint32_t> place(Point At) const { return I.S.Order[At.fact()]; }
    void enter(uint32_t Start) {
      llvm::SmallVector<uint32_t, 8> Waiting{Start};
      while (!Waiting.empty()) {
        uint32_t B = Waiting.pop_back_val();
        if (Entered.test(B)) continue;
        Entered.set(B);
        if (First[B] != None) continue;
        for (BlockId To : I.F.Blocks[B].Successors) Waiting.push_back(To.index());
      }
    }
    /// Whether the block \p B is the last one, or is followed by one that leaves.
    bool goesOn(uint32_t B) const {
      return B + 1 == First.size() ||
             llvm::any_of(I.F.Blocks[B].Successors, [&](BlockId To) { return Leaves.test(To.index()); });
    }
  };

  /// Whether another cell holds what \p Cell held at entry: it may have been moved there.
  bool isGivenOn(PathId Cell) const {
    auto isGiven = [&](const Held &H, PathId To) {
      const Loan &L = loan(H.Loan);
      return H.Alive && wasHeldBy(P.Storage, Cell, L) && !isReference(H) && !isBesideOwner(L, To);
    };
    return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
      return C.Path != Cell && visible(C.Path) &&
             llvm::any_of(C.Holds, [&](const Held &H) { return isGiven(H, C.Path); });
    });
  }

  /// \p Cell, which may be as it was, may hold nothing: whoever has put something there is told that it may be gone.
  void addMayBeCleared(PathId Cell) {
    // Where something ends the cell is emptied, too: what it still has then is good.
    bool EmptiedWherever = llvm::all_of(Ends, [&](const auto &Each) { return isEmptiedAt(Cell, Each.first); });
    if (!Ends.empty() && EmptiedWherever && !isGivenOn(Cell)) Found.Facts.push_back(asItWas(Cell));
    Fact Cleared = write(FactKind::Clear, Cell, Held());
    Cleared.Sure = Certainty::May;
    Found.Facts.push_back(Cleared);
  }

  bool isMadeOnce(PathId Place) const { return MadeOnce.count(P.Storage.rootPath(Place)) != 0; }

  /// Whether \p H is what callers take to be in \p Cell anyway.
  bool isMadeOnceFor(PathId Cell, const Held &H) {
    PathId To = loan(H.Loan).Target;
    return isMadeOnce(To) && exported(To) == P.Storage.deref(exported(Cell));
  }

  void addWrites() {
    findReachedAllocations();
    addExchanges();
    size_t Count = 0;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!visible(C.Path)) continue;
      RootKind In = P.Storage.rootOf(C.Path).Kind;
      bool Once = isMadeOnce(C.Path);
      bool Fresh = In == RootKind::Ret || (In == RootKind::Heap && !Once);
      // The cell may still hold what it held at entry: then all else is added to that.
      llvm::SmallVector<const Loan *, 2> Unchanged;
      size_t News = 0;
      for (const Held &H : C.Holds) {
        const Loan &L = loan(H.Loan);
        if (wasHeldBy(P.Storage, C.Path, L) && !Fresh && H.Alive && !H.Death.valid() && !Renewed.count(L.Target))
          Unchanged.push_back(&L);
        else
          News += !isMadeOnceFor(C.Path, H);
      }
      bool Apart = Unchanged.size() == 1 && Unchanged[0]->Apart.valid();
      bool MayBeUnchanged = !Unchanged.empty() || Once;
      if (MayBeUnchanged && News == 0 && !Apart) {
        bool IsEmptied = isEmptied(C.Path, [](Point) { return true; });
        if (!Once && IsEmptied && ++Count <= MaxWrites) addMayBeCleared(C.Path);
        continue;
      }
      bool First = true;
      if (MayBeUnchanged) {
        // Where it is unchanged, what the function destroys elsewhere did not happen to it.
        Fact Same = asItWas(C.Path);
        if (Apart) Same.By = exported(Unchanged[0]->Apart);
        if (!isToldOfOneName(Same)) tellAsItWas(C.Path, Same);
        First = false;
      }
      if (C.Holds.IsLost) continue;
      if (C.Holds.empty() && (!Fresh || isPartOfCopy(C.Path)) && ++Count <= MaxWrites)
        Found.Facts.push_back(write(FactKind::Clear, C.Path, Held()));
      llvm::SmallVector<Fact, 4> Told;
      for (const Held &H : C.Holds) {
        const Loan &L = loan(H.Loan);
        if (!H.Alive || !formal(L.Target) || wasHeldBy(P.Storage, C.Path, L)) continue;
        if (byValueParameter(L.Target) || isMadeOnceFor(C.Path, H)) continue;
        Fact W = writeOf(C.Path, H);
        if (First && W.Sure != Certainty::Assumed) W.Sure = Certainty::Must;
        First = false;
        if (llvm::none_of(Told, [&](const Fact &Each) { return isTold(W, Each); })) Told.push_back(W);
      }
      if (Told.size() > MaxWritesOfCell) {
        LeftOut = true;
        continue;
      }
      for (const Fact &W : Told) {
        if (++Count > MaxWrites) {
          LeftOut = true;
          return;
        }
        if (!isToldOfOneName(W)) Found.Facts.push_back(W);
      }
    }
  }

  /// That \p Cell may hold \p H, as callers learn it.
  Fact writeOf(PathId Cell, const Held &H) {
    const Loan &L = loan(H.Loan);
    bool Same = L.Initial && !isReference(H) && !isRenewed(L.Target) && !isBesideOwner(L, Cell);
    Fact W = write(Same ? FactKind::Copy : FactKind::Borrow, Cell, H);
    W.Src = exported(Same ? P.Storage.base(L.Target) : L.Target);
    if (Same && (movedAway(W.Src) || llvm::is_contained(S.TakenOut, W.Src))) W.Kind = FactKind::Move;
    W.Loan = L.Kind;
    W.Why = inFrame(H) ? Reason::Frame : L.Why == Reason::New && isMadeOnce(L.Target) ? Reason::None : L.Why;
    PathId Off = !Same ? PathId() : L.Apart.valid() ? L.Apart : comparedPart(P.Storage.base(L.Target), Cell);
    if (Off.valid()) W.By = exported(Off);
    if (!Same && L.Key.valid() && formal(L.Key)) W.By = keyOfEffects(P.Storage, L.Key);
    W.Sure = L.Sure == Certainty::Assumed || storedByGuess(H) ? Certainty::Assumed : Certainty::May;
    tellCase(W, Cell, H.Loan);
    if (LoanId Element = withinOf(L); Element.valid() && W.Kind != FactKind::Move)
      tellThrough(W, Same ? P.Storage.base(L.Target) : L.Target, loan(Element).Target, loan(Element).Key, PathId());
    return W;
  }

  std::map<std::tuple<PathId, PathId, PathId>, size_t> OneOfMany; ///< which fact tells one of many, by what it is

  /// Tells the place \p Src of \p Told, which begins with \p One, by way of that: an element that was looked up with
  /// \p Key, or what a pointer leads to that does not lead to \p Off.
  void tellThrough(Fact &Told, PathId Src, PathId One, PathId Key, PathId Off) {
    PathId By = Key.valid() ? Key : Off;
    if (!By.valid() || !formal(By) || !formal(One) || byValueParameter(One) || !P.Storage.startsWith(Src, One)) return;
    auto [Known, Fresh] = OneOfMany.try_emplace({One, Key, Off}, Found.Facts.size());
    if (Fresh) {
      PathId Leads = P.Storage.root({RootKind::Temp, Temps++, NameId()});
      Fact Which = write(Key.valid() ? FactKind::Borrow : FactKind::Copy, Leads, Held());
      Which.Src = exported(Key.valid() ? One : P.Storage.base(One));
      Which.Loan = LoanKind::Iterator; // it proves nothing of what is in the container
      Which.Why = Key.valid() ? Reason::Lend : Reason::None;
      Which.By = Key.valid() ? keyOfEffects(P.Storage, Key) : exported(Off);
      Which.Note = F.Symbol;
      Which.If = Told.If;
      Which.Is = Told.Is;
      Found.Facts.push_back(Which);
    }
    Fact &Which = Found.Facts[Known->second];
    alsoWhen(Told, Which);
    if (std::optional<PathId> Through = P.Storage.rebase(Src, One, P.Storage.deref(Which.Dst))) Told.Src = *Through;
  }

  /// What is invalidated, or ends, in one of many is told so, when nothing else looks at the places any more.
  void tellWhichOf() {
    for (auto [Index, Ended] : InOne) {
      Fact Told = Found.Facts[Index];
      tellThrough(Told, Told.Src, Ended->Object, Ended->Key, Ended->Apart);
      Found.Facts[Index] = Told;
    }
  }

  /// The element that what \p L leads to lies in, or was read out of; invalid if that is not known.
  LoanId withinOf(const Loan &L) const {
    const Loan *At = &L;
    while (At->Parent.valid() && !At->Loaded) At = &loan(At->Parent);
    return At->Within;
  }

  /// Whether \p W says no more than \p Before, of the same cell: what was read out of it in one place and what was read
  /// in another are one to the callers.
  static bool isTold(const Fact &W, const Fact &Before) {
    bool IsSurer = Before.Sure == Certainty::Assumed && W.Sure != Certainty::Assumed;
    return isSameWrite(W, Before) && W.Why == Before.Why && W.By == Before.By && W.If == Before.If &&
           W.Is == Before.Is && !IsSurer;
  }

  /// That elements change places among themselves: nothing new is held, but one of them may be gone.
  void addReplacements() {
    size_t Count = 0;
    for (const Replacement &R : S.Replaced) {
      if (R.Self.valid() || !visible(R.Cell)) continue;
      if (++Count > MaxWrites) {
        LeftOut = true;
        return;
      }
      Fact W = asItWas(R.Cell, R.At);
      W.Sure = Certainty::May;
      if (!llvm::is_contained(Found.Facts, W)) Found.Facts.push_back(W);
    }
  }

  /// What an argument is known to be where the function gives true, or false: `return p == &first || p == &last;`.
  void addArguments() {
    if (S.ExitCases.empty()) return;
    for (uint32_t I = 0; I != F.Parameters.size(); ++I) {
      PathId Cell = P.Storage.root({RootKind::Arg, I, NameId()});
      if (F.Parameters[I].How != Passing::Pointer || isWritten(Cell)) continue;
      for (bool Gives : {true, false}) {
        bool First = true;
        for (const Held &H : globalsIn(Cell, Gives)) {
          Fact Known = write(FactKind::Borrow, Cell, H);
          Known.Src = loan(H.Loan).Target;
          Known.Why = Reason::Argument;
          Known.Sure = std::exchange(First, false) ? Certainty::Must : Certainty::May;
          onlyWhere(Gives, Known);
          Found.Facts.push_back(Known);
        }
      }
    }
  }

  bool isWritten(PathId Cell) const {
    return llvm::any_of(F.Blocks, [&](const Block &B) {
      return llvm::any_of(B.Facts, [&](const Fact &Each) { return Each.Dst == Cell; });
    });
  }

  /// The globals one of which the parameter \p Cell leads to where the function gives \p Gives; none if it may lead
  /// elsewhere.
  HeldSet globalsIn(PathId Cell, bool Gives) const {
    HeldSet Globals;
    for (const State &Case : S.ExitCases) {
      std::optional<bool> There = resultIn(Case);
      if (!There) return HeldSet();
      if (There != Gives) continue;
      const HeldSet *Holds = Case.find(Cell);
      bool OnlyGlobals = Holds && !Holds->empty() && !Holds->IsLost && llvm::all_of(*Holds, [&](const Held &H) {
                           return H.Alive && !loan(H.Loan).Initial && isGlobal(loan(H.Loan).Target);
                         });
      if (!OnlyGlobals) return HeldSet();
      for (const Held &H : *Holds) unite(Globals, H);
    }
    return Globals;
  }

  /// The part of the object that \p From lies in with which the function compares a pointer of that object: it knows
  /// that the object may lead into itself, and what it copies to \p To, elsewhere, does not. Invalid if there is none.
  PathId comparedPart(PathId From, PathId To) const {
    PathId Object = P.Storage.objectOf(From);
    if (!visible(From) || P.Storage.objectOf(To) == Object) return PathId();
    auto isPart = [&](PathId Path) { return Path.valid() && Path != Object && P.Storage.objectOf(Path) == Object; };
    for (const Block &B : F.Blocks)
      for (const Fact &Each : B.Facts)
        if (Each.Kind == FactKind::Assume && isPart(Each.By) && isPart(Each.Src)) return Each.By;
    return PathId();
  }

  /// Whether one of several callees put \p H where it is, here or further down.
  bool storedByGuess(const Held &H) const {
    if (S.isGuess(H.Via)) return true;
    const Effects *Callee = S.effectsAt(H.Via);
    return Callee && Callee->Facts[H.Via.effect()].Sure == Certainty::Assumed;
  }

  const Fact &storeOf(const Held &H) const { return S.factAt(F, H.Via); }

  bool inFrame(const Held &H) const { return H.Via.valid() && storeOf(H).Why == Reason::Frame; }

  /// Whether \p H was lent anew: a reference to what a smart pointer leads to is no second owner of it.
  bool isReference(const Held &H) const {
    return H.Via.valid() && storeOf(H).Kind == FactKind::Borrow && storeOf(H).Loan == LoanKind::Ref;
  }

  /// Whether \p Cell is a closure's capture and \p L in it what a data member owns alone and still has: the capture is
  /// no second owner.
  bool isBesideOwner(const Loan &L, PathId Cell) const {
    PathId Owner = P.Storage.base(L.Target);
    auto isWritten = [&](const Overwrite &W) { return P.Storage.startsWith(Owner, W.Cell); };
    return S.isCapture(P.Storage, Cell) && Members(P).declaredOwner(Owner) == LoanKind::Own &&
           llvm::none_of(S.Written, isWritten) && !llvm::is_contained(S.TakenOut, Owner);
  }

  /// If \p Cell holds \p L only when one of the parameters, or the result, is true, or false, the effect \p W says so.
  void tellCase(Fact &W, PathId Cell, LoanId L) const {
    std::optional<llvm::SmallVector<Known, 0>> Always;
    auto holds = [&](const State &Case) {
      const HeldSet *Holds = Case.find(Cell);
      return Holds && llvm::any_of(*Holds, [&](const Held &H) { return H.Loan == L && H.Alive; });
    };
    // Where the cell was not written it is as what it is part of was copied.
    bool AsCopied = llvm::none_of(S.ExitCases, holds);
    for (const State &Case : S.ExitCases) {
      if (AsCopied ? Case.find(Cell) != nullptr : !holds(Case)) continue;
      if (!Always) Always = Case.Flags;
      llvm::erase_if(*Always, [&](const Known &K) { return !llvm::is_contained(Case.Flags, K); });
    }
    auto tellsNothing = [&](const Known &K) {
      return llvm::all_of(S.ExitCases, [&](const State &Case) { return llvm::is_contained(Case.Flags, K); });
    };
    if (Always) llvm::erase_if(*Always, tellsNothing);
    if (!Always || Always->empty()) return;
    W.If = Always->front().Flag;
    W.Is = Always->front().Is ? Truth::True : Truth::False;
  }

  /// Whether \p Target lies in a parameter's own storage, which ends with the call.
  bool byValueParameter(PathId Target) const {
    RootKind K = P.Storage.rootOf(Target).Kind;
    return (K == RootKind::Arg || K == RootKind::This) && !visible(Target);
  }

  /// Whether the cell \p Src, which had something at entry, was left empty: its value was moved on. On some paths it
  /// may have been left as it was (`if (failed) return nullptr; p = held; held = nullptr; return p;`).
  bool movedAway(PathId Src) const {
    const HeldSet *Holds = S.AtExit.find(Src);
    if (!Holds || Holds->IsLost) return false;
    bool OnlyItsOwn = llvm::all_of(*Holds, [&](const Held &H) { return wasHeldBy(P.Storage, Src, loan(H.Loan)); });
    return OnlyItsOwn && isEmptied(Src, [&](Point At) {
             const Fact &Writes = S.factAt(F, At);
             return Writes.Kind != FactKind::Clear || Writes.Sure == Certainty::Must;
           });
  }

  std::map<uint32_t, uint32_t> HeapNumber; ///< allocations are numbered anew: callers tell few numbers apart

  /// \p Path as callers see it.
  PathId exported(PathId Path) {
    if (auto New = Renewed.find(Path); New != Renewed.end()) return exported(New->second);
    if (!P.Storage.isRoot(Path)) {
      Projection Last = P.Storage.last(Path);
      return P.Storage.extend(exported(P.Storage.base(Path)), Last);
    }
    Root R = P.Storage.rootOf(Path);
    if (R.Kind != RootKind::Heap) return Path;
    if (auto Known = MadeOnce.find(Path); Known != MadeOnce.end()) return Known->second;
    R.Index = HeapNumber.try_emplace(R.Index, uint32_t(HeapNumber.size())).first->second;
    return P.Storage.root(R);
  }

  Fact write(FactKind Kind, PathId Cell, const Held &H) {
    Fact W;
    W.Kind = Kind;
    W.Dst = exported(Cell);
    if (!H.Via.valid()) return W;
    // What this function lends itself is given away where it says so, however far down it is stored.
    bool LentHere = H.Loan.valid() && !loan(H.Loan).Initial && !S.bodyAt(loan(H.Loan).Issued);
    if (const Effects *Callee = S.bodyAt(H.Via); Callee && !LentHere) {
      W.At = Callee->Facts[H.Via.effect()].At;
      W.Note = Callee->Facts[H.Via.effect()].Note;
    }
    locate(W, H.Via);
    return W;
  }
};

} // namespace

Effects refleak::inferEffects(Program &P, const LoanSolution &S, bool &LeftOut) { return Inference(P, S).run(LeftOut); }
