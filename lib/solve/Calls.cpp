//===- Calls.cpp - What a call may run, and its effects ----------------------------------------------------------===//
#include "solve/Transfer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/SaveAndRestore.h"
#include <algorithm>
#include <cassert>

using namespace refleak;

/// How many calls of closures by callees of closures are followed.
static constexpr uint32_t MaxNesting = 4;
/// How many callees of one call are told apart.
static constexpr uint32_t MaxCandidates = 16;

/// A new cell that leads to \p LeadsTo, gone after the call.
PathId Transfer::scratch(PathId LeadsTo) {
  PathId Cell = P.Storage.root({RootKind::Temp, ScratchBase * 8 + Scratch++, NameId()});
  Loan L;
  L.Target = LeadsTo;
  L.Issued = Now;
  L.Why = Reason::This;
  S->at(Cell) = {Held{Loans.intern(L), true, Point(), Now}};
  return Cell;
}

/// A new cell that leads to what the closure that lies in \p Closure has captured, which ends with it.
PathId Transfer::captures(const Lent &Closure) {
  std::optional<PathId> Inside = extend(Closure.Place, {ProjectionKind::Inline, NameId()});
  if (!Inside) return PathId();
  PathId Cell = scratch(*Inside);
  S->at(Cell) = {lend({*Inside, Closure.Through}, LoanKind::Ref, Reason::This, Certainty::Must, PathId())};
  return Cell;
}

/// Makes \p Capture lead to an object without a name, of which the parts are known.
void Transfer::surround(PathId Capture, const StoredClosure::Surroundings &Known) {
  PathId Object = P.Storage.root({RootKind::Temp, ScratchBase * 8 + Scratch++, NameId()});
  auto lead = [&](PathId Cell, PathId To) { S->at(Cell) = HeldSet(*S->find(scratch(To))); };
  lead(Capture, Object);
  for (const auto &[Way, Here] : Known.Parts) {
    std::optional<PathId> At = Object;
    for (size_t I = 0; At && I != Way.size(); ++I) {
      bool IsLast = I + 1 == Way.size();
      if (Way[I].Kind == ProjectionKind::Deref) {
        if (!S->find(*At))
          lead(*At, IsLast ? Here : P.Storage.root({RootKind::Temp, ScratchBase * 8 + Scratch++, NameId()}));
        At = Loans[S->find(*At)->front().Loan].Target;
      } else {
        At = extend(*At, Way[I]);
        if (At && IsLast && *At != Here) SameStorage[*At] = Here;
      }
    }
  }
}

/// The cell that \p Cell still holds a copy of: `auto handler = this->handler_; handler();`. Closures that were put
/// there as well are none.
PathId Transfer::copiedFrom(PathId Cell) {
  if (outlives(Cell)) return Cell;
  PathId From;
  for (const Held &H : value(*S, Cell)) {
    const Loan &L = Loans[H.Loan];
    if (L.Kind == LoanKind::Code) continue;
    if (!L.Initial || (From.valid() && From != P.Storage.base(L.Target))) return Cell;
    From = P.Storage.base(L.Target);
  }
  return From.valid() ? From : Cell;
}

/// Whether callers may have put into \p Origin what \p Cell holds: a parameter by value, or what lies in it, they know
/// as the argument.
bool Transfer::isGivenClosure(PathId Origin, PathId Cell) {
  if (outlives(Origin)) return true;
  auto wasThere = [&](const Held &H) { return wasHeldBy(P.Storage, Origin, Loans[H.Loan]); };
  return P.Storage.rootOf(Origin).Kind == RootKind::Arg && llvm::any_of(value(*S, Cell), wasThere);
}

