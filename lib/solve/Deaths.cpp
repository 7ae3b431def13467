//===- Deaths.cpp - What invalidations and the ends of objects do to loans ----------------------------------------===//
//
// "Invalidate", "Expire" and what follows from them in docs/theory.md: which loans die, what elements and owners take
// along when they end, and which of several objects it was.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "solve/Transfer.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace refleak;

/// What \p H leads to ends here, or may end.
void Transfer::die(Held &H, bool Certain) {
  if (Certain) H.Alive = false;
  if (!H.Death.valid() || Now < H.Death) H.Death = Now;
  if (EndedHere.empty() || EndedHere.back() != Now) EndedHere.push_back(Now);
  bool ByClosure = Running && Running->Outer && Current && Current->At.known();
  if (Collecting && ByClosure && (Noted.EndedInside.empty() || Noted.EndedInside.back().first != Now))
    Noted.EndedInside.emplace_back(Now, Current->At);
  for (RunningEffects *Each = Running; Each; Each = Each->Outer)
    if (Each->Outer || !Each->Done.NeverAfter.empty()) Each->Killed.emplace_back(H.Loan, Each->Effect);
}

/// Whether \p L leads to what a global led to at entry.
bool Transfer::leadsFromGlobal(LoanId L) const {
  const Loan &First = Loans.first(L);
  return First.Initial && P.Storage.rootOf(First.Target).Kind == RootKind::Global;
}

/// Whether a call that is being done has ended what a global led to, and uses it: it knows the global as well.
bool Transfer::isCalleesAffair(const Held &H) const {
  return H.Death.inEffects() && H.Death.fact() == Now.fact() && H.Death <= Now && leadsFromGlobal(H.Loan);
}

/// Whether \p H died in a call that is being done, of an effect that what is done now cannot come after.
bool Transfer::diedOnOtherPath(const Held &H) const {
  if (!H.Death.inEffects() || H.Death.fact() != Now.fact()) return false;
  auto endedBy = [&](const RunningEffects &Call, uint32_t Effect) {
    for (LoanId L = H.Loan; L.valid(); L = Loans[L].Parent)
      if (llvm::is_contained(Call.Killed, std::pair(L, Effect))) return true;
    return false;
  };
  for (const RunningEffects *Each = Running; Each; Each = Each->Outer)
    for (auto [Ends, Later] : Each->Done.NeverAfter)
      if (Later == Each->Effect && endedBy(*Each, Ends)) return true;
  return false;
}

void Transfer::kill(PathId Place, const Murder &How, llvm::function_ref<bool(const Held &)> Concerned) {
  if (!P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Deref) {
    // The cell that leads here may hold nothing but its initial loan, which is not written down yet.
    PathId Leads = P.Storage.base(Place);
    if (!S->find(Leads))
      if (HeldSet Holds = value(*S, Leads); !Holds.empty()) S->at(Leads) = Holds;
  }
  Steps += S->cells().size() / 8;
  llvm::SmallVector<std::pair<PathId, Certainty>, 1> MovedContents;
  for (State::Cell &C : S->cells()) {
    bool Any = false;
    bool Inside = (How.SparesInside || How.SparesOwnParts) && below(C.Path, Place, true);
    if ((How.SparesInside && Inside) || (How.OnlyInLoops && !isOfLoop(C.Path))) continue;
    for (Held &H : C.Holds) {
      const Loan &L = Loans[H.Loan];
      if (How.SparesOwnParts && Inside && L.Target != Place) continue;
      if (L.Without.valid() && llvm::is_contained(How.By, L.Without)) continue;
      if (!H.Alive || !(How.Kinds & maskOf(L.Kind)) || !below(L.Target, Place, How.AcrossElements) || !Concerned(H))
        continue;
      die(H, How.Certain);
      Any = true;
    }
    PathId Elements = Any ? Followed.lookup(C.Path) : PathId();
    if (!Elements.valid()) continue;
    bool All = llvm::none_of(C.Holds, [](const Held &H) { return H.Alive; });
    MovedContents.emplace_back(Elements, All ? Certainty::Must : Certainty::May);
  }
  for (auto [Elements, Sure] : MovedContents) {
    Fact Ended;
    Ended.Kind = FactKind::Invalidate;
    Ended.Kinds = AllBorrows;
    Ended.Sure = Sure;
    exportFact(Ended, Elements);
  }
}

