//===- Ownership.cpp - Owning loans that are stored, and the rings that they close --------------------------------===//
//
// Section "Rings" of docs/theory.md: what Transfer notes of them while it collects. An object is a place up to its last
// dereference; it keeps another one when a cell of it holds an owning loan on that. Which cells own by their type is
// declared (lib/lower/Owners.h).
//
//     node->children.push_back(child);    *node keeps *child: link 1
//     child->parent = node;               *child keeps *node: link 2, which closes the ring
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "solve/Transfer.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

/// A longer ring is not looked for.
static constexpr size_t MaxObjects = 16;
/// Nor one where more cells may be meant, or more objects.
static constexpr size_t MaxPossible = 4;

/// The declarations that may say something of the field that \p Cell ends in.
llvm::SmallVector<const Effects *, 1> Transfer::declarations(PathId Cell) const {
  llvm::SmallVector<const Effects *, 1> Found;
  NameId Field = P.Storage.last(Cell).Name;
  if (P.isMember(Field)) {
    if (const Effects *E = P.declaration("class ", P.classOf(Field))) Found.push_back(E);
  } else if (const HeldSet *Holds = S->find(P.Storage.base(Cell))) {
    for (const Held &H : *Holds)
      if (Loans[H.Loan].Kind == LoanKind::Code)
        if (const Effects *E = P.declaration("closure ", P.Symbols.text(P.Storage.rootOf(Loans[H.Loan].Target).Name)))
          Found.push_back(E);
  }
  return Found;
}

/// Whether \p Cell lies in a global or parameter that is declared to own alone what the cell leads to.
bool Transfer::isOwnerByRoot(PathId Cell) const {
  const Root &R = P.Storage.rootOf(Cell);
  if (R.Kind == RootKind::Global) return P.declaresOwner("global ", P.Symbols.text(R.Name), Cell);
  return R.Kind == RootKind::Arg && P.declaresOwner("parameters of ", P.Symbols.text(F.Symbol), Cell);
}

/// What is declared of \p Cell.
Transfer::Declared Transfer::declared(PathId Cell) const {
  Declared Answer;
  bool Nearest = true;
  llvm::SmallVector<Projection, 4> Below;
  for (PathId At = Cell; !P.Storage.isRoot(At); At = P.Storage.base(At)) {
    const Projection &Last = P.Storage.last(At);
    if (Last.Kind == ProjectionKind::Deref) break;
    Below.push_back(Last);
    if (Last.Kind != ProjectionKind::Field) continue;
    PathId Path = P.Storage.deref(P.Storage.root({RootKind::This, 0, NameId()}));
    for (const Projection &Each : llvm::reverse(Below)) Path = P.Storage.extend(Path, Each);
    for (const Effects *E : declarations(At)) {
      for (const Fact &Each : E->Facts) {
        if (Each.Kind == FactKind::Clear) Answer.GoesByItself |= P.Storage.startsWith(Path, Each.Dst);
        if (Each.Kind != FactKind::Borrow || !Nearest || Path != Each.Dst) continue;
        Answer.Owns = true;
        Answer.OwnsAlone = Each.Loan == LoanKind::Own;
      }
      Nearest = false;
    }
  }
  return Answer;
}

/// Whether \p L in \p Cell keeps alive what it leads to. What was there at entry is known by the cell's type only.
bool Transfer::keeps(PathId Cell, const Loan &L) const {
  bool ByType = L.Initial || L.Kind == LoanKind::Own;
  if (!ByType && L.Kind != LoanKind::Share) return false;
  Declared D = declared(Cell);
  return !D.GoesByItself && (!ByType || D.Owns);
}

/// Whether \p Cell belongs to an object that others can own.
bool Transfer::ofAnObject(PathId Cell) const {
  return P.Storage.rootOf(Cell).Kind == RootKind::Heap ||
         (P.Storage.rootOf(Cell).Kind != RootKind::Ret && outlives(Cell));
}

/// Whether a cell other than the one that \p Reset empties keeps \p Object alive. What the type of a cell is, is known
/// of members; a variable that has what the emptied cell held at entry is a copy of it, and shares the object.
bool Transfer::hasOtherOwner(const Lent &Object, const Fact &Reset, const Frame *At) {
  if (P.Storage.isRoot(Reset.Src) || P.Storage.last(Reset.Src).Kind != ProjectionKind::Deref) return false;
  LentList Cells = places(P.Storage.base(Reset.Src), At);
  return llvm::any_of(S->cells(), [&](const State::Cell &C) {
    if (llvm::any_of(Cells, [&](const Lent &Cell) { return Cell.Place == C.Path; })) return false;
    bool IsCopy =
        Reset.Ending == End::Release && P.Storage.isRoot(C.Path) && P.Storage.rootOf(C.Path).Kind == RootKind::Local;
    return llvm::any_of(C.Holds, [&](const Held &H) {
      const Loan &L = Loans[H.Loan];
      return H.Alive && L.Target == Object.Place && ((IsCopy && L.Initial) || keeps(C.Path, L));
    });
  });
}