/// What a call through a cell may run: the closures it holds here, and if it may hold what it was given, those that
/// other functions put there.
void Transfer::collectThrough(const Call &Site, const Frame *At, llvm::SmallVectorImpl<Candidate> &Candidates) {
  auto Seen = [&](PathId Led, const Held &H, const HeldSet &All) { noteUse(Led, H, All); };
  for (const Lent &Cell : resolve(Site.Through, At, Seen)) {
    size_t Before = Candidates.size();
    llvm::SmallVector<NameId, 2> HeldHere;
    HeldSet Called = value(*S, Cell.Place);
    for (const Held &H : Called) {
      const Loan L = Loans[H.Loan];
      if (L.Kind != LoanKind::Code) continue;
      HeldHere.push_back(P.Storage.rootOf(L.Target).Name);
      if (const Effects *E = Lookup.effects(HeldHere.back()))
        Candidates.push_back({E, scratch(Cell.Place), L.Sure != Certainty::Assumed && !manyObjects(Cell.Place)});
    }
    PathId Captures = At ? captures(Cell) : PathId();
    for (Candidate &Each : llvm::drop_begin(Candidates, Before)) Each.Captures = Captures;
    bool HoldsAll =
        Candidates.size() != Before && llvm::none_of(Called, [&](const Held &H) { return Loans[H.Loan].Initial; });
    if (HoldsAll) continue;
    PathId Origin = copiedFrom(Cell.Place);
    bool CallersKnowMore = false;
    for (const StoredClosure &Stored : Lookup.stored(F.Symbol, Origin)) {
      const Effects *E = Lookup.effects(Stored.Code);
      if (!E || llvm::is_contained(HeldHere, Stored.Code)) continue;
      PathId Closure = P.Storage.root({RootKind::Temp, ScratchBase * 8 + Scratch++, NameId()});
      S->at(Closure);
      for (const auto &[Capture, LeadsTo] : Stored.Captures) {
        std::optional<PathId> Into = rebase(Capture, Stored.Cell, Closure);
        PathId From = scratch(LeadsTo);
        if (Into) S->at(*Into) = HeldSet(*S->find(From));
      }
      for (const StoredClosure::Surroundings &Each : Stored.Around)
        if (std::optional<PathId> Into = rebase(Each.Capture, Stored.Cell, Closure)) surround(*Into, Each);
      Candidates.push_back({E, scratch(Closure), false, Origin == Cell.Place ? Captures : PathId()});
      CallersKnowMore |= !Stored.Around.empty();
    }
    if ((Candidates.size() == Before || CallersKnowMore) && isGivenClosure(Origin, Cell.Place)) {
      insertOrdered(S->Possible, Now);
      if (!Collecting) continue;
      ThroughCall Call{Origin, {}, Origin == Cell.Place, Site.ByReference, NameId()};
      for (const Frame *Each = At; Each; Each = Each->Outer) Call.Callee = Each->Done->Symbol;
      for (PathId Arg : Site.Args) {
        Call.Args.emplace_back();
        if (!Arg.valid()) continue;
        LentList Found = places(Arg, At);
        if (Found.size() != 1) continue;
        if (HeldSet Holds = value(*S, Found[0].Place); !Holds.empty()) Call.Args.back() = Holds[0];
      }
      Fact What;
      What.Kind = FactKind::Call;
      What.Call = Noted.Through.size();
      Noted.Through.push_back(std::move(Call));
      if (Current) What.At = Current->At;
      if (Guess) What.Sure = Certainty::Assumed;
      addExport({Now, What});
    }
  }
}

/// Whether \p Object is an allocation that holds a closure: a std::function that lies on the heap.
bool Transfer::leadsToClosure(PathId Object) const {
  if (P.Storage.rootOf(Object).Kind != RootKind::Heap) return false;
  const HeldSet *Holds = S->find(Object);
  return Holds && llvm::any_of(*Holds, [&](const Held &H) { return Loans[H.Loan].Kind == LoanKind::Code; });
}

/// Remembers the closures that \p Place and what lies below it hold now, or those that it leads to.
void Transfer::noteClosures(PathId Place) {
  for (const State::Cell &C : S->cells())
    if (below(C.Path, Place, true)) noteClosuresOf(C, C.Path);
  const HeldSet *Holds = S->find(Place);
  if (!Holds) return;
  for (const Held &H : *Holds)
    if (const HeldSet *Behind = S->find(Loans[H.Loan].Target); Behind && H.Alive)
      noteClosuresOf({Loans[H.Loan].Target, *Behind}, P.Storage.deref(Place));
}

