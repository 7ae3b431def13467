#include "solve/Transfer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SaveAndRestore.h"
#include <algorithm>
#include <cassert>

using namespace refleak;

/// Marks the place of an allocation site's earlier objects.
static constexpr uint32_t EarlierObject = 1u << 31;
/// A function in which one path may lead to more places than this is given up: the next path multiplies them.
static constexpr size_t MaxPlaces = 512;

LoanId LoanTable::intern(const Loan &L) {
  auto pack = [](auto A, auto B) { return uint64_t(A.index()) << 32 | B.index(); };
  unsigned Marks = unsigned(L.Kind) << 3 | unsigned(L.Initial) << 2 | unsigned(L.Old) << 1 | unsigned(L.Loaded);
  uint64_t Hash = llvm::hash_combine(pack(L.Target, L.Key), pack(L.Parent, L.Within), pack(L.Cell, L.Apart),
                                     L.Without.index(), L.Issued, Marks);
  LoanId &Last = Newest[Hash];
  for (LoanId Known = Last; Known.valid(); Known = Older[Known.index()])
    if (Loans[Known.index()] == L) return Known;
  if (!L.Old) Issuers.insert(keyOf(L.Issued));
  auto readSomewhere = [&](LoanId From) { return From.valid() && WasRead[From.index()]; };
  WasRead.push_back(L.Cell.valid() || readSomewhere(L.Parent) || readSomewhere(L.Within));
  Older.push_back(Last);
  Last = LoanId(uint32_t(Loans.size()));
  Loans.push_back(L);
  return Last;
}

//===- Places -----------------------------------------------------------------------------------------------------===//

bool Transfer::symbolic(PathId Place) const {
  RootKind K = P.Storage.rootOf(Place).Kind;
  return K == RootKind::Arg || K == RootKind::This || K == RootKind::Global;
}

bool Transfer::isBehindGiven(PathId Place) const {
  return symbolic(Place) && !P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Deref;
}

bool Transfer::outlives(PathId Place) const {
  RootKind K = P.Storage.rootOf(Place).Kind;
  if (K == RootKind::Global || K == RootKind::Ret) return true;
  return (K == RootKind::Arg || K == RootKind::This) && P.Storage.derefs(Place) != 0;
}

bool Transfer::withinLimits(PathId Place) const {
  return P.Storage.depth(Place) <= Limits.MaxProjections && P.Storage.derefs(Place) <= Limits.MaxDerefs;
}

std::optional<PathId> Transfer::extend(PathId Base, const Projection &Last) const {
  PathId Longer = Last.Kind == ProjectionKind::Deref ? P.Storage.deref(Base) : P.Storage.extend(Base, Last);
  if (!withinLimits(Longer)) return std::nullopt;
  if (auto Known = SameStorage.find(Longer); Known != SameStorage.end()) return Known->second;
  auto Known = LedBackTo.find(Longer);
  return Known == LedBackTo.end() ? Longer : Known->second;
}

/// \p Place, which is \p From or below it, moved below \p To.
std::optional<PathId> Transfer::rebase(PathId Place, PathId From, PathId To) const {
  if (Place == From) return To;
  std::optional<PathId> Base = rebase(P.Storage.base(Place), From, To);
  if (!Base) return std::nullopt;
  return extend(*Base, P.Storage.last(Place));
}

bool Transfer::below(PathId Place, PathId Prefix, bool AcrossElements) const {
  if (P.Storage.rootPath(Place) != P.Storage.rootPath(Prefix)) return false;
  if (P.Storage.derefs(Place) != P.Storage.derefs(Prefix)) return false; // one would have to be crossed
  while (P.Storage.depth(Place) > P.Storage.depth(Prefix)) {
    ProjectionKind K = P.Storage.last(Place).Kind;
    if (K == ProjectionKind::Deref || (K == ProjectionKind::Elem && !AcrossElements)) return false;
    Place = P.Storage.base(Place);
  }
  return Place == Prefix;
}

std::optional<Held> Transfer::initial(PathId Cell) {
  Loan L;
  LedBack Back = Lookup.leadsBack(Cell);
  if (Back.Place.valid()) L.Sure = Certainty::May;
  if (Back.Place.valid() && Back.Part.empty()) {
    L.Target = Back.Place;
    return Held{Loans.intern(L), true, Point(), Point()};
  }
  std::optional<PathId> Target = extend(Cell, {ProjectionKind::Deref, NameId()});
  if (!Target) return std::nullopt;
  L.Target = *Target;
  L.Initial = true;
  if (Back.Place.valid()) {
    PathId Part = *Target;
    for (const Projection &Each : llvm::reverse(Back.Part)) Part = P.Storage.extend(Part, Each);
    LedBackTo[Part] = Back.Place;
  }
  return Held{Loans.intern(L), true, Point(), Point()};
}

/// Whether \p L leads to where an iterator leads that the function was given by value: it stands for the initial loan.
bool Transfer::isGivenIterator(const Loan &L) const {
  return L.Kind == LoanKind::Iterator && L.Why == Reason::Argument && P.Storage.derefs(L.Target) == 1 &&
         P.Storage.rootOf(L.Target).Kind == RootKind::Arg && P.Storage.isRoot(P.Storage.base(L.Target));
}

HeldSet Transfer::value(const State &In, PathId Cell) {
  HeldSet Unwritten;
  const HeldSet &Holds = value(In, Cell, Unwritten);
  if (&Holds != &Unwritten) return Holds;
  return Unwritten;
}

const HeldSet &Transfer::value(const State &In, PathId Cell, HeldSet &Unwritten) {
  ++Steps;
  if (const HeldSet *Entry = In.find(Cell)) {
    Steps += Entry->size() / 2;
    return *Entry;
  }
  HeldSet &Found = Unwritten;
  llvm::SmallVector<Projection, 4> Suffix;
  for (PathId At = Cell; !P.Storage.isRoot(At) && P.Storage.last(At).Kind != ProjectionKind::Deref;) {
    Suffix.push_back(P.Storage.last(At));
    At = P.Storage.base(At);
    const HeldSet *Entry = In.find(At);
    if (!Entry) continue;
    for (const Held &H : *Entry) {
      const Loan Whole = Loans[H.Loan];
      if (!Whole.Initial && !isGivenIterator(Whole)) continue;
      std::optional<PathId> Image = P.Storage.base(Whole.Target);
      for (const Projection &Each : llvm::reverse(Suffix))
        if (Image) Image = extend(*Image, Each);
      std::optional<Held> Part = Image ? initial(*Image) : std::nullopt;
      if (!Part) continue;
      if (Whole.Loaded)
        Part->Loan = oneOf(Part->Loan, Whole.Issued, Whole.Cell.valid() ? *Image : PathId(), Whole.Within);
      unite(Found, {Part->Loan, true, Point(), H.Via});
    }
    return Found;
  }
  if (symbolic(Cell))
    if (std::optional<Held> I = initial(Cell)) Found.push_back(*I);
  if (PathId Elements = Followed.lookup(Cell); Elements.valid()) {
    Loan There;
    There.Target = Elements;
    Found.push_back({Loans.intern(There), true, Point(), Point()});
  }
  return Found;
}

Transfer::LentList Transfer::resolveRoot(PathId Path, const Frame *At, OnDeref Seen) {
  const Root &R = P.Storage.rootOf(Path);
  if (!At) return {{Path, std::nullopt}};
  PathId Actual;
  switch (R.Kind) {
  case RootKind::This:
    if (At->This.valid()) return {{At->This, std::nullopt}};
    Actual = At->Site->This;
    break;
  case RootKind::Arg:
    if (R.Index < At->Site->Args.size()) Actual = At->Site->Args[R.Index];
    break;
  case RootKind::Ret:
    Actual = At->Site->Result;
    break;
  case RootKind::Temp:
  case RootKind::Heap: {
    uint32_t Number = ScratchBase * (At->Depth + 1) + (Now.fact() % 65536) * 256 + R.Index % 256;
    return {{P.Storage.root({R.Kind, Number & ~EarlierObject, NameId()}), std::nullopt}};
  }
  default:
    return {{Path, std::nullopt}};
  }
  if (!Actual.valid()) return {};
  return resolve(Actual, At->Outer, Seen);
}

Transfer::LentList Transfer::resolve(PathId Path, const Frame *At, OnDeref Seen) {
  ++Steps;
  if (P.Storage.isRoot(Path)) return resolveRoot(Path, At, Seen);
  Projection Last = P.Storage.last(Path);
  LentList Bases = resolve(P.Storage.base(Path), At, Seen);
  if (Last.Kind != ProjectionKind::Deref) {
    for (Lent &Base : Bases) Base.Place = extend(Base.Place, Last).value_or(PathId());
    auto tooDeep = [](const Lent &L) { return !L.Place.valid(); };
    TooDeep |= llvm::any_of(Bases, tooDeep);
    llvm::erase_if(Bases, tooDeep);
    return Bases;
  }
  LentList Found;
  for (const Lent &Base : Bases) {
    TooDeep |= symbolic(Base.Place) && !extend(Base.Place, Last);
    if (isEmpty(Base)) continue;
    HeldSet Unwritten;
    const HeldSet &All = value(*S, Base.Place, Unwritten);
    for (const Held &H : All) {
      if (Loans[H.Loan].Kind == LoanKind::Code) continue;
      Seen(Base.Place, H, All);
      Held One = loaded(Base.Place, H, Base.Through);
      if (llvm::none_of(Found, [&](const Lent &L) { return L.Through && L.Through->Loan == One.Loan; }))
        Found.push_back({Loans[One.Loan].Target, One});
      if (Found.size() <= MaxPlaces) continue;
      Steps = Limits.MaxSteps + 1;
      return Found;
    }
  }
  return Found;
}

