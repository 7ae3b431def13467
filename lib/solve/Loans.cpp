#include "solve/Loans.h"
#include "solve/Transfer.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <set>

using namespace refleak;

namespace {

class FunctionSolver {
public:
  FunctionSolver(Program &P, FunctionId Id, Callees &C, const SolveLimits &Limits)
      : P(P), F(P.Functions[Id.index()]), Limits(Limits), T(P, F, C, Limits) {
    Result.Function = Id;
  }

  LoanSolution run() {
    if (F.Blocks.empty()) return std::move(Result);
    orderBlocks();
    findTempsOfOneBlock();
    iterate();
    if (!Result.GaveUp) collect();
    Result.Loans = T.Loans.take();
    return std::move(Result);
  }

private:
  Program &P;
  const Function &F;
  const SolveLimits &Limits;
  Transfer T;
  LoanSolution Result;
  std::vector<uint32_t> Blocks;    ///< in reverse postorder
  std::vector<uint32_t> Position;  ///< of each block in Blocks; ~0 when unreachable
  std::vector<uint32_t> FirstFact; ///< number of the first fact of each block
  std::vector<std::vector<uint32_t>> Predecessors;
  llvm::BitVector InLoop;
  std::vector<std::vector<PathId>> DyingTemps; ///< by block: temporaries that no other block mentions
  std::vector<std::optional<State>> Out;

  void orderBlocks() {
    uint32_t N = F.Blocks.size();
    Position.assign(N, ~0u);
    Predecessors.resize(N);
    std::vector<std::pair<uint32_t, uint32_t>> Stack{{0, 0}};
    llvm::BitVector Seen(N);
    Seen.set(0);
    while (!Stack.empty()) {
      auto &[B, Next] = Stack.back();
      if (Next < F.Blocks[B].Successors.size()) {
        uint32_t To = F.Blocks[B].Successors[Next++].index();
        if (!Seen.test(To)) {
          Seen.set(To);
          Stack.emplace_back(To, 0);
        }
        continue;
      }
      Blocks.push_back(B);
      Stack.pop_back();
    }
    std::reverse(Blocks.begin(), Blocks.end());
    InLoop.resize(N);
    FirstFact.resize(N);
    for (uint32_t I = 0; I < Blocks.size(); ++I) Position[Blocks[I]] = I;
    for (uint32_t B : Blocks) {
      FirstFact[B] = Result.Order.size();
      for (uint32_t I = 0; I < F.Blocks[B].Facts.size(); ++I) Result.Order.emplace_back(B, I);
      for (BlockId To : F.Blocks[B].Successors) Predecessors[To.index()].push_back(B);
    }
    findLoops();
  }

  /// A block is in a loop when it reaches itself: the strongly connected components (Kosaraju, Sharir 1981).
  void findLoops() {
    llvm::BitVector Seen(F.Blocks.size());
    for (uint32_t First : Blocks) {
      if (Seen.test(First)) continue;
      std::vector<uint32_t> Component{First};
      Seen.set(First);
      bool Cycle = llvm::is_contained(Predecessors[First], First);
      for (size_t I = 0; I != Component.size(); ++I)
        for (uint32_t Pred : Predecessors[Component[I]])
          if (!Seen.test(Pred)) {
            Seen.set(Pred);
            Component.push_back(Pred);
          }
      if (Cycle || Component.size() > 1)
        for (uint32_t B : Component) InLoop.set(B);
    }
  }

  void findTempsOfOneBlock() {
    constexpr uint32_t Several = ~0u - 1;
    std::vector<uint32_t> Home(F.Temps, ~0u);
    auto mention = [&](PathId Path, uint32_t B) {
      if (!Path.valid() || P.Storage.rootOf(Path).Kind != RootKind::Temp) return;
      uint32_t Index = P.Storage.rootOf(Path).Index;
      if (Index < Home.size()) Home[Index] = Home[Index] == ~0u || Home[Index] == B ? B : Several;
    };
    for (uint32_t B = 0; B < F.Blocks.size(); ++B)
      for (const Fact &Each : F.Blocks[B].Facts) {
        mention(Each.Dst, B);
        mention(Each.Src, B);
        mention(Each.By, B);
        if (Each.Kind != FactKind::Call) continue;
        const Call &C = F.Calls[Each.Call];
        mention(C.Through, B);
        mention(C.Result, B);
        mention(C.This, B);
        for (PathId Arg : C.Args) mention(Arg, B);
      }
    DyingTemps.resize(F.Blocks.size());
    for (uint32_t I = 0; I < Home.size(); ++I)
      if (Home[I] < F.Blocks.size()) DyingTemps[Home[I]].push_back(P.Storage.root({RootKind::Temp, I, NameId()}));
  }

  void runBlock(State &S, uint32_t B) {
    const std::vector<Fact> &Facts = F.Blocks[B].Facts;
    for (uint32_t I = 0; I < Facts.size(); ++I) T.apply(S, Facts[I], FirstFact[B] + I, InLoop.test(B));
    if (DyingTemps[B].empty()) return;
    llvm::DenseSet<PathId> Dying(DyingTemps[B].begin(), DyingTemps[B].end());
    S.eraseIf([&](PathId Cell) { return Dying.contains(P.Storage.rootPath(Cell)); });
  }

