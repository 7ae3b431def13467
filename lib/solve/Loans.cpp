#include "solve/Loans.h"
#include "solve/Transfer.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <map>
#include <set>

using namespace refleak;

namespace {

class FunctionSolver {
public:
  FunctionSolver(Program &P, FunctionId Id, Callees &C, const SolveLimits &Limits)
      : P(P), F(P.whole(Id)), T(P, F, C, Limits) {
    Result.Function = Id;
  }

  LoanSolution run() {
    if (F.Blocks.empty()) return std::move(Result);
    orderBlocks();
    findFlags();
    findTempsOfOneBlock();
    Out.resize(F.Blocks.size());
    if (solveBlocks()) keepNotes();
    Result.HasLost = !Lost.empty();
    Result.Loans = T.Loans.take();
    return std::move(Result);
  }

private:
  Program &P;
  const Function F;
  Transfer T;
  LoanSolution Result;
  std::vector<uint32_t> Blocks;    ///< in reverse postorder
  std::vector<uint32_t> Position;  ///< of each block in Blocks; ~0 when unreachable
  std::vector<uint32_t> FirstFact; ///< number of the first fact of each block
  std::vector<std::vector<uint32_t>> Predecessors;
  std::vector<std::vector<uint32_t>> Stretches; ///< loops, and blocks outside of loops, each after all that lead to it
  std::vector<uint32_t> LoopOf;                 ///< of each block; 0: it is in none
  std::vector<std::vector<PathId>> DyingTemps;  ///< by block: temporaries that no other block mentions
  llvm::DenseSet<PathId> Lost;                  ///< cells that may have held more loans than are told apart
  std::vector<PathId> Flags;                    ///< that some test tells the value of, at most MaxFlags
  llvm::DenseSet<PathId> Telling;               ///< results of calls that tell by them what they did
  std::vector<uint32_t> Live;                   ///< by block: the flags that it or what follows may ask for, a bit each
  llvm::BitVector Joined;                       ///< blocks with more than MaxCases
  std::vector<std::vector<State>> Out;          ///< by block: one state a case; none: not reached yet
  uint64_t StepsWalked = 0;                     ///< as Transfer::Steps, without those that loops took to settle

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
    LoopOf.resize(N);
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
    uint32_t Loops = 0;
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
      if (Cycle || Component.size() != 1) {
        ++Loops;
        for (uint32_t B : Component) LoopOf[B] = Loops;
      }
      llvm::sort(Component, [&](uint32_t A, uint32_t B) { return Position[A] < Position[B]; });
      Stretches.push_back(std::move(Component));
    }
  }

  /// What is known of flags tells cases apart as long as a test, or a caller, may ask for it (trace partitioning:
  /// Mauborgne, Rival, Trace Partitioning in Abstract Interpretation Based Static Analyzers, 2005).
  static constexpr unsigned MaxFlags = 32, MaxParameters = 2, MaxCases = 8, MaxResults = 2;

  bool isResult(PathId Path) const { return Path.valid() && P.Storage.rootOf(Path).Kind == RootKind::Ret; }

  /// What \p Each, a fact of the function, writes as a whole; invalid when it writes no cell.
  PathId writtenBy(const Fact &Each) const {
    return Each.Kind == FactKind::Call ? F.Calls[Each.Call].Result : Each.Dst;
  }

  /// Whether some of what \p Each, a fact of the function, does happens only when it gives true, or false.
  bool tellsByResult(const Fact &Each) {
    if (Each.Kind != FactKind::Call) return false;
    const Call &Site = F.Calls[Each.Call];
    if (!Site.Result.valid() || !P.Storage.isRoot(Site.Result) || !Site.Callee.valid() || Site.Virtual) return false;
    const Effects *Known = T.effectsOf(Site.Callee);
    return Known && llvm::any_of(Known->Facts, [&](const Fact &Inside) { return isResult(Inside.If); });
  }

  /// The flags on which depends what \p Each, a fact of the function, does: a callee tells its arguments apart.
  uint32_t toldApartBy(const Fact &Each, llvm::function_ref<uint32_t(PathId)> BitOf) {
    if (Each.Kind != FactKind::Call) return 0;
    const Call &Site = F.Calls[Each.Call];
    auto isFlag = [&](PathId Arg) { return Arg.valid() && llvm::is_contained(Flags, Arg); };
    if (!Site.Callee.valid() || Site.Virtual || llvm::none_of(Site.Args, isFlag)) return 0;
    const Effects *Known = T.effectsOf(Site.Callee);
    if (!Known) return 0;
    uint32_t Asked = 0;
    for (const Fact &Inside : Known->Facts) {
      if (!Inside.If.valid() || !P.Storage.isRoot(Inside.If)) continue;
      const Root &R = P.Storage.rootOf(Inside.If);
      if (R.Kind == RootKind::Arg && R.Index < Site.Args.size() && isFlag(Site.Args[R.Index]))
        Asked |= BitOf(Site.Args[R.Index]);
    }
    return Asked;
  }

  void findFlags() {
    Live.assign(F.Blocks.size(), 0);
    Joined.resize(F.Blocks.size());
    llvm::DenseSet<PathId> Written, Results;
    auto follow = [&](PathId Flag) {
      if (T.Flags.insert(Flag).second && Flags.size() < MaxFlags) Flags.push_back(Flag);
    };
    for (uint32_t B : Blocks)
      for (const Fact &Each : F.Blocks[B].Facts) {
        if (PathId Cell = writtenBy(Each); Cell.valid()) Written.insert(Cell);
        if (Each.Kind == FactKind::Call && writtenBy(Each).valid()) Results.insert(writtenBy(Each));
        if (tellsByResult(Each)) Telling.insert(writtenBy(Each));
      }
    if (llvm::any_of(Telling, [&](PathId Cell) { return isResult(Cell); })) follow(result());
    auto tellsNothing = [&](PathId Flag) {
      return P.Storage.rootOf(Flag).Kind == RootKind::Temp && Results.contains(Flag) && !Telling.contains(Flag);
    };
    for (uint32_t B : Blocks)
      for (const Fact &Each : F.Blocks[B].Facts)
        if (Each.tellsFlag() && !tellsNothing(Each.Src)) follow(Each.Src);
    if (Flags.empty()) return;
    auto bitOf = [&](PathId Flag) { return uint32_t(1) << (llvm::find(Flags, Flag) - Flags.begin()); };
    uint32_t Asked = 0;
    unsigned Parameters = 0;
    for (PathId Flag : Flags)
      if (P.Storage.rootOf(Flag).Kind == RootKind::Arg && !Written.contains(Flag) && Parameters++ < MaxParameters)
        Asked |= bitOf(Flag);
    uint32_t Parametric = Asked;
    if (llvm::is_contained(Flags, result())) Asked |= bitOf(result());
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (uint32_t B : llvm::reverse(Blocks)) {
        uint32_t Here = Asked;
        for (BlockId To : F.Blocks[B].Successors) Here |= Live[To.index()];
        for (const Fact &Each : llvm::reverse(F.Blocks[B].Facts)) {
          if (PathId Cell = writtenBy(Each); Cell.valid() && llvm::is_contained(Flags, Cell)) Here &= ~bitOf(Cell);
          if (Each.Kind == FactKind::Assume && llvm::is_contained(Flags, Each.Src)) Here |= bitOf(Each.Src);
          Here |= toldApartBy(Each, bitOf);
        }
        Changed |= Here != std::exchange(Live[B], Here);
      }
    }
    for (uint32_t I = 0; I < Flags.size(); ++I)
      if (Parametric >> I & 1) T.Parametric.insert(Flags[I]);
  }

  PathId result() const { return P.Storage.root({RootKind::Ret, 0, NameId()}); }

  /// What is known in \p S that block \p B may ask for.
  llvm::SmallVector<Known, 0> askedFor(const State &S, uint32_t B) const {
    llvm::SmallVector<Known, 0> Asked;
    llvm::copy_if(S.Flags, std::back_inserter(Asked), [&](const Known &K) {
      auto It = llvm::find(Flags, K.Flag);
      return It != Flags.end() && (Live[B] >> (It - Flags.begin()) & 1);
    });
    return Asked;
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

  /// A cell that was lost is lost at the start of each block from then on. (If it were told apart again wherever
  /// little comes in, what is stored through it would come and go, and the states would not settle.)
  void keepLost(State &S) {
    if (Lost.empty()) return;
    for (State::Cell &C : S.cells())
      if (Lost.contains(C.Path)) C.Holds.lose();
  }

  /// Whether \p Each is a call that is run once for each result: it tells by it what it did, and a test may ask.
  bool isRunByResult(const Fact &Each) const {
    PathId Gives = writtenBy(Each);
    return Each.Kind == FactKind::Call && Gives.valid() && Telling.contains(Gives) && llvm::is_contained(Flags, Gives);
  }

  /// How often block \p B is run for each of its cases: once for each combination of the results of its first calls
  /// that tell by them what they did.
  uint32_t runsOf(uint32_t B) const {
    if (Telling.empty()) return 1;
    size_t Calls = llvm::count_if(F.Blocks[B].Facts, [&](const Fact &Each) { return isRunByResult(Each); });
    return 1u << std::min<size_t>(Calls, MaxResults);
  }

  /// The states at the entry of block \p B, one a run: those of a case stand side by side.
  std::vector<State> startsOf(uint32_t B) {
    std::vector<State> Cases = entryOf(B), Starts;
    uint32_t Runs = runsOf(B);
    if (Runs == 1) return Cases;
    for (const State &Case : Cases) Starts.insert(Starts.end(), Runs, Case);
    return Starts;
  }

  /// \p Results: a bit for each of the first calls that tell by their result what they did, whether it is true.
  void runBlock(State &S, uint32_t B, uint32_t Results) {
    keepLost(S);
    const std::vector<Fact> &Facts = F.Blocks[B].Facts;
    for (uint32_t I = 0, Calls = 0; I < Facts.size() && !S.Impossible; ++I) {
      const Fact &Each = Facts[I];
      if (PathId Gives = writtenBy(Each); Each.Kind == FactKind::Call && Gives.valid()) S.forget(Gives);
      if (isRunByResult(Each) && Calls < MaxResults) S.learn(writtenBy(Each), Results >> Calls++ & 1);
      T.apply(S, Each, FirstFact[B] + I, LoopOf[B] != 0);
    }
    for (const State::Cell &C : S.cells())
      if (C.Holds.IsLost) Lost.insert(C.Path);
    if (DyingTemps[B].empty()) return;
    llvm::DenseSet<PathId> Dying(DyingTemps[B].begin(), DyingTemps[B].end());
    S.eraseIf([&](PathId Cell) { return Dying.contains(P.Storage.rootPath(Cell)); });
  }

  /// The states at the entry of block \p B, one a case, ordered.
  std::vector<State> entryOf(uint32_t B) {
    std::vector<State> Cases;
    auto add = [&](const State &From) {
      llvm::SmallVector<Known, 0> Known = askedFor(From, B);
      auto It = llvm::find_if(Cases, [&](const State &S) { return Joined.test(B) || S.Flags == Known; });
      if (It != Cases.end()) return T.join(*It, From);
      Cases.push_back(From);
      Cases.back().Flags = std::move(Known);
    };
    auto collectCases = [&] {
      Cases.clear();
      if (B == 0) add(State());
      for (uint32_t Pred : Predecessors[B])
        for (const State &From : Out[Pred]) add(From);
    };
    collectCases();
    if (Cases.size() > MaxCases) {
      Joined.set(B);
      collectCases();
    }
    llvm::sort(Cases, [](const State &A, const State &B) { return A.Flags < B.Flags; });
    return Cases;
  }

  static bool same(const State &A, const State &B) {
    if (A.cells().size() != B.cells().size() || A.Reserved != B.Reserved || A.Possible != B.Possible ||
        A.Empty != B.Empty || A.Certain != B.Certain || A.Absent != B.Absent || A.Flags != B.Flags)
      return false;
    for (size_t I = 0; I < A.cells().size(); ++I)
      if (A.cells()[I].Path != B.cells()[I].Path || A.cells()[I].Holds != B.cells()[I].Holds) return false;
    return true;
  }

  /// Solves the function stretch by stretch. False if nothing is known of it: a loop was given up.
  bool solveBlocks() {
    for (const std::vector<uint32_t> &Stretch : Stretches) {
      bool Loops = LoopOf[Stretch[0]] != 0;
      Result.GaveUp = Loops && !iterate(Stretch);
      if (Result.GaveUp) return false;
      collect(Stretch, Loops);
      if (Result.GaveUp) break;
    }
    return true;
  }

  /// Runs \p Loop until its states settle; false if they do not within the limits.
  bool iterate(llvm::ArrayRef<uint32_t> Loop) {
    std::set<uint32_t> Work;
    for (uint32_t B : Loop) Work.insert(Position[B]);
    std::vector<uint32_t> Rounds(Blocks.size());
    while (!Work.empty()) {
      uint32_t I = *Work.begin();
      Work.erase(Work.begin());
      uint32_t B = Blocks[I];
      std::vector<State> Cases = startsOf(B);
      for (uint32_t N = 0, Runs = runsOf(B); N != Cases.size(); ++N) runBlock(Cases[N], B, N % Runs);
      llvm::erase_if(Cases, [](const State &S) { return S.Impossible; });
      if (Cases.empty()) continue;
      if (T.outOfSteps() || ++Rounds[I] > 60) return false;
      if (llvm::equal(Out[B], Cases, same)) continue;
      Out[B] = std::move(Cases);
      for (BlockId To : F.Blocks[B].Successors)
        if (LoopOf[To.index()] == LoopOf[B]) Work.insert(Position[To.index()]);
    }
    return true;
  }

  /// Walks through \p Stretch when all is known of what comes before it: once more, if it is a loop.
  void collect(llvm::ArrayRef<uint32_t> Stretch, bool Loops) {
    std::swap(T.Steps, StepsWalked);
    T.Collecting = true;
    for (uint32_t B : Stretch) {
      std::vector<State> Cases = startsOf(B);
      if (Cases.size() == 1)
        runBlock(Cases[0], B, 0);
      else
        collectCases(B, Cases);
      if (Loops) continue;
      llvm::erase_if(Cases, [](const State &S) { return S.Impossible; });
      Out[B] = std::move(Cases);
    }
    T.Collecting = false;
    Result.GaveUp = T.outOfSteps();
    std::swap(T.Steps, StepsWalked);
  }

  template <class T> static std::vector<T> eachOnce(std::vector<T> List) {
    llvm::sort(List);
    List.erase(std::unique(List.begin(), List.end()), List.end());
    return List;
  }

  void keepNotes() {
    Result.Events.insert(Result.Events.begin(), T.Noted.Events.begin(), T.Noted.Events.end());
    Result.Calls = std::move(T.Noted.Resolutions);
    llvm::sort(Result.Calls, [](const Resolved &A, const Resolved &B) { return A.Fact < B.Fact; });
    Result.Exports = std::move(T.Noted.Exports);
    Result.Closures = std::move(T.Noted.Closures);
    Result.Through = std::move(T.Noted.Through);
    Result.Rings = std::move(T.Noted.Rings);
    Result.Mutuals = eachOnce(std::move(T.Noted.Mutuals));
    keepOwningStores();
    Result.Emptied = std::move(T.Noted.Emptied);
    Result.TakenOut = std::move(T.Noted.TakenOut);
    Result.Guesses = eachOnce(std::move(T.Noted.Guesses));
    Result.EndedInside = std::move(T.Noted.EndedInside);
    Result.Written = eachOnce(std::move(T.Noted.Written));
    Result.Replaced = eachOnce(std::move(T.Noted.Replaced));
    uint32_t Exit = F.Blocks.size() - 1;
    if (Position[Exit] != ~0u && !Out[Exit].empty()) {
      Result.ReachesExit = true;
      Result.AtExit = Out[Exit][0];
      for (const State &S : llvm::drop_begin(Out[Exit])) T.join(Result.AtExit, S);
      if (Out[Exit].size() > 1) Result.ExitCases = Out[Exit];
      noteExchanges();
      collectEscapes();
    }
    doubtTakenBack();
    keepFirstUses();
  }

  /// A local that others held is gone, and they are looked at: they may have let it go before.
  void doubtTakenBack() {
    for (Event &E : Result.Events) {
      bool OfScope = E.Kind == EventKind::Use && E.Death.valid() && !E.Death.inEffects() &&
                     factAt(E.Death).Kind == FactKind::Expire && factAt(E.Death).Ending == End::Scope;
      if (OfScope && E.Via.valid() && E.Cell.valid() && T.outlives(E.Cell))
        E.MayBeUndone |= mayBeTakenBack(E.Cell, T.Loans[E.Loan].Target, E.Via);
    }
  }

  /// Containers that the function was given and that have each other's contents in the end: what callers have borrowed
  /// of the one is lent by the other one then.
  void noteExchanges() {
    std::map<PathId, PathId> Went;
    for (const State::Cell &C : Result.AtExit.cells()) {
      PathId From = T.followed(C.Path);
      if (!From.valid() || C.Holds.size() != 1 || C.Holds.front().Death.valid()) continue;
      Went[From] = T.Loans[C.Holds.front().Loan].Target;
    }
    for (auto [From, To] : Went) {
      auto Back = Went.find(To);
      if (Back == Went.end() || Back->second != From || !(From < To)) continue;
      Export E;
      E.What.Kind = FactKind::Move;
      E.What.Dst = P.Storage.base(To);
      E.What.Src = P.Storage.base(From);
      Result.Exports.push_back(std::move(E));
    }
  }

  /// Keeps those that RingFinder asks for: by way of which a ring goes, and which keep the object that has a member
  /// leading to where they store.
  void keepOwningStores() {
    std::set<Point> InRings;
    auto note = [&](const Ring &R) {
      for (const Link &L : R.Links) InRings.insert(L.Via);
    };
    for (const Ring &R : Result.Rings) {
      note(R);
      llvm::for_each(R.Otherwise, note);
    }
    auto keepsOwner = [&](const OwningStore &Each) {
      PathId Object = P.Storage.objectOf(Each.Into[0].first);
      return Each.isCertain() && !P.Storage.isRoot(Object) && llvm::any_of(Each.What, [&](LoanId L) {
               return P.Storage.objectOf(T.Loans[L].Target) == P.Storage.objectOf(P.Storage.base(Object));
             });
    };
    for (OwningStore &Each : T.OwningStores)
      if (InRings.count(Each.Via) || keepsOwner(Each)) Result.OwningStores.push_back(std::move(Each));
  }

  /// What happens in several cases is told once; what does not happen in all of them is not certain.
  void collectCases(uint32_t B, std::vector<State> &Cases) {
    Notes Before = std::exchange(T.Noted, {}), Here;
    std::vector<std::vector<Event>> Of;
    for (uint32_t I = 0, Runs = runsOf(B); I != Cases.size(); ++I) {
      runBlock(Cases[I], B, I % Runs);
      Of.push_back(T.Noted.Events);
      Here.unite(std::exchange(T.Noted, {}));
    }
    for (Event &E : Here.Events)
      if (E.Sure == Certainty::Must &&
          !llvm::all_of(Of, [&](const std::vector<Event> &Events) { return llvm::is_contained(Events, E); }))
        E.Sure = Certainty::May;
    Before.append(std::move(Here));
    T.Noted = std::move(Before);
  }

  /// One event for each element lent and each death: the first use in program order tells the story, the surest one how
  /// sure it is.
  void keepFirstUses() {
    auto identity = [&](LoanId L) {
      const Loan &First = T.Loans.first(L);
      return std::pair(First.Issued, First.Initial ? First.Target : PathId());
    };
    llvm::sort(Result.Events, [](const Event &A, const Event &B) {
      return std::tie(A.Kind, A.At, A.Death, A.Loan, A.Cell, A.Via) <
             std::tie(B.Kind, B.At, B.Death, B.Loan, B.Cell, B.Via);
    });
    std::map<std::tuple<std::pair<Point, PathId>, Point>, Certainty> Surest;
    for (const Event &E : Result.Events) {
      if (E.Kind != EventKind::Use) continue;
      auto [It, Fresh] = Surest.try_emplace({identity(E.Loan), E.Death}, E.Sure);
      It->second = std::min(It->second, E.Sure);
    }
    llvm::erase_if(Result.Events, [&](Event &E) {
      if (E.Kind != EventKind::Use) return false;
      auto First = Surest.extract({identity(E.Loan), E.Death});
      if (First.empty()) return true;
      if (E.Sure == Certainty::Assumed) E.Sure = First.mapped();
      return false;
    });
    mergeAlternatives();
  }

  /// What a cell may lead to, each at its place (`head`, `head->next`), and has all died of one fact, is one mistake.
  void mergeAlternatives() {
    std::map<std::tuple<Point, Point, PathId, LoanKind>, Certainty> Surest;
    auto alternatives = [&](const Event &E) { return std::tuple(E.At, E.Death, E.Cell, T.Loans[E.Loan].Kind); };
    auto isOne = [&](const Event &E) { return E.Kind == EventKind::Use && T.Loans[E.Loan].Initial; };
    for (const Event &E : Result.Events) {
      if (!isOne(E)) continue;
      auto [It, Fresh] = Surest.try_emplace(alternatives(E), E.Sure);
      It->second = std::min(It->second, E.Sure);
    }
    llvm::erase_if(Result.Events, [&](Event &E) {
      if (!isOne(E)) return false;
      auto First = Surest.extract(alternatives(E));
      if (First.empty()) return true;
      E.Sure = First.mapped();
      return false;
    });
  }

  const Fact &factAt(Point At) const { return Result.factAt(F, At); }

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

  /// Whether \p Scope is that of a temporary, which has ended before anything else could be put where it was stored.
  bool endsAtOnce(Point Scope) const { return Scope.valid() && factAt(Scope).Ending == End::Temporary; }

  /// Whether the loan comes out of a body that is solved itself: what it does with it is told there.
  bool issuedByCallee(const Loan &L) const { return Result.bodyAt(L.Issued); }

  /// Where the function's own smart pointer that alone owned what \p H leads to ended; none when that is not known.
  Point endOfOwner(const Held &H) const {
    PathId Target = T.Loans[H.Loan].Target;
    if (H.Alive || H.Death.inEffects()) return Point();
    if (llvm::is_contained(T.Noted.Shared, P.Storage.rootPath(Target))) return Point();
    const Fact &Death = factAt(H.Death);
    if (Death.Kind != FactKind::Expire || Death.Ending != End::Scope || !P.Storage.isRoot(Death.Src)) return Point();
    // An owner that lets go on some way (`release`) may have done so where the loan was kept.
    bool LetsGo = llvm::any_of(Result.Emptied, [&](const auto &Each) { return Each.first == Death.Src; });
    return LetsGo ? Point() : H.Death;
  }

  /// Where what \p H leads to became the result, or went into it, after \p H was stored; none if it did not. What a
  /// constructor stores of the result itself is told by callers.
  Point becameResult(const Held &H) const {
    const Loan &L = T.Loans[H.Loan];
    bool OnResult = H.Alive && !H.Death.valid() && H.Via.valid() && !L.Initial && L.Kind != LoanKind::Weak &&
                    P.Storage.rootOf(L.Target).Kind == RootKind::Ret && P.Storage.derefs(L.Target) == 0;
    if (!OnResult) return Point();
    auto isResult = [&](PathId Path) { return Path.valid() && P.Storage.rootOf(Path).Kind == RootKind::Ret; };
    Point Became;
    for (uint32_t I = 0; I < Result.Order.size(); ++I) {
      const Fact &Each = factAt(Point::ofFact(I));
      bool Names = isResult(Each.Dst) || isResult(Each.Src);
      if (Each.Kind == FactKind::Call)
        Names |= isResult(F.Calls[Each.Call].Result) || isResult(F.Calls[Each.Call].This);
      if (!Names) continue;
      if (I == H.Via.fact() || Result.comesTo(F, I, H.Via.fact())) return Point();
      if (!Became.valid() && Result.comesTo(F, H.Via.fact(), I)) Became = Point::ofFact(I);
    }
    return Became;
  }

  bool diedByInvalidation(const Held &H) const { return factAt(H.Death).Kind == FactKind::Invalidate; }

  /// Whether the function put \p H into \p Cell and itself destroyed, by `delete`, with its owner or with the element
  /// that owned it, what that leads to.
  bool isLeftBehind(PathId Cell, const Held &H) const {
    const Loan &L = T.Loans[H.Loan];
    if (!H.Via.valid() || wasHeldBy(P.Storage, Cell, L) || Result.bodyAt(H.Death)) return false;
    const Fact &Death = factAt(H.Death);
    if (Death.Kind == FactKind::Invalidate) return L.Initial && Death.Elements == Fate::Destroyed;
    return Death.Kind == FactKind::Expire && (Death.Ending == End::Delete || Death.Ending == End::Reset);
  }

  /// Whether \p Cell is a global, or a variable or member of an object that the function was given: it is written anew
  /// wherever the function says so.
  bool isOneVariable(PathId Cell) const {
    RootKind Root = P.Storage.rootOf(Cell).Kind;
    bool Given = Root == RootKind::This || Root == RootKind::Arg;
    return (Given || Root == RootKind::Global) && P.Storage.containers(Cell) == 0 && P.Storage.derefs(Cell) == Given;
  }

  /// Cells that are there after the function: those that outlive it, and what its own allocations hold when such a cell
  /// leads to them.
  std::vector<PathId> survivingCells() {
    const State &S = Result.AtExit;
    llvm::DenseSet<PathId> Objects;
    auto survives = [&](PathId Cell) {
      if (P.isUnseen(Cell)) return false;
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
    std::vector<PathId> Surviving = survivingCells();
    llvm::DenseSet<PathId> HeldByOthers;
    for (PathId Cell : Surviving)
      for (const Held &H : *Result.AtExit.find(Cell)) HeldByOthers.insert(P.Storage.rootPath(T.Loans[H.Loan].Target));
    for (PathId Cell : Surviving) {
      const HeldSet &Holds = *Result.AtExit.find(Cell);
      for (const Held &H : Holds) {
        const Loan &L = T.Loans[H.Loan];
        RootKind Root = P.Storage.rootOf(Cell).Kind;
        if (Point Became = Root == RootKind::Global ? becameResult(H) : Point(); Became.valid())
          addReturned(Cell, H, Became);
        if (!H.Death.valid() || L.Kind == LoanKind::Weak || L.Kind == LoanKind::Code) continue;
        if (F.IsDestructor && Root == RootKind::This) continue;
        bool Returned = Root == RootKind::Ret;
        bool All = llvm::all_of(Holds, [](const Held &Each) { return !Each.Alive; });
        bool GoneThere = All || (!H.Alive && isOneVariable(Cell));
        bool LeftBehind = GoneThere && !Returned && isLeftBehind(Cell, H);
        bool WasThere = L.Initial || !H.Via.valid();
        if (WasThere && !(Returned && All) && !LeftBehind) continue;
        Point Scope = H.Alive ? Point() : endOfScope(L.Target);
        if ((Root == RootKind::Global || Root == RootKind::Heap) && isEndOfProgram(Scope)) continue;
        Event E = escape(Cell, H, H.Death);
        E.Sure = L.Sure == Certainty::Assumed ? Certainty::Assumed : All ? Certainty::Must : Certainty::May;
        if (Scope.valid())
          E.Death = Scope;
        else if (Returned)
          E.Kind = EventKind::Use;
        else if (Point Owner = endOfOwner(H); Owner.valid())
          E.Death = Owner;
        else if (LeftBehind)
          E.Kind = EventKind::Orphaned;
        else if (!diedByInvalidation(H) || issuedByCallee(L))
          continue; // that an allocation was given away and freed elsewhere is no escape of this function's storage
        E.MayBeUndone = E.Kind != EventKind::Use && !Returned &&
                        ((!endsAtOnce(Scope) && mayBeTakenBack(Cell, L.Target, H.Via)) || mayBeReplaced(Cell, H.Via) ||
                         mayBeUnlinked(Cell, L.Target, H.Via) || looksAtThreadLater(Cell, H.Via) ||
                         ((isAwaited(L.Target, Cell, H.Via) || waitsForOthers(HeldByOthers, H.Via)) &&
                          Result.mayWait(F, H.Via, E.Death)));
        Result.Events.push_back(E);
      }
    }
  }

  static Event escape(PathId Cell, const Held &H, Point Death) {
    Event E;
    E.Kind = EventKind::Escape;
    E.Loan = H.Loan;
    E.Cell = Cell;
    E.Via = H.Via;
    E.Death = Death;
    E.At = H.Via;
    return E;
  }

  /// A global keeps what the function returns: it is there as long as the caller likes.
  void addReturned(PathId Cell, const Held &H, Point Became) {
    Event E = escape(Cell, H, Became);
    E.Sure = T.Loans[H.Loan].Sure == Certainty::Assumed ? Certainty::Assumed : Certainty::May;
    E.MayBeUndone = mayBeTakenBack(Cell, T.Loans[H.Loan].Target, H.Via) || mayBeReplaced(Cell, H.Via);
    Result.Events.push_back(E);
  }

  /// Whether the program ends with the scope that ends at \p Scope: nobody but static objects looks at what globals
  /// hold then.
  bool isEndOfProgram(Point Scope) const {
    if (!Scope.valid() || P.Symbols.text(F.Symbol) != "main") return false;
    auto goesOn = [&](const Fact &Each) {
      if (Each.Kind != FactKind::Call) return Each.Kind == FactKind::Live;
      FunctionId Callee = F.Calls[Each.Call].Callee.valid() ? P.body(F.Calls[Each.Call].Callee) : FunctionId();
      return !Callee.valid() || !P.Functions[Callee.index()].IsDestructor;
    };
    for (uint32_t I = 0; I < Result.Order.size(); ++I)
      if (isLater(Point::ofFact(I), Scope) && goesOn(factAt(Point::ofFact(I)))) return false;
    return true;
  }

  /// Whether \p A stands after \p B in the text: blocks are numbered in its order.
  bool isLater(Point A, Point B) const { return Result.Order[A.fact()] > Result.Order[B.fact()]; }

  /// Whether a loop behind \p Stored, other than one that holds it, goes on or ends by nothing but looks of which
  /// \p Concerns is true. One that ends by something else as well (`while (!Done && poll())`) has waited in vain then.
  bool isLoopDecidedAfter(Point Stored, llvm::function_ref<bool(const Fact &, uint32_t Loop)> Concerns) const {
    uint32_t StoringLoop = LoopOf[Result.Order[Stored.fact()].first];
    auto looks = [&](const Fact &Each, uint32_t Loop) {
      bool Looks = Each.Kind == FactKind::Use || Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy;
      return Looks && Each.Src.valid() && Concerns(Each, Loop);
    };
    llvm::DenseMap<uint32_t, bool> Decided; // by loop
    for (uint32_t B = 0; B < F.Blocks.size(); ++B) {
      uint32_t Loop = LoopOf[B];
      const std::vector<BlockId> &Next = F.Blocks[B].Successors;
      if (Loop == 0 || Loop == StoringLoop || Result.Order[Stored.fact()] > std::pair(B, ~0u)) continue;
      if (llvm::none_of(Next, [&](BlockId To) { return LoopOf[To.index()] != Loop; })) continue;
      bool &ByLooks = Decided.try_emplace(Loop, true).first->second;
      ByLooks &= llvm::any_of(F.Blocks[B].Facts, [&](const Fact &Each) { return looks(Each, Loop); });
    }
    return llvm::any_of(Decided, [](const auto &Each) { return Each.second; });
  }

  /// Whether a loop goes on or ends by a look at \p Local after that was put into a queue or a closure: then the
  /// function may wait for what runs there (`while (Running) yield();`), which facts do not say. A loop that puts it
  /// there does not wait.
  bool isAwaited(PathId Local, PathId Cell, Point Stored) const {
    Local = P.Storage.rootPath(Local);
    RootKind K = P.Storage.rootOf(Local).Kind;
    if (K != RootKind::Local && K != RootKind::Arg) return false;
    if (P.Storage.containers(Cell) == 0) return false;
    llvm::DenseSet<uint32_t> Changing = loopsThatErase(Local);
    return isLoopDecidedAfter(Stored, [&](const Fact &Look, uint32_t Loop) {
      return P.Storage.startsWith(Look.Src, Local) && !Changing.contains(Loop);
    });
  }

  /// The loops in which the function itself takes elements out of \p Local: what it looks at there is its own work.
  llvm::DenseSet<uint32_t> loopsThatErase(PathId Local) const {
    llvm::DenseSet<uint32_t> Found;
    auto erases = [](const Effects *E) {
      return E->Source == EffectSource::Model && llvm::any_of(E->Facts, [](const Fact &Each) {
               return Each.Kind == FactKind::Invalidate && Each.Elements == Fate::Destroyed;
             });
    };
    for (const Resolved &Each : Result.Calls) {
      if (!llvm::any_of(Each.Candidates, erases)) continue;
      auto [B, I] = Result.Order[Each.Fact];
      PathId Object = F.Calls[F.Blocks[B].Facts[I].Call].This;
      bool IsLocal = llvm::any_of(llvm::ArrayRef(F.Blocks[B].Facts).take_front(I), [&](const Fact &Before) {
        return Before.Kind == FactKind::Borrow && Before.Dst == Object && P.Storage.startsWith(Before.Src, Local);
      });
      if (IsLocal) Found.insert(LoopOf[B]);
    }
    return Found;
  }

  /// Whether a loop behind \p Stored goes on or ends by a look at nothing but a variable of the function's own that
  /// others hold (`while (!Request.Done) poll();`): it is they who end the loop, and what was stored may have been let
  /// go by then.
  bool waitsForOthers(const llvm::DenseSet<PathId> &HeldByOthers, Point Stored) const {
    return Stored.valid() && isLoopDecidedAfter(Stored, [&](const Fact &Look, uint32_t) {
             return Look.Kind == FactKind::Use && P.Storage.derefs(Look.Src) == 0 &&
                    HeldByOthers.contains(P.Storage.rootPath(Look.Src));
           });
  }

  /// Whether \p Cell is a capture of what was put, at \p Stored, where nobody keeps it, as a detached thread is, and
  /// the function looks afterwards at something of its own that was captured, or at what it was given by that: it may
  /// wait.
  bool looksAtThreadLater(PathId Cell, Point Stored) const {
    if (P.Storage.rootOf(Cell).Kind != RootKind::Global || P.Storage.isRoot(Cell)) return false;
    PathId Closure = P.Storage.base(Cell);
    if (P.Storage.isRoot(Closure) || P.Storage.last(Closure).Kind != ProjectionKind::Inline) return false;
    llvm::DenseSet<PathId> Concerned;
    for (const State::Cell &C : Result.AtExit.cells())
      if (!P.Storage.isRoot(C.Path) && P.Storage.base(C.Path) == Closure)
        for (const Held &H : C.Holds)
          if (PathId Target = T.Loans[H.Loan].Target; !T.outlives(Target)) Concerned.insert(P.Storage.rootPath(Target));
    auto concerns = [&](PathId Path) { return Path.valid() && Concerned.contains(P.Storage.rootPath(Path)); };
    llvm::BitVector Later = behind(Result.Order[Stored.fact()].first, ~0u);
    for (uint32_t I = 0; I < Result.Order.size(); ++I) {
      const Fact &Each = factAt(Point::ofFact(I));
      bool Looks = false;
      if (Each.Kind == FactKind::Call) {
        const Call &Site = F.Calls[Each.Call];
        Looks = concerns(Site.This) || llvm::any_of(Site.Args, concerns);
        if (Looks && Site.Result.valid()) Concerned.insert(P.Storage.rootPath(Site.Result));
      } else if (Each.Kind == FactKind::Use || Each.Kind == FactKind::Copy || Each.Kind == FactKind::Borrow) {
        Looks = concerns(Each.Src);
        if (Looks && Each.Dst.valid()) Concerned.insert(P.Storage.rootPath(Each.Dst));
      }
      bool After = Result.Order[I].first == Result.Order[Stored.fact()].first ? I > Stored.fact()
                                                                              : Later.test(Result.Order[I].first);
      if (Looks && After) return true;
    }
    return false;
  }

  /// Whether what the function does at \p At comes behind \p Stored on some of the ways that meet again before the
  /// exit.
  bool isPerhapsBehind(Point Stored, Point At) const {
    uint32_t From = Result.Order[Stored.fact()].first, To = Result.Order[At.fact()].first;
    bool OnOneWay = From == To || behind(From, ~0u).test(To);
    return isLater(At, Stored) && OnOneWay && (Result.bodyAt(At) || meetAgain(Stored, At));
  }

  /// Whether the function writes the cell again, which leads to \p Target, or takes elements out of the container it
  /// lies in: that this happens on every path that matters (`if (Current && Current->Of == this) Current = nullptr`)
  /// cannot be seen. A cell that is always stored, and that nobody looks at to find out whether to write it again,
  /// stays as it is on some path that matters.
  bool mayBeTakenBack(PathId Cell, PathId Target, Point Stored) const {
    for (const Overwrite &W : Result.Written) {
      if (W.Cell != Cell) continue;
      if (W.IsOneOf && !isLater(Stored, W.At)) return true;
      if (isPerhapsBehind(Stored, W.At) &&
          (Result.bodyAt(W.At) || isOnlySometimes(Stored) || resultMayTell(Stored) || looksBefore(Cell, W.At)))
        return true;
    }
    for (const Replacement &R : Result.Replaced)
      if (P.Storage.startsWith(Cell, R.Cell) &&
          (R.Self.valid() ? R.Self == P.Storage.rootPath(Target) && !isLater(Stored, R.At) : isLater(R.At, Stored)))
        return true;
    return llvm::any_of(Result.Exports, [&](const Export &E) {
      return E.What.Kind == FactKind::Invalidate && E.What.Elements == Fate::Destroyed &&
             isPerhapsBehind(Stored, E.At) && P.Storage.startsWith(Cell, E.What.Src);
    });
  }

  /// Whether a callee may have set the member \p Cell, of an object that it knows as one of many only, anew behind
  /// \p Stored: the other loan that it put there is still good.
  bool mayBeReplaced(PathId Cell, Point Stored) const {
    if (P.Storage.isRoot(Cell) || P.Storage.last(Cell).Kind != ProjectionKind::Field) return false;
    return llvm::any_of(*Result.AtExit.find(Cell), [&](const Held &Each) {
      return Each.Alive && !Each.Death.valid() && Each.Via.valid() && Result.bodyAt(Each.Via) &&
             isPerhapsBehind(Stored, Each.Via);
    });
  }

  /// Whether \p Node hangs in a list by \p Cell, the link of a neighbour, and a callee writes links of such nodes
  /// behind
  /// \p Stored. Which neighbour it takes the node away from is not known.
  bool mayBeUnlinked(PathId Cell, PathId Node, Point Stored) const {
    llvm::StringRef Class = classOfMember(Cell);
    if (Class.empty() || !P.Storage.isRoot(Node) || !isOfClass(Node, Class)) return false;
    auto writesLinks = [&](const Effects *Callee) {
      return !isConstructor(Callee->Symbol) && llvm::any_of(Callee->Facts, [&](const Fact &Each) {
        return Each.Dst.valid() && classOfMember(Each.Dst) == Class;
      });
    };
    return llvm::any_of(Result.Calls, [&](const Resolved &Each) {
      return isLater(Point::ofFact(Each.Fact), Stored) && llvm::any_of(Each.Candidates, writesLinks);
    });
  }

  bool isConstructor(NameId Symbol) const {
    FunctionId Body = Symbol.valid() ? P.body(Symbol) : FunctionId();
    return Body.valid() && P.Functions[Body.index()].IsConstructor;
  }

  /// Whether a constructor of \p Class makes \p Object, or the function mentions a member of that class in it.
  bool isOfClass(PathId Object, llvm::StringRef Class) const {
    auto isMember = [&](PathId Path) {
      return Path.valid() && P.Storage.rootPath(Path) == Object && classOfMember(Path) == Class;
    };
    auto isMadeBy = [&](const Block &B, const Call &Site) {
      return isConstructor(Site.Callee) &&
             llvm::StringRef(P.Functions[P.body(Site.Callee).index()].Display).starts_with(Class.str() + "::") &&
             llvm::any_of(B.Facts, [&](const Fact &Each) { return Each.Dst == Site.This && Each.Src == Object; });
    };
    return llvm::any_of(F.Blocks, [&](const Block &B) {
      return llvm::any_of(B.Facts, [&](const Fact &Each) {
        return isMember(Each.Dst) || isMember(Each.Src) ||
               (Each.Kind == FactKind::Call && isMadeBy(B, F.Calls[Each.Call]));
      });
    });
  }

  /// The class that the data member \p Cell is one of; empty if it is none.
  llvm::StringRef classOfMember(PathId Cell) const {
    bool IsMember = !P.Storage.isRoot(Cell) && P.Storage.last(Cell).Kind == ProjectionKind::Field;
    return IsMember ? P.classOf(P.Storage.last(Cell).Name) : llvm::StringRef();
  }

  /// Whether some way from \p Stored passes \p Undone by, and meets those that go through it before the exit. One that
  /// returns early, or ends in an error, does not.
  bool meetAgain(Point Stored, Point Undone) const {
    uint32_t From = Result.Order[Stored.fact()].first, Avoided = Result.Order[Undone.fact()].first;
    if (From == Avoided) return false;
    llvm::BitVector Past = behind(From, Avoided), Through = behind(Avoided, ~0u);
    Past.reset(Past.size() - 1);
    return Past.anyCommon(Through);
  }

  /// Whether some way through the function does not come by \p At.
  bool isOnlySometimes(Point At) const {
    uint32_t Block = Result.Order[At.fact()].first;
    return Block != 0 && behind(0, Block).test(F.Blocks.size() - 1);
  }

  /// Whether a branch follows on the call that stores: what it gave may tell whether it did
  /// (`if (start(&x) == 0) stop();`).
  bool resultMayTell(Point Stored) const {
    if (!Stored.inEffects()) return false;
    auto [B, I] = Result.Order[Stored.fact()];
    return F.Blocks[B].Successors.size() > 1 &&
           llvm::none_of(llvm::drop_begin(F.Blocks[B].Facts, I + 1),
                         [](const Fact &Each) { return Each.Kind == FactKind::Call; });
  }

  /// Whether a block that decides whether control comes to \p Write looks at \p Cell.
  bool looksBefore(PathId Cell, Point Write) const {
    uint32_t Written = Result.Order[Write.fact()].first;
    auto avoids = [&](BlockId B) {
      return B.index() != Written &&
             (B.index() == F.Blocks.size() - 1 || behind(B.index(), Written).test(F.Blocks.size() - 1));
    };
    for (uint32_t I = 0; I < Result.Order.size(); ++I) {
      const Fact &Each = factAt(Point::ofFact(I));
      if (!Each.Src.valid() || !P.Storage.startsWith(Each.Src, Cell)) continue;
      const std::vector<BlockId> &Next = F.Blocks[Result.Order[I].first].Successors;
      if (llvm::any_of(Next, avoids) && !llvm::all_of(Next, avoids)) return true;
    }
    return false;
  }

  /// The blocks that control may come to from the end of \p From without going through \p Avoided.
  llvm::BitVector behind(uint32_t From, uint32_t Avoided) const { return blocksBehind(F, From, Avoided); }
};

} // namespace

LoanSolution refleak::solveLoans(Program &P, FunctionId F, Callees &C, const SolveLimits &Limits) {
  return FunctionSolver(P, F, C, Limits).run();
}