/// Some element of \p Container is taken out: those of the elements that lead to an object which the callee is told of
/// (`~Listener() { std::erase(hub.listeners, this); }`), for it is on behalf of that object.
void Transfer::signOff(PathId Container, const Frame *At) {
  llvm::SmallVector<PathId, 4> Concerned;
  auto tell = [&](PathId Cell, const Frame *Outer) {
    if (!Cell.valid()) return;
    for (const Lent &Object : places(P.Storage.deref(Cell), Outer))
      if (!below(Container, Object.Place, true) && !manyObjects(Object.Place)) Concerned.push_back(Object.Place);
  };
  for (; At; At = At->Outer) {
    tell(At->Site->This, At->Outer);
    for (PathId Arg : At->Site->Args) tell(Arg, At->Outer);
  }
  if (Concerned.empty()) return;
  auto leadsToOne = [&](const Held &H) {
    const Loan &L = Loans[H.Loan];
    return (maskOf(L.Kind) & AllBorrows) &&
           llvm::any_of(Concerned, [&](PathId Object) { return below(L.Target, Object, false); });
  };
  for (State::Cell &C : S->cells())
    if (below(C.Path, Container, true)) llvm::erase_if(C.Holds, leadsToOne);
}

/// Whether \p Place is the key of an element that stands in the map whose elements are \p Contents, or a part of it.
bool Transfer::isKeyIn(PathId Place, PathId Contents) const {
  if (P.Storage.containers(Contents) != 1 || !below(Place, Contents, true) || Place == Contents) return false;
  while (P.Storage.base(Place) != Contents) Place = P.Storage.base(Place);
  const Projection &Part = P.Storage.last(Place);
  return Part.Kind == ProjectionKind::Field && P.Symbols.text(Part.Name) == "first";
}

/// Whether what \p By names, or refers to, was read from such a key: then the key is in there.
bool Transfer::isReadFrom(const LentList &By, PathId Contents) {
  return !By.empty() && llvm::all_of(By, [&](const Lent &Key) {
    if (isKeyIn(Key.Place, Contents)) return true;
    HeldSet Holds = value(*S, Key.Place);
    return !Holds.empty() &&
           llvm::all_of(Holds, [&](const Held &H) { return isKeyIn(Loans[H.Loan].Target, Contents); });
  });
}

/// The element that a closure lies in which erases, in \p Each, by a key that it has captured: it knows where it was
/// put.
std::optional<LoanId> Transfer::elementOfClosure(const Fact &Each, const Frame *At) {
  bool ByCapture = At && At->Captures.valid() && Each.By.valid() && Each.Which == Extent::One &&
                   P.Storage.rootOf(Each.By).Kind == RootKind::This && P.Storage.depth(Each.By) == 2 &&
                   P.Storage.last(Each.By).Kind == ProjectionKind::Field;
  if (!ByCapture) return std::nullopt;
  for (const Held &H : value(*S, At->Captures))
    if (LoanId Element = Loans[H.Loan].Within; Element.valid()) return Element;
  return std::nullopt;
}

