#include "solve/Standing.h"
#include "solve/Resets.h"
#include "solve/Solve.h"
#include <algorithm>
#include <map>
#include <set>

using namespace refleak;

namespace {

class StandingBorrows {
public:
  StandingBorrows(Solved &S, const Neighbours &Near)
      : Program(S), P(S.P), Storage(S.P.Storage), Of(S.P), Taken(S, Near) {}

  void run() {
    collectKills();
    for (LoanSolution &S : Program.solutions()) {
      findIn(S);
      findSelfMade(S);
      doubtContainers(S);
      doubtUses(S);
    }
    dropEchoes();
  }

private:
  struct Kill {
    FunctionId In;
    Fact What;
    Point When;
    std::vector<Projection> Below; ///< from the member on
    Span At;
  };
  /// A cell that outlives the function holds a living loan on a content of a container that does, too.
  struct Borrow {
    PathId Cell;
    const Held &By;
    const Loan &L;
    Member Container;
    const std::set<NameId> &Holders; ///< the members on the ways to the cell
    bool IsGlobal = false;
    bool OneSuffices = false; ///< who ends a single element may end this one
    bool Elsewhere = false;   ///< else: the cell lies in another object, which an object with the container leads to
  };
  Solved &Program;
  refleak::Program &P;
  Paths &Storage;
  std::map<NameId, std::vector<Kill>> Kills; ///< by the container's member
  Members Of;
  Resets Taken;

  void collectKills() {
    for (const LoanSolution &S : Program.solutions()) {
      if (!S.Function.valid()) continue;
      const Function &F = Program.function(S.Function);
      if (F.IsConstructor || F.IsDestructor) continue;
      for (const Export &E : S.Exports) {
        if (E.What.Kind != FactKind::Invalidate || E.What.Sure == Certainty::Assumed) continue;
        Member M = Of.containerOf(E.What.Src);
        if (M.known())
          Kills[M.Name].push_back({S.Function, E.What, E.At, Of.belowOf(E.What.Src, M.Prefix), Program.site(S, E.At)});
      }
    }
  }

  bool kills(const Kill &K, const Loan &L, const Member &Container) const {
    std::vector<Projection> Below = Of.belowOf(L.Target, Container.Prefix);
    if (Below.size() < K.Below.size() || !std::equal(K.Below.begin(), K.Below.end(), Below.begin())) return false;
    if (K.What.Which == Extent::One && areOtherKeys(K.What.By, L.Key)) return false;
    // What lies in an element ends with it, whatever it is lent as.
    bool Inside = K.What.Which != Extent::All && K.What.Elements == Fate::Destroyed &&
                  std::any_of(Below.begin() + K.Below.size(), Below.end(), isElement);
    if (!Inside && !(K.What.Kinds & maskOf(L.Kind))) return false;
    return std::none_of(Below.begin() + K.Below.size(), Below.end(), [&](const Projection &Each) {
      return Each.Kind == ProjectionKind::Deref ||
             (Each.Kind == ProjectionKind::Elem && K.What.Elements == Fate::Moved);
    });
  }

  /// Whether both name elements by literals, and not the same one.
  bool areOtherKeys(PathId A, PathId B) const { return A != B && Of.isLiteral(A) && Of.isLiteral(B); }

  /// Whether \p Lent lies in \p Ended, each told of a global or of an object that its function was given, in whatever
  /// way.
  bool isOfSuchObject(PathId Lent, PathId Ended) const {
    bool Shared = Storage.rootOf(Lent).Kind == RootKind::Global || Storage.rootOf(Ended).Kind == RootKind::Global;
    if (Shared && Storage.rootPath(Lent) != Storage.rootPath(Ended)) return false;
    auto fromObject = [&](PathId Path) { return Of.belowOf(Path, Storage.rootPath(Path)); };
    std::vector<Projection> Inner = fromObject(Lent), Outer = fromObject(Ended);
    return Inner.size() >= Outer.size() && std::equal(Outer.begin(), Outer.end(), Inner.begin());
  }

  /// Where \p Cell can be found after the function: there, or by way of what leads to the allocation that it lies in.
  llvm::SmallVector<PathId, 2> waysTo(const LoanSolution &S, PathId Cell) const {
    auto outlives = [&](PathId Each) {
      RootKind K = Storage.rootOf(Each).Kind;
      return K == RootKind::This || K == RootKind::Global || K == RootKind::Arg;
    };
    if (outlives(Cell)) return {Cell};
    llvm::SmallVector<PathId, 2> Found;
    if (Storage.rootOf(Cell).Kind != RootKind::Heap) return Found;
    for (const State::Cell &C : S.AtExit.cells())
      if (outlives(C.Path) && llvm::any_of(C.Holds, [&](const Held &H) {
            return H.Alive && S.Loans[H.Loan.index()].Target == Storage.rootPath(Cell);
          }))
        Found.push_back(C.Path);
    return Found;
  }