/// What \p Cells are stored in \p Dst: in one of them, if there are several.
void Transfer::noteOwned(const LentList &Dst, llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells) {
  if (Dst.size() > MaxPossible) return;
  for (const auto &[Path, Holds] : Cells) {
    OwningStore Made;
    Made.Via = Now;
    for (const Lent &To : Dst)
      if (std::optional<PathId> Cell = rebase(Path, Cells[0].first, To.Place); Cell && ofAnObject(*Cell))
        Made.Into.emplace_back(*Cell, To.Through ? identity(To.Through->Loan) : LoanId());
    if (Made.Into.size() != Dst.size()) continue;
    // What a closure has bound is all there; elsewhere several loans are several possibilities.
    Made.AllOfThem = Path != Cells[0].first && P.Storage.last(Path).Kind == ProjectionKind::Inline;
    auto keptIn = [&](const Held &H) {
      return H.Alive && llvm::all_of(Made.Into, [&](const auto &To) { return keeps(To.first, Loans[H.Loan]); });
    };
    for (const Held &H : Holds)
      if (keptIn(H)) Made.What.push_back(H.Loan);
    if (Made.What.empty() && Holds.size() == 1 && Holds[0].Alive && Loans[Holds[0].Loan].Initial) {
      Made.What.push_back(Holds[0].Loan);
      Made.IsWhole = true;
    }
    bool MayKeepNone = !Made.AllOfThem && Made.What.size() != Holds.size();
    if (Made.What.empty() || MayKeepNone || (!Made.AllOfThem && Made.What.size() > MaxPossible)) continue;
    if (llvm::is_contained(OwningStores, Made)) continue;
    if (!Made.IsWhole && !Guess) closeRings(Made);
    OwningStores.push_back(std::move(Made));
  }
}

/// What stored \p L, if that is known by now.
const OwningStore *Transfer::storeOf(const Link &L) const {
  for (const OwningStore &Each : llvm::reverse(OwningStores))
    if (Each.Via == L.Via && Each.mayHaveMade(P.Storage, L.Cell)) return &Each;
  return nullptr;
}

/// The loan that led to the object that \p L was stored in, which is one of many: invalid if that is not known.
LoanId Transfer::wayInto(const Link &L, LoanId Kept) const {
  if (!L.Loan.valid()) return Kept.valid() ? Loans[identity(Kept)].Within : LoanId();
  if (const OwningStore *Store = storeOf(L))
    for (auto [Cell, Through] : Store->Into)
      if (Cell == L.Cell) return Through;
  return LoanId();
}

/// Whether both lead to one object. Of many objects, it is also known by being read at once, whatever was forgotten of
/// that since.
bool Transfer::sameObject(LoanId A, LoanId B) const {
  if (!A.valid() || !B.valid()) return false;
  PathId Object = P.Storage.objectOf(Loans[A].Target);
  if (Object != P.Storage.objectOf(Loans[B].Target)) return false;
  if (!manyObjects(Object) || sameElement(A, B)) return true;
  const Loan &X = Loans[identity(A)], &Y = Loans[identity(B)];
  return X.Loaded && Y.Loaded && X.Issued == Y.Issued && X.Old == Y.Old && X.Parent == Y.Parent && X.Target == Y.Target;
}

/// Whether one variable, and no other one, leads to the objects that \p To was stored in, and \p What, too: then it is
/// one object, whichever that is.
bool Transfer::isOneVariable(llvm::ArrayRef<LoanId> What, const OwningStore &To) const {
  llvm::SmallVector<LoanId> Into;
  for (const auto &Each : To.Into) Into.push_back(Each.second);
  auto among = [&](llvm::ArrayRef<LoanId> All) {
    return [this, All](LoanId L) { return llvm::any_of(All, [&](LoanId Each) { return sameObject(L, Each); }); };
  };
  auto areThese = [&](llvm::ArrayRef<LoanId> All) {
    return All.size() == Into.size() && llvm::all_of(All, among(Into)) && llvm::all_of(Into, among(All));
  };
  auto leadsThere = [&](const State::Cell &C) {
    RootKind K = P.Storage.rootOf(C.Path).Kind;
    if (!P.Storage.isRoot(C.Path) || (K != RootKind::Local && K != RootKind::Arg)) return false;
    llvm::SmallVector<LoanId> All;
    for (const Held &H : C.Holds) All.push_back(H.Loan);
    return areThese(All);
  };
  return areThese(What) && llvm::count_if(S->cells(), leadsThere) < 2;
}