/// Remembers the closures that \p C holds as ones that are called in \p Known.
void Transfer::noteClosuresOf(const State::Cell &C, PathId Known) {
  for (const Held &H : C.Holds) {
    if (Loans[H.Loan].Kind != LoanKind::Code) continue;
    StoredClosure Closure{Known, P.Storage.rootOf(Loans[H.Loan].Target).Name, {}, {}, {}};
    forEachLoanBelow(C.Path, [&](PathId Capture, PathId To) {
      std::optional<PathId> There = Capture == C.Path ? std::nullopt : rebase(Capture, C.Path, Known);
      if (!There) return;
      Closure.Captures.emplace_back(*There, To);
      bool IsOwn = P.Storage.rootOf(To).Kind == RootKind::Local;
      if (IsOwn || isBehindGiven(To))
        forEachLoanBelow(To, [&](PathId Cell, PathId Behind) {
          if (IsOwn || isBehindGiven(Behind)) Closure.Behind.emplace_back(Cell, Behind);
        });
    });
    Noted.Closures.push_back(std::move(Closure));
  }
}

/// Calls \p Do with each cell in \p Object and each place that it leads to. That it may lead to where it led at entry
/// says nothing of what was put there here.
void Transfer::forEachLoanBelow(PathId Object, llvm::function_ref<void(PathId, PathId)> Do) const {
  for (const State::Cell &Cell : S->cells())
    if (below(Cell.Path, Object, true))
      for (const Held &To : Cell.Holds)
        if (To.Alive && Loans[To.Loan].Kind != LoanKind::Code && !wasHeldBy(P.Storage, Cell.Path, Loans[To.Loan]))
          Do(Cell.Path, Loans[To.Loan].Target);
}

/// Remembers the objects that \p Site gives a share of, or an owner that can give one: the callee may keep it.
void Transfer::noteShared(const Call &Site) {
  auto note = [&](const Lent &Given) {
    for (const State::Cell &C : S->cells())
      if (below(C.Path, Given.Place, true))
        for (const Held &H : C.Holds)
          if (Loans[H.Loan].Kind == LoanKind::Share) Noted.Shared.push_back(Loans[H.Loan].Target);
  };
  for (PathId Arg : Site.Args) {
    if (!Arg.valid()) continue;
    for (const Lent &Given : places(Arg, nullptr)) note(Given);
    for (const Lent &Given : places(P.Storage.deref(Arg), nullptr)) note(Given);
  }
}

/// What only some of several callees use is at most \p Sure.
static void markUsesOfSome(llvm::MutableArrayRef<Notes> OfCandidates, Certainty Sure) {
  auto inAll = [&](auto Has) { return llvm::all_of(OfCandidates, Has); };
  for (Notes &Of : OfCandidates) {
    for (Event &E : Of.Events) {
      auto same = [&](const Event &O) { return O.Kind == E.Kind && O.Loan == E.Loan && O.Death == E.Death; };
      if (E.Kind == EventKind::Use && !inAll([&](const Notes &N) { return llvm::any_of(N.Events, same); }))
        E.Sure = std::max(E.Sure, Sure);
    }
    for (Export &E : Of.Exports) {
      auto same = [&](const Export &O) { return O.What.Kind == E.What.Kind && O.What.Src == E.What.Src; };
      if (E.What.Kind == FactKind::Use && !inAll([&](const Notes &N) { return llvm::any_of(N.Exports, same); }))
        E.What.Sure = std::max(E.What.Sure, Sure);
    }
  }
}

/// The functions that \p Site, a call by name, may run. Notes which constructor made the object, or asks.
llvm::SmallVector<NameId, 4> Transfer::called(const Call &Site, const Frame *At) {
  FunctionId Body = P.body(Site.Callee);
  bool Makes = !Site.Virtual && Body.valid() && P.Functions[Body.index()].IsConstructor;
  llvm::SmallVector<NameId, 4> Run;
  if ((Site.Virtual || Makes) && !At && Site.This.valid()) {
    LentList Objects = places(P.Storage.deref(Site.This), At);
    if (Makes && single(Objects) && !symbolic(Objects[0].Place)) MadeBy.try_emplace(Objects[0].Place, Site.Callee);
    if (Site.Virtual && Objects.size() == 1)
      if (NameId Constructor = MadeBy.lookup(Objects[0].Place); Constructor.valid())
        Run = P.dispatched(Site.Callee, Constructor);
  }
  if (!Run.empty()) return Run;
  if (Site.Virtual)
    Lookup.dispatched(Site.Callee, Run);
  else
    Run.push_back(Site.Callee);
  return Run;
}