  std::optional<State> entryOf(uint32_t B) {
    std::optional<State> In;
    if (B == 0) In.emplace();
    for (uint32_t Pred : Predecessors[B]) {
      if (!Out[Pred]) continue;
      if (!In)
        In = *Out[Pred];
      else
        T.join(*In, *Out[Pred]);
    }
    return In;
  }

  static bool same(const State &A, const State &B) {
    if (A.cells().size() != B.cells().size() || A.Reserved != B.Reserved || A.Possible != B.Possible ||
        A.Certain != B.Certain)
      return false;
    for (size_t I = 0; I < A.cells().size(); ++I)
      if (A.cells()[I].Path != B.cells()[I].Path || A.cells()[I].Holds != B.cells()[I].Holds) return false;
    return true;
  }

  void iterate() {
    Out.resize(F.Blocks.size());
    std::set<uint32_t> Work;
    for (uint32_t I = 0; I < Blocks.size(); ++I) Work.insert(I);
    std::vector<uint32_t> Rounds(Blocks.size());
    while (!Work.empty()) {
      uint32_t I = *Work.begin();
      Work.erase(Work.begin());
      uint32_t B = Blocks[I];
      std::optional<State> S = entryOf(B);
      if (!S) continue;
      runBlock(*S, B);
      if (T.outOfSteps() || ++Rounds[I] > 60) {
        Result.GaveUp = true;
        return;
      }
      if (Out[B] && same(*Out[B], *S)) continue;
      Out[B] = std::move(S);
      for (BlockId To : F.Blocks[B].Successors) Work.insert(Position[To.index()]);
    }
  }

  void collect() {
    T.Collecting = true;
    T.Steps = 0; // one walk through the function, after what may have been many
    for (uint32_t B : Blocks) {
      std::optional<State> S = entryOf(B);
      if (!S) continue;
      runBlock(*S, B);
    }
    T.Collecting = false;
    Result.GaveUp = T.outOfSteps();
    Result.Events.insert(Result.Events.begin(), T.Events.begin(), T.Events.end());
    Result.Calls = std::move(T.Resolutions);
    Result.Exports = std::move(T.Exports);
    Result.Closures = std::move(T.Closures);
    Result.Through = std::move(T.Through);
    Result.OwningStores = std::move(T.OwningStores);
    Result.Rings = std::move(T.Rings);
    Result.Emptied = std::move(T.Emptied);
    llvm::sort(T.Written);
    T.Written.erase(std::unique(T.Written.begin(), T.Written.end()), T.Written.end());
    Result.Written = std::move(T.Written);
    uint32_t Exit = F.Blocks.size() - 1;
    if (Position[Exit] != ~0u && Out[Exit]) {
      Result.ReachesExit = true;
      Result.AtExit = *Out[Exit];
      collectEscapes();
    }
    keepFirstUses();
  }

  /// One event for each element lent and each death: the first use in program order tells the story.
  void keepFirstUses() {
    auto identity = [&](LoanId L) {
      while (T.Loans[L].Parent.valid()) L = T.Loans[L].Parent;
      return std::pair(T.Loans[L].Issued, T.Loans[L].Initial ? T.Loans[L].Target : PathId());
    };
    llvm::sort(Result.Events, [](const Event &A, const Event &B) {
      return std::tie(A.Kind, A.At, A.Death, A.Loan, A.Cell, A.Via) <
             std::tie(B.Kind, B.At, B.Death, B.Loan, B.Cell, B.Via);
    });
    std::set<std::tuple<std::pair<Point, PathId>, Point>> Seen;
    llvm::erase_if(Result.Events, [&](const Event &E) {
      return E.Kind == EventKind::Use && !Seen.insert({identity(E.Loan), E.Death}).second;
    });
  }

  const Fact &factAt(Point At) const {
    auto [B, I] = Result.Order[At.fact()];
    return F.Blocks[B].Facts[I];
  }

  /// Where the function's own storage that \p Target lies in ended; none when it is not its own, or still there.
  Point endOfScope(PathId Target) const {
    for (; !P.Storage.isRoot(Target); Target = P.Storage.base(Target))
      if (P.Storage.last(Target).Kind == ProjectionKind::Deref) return Point();
    Point Last;
    for (uint32_t I = 0; I < Result.Order.size(); ++I) {
      const Fact &Each = factAt(Point::ofFact(I));
      if (Each.Kind == FactKind::Expire && Each.Src == Target &&
          (Each.Ending == End::Scope || Each.Ending == End::Temporary))
        Last = Point::ofFact(I);
    }
    return Last;
  }

  /// Whether the loan comes out of a body that is solved itself: what it does with it is told there.
  bool issuedByCallee(const Loan &L) const { return Result.bodyAt(L.Issued); }

