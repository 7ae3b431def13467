#include "solve/ClosureEnvironment.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace refleak;

/// More closures than this in one cell are not told apart: the rest is left out.
static constexpr size_t MaxClosures = 8;

ClosureEnvironment::ClosureEnvironment(Solved &P) : Program(P), Storage(P.P.Storage) {
  collectStores();
  for (const LoanSolution &S : Program.solutions()) {
    if (!S.Function.valid() || S.Through.empty()) continue;
    matchCaptures(S);
    matchMembers(S);
  }
  for (const Inherited &Each : OfCallees)
    if (auto There = Runs.find({Each.Callee, Each.Code}); There == Runs.end() || There->second < Each.Captures)
      Concerned.insert(Each.Symbol);
}

llvm::ArrayRef<StoredClosure> ClosureEnvironment::at(NameId Symbol, PathId Cell) const {
  auto It = Found.find({Symbol, Cell});
  return It == Found.end() ? llvm::ArrayRef<StoredClosure>() : llvm::ArrayRef<StoredClosure>(It->second);
}

/// The longest correspondence decides.
std::optional<PathId> ClosureEnvironment::translate(PathId Place, llvm::ArrayRef<Same> Known, bool Back) const {
  std::optional<PathId> Best;
  unsigned Depth = 0;
  for (const Same &Each : Known) {
    PathId From = Back ? Each.Here : Each.There, To = Back ? Each.There : Each.Here;
    if (Best && Storage.depth(From) < Depth) continue;
    if (std::optional<PathId> There = Storage.rebase(Place, From, To)) {
      Best = There;
      Depth = Storage.depth(From);
    }
  }
  return Best;
}

StoredClosure::Surroundings ClosureEnvironment::around(const StoredClosure &Stored, PathId Capture, PathId Object,
                                                       llvm::ArrayRef<Same> Known) const {
  StoredClosure::Surroundings Parts{Capture, {}};
  auto wayTo = [&](PathId Part, PathId From) {
    std::vector<Projection> Way;
    for (PathId At = Part; At != From; At = Storage.base(At)) Way.push_back(Storage.last(At));
    std::reverse(Way.begin(), Way.end());
    return Way;
  };
  for (const Same &Each : Known)
    if (Storage.startsWith(Each.There, Object)) Parts.Parts.emplace_back(wayTo(Each.There, Object), Each.Here);
  for (const auto &[Cell, LeadsTo] : Stored.Behind) {
    if (!Storage.startsWith(Cell, Object)) continue;
    std::vector<Projection> Way = wayTo(Storage.deref(Cell), Object);
    if (std::optional<PathId> Here = translate(LeadsTo, Known, false)) {
      Parts.Parts.emplace_back(Way, *Here);
      continue;
    }
    // Of what the cell leads to, too, only a part may have a name here.
    for (const Same &Each : Known) {
      if (!Storage.startsWith(Each.There, LeadsTo)) continue;
      std::vector<Projection> Rest = wayTo(Each.There, LeadsTo);
      Parts.Parts.emplace_back(Way, Each.Here);
      Parts.Parts.back().first.insert(Parts.Parts.back().first.end(), Rest.begin(), Rest.end());
    }
  }
  // A part of a part is found through it.
  llvm::sort(Parts.Parts, [](const auto &A, const auto &B) {
    return std::pair(A.first.size(), A.second) < std::pair(B.first.size(), B.second);
  });
  // Where that one has a name that says so, there is nothing to add.
  auto isKnown = [&](size_t I) {
    const auto &[Way, Here] = Parts.Parts[I];
    return llvm::any_of(llvm::ArrayRef(Parts.Parts).take_front(I), [&](const auto &Part) {
      if (Part.first.size() > Way.size() || !std::equal(Part.first.begin(), Part.first.end(), Way.begin()))
        return false;
      PathId At = Part.second;
      for (size_t Each = Part.first.size(); Each != Way.size(); ++Each) At = Storage.extend(At, Way[Each]);
      return At == Here;
    });
  };
  for (size_t I = Parts.Parts.size(); I-- > 0;)
    if (isKnown(I)) Parts.Parts.erase(Parts.Parts.begin() + I);
  return Parts;
}