/// Whether \p Site, a destructor that an owner runs, has nothing to run on: others own the object, or one that it is
/// part of, or it is not known that this one does.
bool Transfer::isOfNoOwner(const Call &Site) {
  Fact Last;
  Last.Kind = FactKind::Expire;
  Last.Ending = End::Release;
  Last.Src = P.Storage.deref(Site.Through);
  auto isOwned = [&](const Lent &Object) {
    LoanKind Kind = Object.Through ? Loans[Object.Through->Loan].Kind : LoanKind::Ref;
    return Kind == LoanKind::Own || (Kind == LoanKind::Share && !outlives(Object.Place));
  };
  LentList Objects = places(Last.Src, nullptr);
  if (Objects.empty() || !llvm::all_of(Objects, isOwned)) return true;
  for (; !P.Storage.isRoot(Last.Src); Last.Src = P.Storage.base(Last.Src)) {
    if (P.Storage.last(Last.Src).Kind != ProjectionKind::Deref) continue;
    for (const Lent &Object : places(Last.Src, nullptr))
      if (isOwned(Object) && hasOtherOwner(Object, Last, nullptr)) return true;
  }
  return false;
}

/// The objects that \p Site, a destructor that an owner runs, ends one after the other, each for certain: what the
/// elements of a container lead to that ends as a whole. None if that is not so.
llvm::SmallVector<PathId, 4> Transfer::endedInTurn(const Call &Site) {
  llvm::SmallVector<PathId, 4> Objects;
  PathId Outermost;
  for (PathId Path = Site.This; !P.Storage.isRoot(Path); Path = P.Storage.base(Path))
    if (isElement(P.Storage.last(Path))) Outermost = P.Storage.base(Path);
  if (!Outermost.valid() || places(Outermost, nullptr).size() != 1) return {};
  for (const Lent &Object : places(P.Storage.deref(Site.This), nullptr)) {
    bool IsOne = P.Storage.rootOf(Object.Place).Kind == RootKind::Heap && !manyObjects(Object.Place);
    if (!IsOne || !Object.Through->Alive) return {};
    Objects.push_back(Object.Place);
  }
  llvm::sort(Objects);
  Objects.erase(std::unique(Objects.begin(), Objects.end()), Objects.end());
  return Objects;
}