Transfer::LentList Transfer::places(PathId Path, const Frame *At) {
  return resolve(Path, At, [](PathId, const Held &, const HeldSet &) {});
}

//===- Loans ------------------------------------------------------------------------------------------------------===//

/// The loan that stands for "the same element": the first of the chain that it was passed on from.
LoanId Transfer::identity(LoanId L) const {
  while (Loans[L].Parent.valid() && !Loans[L].Loaded) L = Loans[L].Parent;
  return L;
}

/// Whether two loans lead to the same element for all we know: one comes from the other, or both were looked up alike.
bool Transfer::sameElement(LoanId A, LoanId B) const {
  if (identity(A) == identity(B) || sameKey(Loans[A], Loans[B])) return true;
  const Loan &X = Loans[identity(A)], &Y = Loans[identity(B)];
  bool ReadAlike = X.Loaded && Y.Loaded && X.Cell == Y.Cell && X.Parent == Y.Parent && X.Target == Y.Target;
  return ReadAlike && X.Within.valid() && Y.Within.valid() && sameElement(X.Within, Y.Within);
}

/// Whether both were looked up with the same key in the same container.
bool Transfer::sameKey(const Loan &A, const Loan &B) const {
  return A.Key.valid() && A.Key == B.Key && elementOf(A.Target) == elementOf(B.Target);
}

/// \p Place without the fields of an element that it ends in.
PathId Transfer::elementOf(PathId Place) const {
  while (!P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Field) Place = P.Storage.base(Place);
  return Place;
}

/// Whether what \p L leads to is owned by the element it was read out of, and by nothing else.
bool Transfer::isOwnedWhereRead(LoanId L) const {
  for (; L.valid(); L = Loans[L].Parent) {
    const Loan &Each = Loans[L];
    if (Each.Kind == LoanKind::Own) return true;
    if (Each.Loaded) return Each.Initial && (declared(Each.Cell).OwnsAlone || isOwnerByRoot(Each.Cell));
  }
  return false;
}

/// Whether \p Reached is an object that was taken to be led back to, or lies in one: see Inverses.
bool Transfer::ledBack(const Lent &Reached) const {
  if (!Reached.Through) return false;
  LoanId L = Reached.Through->Loan;
  if (Loans[L].Loaded && Loans[L].Parent.valid()) L = Loans[L].Parent;
  if (Loans[L].Issued.valid() || Loans[L].Sure != Certainty::May) return false;
  return !Loans[L].Initial || !P.Storage.startsWith(Reached.Place, Loans[L].Target);
}

/// Whether \p L is known to lead to the first element of a container, or past the last.
bool Transfer::isAtEnd(LoanId L) const { return Loans[L].Kind == LoanKind::End || namesFirst(P, Loans[L].Key); }

/// Whether \p Key is a word of models for where an element stands: which one that is changes when elements go.
bool Transfer::isPosition(PathId Key) const {
  const Root &Word = P.Storage.rootOf(Key);
  if (Word.Kind != RootKind::Constant) return false;
  llvm::StringRef Text = P.Symbols.text(Word.Name);
  return Text == "0" || Text == "front" || Text == "back" || Text == "top";
}

/// Whether \p Cell stands for the cells of many objects.
bool Transfer::manyObjects(PathId Cell) const {
  const Root &R = P.Storage.rootOf(Cell);
  return P.Storage.containers(Cell) != 0 || (R.Kind == RootKind::Heap && (R.Index & EarlierObject)) || inArray(Cell);
}

/// Whether \p Cell is an object of an array of unknown storage, or a part of one.
bool Transfer::inArray(PathId Cell) const {
  if (Arrays.empty()) return false;
  for (;; Cell = P.Storage.base(Cell)) {
    if (Arrays.contains(Cell)) return true;
    if (P.Storage.isRoot(Cell)) return false;
  }
}

/// Whether what lies in \p Place ends as a whole: an array of unknown storage, or what `new T[n]` made.
bool Transfer::endsAsOne(PathId Place) const {
  if (!manyObjects(Place) || Arrays.contains(Place)) return true;
  if (P.Storage.isRoot(Place) || P.Storage.last(Place).Kind != ProjectionKind::Inline) return false;
  PathId Made = P.Storage.base(Place);
  return P.Storage.isRoot(Made) && P.Storage.rootOf(Made).Kind == RootKind::Heap && !manyObjects(Made);
}

/// What is read out of a cell that stands for many is the loan of one of them: its fate is its own from here on.
Held Transfer::loaded(PathId Cell, Held H, const std::optional<Held> &Through) {
  if (!manyObjects(Cell) || Loans[H.Loan].Kind == LoanKind::Code) return H;
  LoanId Which = Through ? identity(Through->Loan) : LoanId();
  bool Known =
      Which.valid() && !inArray(Cell) && P.Storage.containers(Loans[Which].Target) == P.Storage.containers(Cell);
  H.Loan = oneOf(H.Loan, Now, Cell, Known ? Which : LoanId());
  return H;
}

/// \p L, which many objects hold in \p Cell, as it was read at \p Read out of the one that \p Within leads to.
LoanId Transfer::oneOf(LoanId L, Point Read, PathId Cell, LoanId Within) {
  Loan One = Loans[L];
  if (One.Loaded && One.Issued == Read) return L;
  Steps += 4;
  One.Parent = One.Loaded ? One.Parent : L;
  One.Loaded = true;
  One.Old = false;
  One.Issued = Read;
  One.Key = PathId();
  One.Cell = Cell;
  One.Within = Within;
  if (Cell.valid()) ReadCells.insert(Cell);
  return Loans.intern(One);
}

/// What becomes of \p L when \p Change is done to it and to the loans that it tells of.
LoanId Transfer::renamed(LoanId L, llvm::function_ref<void(Loan &)> Change) {
  if (!L.valid()) return L;
  if (LoanId Known = Renamed.of(L); Known.valid()) return Known;
  Loan Changed = Loans[L];
  Changed.Parent = renamed(Changed.Parent, Change);
  Changed.Within = renamed(Changed.Within, Change);
  Change(Changed);
  LoanId Becomes = Changed == Loans[L] ? L : Loans.intern(Changed);
  Renamed.set(L, Becomes);
  return Becomes;
}

/// Does \p Change to all loans in the state that it \p MayConcern.
void Transfer::rename(llvm::function_ref<void(Loan &)> Change, llvm::function_ref<bool(LoanId)> MayConcern) {
  Renamed.clear();
  auto becomes = [&](const Held &H) { return MayConcern(H.Loan) ? renamed(H.Loan, Change) : H.Loan; };
  for (State::Cell &C : S->cells()) {
    Steps += C.Holds.size() / 2;
    if (llvm::all_of(C.Holds, [&](const Held &H) { return becomes(H) == H.Loan; })) continue;
    C.Holds = changed(C.Holds, becomes);
  }
  for (auto &[Cell, Element] : S->Empty)
    if (MayConcern(Element)) Element = renamed(Element, Change);
  llvm::sort(S->Empty);
  if (!Collecting) return;
  auto follow = [&](LoanId &L) {
    if (L.valid() && MayConcern(L)) L = renamed(L, Change);
  };
  for (OwningStore &Each : OwningStores) {
    for (auto &To : Each.Into) follow(To.second);
    llvm::for_each(Each.What, follow);
  }
}

/// A loop comes back to the fact: what it lent last time are other elements than what it lends now.
void Transfer::ageLoansOfThisPoint() {
  if (!Loans.mayHaveIssued(Now)) {
    for (const State::Cell &C : S->cells()) Steps += C.Holds.size() / 2; // as rename counts them
    return;
  }
  rename([&](Loan &L) { L.Old |= L.Issued == Now; });
}

/// Whether what leads from \p Cell ends with it.
bool Transfer::ownsAlone(PathId Cell) {
  return llvm::any_of(value(*S, Cell), [&](const Held &H) {
    const Loan &L = Loans[H.Loan];
    return L.Kind == LoanKind::Own || (wasHeldBy(P.Storage, Cell, L) && declared(Cell).OwnsAlone);
  });
}

/// The loan on an element of \p Content that what \p L leads to lies in; invalid if that is not known or the element
/// itself.
LoanId Transfer::outerElement(LoanId L, PathId Content) const {
  while (true) {
    LoanId Around = Loans[L].Within;
    if (!Around.valid() || Loans[identity(L)].Loaded) return LoanId();
    if (P.Storage.containers(Loans[Around].Target) == P.Storage.containers(Content)) return Around;
    L = Around;
  }
}

/// Whether \p Content was reached as the content of a container, and not by a loan on an element: what is written there
/// is one more element, or none are left.
bool Transfer::isContentOf(const Lent &Content) const {
  return Content.Through &&
         P.Storage.containers(Loans[Content.Through->Loan].Target) < P.Storage.containers(Content.Place);
}

/// What \p L was read out of is not known any more, or it is not what is there now.
void Transfer::forgetRead(Loan &L) {
  L.Cell = PathId();
  if (L.Loaded) L.Within = LoanId();
}