void ClosureEnvironment::add(NameId Symbol, const OpenCell &Open, const StoredClosure &Stored,
                             llvm::ArrayRef<Same> Known) {
  StoredClosure Translated{Stored.Cell, Stored.Code, {}, {}, {}};
  for (const auto &[Capture, LeadsTo] : Stored.Captures) {
    if (std::optional<PathId> Place = translate(LeadsTo, Known, false))
      Translated.Captures.emplace_back(Capture, *Place);
    else if (StoredClosure::Surroundings Parts = around(Stored, Capture, LeadsTo, Known); !Parts.Parts.empty())
      Translated.Around.push_back(std::move(Parts));
  }
  std::vector<StoredClosure> &Here = Found[{Symbol, Open.Cell}];
  bool IsKnown = std::any_of(Here.begin(), Here.end(), [&](const StoredClosure &Each) {
    return Each.Code == Translated.Code && Each.Captures == Translated.Captures && Each.Around == Translated.Around;
  });
  if (IsKnown) return;
  size_t &Captures = Runs[{Symbol, Stored.Code}];
  Captures = std::max(Captures, Translated.Captures.size());
  for (NameId Callee : Open.Callees) {
    if (Callee.valid() && Translated.Around.empty())
      OfCallees.push_back({Symbol, Callee, Stored.Code, Translated.Captures.size()});
    else
      Concerned.insert(Symbol);
  }
  Here.push_back(std::move(Translated));
}

bool ClosureEnvironment::isFull(NameId Symbol, PathId Cell) const { return at(Symbol, Cell).size() >= MaxClosures; }

std::vector<ClosureEnvironment::OpenCell> ClosureEnvironment::openCells(const LoanSolution &S) {
  std::vector<OpenCell> Cells;
  std::map<PathId, size_t> Index;
  for (const ThroughCall &Call : S.Through) {
    auto [It, Fresh] = Index.try_emplace(Call.Cell, Cells.size());
    if (Fresh) Cells.push_back({Call.Cell, {}});
    llvm::SmallVector<NameId, 1> &Callees = Cells[It->second].Callees;
    if (!llvm::is_contained(Callees, Call.Callee)) Callees.push_back(Call.Callee);
  }
  return Cells;
}

/// Closure bodies: what the function around them stored in captured variables.
void ClosureEnvironment::matchCaptures(const LoanSolution &Caller) {
  const Function &F = Program.function(Caller.Function);
  if (!F.IsLambda || !F.Parent.valid()) return;
  FunctionId Parent = Program.P.body(F.Parent);
  if (!Parent.valid()) return;
  const LoanSolution &Outer = Program.solution(Parent);
  PathId Self = Storage.deref(Storage.root({RootKind::This, 0, NameId()}));
  for (const StoredClosure &Made : Outer.Closures) {
    if (Made.Code != F.Symbol) continue;
    std::vector<Same> Known;
    for (const auto &[Capture, LeadsTo] : Made.Captures)
      if (std::optional<PathId> Here = Storage.rebase(Capture, Made.Cell, Self))
        Known.push_back({LeadsTo, Storage.deref(*Here)});
    for (const OpenCell &Open : openCells(Caller)) {
      std::optional<PathId> There = translate(Open.Cell, Known, true);
      if (!There) continue;
      for (const StoredClosure &Stored : Outer.Closures)
        if (Stored.Cell == *There && !isFull(F.Symbol, Open.Cell)) add(F.Symbol, Open, Stored, Known);
    }
  }
}