void Transfer::call(const Call &Site, const Frame *At, uint32_t Number) {
  if (Site.Callee.valid() && Site.Through.valid() && !At) {
    if (isOfNoOwner(Site)) return;
    llvm::SmallVector<PathId, 4> InTurn = endedInTurn(Site);
    for (PathId Object : InTurn) {
      Call Each = Site;
      Each.Through = PathId();
      Each.This = scratch(Object);
      call(Each, At, Number);
    }
    if (!InTurn.empty()) return;
  }
  if (Collecting && !At && Site.This.valid())
    resolve(P.Storage.deref(Site.This), At,
            [&](PathId Cell, const Held &H, const HeldSet &All) { noteUse(Cell, H, All); });

  llvm::SmallVector<Candidate, 2> Candidates;
  auto isModel = [](const Candidate &C) { return C.E->Source == EffectSource::Model; };
  // One of several closures that the cell holds is no guess, nor is which closure of one lambda runs.
  auto guesses = [&] {
    return !llvm::all_of(Candidates, [](const Candidate &C) { return C.IsHeld; }) &&
           llvm::any_of(Candidates, [&](const Candidate &C) { return C.E != Candidates[0].E; });
  };
  if (Site.Callee.valid()) {
    for (NameId Each : called(Site, At))
      if (const Effects *E = Lookup.effects(Each)) Candidates.push_back({E, PathId()});
  } else if (Site.Through.valid()) {
    collectThrough(Site, At, Candidates);
  }

  if (!At && Collecting && llvm::none_of(Candidates, isModel)) noteShared(Site);
  if (!At && Site.Result.valid())
    for (const Lent &Result : places(Site.Result, At)) dropBelow(Result.Place);
  if (Candidates.empty()) return callUnknown(Site, At);

  if (Collecting && !At) {
    Resolved R{Number, guesses(), {}};
    for (const Candidate &C : Candidates) R.Candidates.push_back(C.E);
    Noted.Resolutions.push_back(std::move(R));
  }
  // A closure that calls itself through what it was stored in: its effects are being done already.
  llvm::erase_if(Candidates, [&](const Candidate &C) {
    for (const Frame *Each = At; Each; Each = Each->Outer)
      if (Each->Done->Symbol == C.E->Symbol) return true;
    return false;
  });
  if (Candidates.empty() || (At && At->Depth >= MaxNesting) || outOfSteps()) return;
  Point Here = Now;
  State Before;
  std::optional<State> After;
  bool WasGuess = Guess, Several = Candidates.size() > 1;
  bool IsGuess = guesses();
  if (Several) Before = *S;
  if (IsGuess) {
    Guess = true;
    if (Collecting && At) Noted.Guesses.push_back(Now);
  }
  std::vector<Notes> OfCandidates;
  uint32_t Considered = std::min(uint32_t(Candidates.size()), MaxCandidates);
  for (uint32_t I = 0; I < Considered; ++I) {
    std::optional<Call> Bound;
    if (Site.ByReference) Bound = P.bound(Site, Candidates[I].E->Symbol);
    Frame Inner{Bound ? &*Bound : &Site, Candidates[I].E,        At,
                Candidates[I].This,      At ? At->Depth + 1 : 0, Candidates[I].Captures};
    Notes Outside;
    if (Several) Outside = std::exchange(Noted, {});
    runEffects(*Candidates[I].E, Inner, I);
    if (Several) OfCandidates.push_back(std::exchange(Noted, std::move(Outside)));
    Now = Here;
    if (Candidates.size() == 1) break;
    if (After)
      join(*After, *S);
    else
      After = std::move(*S);
    if (I + 1 != Considered) *S = Before;
  }
  if (After) *S = std::move(*After);
  if (!At) markArrays(Site);
  Guess = WasGuess;
  markUsesOfSome(OfCandidates, IsGuess ? Certainty::Assumed : Certainty::May);
  for (Notes &Each : OfCandidates) Noted.append(std::move(Each));
  if (!At && Scratch)
    S->eraseIf([&](PathId Cell) {
      const Root &R = P.Storage.rootOf(Cell);
      return R.Kind == RootKind::Temp && R.Index >= ScratchBase * 8;
    });
}

/// What \p Site gave is moved along: it leads to an array.
void Transfer::markArrays(const Call &Site) {
  if (!Site.Result.valid() || Arrays.empty()) return;
  PathId Led = P.Storage.deref(Site.Result);
  if (!Arrays.contains(Led)) return;
  for (const Lent &Object : places(Led, nullptr)) Arrays.insert(Object.Place);
}

/// Whether \p Each puts an argument into a container: the argument is read before the container's elements move.
static bool isStoredArgument(const Paths &Storage, const Fact &Each) {
  return Each.Why == Reason::Insert && Each.Src.valid() && Storage.rootOf(Each.Src).Kind == RootKind::Arg &&
         Storage.rootOf(Each.Dst).Kind == RootKind::This;
}

/// A call that a callee makes. If the callee may not make it, all that happens in it is a guess.
void Transfer::callInside(const Effects &E, const Fact &Each, const Frame &Inner) {
  llvm::SaveAndRestore Unsure(Guess, Guess || Each.Sure == Certainty::Assumed);
  size_t FirstEvent = Noted.Events.size(), FirstExport = Noted.Exports.size();
  call(E.Calls[Each.Call], &Inner, Now.fact());
  if (Each.Sure != Certainty::Assumed) return;
  for (Event &Inside : llvm::drop_begin(Noted.Events, FirstEvent)) Inside.Sure = Certainty::Assumed;
  for (Export &Inside : llvm::drop_begin(Noted.Exports, FirstExport)) Inside.What.Sure = Certainty::Assumed;
}

/// Whether \p Each tells one of many by a key, or by what it is not: what the callee leaves in its caller's cells, or
/// ends, lies in that one.
static bool tellsOne(const Paths &Storage, const Fact &Each) {
  return (Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy) && Each.By.valid() &&
         Storage.isRoot(Each.Dst) && Storage.rootOf(Each.Dst).Kind == RootKind::Temp;
}