/// Cells of elements are written: what was read there before is not what is there now.
void Transfer::forgetReads(const LentList &Written) {
  for (const Lent &To : Written) {
    auto concerned = [&](PathId Cell) {
      return P.Storage.startsWith(Cell, To.Place) || P.Storage.startsWith(To.Place, Cell);
    };
    llvm::erase_if(S->Empty, [&](const auto &Each) { return concerned(Each.first); });
    if (!manyObjects(To.Place) || llvm::none_of(ReadCells, concerned)) continue;
    auto forget = [&](Loan &L) {
      if (L.Cell.valid() && concerned(L.Cell)) forgetRead(L);
    };
    rename(forget, [&](LoanId L) { return Loans.tellsWhereRead(L); });
  }
}

/// What \p Elements held goes elsewhere: it does not end with them.
void Transfer::takeOut(const LentList &Elements) {
  forgetReads(Elements);
  if (!Collecting) return;
  for (const Lent &From : Elements)
    if (P.Storage.containers(From.Place) != 0 && outlives(From.Place)) Noted.TakenOut.push_back(From.Place);
}

LoanId Transfer::issue(PathId Target, LoanKind Kind, Reason Why, Certainty Sure, PathId Key, LoanId Parent,
                       LoanId Within) {
  Loan L;
  L.Target = Target;
  L.Kind = Kind;
  L.Why = Why;
  L.Sure = Sure;
  L.Issued = Now;
  L.Key = Key;
  if (Key.valid()) Keys.insert(Key);
  if (Key.valid() && !P.Storage.isRoot(Key)) Keys.insert(P.Storage.base(Key));
  // A loop that passes a loan on to itself would make an endless chain of parents.
  unsigned Length = 0;
  for (LoanId A = Parent; A.valid(); A = Loans[A].Parent, ++Length) {
    const Loan &Ancestor = Loans[A];
    if (Ancestor.Issued == Now && Ancestor.Target == Target && Ancestor.Kind == Kind) return A;
    if (Length == 6) {
      Parent = identity(A);
      break;
    }
  }
  L.Parent = Parent;
  if (Within.valid()) L.Within = identity(Within);
  return Loans.intern(L);
}

/// Whether \p Place is a parameter that is no reference and no pointer: itself the key, if it is one.
bool Transfer::isGivenByValue(PathId Place) const {
  const Root &R = P.Storage.rootOf(Place);
  return P.Storage.isRoot(Place) && R.Kind == RootKind::Arg && R.Index < F.Parameters.size() &&
         F.Parameters[R.Index].How == Passing::Value;
}

/// What identifies the key that \p By holds or refers to: a place, or a constant. Invalid when it is not one.
PathId Transfer::tag(PathId By, const Frame *At) {
  if (!By.valid()) return PathId();
  LentList Found = places(By, At);
  if (Found.size() != 1) return PathId();
  PathId Place = Found[0].Place;
  // The element of that constant, where one of many was looked up with one.
  auto element = [&](PathId Many, LoanId LookedUp) {
    PathId Key = Loans[LookedUp].Key;
    bool IsOneOf = Key.valid() && P.Storage.rootOf(Key).Kind == RootKind::Constant && manyObjects(Many);
    return IsOneOf ? P.Storage.field(Many, P.Storage.rootOf(Key).Name) : PathId();
  };
  if (PathId One = Found[0].Through ? element(Place, Found[0].Through->Loan) : PathId(); One.valid()) return One;
  HeldSet Holds = value(*S, Place);
  if (isGivenByValue(Place) && llvm::all_of(Holds, [&](const Held &H) { return Loans[H.Loan].Initial; })) return Place;
  if (Holds.size() == 1) {
    PathId Target = Loans[Holds[0].Loan].Target, One = element(Target, Holds[0].Loan);
    return One.valid() ? One : Target;
  }
  RootKind K = P.Storage.rootOf(Place).Kind;
  return Holds.empty() && K != RootKind::Temp ? Place : PathId();
}

//===- Writing cells ----------------------------------------------------------------------------------------------===//

bool Transfer::single(const LentList &Dst) const { return Dst.size() == 1 && !manyObjects(Dst[0].Place); }

/// Whether one variable leads to all of \p Dst, and nothing else to the allocation that \p To lies in: where the
/// variable leads elsewhere, nobody can look at the allocation.
bool Transfer::leadsAlone(const Lent &To, const LentList &Dst) const {
  const Root &R = P.Storage.rootOf(To.Place);
  if (Dst.size() < 2 || R.Kind != RootKind::Heap || manyObjects(To.Place)) return false;
  PathId Made = P.Storage.rootPath(To.Place);
  const State::Cell *Leads = nullptr;
  for (const State::Cell &C : S->cells()) {
    if (P.Storage.rootOf(C.Path).Kind == RootKind::Temp || P.Storage.rootPath(C.Path) == Made) continue;
    if (llvm::none_of(C.Holds, [&](const Held &H) { return P.Storage.rootPath(Loans[H.Loan].Target) == Made; }))
      continue;
    if (Leads || !P.Storage.isRoot(C.Path)) return false;
    Leads = &C;
  }
  return Leads && llvm::all_of(Dst, [&](const Lent &Each) {
           return Each.Through &&
                  llvm::any_of(Leads->Holds, [&](const Held &H) { return H.Loan == Each.Through->Loan; });
         });
}

void Transfer::dropBelow(PathId Place) {
  S->eraseIf([&](PathId Cell) { return below(Cell, Place, true); });
}

/// Whether \p Key is that of an element among many in \p Place.
bool Transfer::isElementKey(PathId Key, PathId Place) const {
  return Key.valid() && !P.Storage.isRoot(Key) && P.Storage.base(Key) == Place && manyObjects(Place);
}

/// \p Place has another value now: what was looked up with it was looked up with something else.
void Transfer::forgetKey(PathId Place) {
  if (!Keys.contains(Place)) return;
  rename([&](Loan &L) {
    if (L.Key == Place || isElementKey(L.Key, Place)) L.Key = PathId();
  });
}

/// \p Place and all in it has another value now: it may lead again to what it led to on some paths only.
void Transfer::forgetWithout(PathId Place) {
  if (llvm::none_of(GivenUp, [&](PathId Cell) { return below(Cell, Place, true); })) return;
  rename([&](Loan &L) {
    if (L.Without.valid() && below(L.Without, Place, true)) L.Without = PathId();
  });
}

/// Whether \p Place holds \p These loans and no others.
bool Transfer::holds(PathId Place, const HeldSet &These) {
  HeldSet Unwritten;
  const HeldSet &There = value(*S, Place, Unwritten);
  return std::equal(There.begin(), There.end(), These.begin(), These.end(),
                    [](const Held &A, const Held &B) { return A.Loan == B.Loan; });
}

void Transfer::write(const Write &W) {
  const LentList &Dst = W.Dst;
  const std::vector<std::pair<PathId, HeldSet>> &Cells = W.Cells;
  bool Strong = !W.Weak && single(Dst);
  for (const Lent &To : Dst) {
    bool Empties = llvm::all_of(Cells, [](const auto &C) { return C.second.empty() && !C.second.IsLost; });
    bool IsOneOf = !W.Weak && !manyObjects(To.Place) &&
                   llvm::any_of(Dst, [&](const Lent &Other) { return !outlives(Other.Place); });
    bool Changes = !Strong || W.Stays || Empties || Cells.size() != 1 || !holds(To.Place, Cells[0].second);
    if (Collecting && Changes && (Strong || Empties || IsOneOf) && outlives(To.Place))
      Noted.Written.push_back({To.Place, Now, Empties, IsOneOf});
    if (Collecting && Empties && holdsAnything(To.Place)) noteEmptied(To.Place);
    forgetKey(To.Place);
    forgetWithout(To.Place);
    bool Replaces = Strong || (!W.Weak && leadsAlone(To, Dst));
    if (Replaces) dropBelow(To.Place);
    for (const auto &[Path, Holds] : Cells) {
      std::optional<PathId> Cell = rebase(Path, Cells[0].first, To.Place);
      if (!Cell) continue;
      if (!Replaces && !S->find(*Cell)) {
        HeldSet Before = value(*S, *Cell);
        if (Before.empty() && Holds.empty() && !Holds.IsLost) continue;
        S->at(*Cell) = Before;
      }
      HeldSet &Entry = S->at(*Cell);
      if (Holds.IsLost) Entry.lose();
      for (Held H : Holds) {
        if (!W.Stays) H.Via = Now;
        unite(Entry, H);
      }
    }
    auto isClosure = [&](const Held &H) {
      return Loans[H.Loan].Kind == LoanKind::Code || (H.Alive && leadsToClosure(Loans[H.Loan].Target));
    };
    if (Collecting && P.Storage.rootOf(To.Place).Kind != RootKind::Temp &&
        llvm::any_of(Cells, [&](const auto &C) { return llvm::any_of(C.second, isClosure); }))
      noteClosures(To.Place);
    if (Collecting && To.Through) noteBypass(To, Cells, Dst.size() == 1);
  }
  if (!Collecting) return;
  noteOwned(Dst, Cells);
  if (Dst.size() == 1) noteMutuals(Dst[0].Place, Cells);
}