void Transfer::invalidate(const Fact &Each, const Frame *At) {
  LentList Found = places(Each.Src, At);
  PathId Key = tag(Each.By, At);
  LentList Named = Each.By.valid() ? places(Each.By, At) : LentList();
  llvm::SmallVector<LoanId, 2> Elements;
  for (const Lent &By : Named)
    for (const Held &H : value(*S, By.Place)) Elements.push_back(loaded(By.Place, H, By.Through).Loan);
  Certainty Sure = sureness(Each);
  bool Certain = Sure == Certainty::Must && Found.size() == 1;
  if (std::optional<LoanId> Own = elementOfClosure(Each, At)) {
    Elements.push_back(*Own);
    Certain = false;
  }
  for (const Lent &Container : Found) {
    if (ledBack(Container)) Certain = false;
    PathId Place = Container.Place;
    if (Each.Cond == When::Inside && llvm::any_of(Elements, [&](LoanId L) { return isAtEnd(L); })) continue;
    if ((Each.Cond == When::Grows || Each.Cond == When::Absent) && !P.Storage.isRoot(Place)) {
      PathId Owner = Place;
      while (!P.Storage.isRoot(Owner) && P.Storage.last(Owner).Kind == ProjectionKind::Field)
        Owner = P.Storage.base(Owner);
      if (!P.Storage.isRoot(Owner)) Owner = P.Storage.base(Owner);
      if (std::binary_search(S->Reserved.begin(), S->Reserved.end(), Owner)) continue;
    }
    if (Each.Cond == When::Absent && isReadFrom(Named, Place)) continue;
    if (Each.Cond == When::Absent && Key.valid()) {
      bool Present = llvm::any_of(S->cells(), [&](const State::Cell &C) {
        return llvm::any_of(C.Holds, [&](const Held &H) {
          const Loan &L = Loans[H.Loan];
          return L.Key == Key && H.Alive && L.Kind == LoanKind::Ref && below(L.Target, Place, false) &&
                 !H.Death.valid();
        });
      });
      if (Present) continue;
    }
    Fact What = Each;
    What.Sure = Each.Sure == Certainty::Must && Found.size() != 1 ? Certainty::May : Each.Sure;
    What.By = PathId();
    // What an iterator was looked up with says more to callers than where it leads.
    PathId Tag = Elements.size() == 1 && Loans[Elements[0]].Key.valid() ? Loans[Elements[0]].Key : Key;
    if (Tag.valid() && (symbolic(Tag) || P.Storage.rootOf(Tag).Kind == RootKind::Constant))
      What.By = keyOfEffects(P.Storage, Tag);
    exportFact(What, Place, Container.Through);
    bool OfClosure = Each.Kinds == maskOf(LoanKind::Ref); // another one takes its place
    if (Each.Elements == Fate::Destroyed && !OfClosure) noteEmptied(Place);
    bool AcrossElements = Each.Elements == Fate::Destroyed;
    auto isMeant = [&](LoanId L) {
      return (Key.valid() && Loans[L].Key == Key) ||
             llvm::any_of(Elements, [&](LoanId E) { return sameElement(L, E); });
    };
    // A container that is itself an element: only loans on the elements of that one.
    bool Nested = P.Storage.containers(Place) > 1;
    auto ofThisContainer = [&](const Held &H) {
      LoanId Within = Loans[H.Loan].Within;
      return !Nested || (Within.valid() && Container.Through && sameElement(Within, Container.Through->Loan));
    };
    bool All = Each.Which == Extent::All;
    kill(Place, {Each.Kinds, AcrossElements, Certain, !All || AcrossElements, Each.Elements == Fate::Moved},
         [&](const Held &H) { return (All || isMeant(H.Loan)) && ofThisContainer(H); });
    // An iterator that the function was given leads to that element, though its place does not say so.
    for (LoanId Given : Elements)
      if (!All && Loans[Given].Kind == LoanKind::Iterator && isBehindGiven(Loans[Given].Target))
        kill(Loans[Given].Target, {Each.Kinds, AcrossElements, Certain && Elements.size() == 1, true, false},
             [&](const Held &H) { return sameElement(H.Loan, Given); });
    // Which of the others stand behind that element is not known.
    if (Each.Which == Extent::After) kill(Place, {Each.Kinds, AcrossElements, false, true, false}, ofThisContainer);
    if (AcrossElements && !All)
      kill(Place, {AllBorrows, true, Certain, true, false}, [&](const Held &H) {
        LoanId Around = outerElement(H.Loan, Place);
        return Around.valid() && isMeant(Around) && (!Nested || ofThisContainer({Around, true, Point(), Point()}));
      });
    if (AcrossElements && !Nested)
      killOwned(Place, Certain, [&](LoanId E) { return All || (E.valid() && isMeant(E)); });
    if (AcrossElements && Each.Which == Extent::One) signOff(Place, At);
    // What stands where is not known any more.
    if (Each.Which == Extent::After) forgetReads({{Place, std::nullopt}});
    // A loop over all elements comes to that one, too, unless it is the same one in each round.
    bool Fixed = Key.valid() && !isPosition(Key) &&
                 (P.Storage.rootOf(Key).Kind == RootKind::Constant || P.Storage.rootOf(Key).Kind == RootKind::Arg);
    if (Each.Which == Extent::One && Each.Elements == Fate::Destroyed && !Fixed)
      kill(Place, {KindMask(Each.Kinds & maskOf(LoanKind::Iterator)), AcrossElements, false, true, false, true},
           ofThisContainer);
    if (Each.Which == Extent::All && Each.Elements == Fate::Destroyed && Certain && !Nested) {
      llvm::SmallVector<std::pair<PathId, PathId>, 4> Owned;
      for (const State::Cell &C : S->cells())
        if (below(C.Path, Place, true))
          for (const Held &H : C.Holds)
            if (H.Alive && Loans[H.Loan].Kind == LoanKind::Own) Owned.push_back({Loans[H.Loan].Target, C.Path});
      dropBelow(Place);
      if (outlives(Place)) S->at(Place);
      for (auto [Target, Owner] : Owned)
        if (!hasLivingOwner(Target)) expire(Target, Certainty::Must, 1, Owner);
    }
  }
}