static bool isUse(const Fact &Each) { return Each.Kind == FactKind::Use || Each.Kind == FactKind::Need; }

/// Whether \p E tells that \p Second, an effect, does not come after \p First.
static bool isNeverAfter(const Effects &E, Point First, Point Second) {
  return llvm::is_contained(E.NeverAfter, std::pair(First.effect(), Second.effect()));
}

void Transfer::runEffects(const Effects &E, const Frame &Inner, uint32_t Candidate) {
  Point Here = Now;
  // What a body leaves in its caller's cells is told in terms of what was there before the call: read first, write
  // last.
  std::vector<std::pair<Write, Point>> Results;
  auto isResult = [&](const Fact &Each) {
    bool Writes = Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move ||
                  Each.Kind == FactKind::Clear;
    if (!Writes || P.Storage.rootOf(Each.Dst).Kind == RootKind::Temp) return false;
    return E.Source == EffectSource::Body || isStoredArgument(P.Storage, Each);
  };
  auto isRead = [&](const Fact &Each) { return E.Source == EffectSource::Body && tellsOne(P.Storage, Each); };
  // What one of several callees allocates is not followed: findings on it would be guesses, and in a hierarchy whose
  // members call each other there is no end to such objects.
  auto followed = [&](const Fact &Each) {
    auto made = [&](PathId Path) { return Path.valid() && P.Storage.rootOf(Path).Kind == RootKind::Heap; };
    return !Guess || !(made(Each.Src) || made(Each.Dst));
  };
  if (InLoop && !Guess)
    for (const Fact &Each : E.Facts)
      if (isResult(Each) && Each.Src.valid() && P.Storage.rootOf(Each.Src).Kind == RootKind::Heap)
        ageAllocation(places(P.Storage.rootPath(Each.Src), &Inner)[0].Place);
  llvm::SaveAndRestore<const Fact *> Inside(Current);
  RunningEffects These{E, Running, 0, {}};
  llvm::SaveAndRestore<RunningEffects *> Level(Running, &These);
  bool Nested = These.Outer;
  auto stepTo = [&](uint32_t I) {
    These.Effect = I;
    if (!Nested) Now = Here.withEffect(Candidate, I);
    Current = E.Facts[I].Note.valid() ? &E.Facts[I] : Inside.get();
  };
  Results.reserve(llvm::count_if(E.Facts, isResult));
  llvm::SmallVector<PathId, 2> LookedUp;
  for (uint32_t I = 0; I < E.Facts.size(); ++I)
    if (const Fact &Each = E.Facts[I]; isResult(Each) || isRead(Each)) {
      if (!followed(Each)) continue;
      stepTo(I);
      if (isRead(Each)) {
        if (!mayHappen(Each, Inner)) continue;
        applyFact(Each, &Inner);
        LookedUp.push_back(places(Each.Dst, &Inner)[0].Place);
        continue;
      }
      if (!mayHappen(Each, Inner)) {
        // What else the cell holds adds to this one.
        if (Each.Sure == Certainty::Must) Results.emplace_back(Write{places(Each.Dst, &Inner), {}, {}, false}, Now);
        continue;
      }
      Results.emplace_back(Each.Kind == FactKind::Borrow ? readBorrow(Each, &Inner) : readCopy(Each, &Inner), Now);
    }
  for (uint32_t I = 0; I < E.Facts.size(); ++I) {
    const Fact &Each = E.Facts[I];
    if (!mayHappen(Each, Inner)) continue;
    stepTo(I);
    if (Nested && Collecting && Each.Sure == Certainty::Assumed && !isUse(Each)) Noted.Guesses.push_back(Now);
    if (Each.Kind == FactKind::Call)
      callInside(E, Each, Inner);
    else if (!isResult(Each) && !isRead(Each))
      applyFact(Each, &Inner);
  }
  if (!LookedUp.empty()) S->eraseIf([&](PathId Cell) { return llvm::is_contained(LookedUp, Cell); });
  invalidateResults(Results, E, Here.withEffect(Candidate, 0));
  if (!Nested) spareOverwritten(Results, E, Here.withEffect(Candidate, 0));
  for (auto &[Result, When] : Results) {
    Now = When;
    commit(std::move(Result));
  }
}