/// Whether the links of \p R that \p Closing does not make are there for certain: where one may have been stored in
/// several objects, or one of several objects, the variables that say which one are those of the links beside it.
bool Transfer::fits(const Ring &R, const OwningStore &Closing) const {
  for (size_t I = 1; I < R.Links.size(); ++I) {
    const OwningStore *Store = storeOf(R.Links[I]);
    if (!Store || Store->isCertain()) continue;
    const OwningStore *Before = I == 1 ? &Closing : storeOf(R.Links[I - 1]);
    const OwningStore *Next = I + 1 == R.Links.size() ? &Closing : storeOf(R.Links[I + 1]);
    if (Store->Into.size() > 1 && !(Before && isOneVariable(Before->What, *Store))) return false;
    if (Store->What.size() > 1 && !Store->AllOfThem && !(Next && isOneVariable(Store->What, *Next))) return false;
  }
  return true;
}

/// Links that lead to \p Object. Of many objects that share a place, it is the one that \p Which leads to.
llvm::SmallVector<Link, 4> Transfer::linksTo(PathId Object, LoanId Which) {
  llvm::SmallVector<Link, 4> Found;
  bool Many = manyObjects(Object);
  PathId Before = P.Storage.isRoot(Object) ? PathId() : P.Storage.base(Object);
  for (const State::Cell &C : S->cells())
    for (const Held &H : C.Holds) {
      if (!H.Alive || !ofAnObject(C.Path)) continue;
      if (P.Storage.objectOf(Loans[H.Loan].Target) == Object) {
        if (Many && !sameObject(H.Loan, Which)) continue;
        if (keeps(C.Path, Loans[H.Loan])) Found.push_back({C.Path, H.Loan, H.Via});
      } else if (Loans[H.Loan].Initial && Before.valid() && !Many) {
        linkInCopy(Found, C.Path, H, Before);
      }
    }
  if (!Before.valid()) return Found;
  HeldSet Holds = value(*S, Before);
  bool Unchanged = llvm::any_of(
      Holds, [&](const Held &H) { return H.Alive && Loans[H.Loan].Initial && Loans[H.Loan].Target == Object; });
  if (Unchanged && (Many || !S->find(Before)) && declared(Before).Owns) Found.push_back({Before, LoanId(), Point()});
  return Found;
}

/// Adds the link in the part of \p Copy that is the image of the cell \p Before, if the object that this lies in was
/// copied to \p Copy: a copy keeps alive what its original does.
void Transfer::linkInCopy(llvm::SmallVectorImpl<Link> &Found, PathId Copy, const Held &H, PathId Before) {
  PathId Original = P.Storage.base(Loans[H.Loan].Target);
  bool IsAround = Original != Before && P.Storage.startsWith(Before, Original) &&
                  P.Storage.objectOf(Original) == P.Storage.objectOf(Before);
  if (Original == Copy || !IsAround) return;
  std::optional<PathId> Cell = rebase(Before, Original, Copy);
  for (PathId At = Cell.value_or(Copy); At != Copy; At = P.Storage.base(At))
    if (S->find(At)) return;
  std::optional<Held> Part = Cell ? initial(Before) : std::nullopt;
  if (Part && Loans[Part->Loan].Initial && keeps(*Cell, Loans[Part->Loan])) Found.push_back({*Cell, Part->Loan, H.Via});
}