/// Whether a cell that does not lie in \p Ending has what leads to \p Object for its own.
bool Transfer::hasLivingOwner(PathId Object, PathId Ending) const {
  return llvm::any_of(S->cells(), [&](const State::Cell &C) {
    if (Ending.valid() && below(C.Path, Ending, true)) return false;
    return llvm::any_of(C.Holds, [&](const Held &H) {
      const Loan &L = Loans[H.Loan];
      return H.Alive && L.Target == Object && (L.Kind == LoanKind::Own || L.Kind == LoanKind::Share);
    });
  });
}

/// \p By: cells that led there. \p OneOfMany: Place stands for many objects, and this loan leads to the one that ends.
void Transfer::expire(PathId Place, Certainty Sure, unsigned Depth, llvm::ArrayRef<PathId> By, LoanId OneOfMany) {
  constexpr KindMask Everything = KindMask(~(maskOf(LoanKind::Code) | maskOf(LoanKind::Weak)));
  Murder How{Everything, true, Sure == Certainty::Must, false};
  How.By = By;
  kill(Place, How, [&](const Held &H) { return !OneOfMany.valid() || sameElement(H.Loan, OneOfMany); });
  if (OneOfMany.valid()) return;
  if (Depth > 4) return;
  llvm::SmallVector<std::pair<LoanId, PathId>, 4> Owned;
  for (const State::Cell &C : S->cells())
    if (below(C.Path, Place, true))
      for (const Held &H : C.Holds) {
        LoanKind K = Loans[H.Loan].Kind;
        if (H.Alive && (K == LoanKind::Own || K == LoanKind::Share)) Owned.push_back({H.Loan, C.Path});
      }
  if (Sure == Certainty::Must) S->eraseIf([&](PathId Cell) { return below(Cell, Place, true); });
  for (auto [Led, Owner] : Owned) {
    PathId Target = Loans[Led].Target;
    LoanKind Kind = Loans[Led].Kind;
    bool MadeHere = P.Storage.rootOf(Target).Kind == RootKind::Heap;
    if (hasLivingOwner(Target, Place) || (Kind != LoanKind::Own && !MadeHere)) continue;
    Fact LetGo;
    LetGo.Kind = FactKind::Expire;
    LetGo.Ending = End::Reset;
    LetGo.Sure = Sure;
    exportFact(LetGo, Target);
    // An owner that got what it owns out of one of many elements ends that one's.
    expire(Target, Sure, Depth + 1, Owner, Loans[identity(Led)].Loaded ? Led : LoanId());
  }
}

/// Elements of \p Content end, with what they own: loans on that die, if they were read out of one that \p Concerned
/// means. Elements that are not known are given to it as invalid.
void Transfer::killOwned(PathId Content, bool Certain, llvm::function_ref<bool(LoanId Element)> Concerned) {
  if (llvm::none_of(ReadCells, [&](PathId Cell) { return below(Cell, Content, true); })) return;
  for (State::Cell &C : S->cells()) {
    if (below(C.Path, Content, true)) continue;
    for (Held &H : C.Holds) {
      const Loan &Read = Loans[identity(H.Loan)];
      LoanKind K = Loans[H.Loan].Kind;
      if (!H.Alive || !Read.Cell.valid() || K == LoanKind::Code || K == LoanKind::Weak) continue;
      if (!below(Read.Cell, Content, true) || !Concerned(Read.Within) || !isOwnedWhereRead(H.Loan)) continue;
      die(H, Certain);
    }
  }
}

/// One of the objects in \p Found ends, and which is not known. The cells in \p Read led there and mean the one that
/// ended, and so does a cell that got the loans to all of them from one fact.
void Transfer::endOneOf(const LentList &Found, llvm::ArrayRef<PathId> Read, Certainty Sure) {
  auto same = [&](const Held &H, const Lent &Object) {
    LoanId Ended = Object.Through->Loan;
    bool IsOne = endsAsOne(Object.Place) && !Loans[identity(Ended)].Loaded;
    return H.Loan == Ended || (IsOne && below(Loans[H.Loan].Target, Object.Place, true)) ||
           (Loans[identity(H.Loan)].Loaded && sameElement(H.Loan, Ended));
  };
  auto holds = [&](const HeldSet &Set, const Lent &Object) {
    return Object.Through && llvm::any_of(Set, [&](const Held &H) { return same(H, Object); });
  };
  for (State::Cell &C : S->cells()) {
    if (!llvm::all_of(Found, [&](const Lent &Object) { return holds(C.Holds, Object); })) continue;
    auto concerned = [&](const Held &H) {
      return llvm::any_of(Found, [&](const Lent &Object) { return same(H, Object); });
    };
    Point Via = llvm::find_if(C.Holds, concerned)->Via;
    bool GotAtOnce = Via.valid() && !manyObjects(C.Path) &&
                     llvm::all_of(C.Holds, [&](const Held &H) { return !concerned(H) || H.Via == Via; });
    if (!GotAtOnce && !llvm::is_contained(Read, C.Path)) continue;
    for (Held &H : C.Holds) {
      if (!H.Alive || !concerned(H)) continue;
      die(H, Sure == Certainty::Must);
    }
  }
}