/// Cells of a list or an array are written in a way in which that goes on without one of its elements.
void Transfer::noteReplaced(const Fact &Each, const LentList &Dst, const LentList &Src,
                            llvm::ArrayRef<std::pair<PathId, HeldSet>> Cells, const Frame *At) {
  auto isOn = [&](const Lent &To) {
    return manyObjects(To.Place) && llvm::any_of(Src, [&](const Lent &From) { return From.Place == To.Place; });
  };
  for (const Lent &To : Dst)
    if (outlives(To.Place) && isOn(To)) Noted.Replaced.push_back({To.Place, PathId(), Now});
  auto leadsElsewhere = [&](PathId Self) {
    return llvm::any_of(Cells, [&](const auto &Cell) {
      return llvm::any_of(Cell.second, [&](const Held &H) { return P.Storage.rootPath(Loans[H.Loan].Target) != Self; });
    });
  };
  // Self.prev->next = ...; head = Self.next
  for (PathId Member : {wayTo(Each.Dst), Each.Src}) {
    if (!Member.valid() || P.Storage.objectOf(Member) == Member) continue;
    LentList Objects = places(P.Storage.objectOf(Member), At);
    if (Objects.size() != 1 || outlives(Objects[0].Place)) continue;
    PathId Self = P.Storage.rootPath(Objects[0].Place);
    if (!leadsElsewhere(Self)) continue;
    for (const Lent &To : Dst)
      if (outlives(To.Place)) Noted.Replaced.push_back({To.Place, Self, Now});
  }
}

/// The cell that the last dereference on the way to \p Place goes through; invalid when there is none.
PathId Transfer::wayTo(PathId Place) const {
  PathId Object = P.Storage.objectOf(Place);
  return P.Storage.isRoot(Object) ? PathId() : P.Storage.base(Object);
}

/// "Bypass": a pointer is written through a loan on a slot that was lent around its write barrier. What lies in a data
/// member of what the slot holds is not known to the barrier.
void Transfer::noteBypass(const Lent &To, const std::vector<std::pair<PathId, HeldSet>> &Cells, bool OnlyHere) {
  const Loan &Slot = Loans[To.Through->Loan];
  if (Slot.Why != Reason::Bypass) return;
  auto isPointer = [&](const Held &H) {
    KindMask Pointers = maskOf(LoanKind::Ref) | maskOf(LoanKind::Own) | maskOf(LoanKind::Share);
    return (Pointers & maskOf(Loans[H.Loan].Kind)) != 0;
  };
  auto inMember = [&](PathId Cell) {
    for (; Cell != Slot.Target && !P.Storage.isRoot(Cell); Cell = P.Storage.base(Cell))
      if (P.Storage.last(Cell).Kind == ProjectionKind::Field && P.isMember(P.Storage.last(Cell).Name)) return true;
    return false;
  };
  for (const auto &[Path, Holds] : Cells) {
    std::optional<PathId> Cell = rebase(Path, Cells[0].first, To.Place);
    if (!Cell || inMember(*Cell) || llvm::none_of(Holds, isPointer)) continue;
    Event E;
    E.Kind = EventKind::Bypass;
    E.Loan = To.Through->Loan;
    E.Cell = *Cell;
    E.Via = E.At = Now;
    bool Sure = OnlyHere && !Guess && (!Current || Current->Sure == Certainty::Must);
    // What a function was given may be null.
    bool Given = llvm::all_of(Holds, [&](const Held &H) { return Loans[H.Loan].Initial; });
    E.Sure = Sure && !Given ? Certainty::Must : Certainty::May;
    Noted.Events.push_back(E);
    return;
  }
}

/// What the places of \p Src hold with all below them, brought below the first place.
std::vector<std::pair<PathId, HeldSet>> Transfer::gather(const LentList &Src) {
  std::vector<std::pair<PathId, HeldSet>> Cells;
  if (Src.empty()) return Cells;
  PathId First = Src[0].Place;
  auto add = [&](PathId Path, const HeldSet &Holds) {
    Steps += Cells.size() / 8 + Holds.size();
    auto It = llvm::find_if(Cells, [&](const auto &C) { return C.first == Path; });
    if (It == Cells.end())
      Cells.emplace_back(Path, Holds);
    else
      unite(It->second, Holds);
  };
  add(First, {});
  for (const Lent &From : Src) {
    auto readFrom = [&](PathId Cell) {
      return [&, Cell](const Held &H) { return loaded(Cell, H, From.Through).Loan; };
    };
    add(First, changed(value(*S, From.Place), readFrom(From.Place)));
    Steps += S->cells().size() / 8;
    for (const State::Cell &C : S->cells()) {
      if (C.Path == From.Place || !below(C.Path, From.Place, true)) continue;
      std::optional<PathId> Path = rebase(C.Path, From.Place, First);
      if (!Path) continue;
      // A part of the one element that is copied; what it contains itself stays many.
      bool OfOne = P.Storage.containers(C.Path) == P.Storage.containers(From.Place);
      add(*Path, OfOne ? changed(C.Holds, readFrom(C.Path)) : C.Holds);
    }
  }
  return Cells;
}

//===- The facts --------------------------------------------------------------------------------------------------===//

void Transfer::apply(State &In, const Fact &Each, uint32_t Number, bool Loop) {
  if (outOfSteps()) return;
  llvm::SaveAndRestore<State *> Working(S, &In);
  Now = Point::ofFact(Number);
  InLoop = Loop;
  Guess = false;
  Current = &Each;
  Scratch = 0;
  EndedHere.clear();
  SameStorage.clear();
  if (Each.Dst.valid() && Flags.contains(Each.Dst)) {
    S->forget(Each.Dst);
    if (Each.Kind == FactKind::Clear) return;
  }
  if (Each.Kind == FactKind::Call)
    call(F.Calls[Each.Call], nullptr, Number);
  else
    applyFact(Each, nullptr);
}

void Transfer::applyFact(const Fact &Each, const Frame *At) {
  switch (Each.Kind) {
  case FactKind::Live:
    return live(Each, At);
  case FactKind::Borrow:
    return commit(readBorrow(Each, At));
  case FactKind::Copy:
  case FactKind::Move:
  case FactKind::Clear:
    return commit(readCopy(Each, At));
  case FactKind::Use:
    return use(Each, At);
  case FactKind::Invalidate:
    return invalidate(Each, At);
  case FactKind::Expire:
    return expire(Each, At);
  case FactKind::Advance:
    return advance(Each, At);
  case FactKind::Reserve:
    return reserve(Each, At);
  case FactKind::Need:
    return need(Each, At);
  case FactKind::Assume:
    return assume(Each);
  case FactKind::Call:
  case FactKind::GiveUp:
    return;
  }
}

void Transfer::assume(const Fact &Each) {
  switch (Each.Is) {
  case Truth::Null:
    return P.Storage.derefs(Each.Src) == 0 ? assumeNull(Each.Src) : assumeEmpty(places(Each.Src, nullptr));
  case Truth::On:
    return assumeOn(places(Each.Src, nullptr), places(Each.By, nullptr));
  case Truth::Off:
    return assumeOff(places(Each.Src, nullptr), places(Each.By, nullptr));
  case Truth::True:
  case Truth::False:
    S->learn(Each.Src, Each.Is == Truth::True);
    return;
  case Truth::Unknown:
    return;
  }
}

/// The owner \p Tested leads to nothing. Of many, that one is remembered. Or it is all that a container has in it, be
/// it in members of its own.
void Transfer::assumeEmpty(const LentList &Tested) {
  if (Tested.size() != 1) return;
  PathId Cell = Tested[0].Place;
  if (isAllOfContainer(Cell)) {
    dropBelow(P.Storage.base(Cell));
    S->at(Cell);
    return;
  }
  if (!P.Storage.isRoot(Cell) && isElement(P.Storage.last(Cell))) return;
  if (!manyObjects(Cell)) return assumeNull(Cell);
  if (!Tested[0].Through || inArray(Cell)) return;
  std::pair<PathId, LoanId> Known{Cell, Tested[0].Through->Loan};
  insertOrdered(S->Empty, Known);
}

/// Whether \p Cell is that of an element where it is known to hold nothing.
bool Transfer::isEmpty(const Lent &Cell) const {
  return Cell.Through && llvm::any_of(S->Empty, [&](const auto &Known) {
           return Known.first == Cell.Place && sameElement(Known.second, Cell.Through->Loan);
         });
}

/// The pointer \p Flag is null: what a parameter that is as it was given would lead to is not there.
void Transfer::assumeNull(PathId Flag) {
  HeldSet Given = value(*S, Flag);
  undoDeathsWithResult(Given);
  S->at(Flag).clear();
  PathId Pointee = P.Storage.deref(Flag);
  if (!symbolic(Flag) || Given.size() != 1 || Loans[Given[0].Loan].Target != Pointee) return;
  dropBelow(Pointee);
  S->at(Pointee).clear();
  if (outlives(Pointee)) insertOrdered(S->Absent, Pointee);
}

/// Whether \p Target is \p Place or, \p Place being an array, its elements.
bool Transfer::standsOn(PathId Target, PathId Place) const {
  while (Target != Place && !P.Storage.isRoot(Target) && P.Storage.last(Target).Kind == ProjectionKind::Inline)
    Target = P.Storage.base(Target);
  return Target == Place;
}