/// A cell that is one of several which the callee may have overwritten: where it is that one, what ended by it is not
/// there any more.
void Transfer::spareOverwritten(llvm::ArrayRef<std::pair<Write, Point>> Results, const Effects &E, Point Call) {
  for (const auto &[Result, Read] : Results) {
    if (Result.Dst.size() < 2) continue;
    const Fact &Writes = E.Facts[Read.effect()];
    auto endedByIt = [&](const Held &H) {
      if (!H.Death.sharesCallWith(Call)) return false;
      bool Always = Result.Stays ? isNeverAfter(E, H.Death, Read) : Writes.Sure == Certainty::Must;
      const Fact &Ends = E.Facts[H.Death.effect()];
      bool Ended = Ends.Kind == FactKind::Expire || Ends.Kind == FactKind::Invalidate;
      return Always && Ended && P.Storage.startsWith(Ends.Src, P.Storage.deref(Writes.Dst));
    };
    for (const Lent &To : Result.Dst)
      if (HeldSet *Holds = S->find(To.Place))
        for (Held &H : *Holds)
          if (endedByIt(H)) H.Death = Point(), H.Alive = true;
  }
}

/// What was read before the call may have been invalidated in it.
void Transfer::invalidateResults(std::vector<std::pair<Write, Point>> &Results, const Effects &E, Point Call) {
  auto invalidates = [](const Fact &Each) { return Each.Kind == FactKind::Invalidate; };
  if (Results.empty() || llvm::none_of(E.Facts, invalidates)) return;
  llvm::DenseMap<LoanId, Held> Died;
  Steps += S->cells().size() / 8;
  for (const State::Cell &C : S->cells())
    for (const Held &H : C.Holds)
      if (H.Death.sharesCallWith(Call) && H.Death.effect() < E.Facts.size() && invalidates(E.Facts[H.Death.effect()]))
        Died.try_emplace(H.Loan, H);
  if (Died.empty()) return;
  for (auto &[Result, Read] : Results)
    for (auto &[Path, Holds] : Result.Cells)
      for (Held &H : Holds) {
        auto It = Died.find(H.Loan);
        if (It == Died.end() || Loans[H.Loan].Issued == Read) continue;
        if (!Running->Outer && isNeverAfter(E, It->second.Death, Read)) continue;
        H.Alive &= It->second.Alive;
        if (!H.Death.valid()) H.Death = It->second.Death;
      }
}

/// Nothing is known of the callee: it uses what it is given, keeps nothing, and takes over what is passed by value and
/// what an owner holds that is passed by reference. What it gives to be owned is new.
void Transfer::callUnknown(const Call &Site, const Frame *At) {
  if (At) return;
  auto Seen = [&](PathId Cell, const Held &H, const HeldSet &All) { noteUse(Cell, H, All); };
  auto isTemporary = [&](PathId Arg) { return P.Storage.isRoot(Arg) && P.Storage.rootOf(Arg).Kind == RootKind::Temp; };
  for (PathId Arg : Site.Args) {
    if (!Arg.valid()) continue;
    LentList Places = resolve(P.Storage.deref(Arg), At, Seen);
    takeOut(Places);
    for (const Lent &Given : Places)
      if (HeldSet *Holds = S->find(Given.Place))
        llvm::erase_if(*Holds, [&](const Held &H) { return Loans[H.Loan].Kind == LoanKind::Own; });
    if (!isTemporary(Arg)) continue;
    for (const State::Cell &C : S->cells()) {
      if (C.Path == Arg || !below(C.Path, Arg, true)) continue;
      for (const Held &H : C.Holds)
        if (Loans[H.Loan].Kind == LoanKind::View) noteUse(C.Path, H, C.Holds);
    }
  }
  const Effects *Known = Site.Callee.valid() ? P.declaration("call of ", P.Symbols.text(Site.Callee)) : nullptr;
  if (Known) runEffects(*Known, Frame{&Site, Known, nullptr, PathId(), 0, PathId()}, 0);
  for (PathId Arg : Site.Args)
    if (Arg.valid() && isTemporary(Arg)) dropBelow(Arg);
}