/// What a part of a copied element leads to has to have an entry before it can end: the element is one of many.
void Transfer::writeDownParts(llvm::ArrayRef<PathId> Cells) {
  for (PathId Cell : Cells) {
    if (S->find(Cell)) continue;
    HeldSet Holds = value(*S, Cell);
    if (llvm::any_of(Holds, [&](const Held &H) { return Loans[H.Loan].Loaded; })) S->at(Cell) = Holds;
  }
}

/// The literal by which the element was looked up that \p L was read out of; invalid if it was not.
PathId Transfer::literalOf(LoanId L) const {
  LoanId Element = Loans[identity(L)].Within;
  PathId Key = Element.valid() ? Loans[Element].Key : PathId();
  return Key.valid() && P.Storage.rootOf(Key).Kind == RootKind::Constant ? Key : PathId();
}

void Transfer::expire(const Fact &Each, const Frame *At) {
  llvm::SmallVector<PathId, 4> Read;
  TooDeep = false;
  LentList Found = resolve(Each.Src, At, [&](PathId Cell, const Held &, const HeldSet &) { Read.push_back(Cell); });
  bool Partial = TooDeep;
  writeDownParts(Read);
  if (Each.Ending == End::Reset || Each.Ending == End::Release)
    llvm::erase_if(Found, [&](const Lent &Object) { return hasOtherOwner(Object, Each, At); });
  Certainty Sure = sureness(Each);
  if (Sure == Certainty::Must && (Found.size() != 1 || Partial || ledBack(Found[0]))) Sure = Certainty::May;
  if (Partial) AmbiguousDeaths.insert(Now);
  if (F.IsLife && Collecting && !At && single(Found) && P.Storage.rootOf(Each.Src).Kind == RootKind::This)
    EndedMembers.emplace_back(Found[0].Place, Now);
  bool WithResult = Each.If.valid() && P.Storage.rootOf(Each.If).Kind == RootKind::Ret;
  if (WithResult) DeathsWithResult.insert(Now);
  for (const Lent &Object : Found) {
    Fact What = Each;
    What.Sure = Sure;
    What.By = Object.Through ? literalOf(Object.Through->Loan) : PathId();
    exportFact(What, Object.Place, Object.Through);
  }
  if (Found.size() > 1) {
    // What replaces what one cell led to is there in that cell then; of several cells, in one.
    bool OneCell = !Partial && places(P.Storage.base(Each.Src), At).size() == 1;
    if (OneCell) DeathsOfOneCell.insert(Now);
    if (Each.Ending != End::Grown || !OneCell) AmbiguousDeaths.insert(Now);
    endOneOf(Found, Read, Each.Sure);
  }
  // To callers a parameter that is as it was given is the argument, which lives on.
  bool IsParameter = !At && Each.Ending == End::Scope && isGivenByValue(Each.Src);
  if (!IsParameter)
    for (const Lent &Object : Found) forgetKey(Object.Place);
  if (Found.size() != 1) return;
  const Lent &Object = Found[0];
  bool OneOfMany = Object.Through && (!endsAsOne(Object.Place) || Loans[identity(Object.Through->Loan)].Loaded);
  // What a pointer leads to that moves along is another object in each round; what an owner has is replaced.
  bool IsReplaced = InLoop && !Partial && (WithResult || Each.Ending == End::Reset);
  std::set<std::pair<PathId, LoanId>> Before;
  auto eachEndedHere = [&](auto Found) {
    for (const State::Cell &C : S->cells())
      for (const Held &H : C.Holds)
        if (H.Death == Now && (WithResult || !H.Alive)) Found(std::pair(C.Path, H.Loan));
  };
  if (IsReplaced) eachEndedHere([&](auto Ended) { Before.insert(Ended); });
  expire(Object.Place, Sure, 0, Read, OneOfMany ? Object.Through->Loan : LoanId());
  if (!IsReplaced) return;
  eachEndedHere([&](auto Ended) {
    if (!Before.count(Ended)) Replaced.insert({Now, Loans[Ended.second].Target});
  });
}