/// \p Given is null. If one call gave all of it, what that ends only if it gives something is as it was.
void Transfer::undoDeathsWithResult(const HeldSet &Given) {
  if (Given.empty() || DeathsWithResult.empty()) return;
  Point From = Loans[Given[0].Loan].Issued;
  auto fromElsewhere = [&](const Held &H) {
    Point Issued = Loans[H.Loan].Issued;
    return !Issued.valid() || !Issued.inEffects() || Issued.fact() != From.fact();
  };
  if (llvm::any_of(Given, fromElsewhere)) return;
  for (State::Cell &C : S->cells())
    for (Held &H : C.Holds)
      if (H.Death.valid() && H.Death.fact() == From.fact() && DeathsWithResult.contains(H.Death)) {
        H.Alive = true;
        H.Death = Point();
      }
}

/// What a pointer may lead to is one of the places that it was found equal to, if it is known to lead to one of them.
void Transfer::assumeOn(const LentList &Cells, const LentList &On) {
  if (!single(Cells)) return;
  HeldSet Holds = value(*S, Cells[0].Place);
  auto elsewhere = [&](const Held &H) {
    return llvm::none_of(On, [&](const Lent &L) { return standsOn(Loans[H.Loan].Target, L.Place); });
  };
  if (llvm::all_of(Holds, elsewhere)) return assumeGlobal(Cells[0].Place, Holds, On);
  llvm::erase_if(Holds, elsewhere);
  S->at(Cells[0].Place) = Holds;
}

/// What a parameter was given is the global that it was found equal to.
void Transfer::assumeGlobal(PathId Cell, const HeldSet &Holds, const LentList &On) {
  bool IsAsGiven = P.Storage.isRoot(Cell) && P.Storage.rootOf(Cell).Kind == RootKind::Arg && Holds.size() == 1 &&
                   Loans[Holds[0].Loan].Initial;
  if (!IsAsGiven || On.size() != 1 || !P.Storage.isRoot(On[0].Place)) return;
  if (P.Storage.rootOf(On[0].Place).Kind != RootKind::Global) return;
  HeldSet Known;
  unite(Known, {issue(On[0].Place, LoanKind::Ref, Reason::AddressOf, Certainty::Must, PathId(), LoanId(), LoanId()),
                true, Point(), Now});
  S->at(Cell) = Known;
}

/// A pointer leads to another object than \p Off is.
void Transfer::assumeOff(const LentList &Cells, const LentList &Off) {
  if (!single(Cells) || !single(Off)) return;
  HeldSet Before = value(*S, Cells[0].Place);
  HeldSet Holds = without(Before, Off[0].Place);
  if (Holds == Before) return;
  S->at(Cells[0].Place) = Holds;
  if (Before.size() != 1 || Holds.size() != 1) return;
  if (const Loan Known = Loans[Before[0].Loan]; Known.Initial) {
    PathId From = P.Storage.base(Known.Target); // which may hold it still, and have no entry
    if (!S->find(From)) S->at(From) = value(*S, From);
  }
  const Loan Old = Loans[Before[0].Loan], New = Loans[Holds[0].Loan];
  rename([&](Loan &L) {
    if (L == Old) L = New;
  });
}

/// What is left of \p Holds when nothing of it leads to \p Place. What was there at entry is known to be apart from it.
HeldSet Transfer::without(const HeldSet &Holds, PathId Place) {
  HeldSet Left;
  for (Held H : Holds) {
    Loan L = Loans[H.Loan];
    if (standsOn(L.Target, Place)) continue;
    if (L.Initial && !L.Apart.valid() && outlives(P.Storage.base(L.Target)) && outlives(Place)) {
      L.Apart = Place;
      H.Loan = Loans.intern(L);
    }
    unite(Left, H);
  }
  return Left;
}

/// Whether \p Each, an effect, tells what an argument is, and not what is done to it.
bool Transfer::tellsArgument(const Fact &Each) const {
  return Each.Kind == FactKind::Borrow && P.Storage.isRoot(Each.Dst) &&
         P.Storage.rootOf(Each.Dst).Kind == RootKind::Arg;
}

bool Transfer::isKnown(PathId Flag, bool Is) const {
  return llvm::any_of(S->Flags, [&](const Known &K) { return K.Flag == Flag && K.Is == Is; });
}

/// Whether what a callee does when the flag If is as Is says can happen in this call.
bool Transfer::mayHappen(const Fact &Each, const Frame &At) const {
  if (!Each.If.valid()) return true;
  bool Wanted = Each.Is == Truth::True;
  auto isKnownToBeOther = [&](PathId Flag) { return !At.Outer && isKnown(Flag, !Wanted); };
  const Root &R = P.Storage.rootOf(Each.If);
  if (R.Kind == RootKind::Ret && tellsArgument(Each)) return isKnown(At.Site->Result, Wanted) && !At.Outer;
  if (R.Kind == RootKind::Ret) return !At.Site->Result.valid() || !isKnownToBeOther(At.Site->Result);
  if (R.Kind != RootKind::Arg || R.Index >= At.Site->Args.size() || !P.Storage.isRoot(Each.If)) return true;
  PathId Actual = At.Site->Args[R.Index];
  if (!Actual.valid() || !P.Storage.isRoot(Actual)) return true;
  if (const Root &Given = P.Storage.rootOf(Actual); Given.Kind == RootKind::Constant) {
    llvm::StringRef Text = P.Symbols.text(Given.Name);
    if (!Text.starts_with("\"")) Text = Text.substr(Text.rfind('=') + 1); // the value of an enumerator
    bool IsNumber = !Text.empty() && llvm::all_of(Text, [](char C) { return llvm::isDigit(C); });
    bool IsFalse = Text == "false" || (IsNumber && llvm::all_of(Text, [](char C) { return C == '0'; }));
    if (!IsFalse && !IsNumber && Text != "true") return true;
    return IsFalse != Wanted;
  }
  return !isKnownToBeOther(Actual);
}

void Transfer::live(const Fact &Each, const Frame *At) {
  for (const Lent &To : places(Each.Dst, At)) {
    ageAllocation(To.Place);
    dropBelow(To.Place);
    forgetKey(To.Place);
    forgetWithout(To.Place);
    llvm::erase(S->Reserved, To.Place);
  }
}

/// A loop comes back to an allocation: the object it made last time is one of many earlier ones now.
void Transfer::ageAllocation(PathId Object) {
  Root R = P.Storage.rootOf(Object);
  if (!InLoop || R.Kind != RootKind::Heap || !P.Storage.isRoot(Object) || (R.Index & EarlierObject)) return;
  R.Index |= EarlierObject;
  PathId Earlier = P.Storage.root(R);
  for (auto &[Path, Holds] : gather({{Object, std::nullopt}}))
    if (std::optional<PathId> Cell = rebase(Path, Object, Earlier))
      for (const Held &H : Holds) unite(S->at(*Cell), H);
  retarget(Object, Earlier, true);
  dropBelow(Object);
}

/// What a guess says to be stored is a guess wherever it goes from there.
HeldSet Transfer::guessed(const HeldSet &Holds) {
  return changed(Holds, [&](const Held &H) {
    Loan L = Loans[H.Loan];
    L.Sure = Certainty::Assumed;
    return Loans.intern(L);
  });
}

/// The loan that a borrow of \p From makes, or passes on.
Held Transfer::lend(const Lent &From, LoanKind Kind, Reason Why, Certainty Sure, PathId Key) {
  Held H{LoanId(), true, Point(), Now};
  LoanId Parent, Within;
  if (From.Through) {
    const Loan Passed = Loans[From.Through->Loan];
    H.Alive = From.Through->Alive;
    H.Death = From.Through->Death;
    if (From.Place == Passed.Target && Passed.Kind == Kind && !Key.valid() && !neededLater(Why)) {
      H.Loan = From.Through->Loan;
      return H;
    }
    unsigned Depth = P.Storage.containers(From.Place);
    unsigned Outer = P.Storage.containers(Passed.Target);
    if (Depth != 0 && Depth == Outer) {
      Parent = From.Through->Loan;
      Within = Passed.Within;
    } else if (Outer != 0) {
      Within = From.Through->Loan;
    } else if (Passed.Loaded || Passed.Kind == LoanKind::Iterator || Passed.Parent.valid()) {
      Parent = From.Through->Loan;
    }
  }
  if (!Key.valid() && Parent.valid()) Key = Loans[Parent].Key;
  H.Loan = issue(From.Place, Kind, Why, Sure, Key, Parent, Within);
  return H;
}

Transfer::Write Transfer::readBorrow(const Fact &Each, const Frame *At) {
  LentList Src = places(Each.Src, At);
  LentList Dst = places(Each.Dst, At);
  PathId Key = tag(Each.By, At);
  if (InLoop && llvm::any_of(Src, [&](const Lent &L) { return P.Storage.containers(L.Place) != 0; })) {
    ageLoansOfThisPoint();
    Src = places(Each.Src, At);
  }
  bool IsCode = P.Storage.isRoot(Each.Src) && P.Storage.rootOf(Each.Src).Kind == RootKind::Code;
  HeldSet Lendings;
  for (const Lent &From : Src)
    unite(Lendings,
          lend(From, IsCode ? LoanKind::Code : Each.Loan, Each.Why, Guess ? Certainty::Assumed : Each.Sure, Key));
  if (Dst.empty()) return {};
  if (Each.Sure == Certainty::Assumed) Lendings = guessed(Lendings);
  return {Dst, {}, {{Dst[0].Place, Lendings}}, Each.Sure != Certainty::Must};
}

