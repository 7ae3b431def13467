#include "solve/Resets.h"
#include "solve/Neighbours.h"
#include "solve/Solve.h"
#include <algorithm>

using namespace refleak;

Resets::Resets(const Solved &Program, const Neighbours &Near) : Program(Program), Near(Near), Of(Program.P) {}

static std::set<uint32_t> closure(FunctionId F, const Neighbours::Edges &Along) {
  std::set<uint32_t> Seen{F.index()};
  Neighbours::reach(Along, Seen);
  return Seen;
}

bool Resets::happensWith(const Event &Kill, const std::set<NameId> &Holders, bool OneElement,
                         const Event &Store) const {
  if (!OneElement && Store.At.valid() && isLookedAtAfter(Program.solution(Kill.In), Kill.At, Holders)) return false;
  auto pointsOf = [&](uint32_t I) {
    llvm::SmallVector<Point, 2> Found = points(Program.solution(FunctionId(I)), Holders, OneElement);
    // The store itself is a reset if it comes on every way.
    const LoanSolution &Storing = Program.solution(Store.In);
    if (I == Store.In.index() && isSometimes(Storing, Store.At) &&
        (Kill.In != Store.In || mayMiss(Storing, Kill.At, Store.At.fact())))
      llvm::erase_if(Found, [&](Point At) { return At == Store.At; });
    return Found;
  };
  const LoanSolution &Killing = Program.solution(Kill.In);
  // A callee that stores the loan resets the cell only if it is called once more, on every way.
  llvm::SmallVector<uint32_t, 4> Stores;
  if (Store.In != Kill.In) Stores = callsOf(Killing, Store.In);
  llvm::SmallVector<uint32_t, 4> Later;
  llvm::copy_if(Stores, std::back_inserter(Later), [&](uint32_t Fact) { return comesTo(Killing, Kill.At, Fact); });
  bool OnSomeWays = Store.At.valid() &&
                    llvm::any_of(Later, [&](uint32_t Fact) { return isSometimes(Killing, Point::ofFact(Fact)); }) &&
                    (isSometimes(Program.solution(Store.In), Store.At) || mayMiss(Killing, Kill.At, Later));
  bool StoresLater = !Later.empty() && !OnSomeWays;
  auto makesGood = [&](Point At) {
    return llvm::is_contained(Stores, At.fact()) ? StoresLater : areOnOneWay(Killing, At, Kill.At);
  };
  for (uint32_t I : closure(Kill.In, Near.called())) {
    if (I == Store.In.index() && !Stores.empty() && !StoresLater) continue;
    if (llvm::any_of(pointsOf(I), [&](Point At) { return I != Kill.In.index() || makesGood(At); })) return true;
  }
  std::set<uint32_t> Above = closure(Kill.In, Near.callers());
  for (uint32_t I : Above) {
    if (I == Kill.In.index()) continue;
    const LoanSolution &S = Program.solution(FunctionId(I));
    for (Point At : pointsOf(I))
      if (!isLookedAtBefore(S, At, Holders, Above)) return true;
  }
  return false;
}

bool Resets::mayOutlast(const Event &Kill, const std::set<NameId> &Holders, const Event &Store) const {
  const LoanSolution &S = Program.solution(Kill.In);
  return Store.At.valid() &&
         (isLookedAtAfter(S, Kill.At, Holders) || (isSometimes(S, Store.At) && mayMiss(S, Kill.At, Store.At.fact())));
}

bool Resets::isLookedAtAfter(const LoanSolution &S, Point Kill, const std::set<NameId> &Holders) const {
  return llvm::any_of(
      S.Exports, [&](const Export &E) { return goesThrough(E.What, Holders) && llvm::is_contained(E.After, Kill); });
}

bool Resets::isLookedAtAfter(const Event &Kill, const std::set<NameId> &Holders, PathId Killed) const {
  if (isSetByCallers(Kill.In, Holders)) return false;
  const Paths &Storage = Program.P.Storage;
  auto isGlobal = [&](PathId Path) { return Storage.rootOf(Path).Kind == RootKind::Global; };
  const LoanSolution &S = Program.solution(Kill.In);
  // What a callee sets before it looks is not known.
  return llvm::any_of(S.Exports, [&](const Export &E) {
    return !S.bodyAt(E.At) && goesThrough(E.What, Holders) && llvm::is_contained(E.After, Kill.At) &&
           (Storage.objectOf(Storage.base(E.What.Src)) == Storage.objectOf(Killed) ||
            (isGlobal(E.What.Src) && isGlobal(Killed)));
  });
}

bool Resets::areOnOneWay(const LoanSolution &S, Point A, Point B) const {
  return comesTo(S, A, B.fact()) || comesTo(S, B, A.fact());
}

