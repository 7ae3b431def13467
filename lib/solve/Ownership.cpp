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

/// The declarations that may say something of the field that \p Cell ends in.
llvm::SmallVector<const Effects *, 1> Transfer::declarations(PathId Cell) const {
  llvm::SmallVector<const Effects *, 1> Found;
  NameId Field = P.Storage.last(Cell).Name;
  if (P.isMember(Field)) {
    llvm::StringRef Name = P.Symbols.text(Field);
    if (const Effects *E = P.declaration("class ", Name.substr(0, Name.rfind("::")))) Found.push_back(E);
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

/// Whether a cell other than the one that \p Reset empties keeps \p Object alive.
bool Transfer::hasOtherOwner(const Lent &Object, const Fact &Reset, const Frame *At) {
  if (P.Storage.isRoot(Reset.Src) || P.Storage.last(Reset.Src).Kind != ProjectionKind::Deref) return false;
  LentList Cells = places(P.Storage.base(Reset.Src), At);
  return llvm::any_of(S->cells(), [&](const State::Cell &C) {
    if (llvm::any_of(Cells, [&](const Lent &Cell) { return Cell.Place == C.Path; })) return false;
    return llvm::any_of(C.Holds, [&](const Held &H) {
      return H.Alive && Loans[H.Loan].Target == Object.Place && keeps(C.Path, Loans[H.Loan]);
    });
  });
}

/// \p Cells were stored, for all that is known nowhere else than in \p To.
void Transfer::noteOwned(const Lent &To, llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells) {
  for (const auto &[Path, Holds] : Cells) {
    // What a closure has bound is all there; elsewhere several loans are several possibilities.
    bool Parts = Path != Cells[0].first && P.Storage.last(Path).Kind == ProjectionKind::Inline;
    std::optional<PathId> Cell = rebase(Path, Cells[0].first, To.Place);
    if ((Holds.size() != 1 && !Parts) || !Cell || !ofAnObject(*Cell)) continue;
    for (const Held &H : Holds) {
      if (!H.Alive || !keeps(*Cell, Loans[H.Loan])) continue;
      Link Made{*Cell, H.Loan, Now};
      Noted.OwningStores.push_back(Made);
      if (!Guess) closeRing(Made, To.Through ? To.Through->Loan : LoanId());
    }
  }
}

/// Links that lead to \p Object. Of many objects that share a place, it is the one that \p Which leads to.
llvm::SmallVector<Link, 4> Transfer::linksTo(PathId Object, LoanId Which) {
  llvm::SmallVector<Link, 4> Found;
  bool Many = manyObjects(Object);
  for (const State::Cell &C : S->cells())
    for (const Held &H : C.Holds) {
      if (!H.Alive || P.Storage.objectOf(Loans[H.Loan].Target) != Object || !ofAnObject(C.Path)) continue;
      if (Many && (!Which.valid() || !sameElement(H.Loan, Which))) continue;
      if (keeps(C.Path, Loans[H.Loan])) Found.push_back({C.Path, H.Loan, H.Via});
    }
  if (P.Storage.isRoot(Object)) return Found;
  PathId Cell = P.Storage.base(Object);
  HeldSet Before = value(*S, Cell);
  bool Unchanged = llvm::any_of(
      Before, [&](const Held &H) { return H.Alive && Loans[H.Loan].Initial && Loans[H.Loan].Target == Object; });
  if (Unchanged && (Many || !S->find(Cell)) && declared(Cell).Owns) Found.push_back({Cell, LoanId(), Point()});
  return Found;
}

/// Looks for a way from what \p Last leads to back to the object it was stored in.
void Transfer::closeRing(const Link &Last, LoanId Into) {
  PathId From = P.Storage.objectOf(Last.Cell), To = P.Storage.objectOf(Loans[Last.Loan].Target);
  bool Many = manyObjects(To);
  if (From == To) {
    if (!Many || (Into.valid() && sameElement(Last.Loan, Into))) Noted.Rings.push_back({{Last}});
    return;
  }
  if (Many) return;
  struct Step {
    PathId Object;
    size_t Next; ///< the step that Way leads to
    Link Way;
  };
  llvm::SmallVector<Step, 8> Walk{{From, 0, Last}};
  for (size_t I = 0; I < Walk.size() && Walk.size() < MaxObjects; ++I)
    for (const Link &Way : linksTo(Walk[I].Object, I ? LoanId() : Into)) {
      PathId Object = P.Storage.objectOf(Way.Cell);
      if (llvm::any_of(Walk, [&](const Step &Each) { return Each.Object == Object; })) continue;
      Walk.push_back({Object, I, Way});
      if (Object != To) continue;
      Ring Found{{Last}};
      for (size_t At = Walk.size() - 1; At; At = Walk[At].Next) Found.Links.push_back(Walk[At].Way);
      Noted.Rings.push_back(std::move(Found));
      return;
    }
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