Transfer::Write Transfer::readCopy(const Fact &Each, const Frame *At) {
  bool Unchanged = Each.Kind == FactKind::Copy && Each.Dst == Each.Src;
  bool IsTold = Each.Kind == FactKind::Clear && At; // effects tell what is used on the way there
  auto Seen = [&](PathId Cell, const Held &H, const HeldSet &All) {
    if (!Unchanged && !IsTold) noteUse(Cell, H, All);
  };
  LentList Dst = resolve(Each.Dst, At, Seen);
  LentList Src;
  if (Each.Kind != FactKind::Clear) Src = resolve(Each.Src, At, Seen);
  if (Each.Kind == FactKind::Copy && !Unchanged) noteCopiedIterator(Src);
  // Owners are only ever moved, also where a model says that a range is copied. Effects of bodies tell a getter's copy
  // of what an owner leads to from the owner that was moved.
  LentList Taken = Unchanged ? LentList() : Src;
  if (Each.Kind == FactKind::Copy)
    llvm::erase_if(Taken, [&](const Lent &From) { return Each.Note.valid() || !ownsAlone(From.Place); });
  takeOut(Taken);
  std::vector<std::pair<PathId, HeldSet>> Cells = gather(Src);
  if (!Taken.empty())
    for (auto &[Path, Holds] : Cells)
      for (Held &H : Holds) {
        if (!Loans[H.Loan].Cell.valid()) continue;
        Loan Elsewhere = Loans[H.Loan];
        forgetRead(Elsewhere);
        H.Loan = Loans.intern(Elsewhere);
      }
  if (Each.By.valid() && !Cells.empty()) {
    LentList Off = places(Each.By, At);
    // What one of many elements leads to in itself.
    bool OfItself = Off.size() == 1 && Src.size() == 1 && !P.Storage.isRoot(Off[0].Place) &&
                    P.Storage.base(Off[0].Place) == P.Storage.base(Src[0].Place);
    if (single(Off) || OfItself) Cells[0].second = without(Cells[0].second, Off[0].Place);
  }
  if (Each.Sure == Certainty::Assumed)
    for (auto &[Path, Holds] : Cells) Holds = guessed(Holds);
  if (Cells.empty() && !Dst.empty()) Cells.push_back({Dst[0].Place, {}});
  if (Collecting && Each.At.known()) noteReplaced(Each, Dst, Src, Cells, At);
  bool IsMove = Each.Kind == FactKind::Move;
  return {Dst, IsMove ? Src : LentList(), Cells, Each.Sure != Certainty::Must, Unchanged, Each.Why == Reason::Elided};
}

void Transfer::commit(Write W) {
  LentList Written = W.Dst;
  llvm::erase_if(Written, [&](const Lent &To) { return isContentOf(To); });
  if (W.Cells.size() == 1 && W.Cells[0].second.empty())
    takeOut(Written);
  else
    forgetReads(Written);
  for (const Lent &From : W.Src) {
    noteEmptied(From.Place);
    if (W.Src.size() == 1 && W.Dst.size() == 1 && W.Dst[0].Place != From.Place) {
      followContents(From.Place);
      retarget(From.Place, W.Dst[0].Place, W.IsSame, W.Cells);
    }
    if (single(W.Src)) {
      dropBelow(From.Place);
      if (symbolic(From.Place)) S->at(From.Place);
    }
  }
  if (!W.Dst.empty()) write(W);
  bool Empties = !W.Weak && llvm::all_of(W.Cells, [](const auto &Cell) { return Cell.second.empty(); });
  if (Empties && W.Dst.size() == 1 && isAllOfContainer(W.Dst[0].Place)) dropContents(W.Dst[0].Place);
}

/// Whether \p Place is what one container, that is no element itself, has in it.
bool Transfer::isAllOfContainer(PathId Place) const {
  return !P.Storage.isRoot(Place) && isElement(P.Storage.last(Place)) && !manyObjects(P.Storage.base(Place));
}

/// The container that has \p Contents in it is empty.
void Transfer::dropContents(PathId Contents) {
  dropBelow(Contents);
  S->at(Contents);
}

/// What a given \p Container has in it is about to move: a cell of its own lends it from now on, so that callers learn
/// of its end wherever that comes.
void Transfer::followContents(PathId Container) {
  if (!outlives(Container) || P.Storage.rootOf(Container).Kind == RootKind::Ret) return;
  std::optional<PathId> Elements = extend(Container, {ProjectionKind::Elem, NameId()});
  if (!Elements) return;
  NameId Name = P.Symbols.intern("contents " + std::to_string(Elements->index()));
  PathId Cell = P.Storage.root({RootKind::Constant, 0, Name});
  Followed[Cell] = *Elements;
  if (!S->find(Cell)) S->at(Cell) = value(*S, Cell);
}

/// Loans on what \p From owns become loans on what \p To owns; on the \p Whole of it, if To is the same object. Also
/// those in \p Moved.
void Transfer::retarget(PathId From, PathId To, bool Whole, Contents Moved) {
  auto there = [&](PathId Place) {
    if (!Place.valid() || !P.Storage.startsWith(Place, From)) return Place;
    bool Owned = Whole;
    for (PathId At = Place; At != From && !Owned; At = P.Storage.base(At)) {
      ProjectionKind K = P.Storage.last(At).Kind;
      if (K == ProjectionKind::Deref) return Place;
      Owned = K == ProjectionKind::Elem;
    }
    return Owned ? rebase(Place, From, To).value_or(Place) : Place;
  };
  auto follow = [&](Loan &L) {
    L.Target = there(L.Target);
    L.Cell = there(L.Cell);
    if (L.Cell.valid()) ReadCells.insert(L.Cell);
  };
  rename(follow);
  for (auto &[Path, Holds] : Moved) Holds = changed(Holds, [&](const Held &H) { return renamed(H.Loan, follow); });
}

void Transfer::use(const Fact &Each, const Frame *At) {
  // It changes no cell: all it may do to the state is to make loans forget their key.
  if (!Collecting && (Each.How != Access::Write || Keys.empty())) return;
  auto Seen = [&](PathId Cell, const Held &H, const HeldSet &All) { noteUse(Cell, H, All); };
  LentList Found = resolve(Each.Src, At, Seen);
  if (Each.How == Access::Write)
    for (const Lent &To : Found) {
      forgetKey(To.Place);
      // Callers may have looked something up with this constant (`back`), which now stands for another element.
      if (Collecting && P.Storage.rootOf(To.Place).Kind == RootKind::Constant) addExport({Now, Each});
    }
  for (const Lent &From : Found) {
    if (Each.How == Access::Value) {
      HeldSet All = value(*S, From.Place);
      for (const Held &H : All) noteUse(From.Place, H, All);
    } else if (Each.How == Access::Wait) {
      waitFor(Each, From.Place);
    }
  }
}

/// Callers may have started what is waited for.
void Transfer::waitFor(const Fact &Each, PathId Code) {
  if (outlives(Code)) exportFact(Each, Code);
  for (const State::Cell &C : S->cells()) {
    if (!below(C.Path, Code, true)) continue;
    for (const Held &H : C.Holds) noteUse(C.Path, H, C.Holds);
  }
  if (F.IsLife && Collecting) noteEndedMembers(Code);
}

/// Adds the code that \p Cell, which holds \p Holds, leads to. \p OnlyLasting: what is done soon was done before.
void Transfer::addWaitedCode(llvm::SmallVectorImpl<WaitedCode> &Runs, PathId Cell, const HeldSet &Holds,
                             bool OnlyLasting) {
  for (const Held &H : Holds) {
    if (Loans[H.Loan].Kind != LoanKind::Code) continue;
    NameId Symbol = P.Storage.rootOf(Loans[H.Loan].Target).Name;
    if (OnlyLasting && !Lookup.mayRunOn(Symbol)) continue;
    if (llvm::none_of(Runs, [&](const WaitedCode &Each) { return Each.Symbol == Symbol && Each.Cell == Cell; }))
      Runs.push_back({Symbol, Cell, H.Via});
  }
}

/// What stands for `this` in \p Code: a closure, whose captures lie in its cell, or the object that a member function
/// is stored with.
llvm::SmallVector<PathId, 2> Transfer::objectsOf(const WaitedCode &Code) {
  FunctionId Body = P.body(Code.Symbol);
  if (!Body.valid()) return {};
  if (P.Functions[Body.index()].IsLambda) return {Code.Cell};
  llvm::SmallVector<PathId, 2> Objects;
  for (const Held &H : value(*S, Code.Cell))
    if (H.Alive && Loans[H.Loan].Kind != LoanKind::Code) Objects.push_back(Loans[H.Loan].Target);
  return Objects;
}

/// Adds the tasks that \p Code takes out of \p Object and calls.
void Transfer::addTasks(llvm::SmallVectorImpl<WaitedCode> &Runs, const WaitedCode &Code, PathId Object) {
  const Effects *Does = Lookup.effects(Code.Symbol);
  if (!Does) return;
  PathId Self = P.Storage.deref(P.Storage.root({RootKind::This, 0, NameId()}));
  for (const Fact &Called : Does->Facts) {
    PathId Through = Called.Kind == FactKind::Call ? Does->Calls[Called.Call].Through : PathId();
    if (!Through.valid()) continue;
    for (const Fact &Copied : Does->Facts)
      if (Copied.Kind == FactKind::Copy && Copied.Dst == Through) Through = Copied.Src;
    if (P.Storage.rootOf(Through).Kind != RootKind::This || P.Storage.derefs(Through) == 0) continue;
    if (std::optional<PathId> Here = rebase(Through, Self, Object))
      for (const Lent &Cell : places(*Here, nullptr)) addWaitedCode(Runs, Cell.Place, value(*S, Cell.Place), true);
  }
}