/// Looks for rings that \p Made closes, whatever it stores, and wherever.
void Transfer::closeRings(const OwningStore &Made) {
  if (Made.isCertain()) {
    for (LoanId L : Made.What)
      if (std::optional<Ring> Closed = ringOf({Made.Into[0].first, L, Now}, Made.Into[0].second);
          Closed && fits(*Closed, Made))
        Noted.Rings.push_back(std::move(*Closed));
    return;
  }
  llvm::SmallVector<LoanId> Meant;
  llvm::copy_if(Made.What, std::back_inserter(Meant), [&](LoanId L) {
    return !Made.AllOfThem || llvm::any_of(Made.Into, [&](const auto &To) { return sameObject(L, To.second); });
  });
  bool Same = Made.Into.size() > 1 && isOneVariable(Meant, Made);
  Ring Either;
  for (auto [Cell, Through] : Made.Into) {
    size_t Closed = 0, Possible = 0;
    for (LoanId L : Made.What) {
      if (Same && !sameObject(L, Through)) continue;
      ++Possible;
      std::optional<Ring> One = ringOf({Cell, L, Now}, Through);
      if (!One || !fits(*One, Made)) continue;
      ++Closed;
      if (Either.Links.empty())
        Either = std::move(*One);
      else
        Either.Otherwise.push_back(std::move(*One));
      if (Made.AllOfThem) break;
    }
    if (Made.AllOfThem ? Closed == 0 : Closed != Possible) return;
  }
  Noted.Rings.push_back(std::move(Either));
}

/// A way from what \p Last leads to back to the object it was stored in, to which \p Into led.
std::optional<Ring> Transfer::ringOf(const Link &Last, LoanId Into) {
  PathId From = P.Storage.objectOf(Last.Cell), To = P.Storage.objectOf(Loans[Last.Loan].Target);
  auto isLast = [&](PathId Object, LoanId Which) {
    return Object == To && (!manyObjects(To) || sameObject(Last.Loan, Which));
  };
  if (isLast(From, Into)) return Ring{{Last}, {}};
  struct Step {
    PathId Object;
    LoanId Which; ///< led to it
    size_t Next;  ///< the step that Way leads to
    Link Way;
  };
  llvm::SmallVector<Step, 8> Walk{{From, Into, 0, Last}};
  for (size_t I = 0; I < Walk.size() && Walk.size() < MaxObjects; ++I)
    for (const Link &Way : linksTo(Walk[I].Object, Walk[I].Which)) {
      PathId Object = P.Storage.objectOf(Way.Cell);
      LoanId Which = manyObjects(Object) ? wayInto(Way, Walk[I].Which) : LoanId();
      auto isKnown = [&](const Step &Each) { return Each.Object == Object && (Each.Which == Which || !Which.valid()); };
      if (llvm::any_of(Walk, isKnown)) continue;
      Walk.push_back({Object, Which, I, Way});
      if (!isLast(Object, Which)) continue;
      Ring Found{{Last}, {}};
      for (size_t At = Walk.size() - 1; At; At = Walk[At].Next) Found.Links.push_back(Walk[At].Way);
      return Found;
    }
  return std::nullopt;
}

/// \p Cells were stored in \p To: whether what they lead to leads back, for Inverses. Of objects that were there before
/// the function, its effects tell.
void Transfer::noteMutuals(PathId To, llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells) {
  auto leads = [&](const Held &H) {
    const Loan &L = Loans[H.Loan];
    return H.Alive && L.Kind != LoanKind::Code && L.Kind != LoanKind::Weak && L.Sure == Certainty::Must;
  };
  for (const auto &[Path, Holds] : Cells) {
    std::optional<PathId> Cell = rebase(Path, Cells[0].first, To);
    if (!Cell || P.Storage.isRoot(*Cell)) continue;
    PathId Owner = P.Storage.objectOf(*Cell);
    for (const Held &H : llvm::make_filter_range(Holds, leads)) {
      PathId Object = P.Storage.objectOf(Loans[H.Loan].Target);
      if (Object == Owner || (outlives(Object) && outlives(Owner))) continue;
      Steps += S->cells().size() / 8;
      for (const State::Cell &C : S->cells()) {
        if (P.Storage.isRoot(C.Path) || P.Storage.objectOf(C.Path) != Object) continue;
        for (const Held &Back : llvm::make_filter_range(C.Holds, leads))
          if (PathId Target = Loans[Back.Loan].Target; P.Storage.objectOf(Target) == Owner)
            Noted.Mutuals.push_back({{*Cell, Loans[H.Loan].Target}, {C.Path, Target}});
      }
    }
  }
}

/// What \p Place held is gone, or belongs to another owner now.
void Transfer::noteEmptied(PathId Place) {
  if (Collecting && P.Storage.rootOf(Place).Kind != RootKind::Temp) Noted.Emptied.emplace_back(Place, Now);
}

/// Whether \p Place or what lies below it holds anything.
bool Transfer::holdsAnything(PathId Place) {
  return !value(*S, Place).empty() ||
         llvm::any_of(S->cells(), [&](const State::Cell &C) { return !C.Holds.empty() && below(C.Path, Place, true); });
}