/// The object that the last data member of \p Cell belongs to, the member, and what of \p Cell lies below it.
PathId ClosureEnvironment::objectOf(PathId Cell, std::vector<Projection> &Below, NameId &Member) const {
  Below.clear();
  for (PathId At = Cell; !Storage.isRoot(At); At = Storage.base(At)) {
    const Projection &Last = Storage.last(At);
    Below.push_back(Last);
    if (Last.Kind == ProjectionKind::Field && Program.P.isMember(Last.Name)) {
      Member = Last.Name;
      return Storage.base(At);
    }
  }
  return PathId();
}

void ClosureEnvironment::collectStores() {
  auto before = [](const StoredClosure *A, const StoredClosure *B) {
    return std::tie(A->Cell, A->Code, A->Captures) < std::tie(B->Cell, B->Code, B->Captures);
  };
  // In large programs the same closure is stored many times over.
  std::set<const StoredClosure *, decltype(before)> Seen(before);
  for (const LoanSolution &S : Program.solutions())
    for (const StoredClosure &Stored : S.Closures) {
      if (Seen.insert(&Stored).second) collectStore(S, Stored);
    }
}

void ClosureEnvironment::collectStore(const LoanSolution &S, const StoredClosure &Stored) {
  MemberStore Store{&Stored, PathId(), {}};
  NameId Member;
  Store.Object = objectOf(Stored.Cell, Store.Below, Member);
  if (!Store.Object.valid()) return;
  std::vector<MemberStore> &Known = Stores[Member];
  // Of a closure without captures it says nothing where else it was stored.
  bool IsKnown =
      Stored.Captures.empty() && llvm::any_of(Known, [&](const MemberStore &Each) {
        return Each.Stored->Code == Stored.Code && Each.Stored->Captures.empty() && Each.Below == Store.Below;
      });
  if (IsKnown) return;
  Known.push_back(Store);
  if (!Storage.isRoot(Store.Object) || Storage.rootOf(Store.Object).Kind != RootKind::Heap) return;
  // A new object is found again by what it was put into.
  for (const State::Cell &C : S.AtExit.cells()) {
    RootKind K = Storage.rootOf(C.Path).Kind;
    if (K != RootKind::This && K != RootKind::Arg && K != RootKind::Global) continue;
    bool Leads = std::any_of(C.Holds.begin(), C.Holds.end(),
                             [&](const Held &H) { return H.Alive && S.Loans[H.Loan.index()].Target == Store.Object; });
    if (Leads) Stores[Member].push_back({&Stored, Storage.deref(C.Path), Store.Below});
  }
}

std::vector<std::pair<llvm::StringRef, PathId>> ClosureEnvironment::objectsOnTheWay(PathId Place) const {
  std::vector<std::pair<llvm::StringRef, PathId>> Objects;
  for (; !Storage.isRoot(Place); Place = Storage.base(Place)) {
    const Projection &Last = Storage.last(Place);
    if (Last.Kind == ProjectionKind::Field && Program.P.isMember(Last.Name))
      Objects.emplace_back(Program.P.classOf(Last.Name), Storage.base(Place));
  }
  return Objects;
}

std::vector<ClosureEnvironment::Same> ClosureEnvironment::correspondence(PathId There, PathId Here) const {
  std::vector<Same> Known{{There, Here}};
  auto Outer = objectsOnTheWay(There);
  for (const auto &[Class, Object] : objectsOnTheWay(Here))
    for (const auto &[OtherClass, OtherObject] : Outer)
      if (Class == OtherClass) Known.push_back({OtherObject, Object});
  return Known;
}

void ClosureEnvironment::matchMembers(const LoanSolution &Caller) {
  NameId Symbol = Program.function(Caller.Function).Symbol;
  for (const OpenCell &Open : openCells(Caller)) {
    std::vector<Projection> Below;
    NameId Member;
    PathId Object = objectOf(Open.Cell, Below, Member);
    if (!Object.valid()) continue;
    auto It = Stores.find(Member);
    if (It == Stores.end()) continue;
    for (const MemberStore &Store : It->second)
      if (Store.Below == Below && !isFull(Symbol, Open.Cell))
        add(Symbol, Open, *Store.Stored, correspondence(Store.Object, Object));
  }
}