  /// Whether \p Cell lies in an element of what a member of \p Object leads to.
  bool isKeptFor(PathId Cell, PathId Object) const {
    return Storage.containers(Cell) != 0 && Storage.objectOf(Cell) != Object && Storage.startsWith(Cell, Object);
  }

  /// Whether \p Cell has a place for each of the elements that \p L, lent in a loop over them, leads to.
  bool holdsEach(const LoanSolution &S, PathId Cell, const Loan &L) const {
    if (Storage.containers(Cell) == 0) return false;
    for (const Loan *Each = &L; Each->Parent.valid();) {
      Each = &S.Loans[Each->Parent.index()];
      if (Each->Issued.valid() && Program.fact(S, Each->Issued).Kind == FactKind::Advance) return true;
    }
    return false;
  }

  /// Whether what is put into an element of a holder stays there for good, and somebody looks at it: the element that
  /// \p K ends is among what was collected. Who ends it by what the holder has of it may put something else there.
  bool isCollected(const Borrow &B, const Kill &K) const {
    auto isHolder = [&](NameId Name) { return B.Holders.count(Name) != 0; };
    if (Storage.containers(B.Cell) == 0 || (K.What.By.valid() && llvm::any_of(Of.holders(K.What.By), isHolder)))
      return false;
    return Taken.isLookedAt(B.Cell) && !Taken.happensEver(B.Holders);
  }