llvm::SmallVector<uint32_t, 4> Resets::callsOf(const LoanSolution &S, FunctionId Callee) const {
  llvm::SmallVector<uint32_t, 4> Found;
  std::set<uint32_t> Callers = closure(Callee, Near.callers());
  auto leadsToCallee = [&](const Effects *E) {
    FunctionId Body = Program.P.body(E->Symbol);
    return Body.valid() && Callers.count(Body.index()) != 0;
  };
  for (const Resolved &Call : S.Calls)
    if (llvm::any_of(Call.Candidates, leadsToCallee)) Found.push_back(Call.Fact);
  return Found;
}

bool Resets::comesTo(const LoanSolution &S, Point From, uint32_t Fact) const {
  return From.fact() == Fact || S.comesTo(Program.P.whole(S.Function), From.fact(), Fact);
}

bool Resets::mayMiss(const LoanSolution &S, Point Kill, llvm::ArrayRef<uint32_t> Stores) const {
  auto [From, Number] = S.Order[Kill.fact()];
  const Function F = Program.P.whole(S.Function);
  llvm::BitVector Seen(unsigned(F.Blocks.size()));
  for (uint32_t Store : Stores) {
    auto [Avoided, Position] = S.Order[Store];
    if (Avoided == From && Position >= Number) return false;
    Seen.set(Avoided);
  }
  std::vector<uint32_t> Pending{From};
  while (!Pending.empty()) {
    const Block &B = F.Blocks[Pending.back()];
    if (&B == &F.Blocks.back()) return true;
    Pending.pop_back();
    for (BlockId To : B.Successors) {
      if (Seen.test(To.index())) continue;
      Seen.set(To.index());
      Pending.push_back(To.index());
    }
  }
  return false;
}

bool Resets::isSometimes(const LoanSolution &S, Point Store) const {
  if (!Store.valid()) return false;
  return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
    return llvm::any_of(C.Holds, [&](const Held &H) { return H.Via.valid() && H.Via.fact() == Store.fact(); }) &&
           llvm::any_of(C.Holds, [&](const Held &H) {
             const Loan &L = S.Loans[H.Loan.index()];
             return L.Initial && H.Alive && Program.P.Storage.base(L.Target) == C.Path;
           });
  });
}

llvm::ArrayRef<std::pair<NameId, Point>> Resets::resetsOf(const LoanSolution &S, bool OneElement) const {
  if (!S.Function.valid()) return {};
  auto [It, Fresh] = ResetsOf[OneElement].try_emplace(S.Function.index());
  std::vector<std::pair<NameId, Point>> &Found = It->second;
  if (!Fresh) return Found;
  bool MakesNew = Program.function(S.Function).IsConstructor;
  for (const Overwrite &W : S.Written) {
    // What it writes in its own object was not there before.
    if (MakesNew && Program.P.Storage.rootOf(W.Cell).Kind == RootKind::This) continue;
    for (NameId Name : Of.holders(W.Cell))
      if (Program.P.Storage.isRoot(W.Cell) || Of.endsIn(W.Cell, Name)) Found.emplace_back(Name, W.At);
  }
  for (const Export &E : S.Exports) {
    if (E.What.Kind != FactKind::Invalidate) continue;
    // A single element that goes elsewhere is taken out as well.
    bool One = OneElement && E.What.Which == Extent::One;
    if (!One && (E.What.Elements != Fate::Destroyed || !(OneElement || E.What.Which == Extent::All))) continue;
    if (Member M = Of.containerOf(E.What.Src); M.known()) Found.emplace_back(M.Name, E.At);
  }
  llvm::sort(Found);
  Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
  return Found;
}

llvm::SmallVector<Point, 2> Resets::points(const LoanSolution &S, const std::set<NameId> &Holders,
                                           bool OneElement) const {
  llvm::SmallVector<Point, 2> Found;
  for (auto [Holder, At] : resetsOf(S, OneElement))
    if (Holders.count(Holder)) Found.push_back(At);
  return Found;
}

bool Resets::isLookedAtBefore(const LoanSolution &S, Point Reset, const std::set<NameId> &Holders,
                              const std::set<uint32_t> &Killers) const {
  // Blocks are numbered in the order of the text.
  std::vector<const Resolved *> Before;
  for (const Resolved &Call : S.Calls)
    if (S.Order[Call.Fact] < S.Order[Reset.fact()]) Before.push_back(&Call);
  llvm::sort(Before, [&](const Resolved *A, const Resolved *B) { return S.Order[A->Fact] < S.Order[B->Fact]; });
  bool Killed = false;
  for (const Resolved *Call : Before)
    for (const Effects *E : Call->Candidates) {
      if (Killed && llvm::any_of(E->Facts, [&](const Fact &Each) { return goesThrough(Each, Holders); })) return true;
      FunctionId Body = Program.P.body(E->Symbol);
      Killed |= Body.valid() && Killers.count(Body.index());
    }
  return false;
}

bool Resets::goesThrough(const Fact &Each, const std::set<NameId> &Holders) const {
  if (Each.Kind != FactKind::Use || Program.P.Storage.isRoot(Each.Src)) return false;
  return llvm::any_of(Of.holders(Program.P.Storage.base(Each.Src)),
                      [&](NameId Name) { return Holders.count(Name) != 0; });
}