/// In a life: code in \p Waited is waited for, which may use members that have ended already. Where a destructor has
/// waited for it before, it does not run any more.
void Transfer::noteEndedMembers(PathId Waited) {
  auto isSame = [&](PathId Before) { return below(Waited, Before, true) || below(Before, Waited, true); };
  if (llvm::any_of(WaitedFor, isSame)) return;
  WaitedFor.push_back(Waited);
  if (EndedMembers.empty()) return;
  llvm::SmallVector<WaitedCode, 8> Runs;
  for (const State::Cell &C : S->cells())
    if (below(C.Path, Waited, true)) addWaitedCode(Runs, C.Path, C.Holds, false);
  PathId Self = P.Storage.deref(P.Storage.root({RootKind::This, 0, NameId()}));
  for (size_t I = 0; I < Runs.size() && I < MaxPlaces; ++I) {
    const WaitedCode Each = Runs[I];
    for (PathId Object : objectsOf(Each)) {
      for (PathId Member : Lookup.usedMembers(Each.Symbol))
        if (std::optional<PathId> Here = rebase(Member, Self, Object))
          for (const Lent &Used : places(*Here, nullptr)) noteEndedMember(Used.Place, Each.Cell, Each.Via);
      addTasks(Runs, Each, Object);
    }
  }
}

/// \p Closure, which uses \p Member, runs until it is waited for here.
void Transfer::noteEndedMember(PathId Member, PathId Closure, Point Via) {
  auto Ended = llvm::find_if(EndedMembers, [&](const auto &Each) { return Each.first == Member; });
  if (Ended == EndedMembers.end()) return;
  Loan L;
  L.Target = Member;
  L.Why = Reason::This;
  L.Issued = Via;
  Event E;
  E.Kind = EventKind::Use;
  E.Loan = Loans.intern(L);
  E.Cell = Closure;
  E.Via = Via;
  E.Death = Ended->second;
  E.At = Now;
  E.Sure = Certainty::May;
  E.ByWaiting = true;
  Noted.Events.push_back(std::move(E));
}

Certainty Transfer::sureness(const Fact &Each) const {
  if (Each.Sure != Certainty::Must) return Each.Sure;
  return Each.Cond != When::Always ? Certainty::May : Certainty::Must;
}

/// Whether the borrow that \p Id comes from was made in a callee.
bool Transfer::issuedInCall(LoanId Id) const { return Loans.first(Id).Issued.inEffects(); }

/// The cells beside \p Cell that hold \p Id or a loan that it comes from.
llvm::SmallVector<Holding, 0> Transfer::othersThatHold(LoanId Id, PathId Cell) const {
  llvm::SmallVector<Holding, 0> Found;
  for (; Id.valid(); Id = Loans[Id].Parent)
    for (const State::Cell &C : S->cells())
      for (const Held &H : C.Holds)
        if (H.Loan == Id && C.Path != Cell) Found.push_back({C.Path, H.Via});
  return Found;
}

/// What callers gave that is used when \p L is: the object that it leads to, or to a part of. That a member function
/// uses its own object they know, unless that is after something may have ended: \p Later.
PathId Transfer::givenObject(const Loan &L, bool Later) const {
  if (L.Initial) return outlives(L.Target) ? L.Target : PathId();
  PathId Object = P.Storage.objectOf(L.Target);
  bool Reached = (maskOf(L.Kind) & AllBorrows) && !P.Storage.isRoot(Object) && outlives(Object);
  bool IsThis = Reached && P.Storage.isRoot(P.Storage.base(Object)) && P.Storage.rootOf(Object).Kind == RootKind::This;
  return Reached && (!IsThis || Later) ? Object : PathId();
}

/// \p AsGiven: whether a callee uses what it was given, and need not know that a global leads there, too.
void Transfer::noteUse(PathId Cell, const Held &H, const HeldSet &All, bool AsGiven) {
  if (!Collecting) return;
  const Loan &L = Loans[H.Loan];
  if (H.Death.valid() && L.Kind != LoanKind::Weak && !diedOnOtherPath(H) && (AsGiven || !isCalleesAffair(H))) {
    Event E;
    E.Kind = EventKind::Use;
    E.Loan = H.Loan;
    E.Cell = Cell;
    E.Via = H.Via;
    E.Death = H.Death;
    E.At = Now;
    E.Sure = llvm::all_of(All, [](const Held &Each) { return !Each.Alive; }) ? Certainty::Must : Certainty::May;
    // Where all that the cell may lead to has died of it, the cell leads to the one that ended, whichever it was.
    bool SameDeath =
        DeathsOfOneCell.contains(H.Death) && llvm::all_of(All, [&](const Held &Each) { return Each.Death == H.Death; });
    bool MayBeAnother = E.Sure == Certainty::May && AmbiguousDeaths.contains(H.Death) && !SameDeath &&
                        !Replaced.contains({H.Death, L.Target});
    bool MayNotBeUsed = Current && Current->Sure == Certainty::Assumed;
    // One callee may end what a global leads to, and another one uses it: what they know of each other is not known
    // here.
    bool AmongCallees = !AsGiven && H.Alive && H.Death.inEffects() && Now.inEffects() && leadsFromGlobal(H.Loan);
    if (L.Sure == Certainty::Assumed || MayBeAnother || MayNotBeUsed || AmongCallees) E.Sure = Certainty::Assumed;
    if (issuedInCall(H.Loan)) E.Beside = othersThatHold(H.Loan, Cell);
    Noted.Events.push_back(std::move(E));
  }
  exportUse(H, S->Possible);
}

/// An iterator that is gone for certain is not even to be copied ([iterator.requirements.general]).
void Transfer::noteCopiedIterator(const LentList &Src) {
  if (!Collecting || !single(Src)) return;
  HeldSet All = value(*S, Src[0].Place);
  auto isGone = [&](const Held &H) { return !H.Alive && Loans[H.Loan].Kind == LoanKind::Iterator; };
  if (!llvm::all_of(All, isGone)) return;
  for (const Held &H : All) noteUse(Src[0].Place, H, All);
}

/// Callers may have given what \p H leads to: they are told that it is used, and after what.
void Transfer::exportUse(const Held &H, llvm::ArrayRef<Point> After) {
  PathId Given = H.Alive ? givenObject(Loans[H.Loan], !After.empty()) : PathId();
  if (!Given.valid()) return;
  Export E;
  E.At = Now;
  E.What.Kind = FactKind::Use;
  E.What.How = Access::Read;
  E.What.Src = Given;
  if (Current && Current->Sure == Certainty::Assumed) E.What.Sure = Certainty::Assumed;
  if (Current) E.What.At = Current->At;
  if (Current) E.What.Note = Current->Note;
  addExport(std::move(E), After);
}

/// In which case something happens is told by one flag that the caller gave. \p After: what may have happened before a
/// use.
void Transfer::addExport(Export E, llvm::ArrayRef<Point> After) {
  for (const Known &K : S->Flags) {
    if (!Parametric.contains(K.Flag)) continue;
    E.What.If = K.Flag;
    E.What.Is = K.Is ? Truth::True : Truth::False;
    break;
  }
  if (E.What.Kind != FactKind::Use || !isToldAlready(E, After)) Noted.Exports.push_back(std::move(E));
}

/// Whether what the use \p E tells callers was told by earlier ones. E.After becomes what was not. A guess tells
/// nothing that a later use need not say.
bool Transfer::isToldAlready(Export &E, llvm::ArrayRef<Point> After) {
  bool IsGuess = Guess || E.What.Sure == Certainty::Assumed;
  ToldUses &Before = Told[{E.What.Src, {E.What.If, unsigned(E.What.Is)}}];
  if (After.empty()) return IsGuess ? Before.First : std::exchange(Before.First, true);
  std::set_difference(After.begin(), After.end(), Before.After.begin(), Before.After.end(),
                      std::back_inserter(E.After));
  if (E.After.empty()) return true;
  if (IsGuess) return false;
  llvm::SmallVector<Point, 0> United;
  United.reserve(E.After.size() + Before.After.size());
  std::merge(E.After.begin(), E.After.end(), Before.After.begin(), Before.After.end(), std::back_inserter(United));
  Before.After = std::move(United);
  return false;
}

/// Which of many \p E concerns. What a word such as `back` stands for changes before callers see it.
void Transfer::tellObject(Export &E, LoanId Through) const {
  for (LoanId Each : {Through, Loans[identity(Through)].Within}) {
    if (!Each.valid()) continue;
    const Loan &L = Loans[Each];
    bool HasKey = L.Key.valid() && !isPosition(L.Key);
    bool IsApart = E.What.Kind == FactKind::Invalidate && L.Apart.valid();
    if (!(HasKey || IsApart) || !P.Storage.startsWith(E.What.Src, L.Target)) continue;
    E.Object = L.Target;
    (HasKey ? E.Key : E.Apart) = HasKey ? L.Key : L.Apart;
    return;
  }
}

/// \p Through: what led to \p Place.
void Transfer::exportFact(Fact What, PathId Place, const std::optional<Held> &Through) {
  if (!outlives(Place) || P.Storage.rootOf(Place).Kind == RootKind::Ret) return;
  insertOrdered(S->Possible, Now);
  if (What.Sure == Certainty::Must) {
    insertOrdered(S->Certain, Now);
    EndedAt[Now].insert(Place);
  }
  if (!Collecting) return;
  if (Guess) What.Sure = Certainty::Assumed;
  What.Src = Place;
  What.Dst = PathId();
  What.If = PathId(); // was told in the callee's terms
  What.Is = Truth::Unknown;
  Export E{Now, What};
  if (Through) tellObject(E, Through->Loan);
  addExport(std::move(E));
}