  void findIn(LoanSolution &S) {
    if (!S.isSolved()) return;
    std::set<std::pair<NameId, NameId>> Reported;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (P.isUnseen(C.Path)) continue;
      llvm::SmallVector<PathId, 2> Ways = waysTo(S, C.Path);
      if (Ways.empty()) continue;
      std::set<NameId> Holders = Of.holders(C.Path);
      for (PathId Way : Ways) Holders.merge(Of.holders(Way));
      if (Holders.empty()) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        if (!H.Alive || L.Initial || !(maskOf(L.Kind) & AllBorrows) || L.Kind == LoanKind::End) continue;
        Member Container = Of.containerOf(L.Target);
        if (!Container.known() || Holders.count(Container.Name)) continue;
        if (S.bodyAt(L.Issued) && S.bodyAt(H.Via)) continue; // the callee that stores it is told
        Borrow B{C.Path, H, L, Container, Holders};
        B.IsGlobal = Storage.rootOf(C.Path).Kind == RootKind::Global;
        B.OneSuffices = B.IsGlobal || Program.isCaptured(S, H.Loan, C.Path, H.Via);
        PathId Object = Storage.objectOf(Container.Prefix);
        B.Elsewhere = !B.OneSuffices && !Of.isOfGlobal(Container) &&
                      llvm::none_of(Ways, [&](PathId Way) { return Storage.objectOf(Way) == Object; });
        if (B.Elsewhere && !isKeptFor(C.Path, Object)) continue;
        std::pair<NameId, NameId> Both(*Holders.begin(), Container.Name);
        if (!Reported.count(Both) && report(S, B)) Reported.insert(Both);
      }
    }
  }

  /// Whether \p R is a parameter that may lead to the same object in several calls.
  bool isShared(const LoanSolution &S, const Root &R) const {
    if (R.Kind != RootKind::Arg) return false;
    std::vector<Parameter> Parameters = P.whole(S.Function).Parameters;
    return R.Index < Parameters.size() && Parameters[R.Index].How != Passing::Rvalue;
  }

  /// A constructor that inserts into a container and keeps an element: the next object's constructor kills the loan.
  /// One that keeps a view of all has filled a buffer that it was given to keep its text in.
  void findSelfMade(LoanSolution &S) {
    if (!S.isSolved() || !Program.function(S.Function).IsConstructor) return;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (Storage.rootOf(C.Path).Kind != RootKind::This || !Of.memberOf(C.Path).known()) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        bool OfElement = L.Kind == LoanKind::Ref || L.Kind == LoanKind::Iterator;
        if (!H.Alive || L.Initial || !OfElement || isRefilled(S, L, H)) continue;
        for (const Export &E : S.Exports) {
          if (E.What.Kind != FactKind::Invalidate || E.What.Sure == Certainty::Assumed ||
              !(E.What.Kinds & maskOf(L.Kind)) || E.What.Which != Extent::All ||
              !isShared(S, Storage.rootOf(E.What.Src)) || !Storage.startsWith(L.Target, E.What.Src))
            continue;
          std::vector<Projection> Below = Of.belowOf(L.Target, E.What.Src);
          if (std::any_of(Below.begin(), Below.end(), [&](const Projection &Each) {
                return Each.Kind == ProjectionKind::Deref || Each.Kind == ProjectionKind::Elem;
              }))
            continue;
          S.addEndedElsewhere(EventKind::Standing, C.Path, H, S.Function, Program.site(S, E.At));
          return;
        }
      }
    }
  }

  /// Objects that sign on where they are made, and off where they end. Who destroys an allocation is not told.
  bool maySignOff(const LoanSolution &S, const Event &E) const {
    std::set<NameId> Holders = Of.holders(E.Cell);
    RootKind Lent = Storage.rootOf(S.Loans[E.Loan.index()].Target).Kind;
    if (Lent == RootKind::Local || Lent == RootKind::Temp || Lent == RootKind::Arg)
      return Taken.happensInDestructorCalledBy(S.Function, Holders);
    return Taken.happensInDestructor(Holders);
  }

  /// An object tells those that know it, by calls that are not followed this far, when it ends.
  void doubtUses(LoanSolution &S) {
    for (Event &E : S.Events) {
      if (E.Kind != EventKind::Use || !E.Death.valid()) continue;
      RootKind K = Storage.rootOf(S.Loans[E.Loan.index()].Target).Kind;
      Fact Death = Program.fact(S, E.Death);
      // What smart pointers and containers destroy is destroyed unseen; `delete` is followed.
      bool Unseen = K == RootKind::Heap && Death.Ending != End::Delete;
      if (S.bodyAt(E.Death) && !(Unseen && Death.Kind == FactKind::Expire)) continue;
      if (Program.fact(S, E.At).How == Access::Wait)
        E.MayBeUndone |= S.mayWaitForCode(P.whole(S.Function), E.Via, E.Death);
      std::set<NameId> Holders = Of.holders(E.Cell);
      if (Holders.empty()) continue;
      if (K == RootKind::Local && !E.Death.inEffects())
        E.MayBeUndone |= Taken.happensInDestructorCalledBy(S.Function, Holders);
      bool OfClass = Storage.rootOf(E.Cell).Kind == RootKind::Global; // no object's destructor ends it
      E.MayBeUndone |= Unseen && Storage.containers(E.Cell) != 0 &&
                       (OfClass ? Taken.happensInDestructor(Holders) : Taken.happensInDestructorOfOthers(Holders));
    }
  }

  /// Whether \p R stands for what goes on by itself: models and lowering name such globals so.
  bool isDetached(const Root &R) const {
    return R.Kind == RootKind::Global && P.Symbols.text(R.Name).starts_with("detached_");
  }

  /// What is put into a container is taken out by whoever serves it, perhaps before the function that waits for it goes
  /// on.
  void doubtContainers(LoanSolution &S) {
    for (Event &E : S.Events) {
      if (E.Kind != EventKind::Escape || Storage.rootOf(E.Cell).Kind == RootKind::Ret) continue;
      if (Storage.rootOf(S.Loans[E.Loan.index()].Target).Kind == RootKind::Ret)
        E.MayBeUndone |= Taken.happensInDestructor(Of.holders(E.Cell));
      E.MayBeUndone |= Storage.containers(E.Cell) != 0 && maySignOff(S, E);
      E.MayBeUndone |= Program.isCaptured(S, E.Loan, E.Cell, E.Via) && S.waits(P.whole(S.Function), E.Via, E.Death);
      if (!S.mayWait(P.whole(S.Function), E.Via, E.Death)) continue;
      // Nobody keeps it, so anybody may let it run to its end. Whoever lets a callee start something may know when that
      // has run, too.
      bool RunsApart = S.Loans[E.Loan.index()].Why == Reason::Frame || Program.fact(S, E.Via).Why == Reason::Frame ||
                       (S.bodyAt(E.Via) && isDetached(Storage.rootOf(E.Cell)));
      E.MayBeUndone |= Storage.rootOf(E.Cell).Kind == RootKind::Global && RunsApart;
      Member Container = Of.containerOf(E.Cell);
      auto It = Container.known() ? Kills.find(Container.Name) : Kills.end();
      if (It != Kills.end()) E.MayBeUndone |= llvm::any_of(It->second, [&](const Kill &K) { return takesFromEnd(K); });
    }
  }

  /// Whether it removes the first or the last element, not a certain one.
  bool takesFromEnd(const Kill &K) const {
    return K.What.Which == Extent::One && K.What.By.valid() && Storage.rootOf(K.What.By).Kind == RootKind::Constant &&
           K.What.Elements == Fate::Destroyed;
  }

  /// What callers see of a loan that a callee stores and that is reported there is the same mistake again.
  void dropEchoes() {
    for (LoanSolution &S : Program.solutions())
      std::erase_if(S.Events, [&](const Event &E) {
        const Effects *From = S.bodyAt(S.first(E.Loan).Issued);
        FunctionId Callee = From ? P.body(From->Symbol) : FunctionId();
        if (!Callee.valid() || Callee == S.Function) return false;
        const std::vector<Event> &There = Program.solution(Callee).Events;
        return std::any_of(There.begin(), There.end(), [](const Event &Each) { return Each.Kind != EventKind::Use; });
      });
  }

  /// Whether the function gives the container new contents before it stores a loan on them: what it stored when it ran
  /// before was on contents that everybody knows to be gone.
  bool isRefilled(const LoanSolution &S, const Loan &L, const Held &H) const {
    return llvm::any_of(S.Exports, [&](const Export &E) {
      return E.What.Kind == FactKind::Invalidate && E.What.Which == Extent::All && E.What.Cond == When::Always &&
             (E.What.Kinds & maskOf(L.Kind)) && Storage.startsWith(L.Target, E.What.Src) && H.Via.valid() &&
             S.Order[E.At.fact()] <= S.Order[H.Via.fact()];
    });
  }

  /// Whether all that a container has in it goes, whatever that is.
  static bool isFill(const Fact &What) { return What.Which == Extent::All && What.Cond == When::Always; }

  /// Whether the function of \p K has changed the container before: it is no new one.
  bool isOld(const Kill &K) const {
    const LoanSolution &S = Program.solution(K.In);
    bool Changed = false;
    for (const Export &E : S.Exports) {
      if (E.What.Kind != FactKind::Invalidate || !Storage.startsWith(E.What.Src, K.What.Src) ||
          S.Order[E.At.fact()] >= S.Order[K.When.fact()])
        continue;
      if (isFill(E.What) && E.What.Elements == Fate::Destroyed) return false;
      Changed = true;
    }
    return Changed;
  }

  bool report(LoanSolution &S, const Borrow &B) {
    auto It = Kills.find(B.Container.Name);
    if (It == Kills.end()) return false;
    // A member that is not always stored may have been set by the caller just before, if anybody else sets it, or the
    // object may be a new one, if it is filled.
    bool Alone = Storage.rootOf(B.Cell).Kind == RootKind::This && !Taken.happensEver(B.Holders, S.Function);
    Resets::Event Always{S.Function, B.IsGlobal ? B.By.Via : Point()};
    Resets::Event Store{S.Function, B.IsGlobal || Alone ? B.By.Via : Point()};
    if (B.Elsewhere && Taken.happensInDestructor(B.Holders)) return false;
    for (const Kill &Each : It->second) {
      bool One = Each.What.Which != Extent::All;
      if (!B.OneSuffices && !isOfSuchObject(B.L.Target, Each.What.Src)) continue;
      if (!kills(Each, B.L, B.Container)) continue;
      PathId Key = B.L.Key.valid() || !B.L.Within.valid() ? B.L.Key : S.Loans[B.L.Within.index()].Key;
      bool SameKey = Each.What.By == Key && (Of.isLiteral(Key) || namesFirst(P, Key));
      bool IsCollected = isCollected(B, Each);
      bool Concerned = !One || (SameKey && Of.isLiteral(Key));
      bool LookedAt =
          Concerned && !B.Elsewhere && Taken.isLookedAtAfter({Each.In, Each.When}, B.Holders, Each.What.Src);
      if (Each.In == S.Function && isRefilled(S, B.L, B.By) && !IsCollected && !LookedAt &&
          !Taken.mayOutlast({Each.In, Each.When}, B.Holders, isOld(Each) ? Store : Always))
        continue;
      bool MayBeMeant = !One || B.OneSuffices || SameKey || holdsEach(S, B.Cell, B.L) || IsCollected;
      if (!MayBeMeant) continue;
      if (!LookedAt && Taken.happensWith({Each.In, Each.When}, B.Holders, One || B.Elsewhere,
                                         isFill(Each.What) && !isOld(Each) ? Always : Store))
        continue;
      S.addEndedElsewhere(EventKind::Standing, B.Cell, B.By, Each.In, Each.At);
      return true;
    }
    return false;
  }
};

} // namespace

void refleak::findStandingBorrows(Solved &Program, const Neighbours &Near) { StandingBorrows(Program, Near).run(); }