void Resets::collectDestructors() const {
  Destructors.emplace();
  for (uint32_t Each = 0; Each != Program.P.Functions.size(); ++Each) {
    if (!Program.P.Functions[Each].IsDestructor) continue;
    std::set<uint32_t> Run = closure(FunctionId(Each), Near.called());
    for (uint32_t I : std::set<uint32_t>(Run))
      for (const Mention &M : Program.P.mentions(FunctionId(I)))
        if (M.How == Mention::Call && M.Virtual)
          for (FunctionId Over : Program.P.overriders(M.Name)) Run.insert(Over.index());
    for (uint32_t I : Run)
      for (auto [Holder, At] : resetsOf(Program.solution(FunctionId(I)), true))
        (*Destructors)[Holder].insert(FunctionId(Each));
  }
}

const std::set<FunctionId> &Resets::destructorsOf(NameId Holder) const {
  static const std::set<FunctionId> Nobody;
  if (!Destructors) collectDestructors();
  auto It = Destructors->find(Holder);
  return It == Destructors->end() ? Nobody : It->second;
}

bool Resets::happensInDestructor(const std::set<NameId> &Holders) const {
  return llvm::any_of(Holders, [&](NameId Each) { return !destructorsOf(Each).empty(); });
}

bool Resets::happensInDestructorOfOthers(const std::set<NameId> &Holders) const {
  return llvm::any_of(Holders, [&](NameId Each) {
    std::string Own = Program.P.classOf(Each).str() + "::~";
    return llvm::any_of(destructorsOf(Each),
                        [&](FunctionId F) { return !llvm::StringRef(Program.function(F).Display).starts_with(Own); });
  });
}

bool Resets::happensAnywhere(const std::set<NameId> &Holders, FunctionId Storing) const {
  std::set<uint32_t> Stores = closure(Storing, Near.called());
  return llvm::any_of(Program.solutions(), [&](const LoanSolution &S) {
    if (!S.Function.valid() || Stores.count(S.Function.index())) return false;
    const Function &F = Program.function(S.Function);
    bool IsCalled = F.IsDestructor || F.IsLambda || !F.Overrides.empty() || !Near.callers()[S.Function.index()].empty();
    return IsCalled && !points(S, Holders, true).empty();
  });
}

void Resets::collectWriters() const {
  Writers.emplace();
  for (const LoanSolution &S : Program.solutions())
    if (S.Function.valid() && !Program.function(S.Function).IsConstructor)
      for (auto [Holder, At] : resetsOf(S, true)) (*Writers)[Holder].insert(S.Function);
}

bool Resets::isSetByCallers(FunctionId F, const std::set<NameId> &Holders) const {
  std::set<uint32_t> Others = closure(F, Near.callers());
  Others.erase(F.index());
  Neighbours::reach(Near.called(), Others);
  if (!Writers) collectWriters();
  return llvm::any_of(Holders, [&](NameId Each) {
    auto It = Writers->find(Each);
    return It != Writers->end() && llvm::any_of(It->second, [&](FunctionId Writer) {
             return Writer != F && Others.count(Writer.index()) != 0;
           });
  });
}

bool Resets::happensEver(const std::set<NameId> &Holders, FunctionId Except) const {
  if (!Writers) collectWriters();
  return llvm::any_of(Holders, [&](NameId Each) {
    auto It = Writers->find(Each);
    return It != Writers->end() && It->second.size() > It->second.count(Except);
  });
}

bool Resets::isLookedAt(PathId Cell) const {
  const Paths &Storage = Program.P.Storage;
  Member Holder = Of.memberOf(Cell);
  if (!Holder.known()) return false;
  std::vector<Projection> Below = Of.belowOf(Cell, Holder.Prefix);
  auto leadsThrough = [&](PathId Path) {
    for (; !Storage.isRoot(Path); Path = Storage.base(Path))
      if (Storage.last(Path).Kind == ProjectionKind::Deref)
        if (Member M = Of.memberOf(Storage.base(Path));
            M.Name == Holder.Name && Of.belowOf(Storage.base(Path), M.Prefix) == Below)
          return true;
    return false;
  };
  return llvm::any_of(Program.Inferred, [&](const Effects *E) {
    return E && llvm::any_of(E->Facts, [&](const Fact &Each) {
             return (Each.Kind == FactKind::Use || Each.Kind == FactKind::Need) && leadsThrough(Each.Src);
           });
  });
}

bool Resets::happensInDestructorCalledBy(FunctionId F, const std::set<NameId> &Holders) const {
  return llvm::any_of(Program.P.mentions(F), [&](const Mention &M) {
    FunctionId Callee = M.How == Mention::Call ? Program.P.body(M.Name) : FunctionId();
    return Callee.valid() && llvm::any_of(Holders, [&](NameId Each) { return destructorsOf(Each).count(Callee) != 0; });
  });
}