/// Whether \p Cell is a variable that the program does not name.
bool Transfer::isOfLoop(PathId Cell) const {
  return P.Storage.isRoot(Cell) && P.Storage.rootOf(Cell).Kind == RootKind::Local &&
         F.Locals[P.Storage.rootOf(Cell).Index].Name.empty();
}

void Transfer::advance(const Fact &Each, const Frame *At) {
  LentList Cells = places(Each.Src, At);
  if (InLoop) ageLoansOfThisPoint();
  for (const Lent &Cell : Cells) {
    HeldSet Moved;
    for (Held H : value(*S, Cell.Place)) {
      const Loan L = Loans[H.Loan];
      LoanKind Kind = L.Initial || L.Kind == LoanKind::End ? LoanKind::Iterator : L.Kind;
      H.Loan = issue(L.Target, Kind, L.Why, L.Sure, PathId(), LoanId(), L.Within);
      unite(Moved, H);
    }
    if (Moved.empty()) continue;
    HeldSet &Entry = S->at(Cell.Place);
    if (single(Cells)) Entry.clear();
    for (const Held &H : Moved) unite(Entry, H);
  }
}

void Transfer::reserve(const Fact &Each, const Frame *At) {
  for (const Lent &Container : places(Each.Src, At)) insertOrdered(S->Reserved, Container.Place);
}

/// Whether \p Each destroys what it concerns: else that has moved, and what a closure has captured may not have.
static bool endsObjects(const Fact &Each) {
  return Each.Kind == FactKind::Expire || (Each.Kind == FactKind::Invalidate && Each.Elements == Fate::Destroyed);
}

/// The callee uses Src after its own invalidation number Each.Call: loans of the caller that died of it are used. What
/// the caller was given itself it needs likewise. On the way to where such loans are held the callee may have gone
/// before.
void Transfer::need(const Fact &Each, const Frame *At) {
  PathId Object = P.Storage.objectOf(Each.Src);
  if (!Collecting || P.Storage.isRoot(Object)) return;
  bool Nested = Running->Outer;
  Point Ended = Nested ? Now : Point::ofFact(Now.fact()).withEffect(Now.candidate(), Each.Call);
  bool Outlives = std::binary_search(S->Possible.begin(), S->Possible.end(), Ended);
  if (!Outlives && !llvm::is_contained(EndedHere, Ended)) return;
  auto diedOfIt = [&](const Held &H) {
    if (H.Death != Ended) return false;
    return !Nested || llvm::is_contained(Running->Killed, std::pair(H.Loan, Each.Call));
  };
  // A cell that the callee has given new storage it reads anew, if that is what another of its names leads to as well.
  const Fact &Ends = At->Done->Facts[Each.Call];
  LentList Grown = Ends.Ending == End::Grown ? places(P.Storage.base(Ends.Src), At) : LentList();
  bool AsGiven = P.Storage.rootOf(Object).Kind != RootKind::Global;
  bool IsOwn = P.Storage.rootOf(Object).Kind == RootKind::This && P.Storage.depth(Object) == 1;
  if (IsOwn && At->Captures.valid() && endsObjects(Ends)) {
    for (const Held &H : HeldSet(value(*S, At->Captures))) {
      if (!diedOfIt(H)) continue;
      size_t Before = Noted.Events.size();
      noteUse(At->Captures, H, {H});
      for (Event &E : llvm::drop_begin(Noted.Events, Before)) E.UsedInside = Each.At;
    }
    return;
  }
  for (const Lent &Cell : places(P.Storage.base(Object), At)) {
    if (llvm::any_of(Grown, [&](const Lent &Owner) { return Owner.Place == Cell.Place; })) continue;
    HeldSet All = value(*S, Cell.Place);
    for (const Held &H : All) {
      if (Loans[H.Loan].Kind == LoanKind::Code) continue;
      if (!diedOfIt(H)) {
        if (Outlives) exportUse(H, Ended);
        continue;
      }
      size_t Before = Noted.Events.size();
      noteUse(Cell.Place, H, All, AsGiven);
      for (size_t I = Before; I < Noted.Events.size(); ++I) Noted.Events[I].Requirement = Now.effect() + 1;
    }
  }
}

//===- Meeting of paths -------------------------------------------------------------------------------------------===//

/// Cells that lead to an object in \p There, by the object, and hold nothing in \p Here.
Transfer::GivenUpList Transfer::givenUp(const State &Here, const State &There) {
  GivenUpList Found;
  auto Mine = Here.cells().begin(), End = Here.cells().end();
  for (const State::Cell &C : There.cells()) {
    while (Mine != End && Mine->Path < C.Path) ++Mine;
    if (Mine != End && Mine->Path == C.Path && (!Mine->Holds.empty() || Mine->Holds.IsLost)) continue;
    if (P.Storage.rootOf(C.Path).Kind == RootKind::Temp) continue;
    for (const Held &H : C.Holds) {
      PathId Object = Loans[H.Loan].Target;
      bool MadeHere = P.Storage.rootOf(Object).Kind == RootKind::Heap;
      if (!H.Alive || (Loans[H.Loan].Kind != LoanKind::Own && !MadeHere)) continue;
      HeldSet Unwritten;
      if (value(Here, C.Path, Unwritten).empty()) Found.emplace_back(C.Path, Object);
    }
  }
  return Found;
}

/// Where a path gave an object to another cell, another path has it in the first one still: `r = ok ? p.release() :
/// nullptr`. What ends by the first cell then did not end where the second one holds it.
void Transfer::markGivenUp(State &Here, const State &There, const GivenUpList &Cells) {
  for (State::Cell &C : Here.cells()) {
    HeldSet Marked;
    bool Any = false;
    HeldSet Unwritten;
    const HeldSet &Other = value(There, C.Path, Unwritten);
    for (Held H : C.Holds) {
      Loan L = Loans[H.Loan];
      auto From = llvm::find_if(Cells, [&](auto Each) { return below(L.Target, Each.second, true); });
      bool OnlyHere = llvm::none_of(Other, [&](const Held &Each) { return Each.Loan == H.Loan; });
      if (H.Alive && OnlyHere && !L.Without.valid() && From != Cells.end()) {
        GivenUp.insert(L.Without = From->first);
        H.Loan = Loans.intern(L);
        Any = true;
      }
      unite(Marked, H);
    }
    if (Any) C.Holds = Marked;
  }
}

void Transfer::join(State &Into, const State &Other) {
  if (GivenUpList Cells = givenUp(Into, Other); !Cells.empty()) markGivenUp(Into, Other, Cells);
  std::optional<State> Marked;
  if (GivenUpList Cells = givenUp(Other, Into); !Cells.empty()) markGivenUp(Marked.emplace(Other), Into, Cells);
  const State &From = Marked ? *Marked : Other;
  for (const State::Cell &C : From.cells()) Steps += 1 + C.Holds.size() / 2;
  std::vector<State::Cell> Missing;
  auto There = Into.cells().begin();
  for (const State::Cell &C : From.cells()) {
    while (There != Into.cells().end() && There->Path < C.Path) ++There;
    if (There != Into.cells().end() && There->Path == C.Path) continue;
    Missing.emplace_back(C.Path, value(Into, C.Path));
    unite(Missing.back().Holds, C.Holds);
  }
  auto Here = From.cells().begin();
  for (State::Cell &C : Into.cells()) {
    while (Here != From.cells().end() && Here->Path < C.Path) ++Here;
    if (Here != From.cells().end() && Here->Path == C.Path) {
      Steps += 1 + Here->Holds.size() / 2;
      unite(C.Holds, Here->Holds);
      continue;
    }
    HeldSet Unwritten;
    unite(C.Holds, value(From, C.Path, Unwritten));
  }
  Into.add(std::move(Missing));
  auto intersect = [](auto &A, const auto &B) {
    llvm::erase_if(A, [&](auto X) { return !std::binary_search(B.begin(), B.end(), X); });
  };
  intersect(Into.Reserved, From.Reserved);
  intersect(Into.Empty, From.Empty);
  // What has ended on one path, and is not there on the other, is gone on both.
  llvm::SmallVector<Point, 0> Gone;
  auto collectGone = [&](const State &One, const State &Other) {
    auto isAbsent = [&](PathId Place) {
      return llvm::any_of(Other.Absent, [&](PathId Absent) { return P.Storage.startsWith(Place, Absent); });
    };
    if (Other.Absent.empty()) return;
    for (Point X : One.Certain)
      if (!DeathsWithResult.contains(X) && llvm::all_of(EndedAt[X], isAbsent)) Gone.push_back(X);
  };
  collectGone(Into, From);
  collectGone(From, Into);
  intersect(Into.Certain, From.Certain);
  for (Point X : Gone) insertOrdered(Into.Certain, X);
  intersect(Into.Absent, From.Absent);
  intersect(Into.Flags, From.Flags);
  llvm::SmallVector<Point, 0> United;
  std::set_union(Into.Possible.begin(), Into.Possible.end(), From.Possible.begin(), From.Possible.end(),
                 std::back_inserter(United));
  Into.Possible = United;
}