  bool diedByInvalidation(const Held &H) const {
    const Effects *By = Result.effectsAt(H.Death);
    return (By ? By->Facts[H.Death.effect()] : factAt(H.Death)).Kind == FactKind::Invalidate;
  }

  /// Cells that are there after the function: those that outlive it, and what its own allocations hold when such a cell
  /// leads to them.
  std::vector<PathId> survivingCells() {
    const State &S = Result.AtExit;
    llvm::DenseSet<PathId> Objects;
    auto survives = [&](PathId Cell) {
      PathId Object = P.Storage.rootPath(Cell);
      return P.Storage.rootOf(Cell).Kind == RootKind::Heap ? Objects.contains(Object) : T.outlives(Cell);
    };
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (const State::Cell &C : S.cells()) {
        if (!survives(C.Path)) continue;
        for (const Held &H : C.Holds) {
          PathId To = T.Loans[H.Loan].Target;
          if (P.Storage.rootOf(To).Kind == RootKind::Heap && H.Alive)
            Changed |= Objects.insert(P.Storage.rootPath(To)).second;
        }
      }
    }
    std::vector<PathId> Found;
    for (const State::Cell &C : S.cells())
      if (survives(C.Path)) Found.push_back(C.Path);
    return Found;
  }

  void collectEscapes() {
    for (PathId Cell : survivingCells()) {
      const HeldSet &Holds = *Result.AtExit.find(Cell);
      for (const Held &H : Holds) {
        const Loan &L = T.Loans[H.Loan];
        if (!H.Death.valid() || L.Initial || L.Kind == LoanKind::Weak || L.Kind == LoanKind::Code) continue;
        if (F.IsDestructor && P.Storage.rootOf(Cell).Kind == RootKind::This) continue;
        bool Returned = P.Storage.rootOf(Cell).Kind == RootKind::Ret;
        Event E;
        E.Kind = EventKind::Escape;
        E.Loan = H.Loan;
        E.Cell = Cell;
        E.Via = H.Via;
        E.Death = H.Death;
        E.At = H.Via;
        bool All = llvm::all_of(Holds, [](const Held &Each) { return !Each.Alive; });
        E.Sure = L.Sure == Certainty::Assumed ? Certainty::Assumed : All ? Certainty::Must : Certainty::May;
        if (Point Scope = H.Alive ? Point() : endOfScope(L.Target); Scope.valid())
          E.Death = Scope;
        else if (Returned)
          E.Kind = EventKind::Use;
        else if (!diedByInvalidation(H) || issuedByCallee(L))
          continue; // that an allocation was given away and freed elsewhere is no escape of this function's storage
        E.MayBeUndone = E.Kind == EventKind::Escape && !Returned &&
                        (mayBeTakenBack(Cell, H.Via) || isAwaited(L.Target, Cell, H.Via));
        Result.Events.push_back(E);
      }
    }
  }

  /// Whether \p A stands after \p B in the text: blocks are numbered in its order.
  bool isLater(Point A, Point B) const { return Result.Order[A.fact()] > Result.Order[B.fact()]; }

  /// Whether the function looks at \p Local in a loop after it was put into a queue or a closure: then it may wait for
  /// what runs there (`while (Running) yield();`), which facts do not say.
  bool isAwaited(PathId Local, PathId Cell, Point Stored) const {
    Local = P.Storage.rootPath(Local);
    RootKind K = P.Storage.rootOf(Local).Kind;
    if (K != RootKind::Local && K != RootKind::Arg) return false;
    bool InContainer = false;
    for (PathId At = Cell; !P.Storage.isRoot(At); At = P.Storage.base(At)) {
      ProjectionKind Last = P.Storage.last(At).Kind;
      InContainer |= Last == ProjectionKind::Elem || Last == ProjectionKind::Inline;
    }
    if (!InContainer) return false;
    for (uint32_t I = 0; I < Result.Order.size(); ++I) {
      if (!isLater(Point::ofFact(I), Stored) || !InLoop.test(Result.Order[I].first)) continue;
      const Fact &Each = factAt(Point::ofFact(I));
      bool Looks = Each.Kind == FactKind::Use || Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy;
      if (Looks && Each.Src.valid() && P.Storage.startsWith(Each.Src, Local)) return true;
    }
    return false;
  }

  /// Whether the function writes the cell again, or takes elements out of the container it lies in: that this happens
  /// on every path that matters (`if (Current == &Mine) Current = nullptr`) cannot be seen.
  bool mayBeTakenBack(PathId Cell, Point Stored) const {
    for (const Overwrite &W : Result.Written)
      if (W.Cell == Cell && isLater(W.At, Stored)) return true;
    for (const Export &E : Result.Exports)
      if (E.What.Kind == FactKind::Invalidate && E.What.Elements == Fate::Destroyed &&
          P.Storage.startsWith(Cell, E.What.Src))
        return true;
    return false;
  }
};

} // namespace

LoanSolution refleak::solveLoans(Program &P, FunctionId F, Callees &C, const SolveLimits &Limits) {
  return FunctionSolver(P, F, C, Limits).run();
}
