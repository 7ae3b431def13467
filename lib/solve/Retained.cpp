#include "solve/Retained.h"
#include "solve/Neighbours.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace refleak;

namespace {

class RetainedFinder {
public:
  RetainedFinder(Solved &S, const Neighbours &Near) : Program(S), P(S.P), Storage(S.P.Storage), Near(Near) {}

  void run() {
    for (LoanSolution &S : Program.solutions()) {
      if (!S.isSolved() || !S.ReachesExit || endsObjects(S.Function)) continue;
      findDestroyed(S);
      findPutBack(S);
    }
  }

private:
  Solved &Program;
  refleak::Program &P;
  Paths &Storage;
  const Neighbours &Near;

  using Projections = llvm::SmallVector<Projection, 4>;

  /// A destructor, or called by one, however far.
  bool endsObjects(FunctionId F) const {
    std::set<uint32_t> Seen{F.index()};
    return Neighbours::reach(Near.callers(), Seen) ||
           llvm::any_of(Seen, [&](uint32_t I) { return P.Functions[I].IsDestructor; });
  }

  /// The path from the last member on; empty if there is none before the object's end.
  Projections fromMember(PathId Place) const {
    Projections Found;
    for (; !Storage.isRoot(Place); Place = Storage.base(Place)) {
      const Projection &Last = Storage.last(Place);
      if (Last.Kind == ProjectionKind::Deref) return {};
      Found.insert(Found.begin(), Last);
      if (Last.Kind == ProjectionKind::Field && P.isMember(Last.Name)) return Found;
    }
    return {};
  }

  /// Whether \p Cell is what a member that is a container holds, in an object that others can see.
  bool inContainer(PathId Cell) const {
    RootKind K = Storage.rootOf(Cell).Kind;
    if (K != RootKind::This && K != RootKind::Arg && K != RootKind::Global) return false;
    return llvm::any_of(fromMember(Cell), [](const Projection &Each) { return Each.Kind == ProjectionKind::Elem; });
  }

  bool leadsFrom(const Loan &L, const Projections &Member) const {
    return !Storage.isRoot(L.Target) && Storage.last(L.Target).Kind == ProjectionKind::Deref &&
           fromMember(Storage.base(L.Target)) == Member;
  }

  /// Whether \p S takes elements out of the member, or empties it.
  bool removes(const LoanSolution &S, NameId Member) const {
    auto isOf = [&](PathId Place) {
      Projections From = fromMember(Place);
      return !From.empty() && From[0].Name == Member;
    };
    return llvm::any_of(S.Written, [&](const auto &W) { return isOf(W.Cell); }) ||
           llvm::any_of(
               S.Emptied,
               [&](const auto &W) { return isOf(W.first) && Storage.last(W.first).Kind != ProjectionKind::Elem; }) ||
           llvm::any_of(S.Exports,
                        [&](const Export &E) { return E.What.Kind == FactKind::Invalidate && isOf(E.What.Src); });
  }

  bool familyRemoves(FunctionId F, NameId Member) const {
    for (const auto *Edges : {&Near.called(), &Near.callers()}) {
      std::set<uint32_t> Family{F.index()};
      if (Neighbours::reach(*Edges, Family)) return true;
      if (llvm::any_of(Family, [&](uint32_t I) { return removes(Program.solution(FunctionId(I)), Member); }))
        return true;
    }
    return false;
  }

  /// Whether a function that makes no object puts something new into such a cell.
  bool isRefilled(const Projections &Member) const {
    return llvm::any_of(Program.solutions(), [&](const LoanSolution &S) {
      if (!S.isSolved() || Program.function(S.Function).IsConstructor) return false;
      return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
        return inContainer(C.Path) && fromMember(C.Path) == Member &&
               llvm::any_of(C.Holds, [&](const Held &H) { return !leadsFrom(S.Loans[H.Loan.index()], Member); });
      });
    });
  }

  /// A function that gives out what such a cell holds, or a destructor that deletes it.
  FunctionId meetsAgain(const Projections &Member, FunctionId Except) const {
    for (const LoanSolution &S : Program.solutions()) {
      if (!S.isSolved() || S.Function == Except) continue;
      for (const State::Cell &C : S.AtExit.cells())
        if (Storage.rootOf(C.Path).Kind == RootKind::Ret && Storage.isRoot(C.Path))
          for (const Held &H : C.Holds)
            if (leadsFrom(S.Loans[H.Loan.index()], Member)) return S.Function;
      if (Program.function(S.Function).IsDestructor && destroyedIn(S, Member)) return S.Function;
    }
    return FunctionId();
  }

  const Export *destroyedIn(const LoanSolution &S, const Projections &Member) const {
    for (const Export &E : S.Exports)
      if (isDelete(E) && fromMember(Storage.base(E.What.Src)) == Member) return &E;
    return nullptr;
  }

  bool isDelete(const Export &E) const {
    return E.What.Kind == FactKind::Expire && E.What.Ending == End::Delete && E.What.Sure != Certainty::Assumed &&
           !Storage.isRoot(E.What.Src) && Storage.last(E.What.Src).Kind == ProjectionKind::Deref;
  }

  /// Whether a callee that is solved itself destroys it and knows where it came from.
  bool knownToCallee(const LoanSolution &S, const Export &E, const Projections &Member) const {
    const Effects *From = S.bodyAt(E.At);
    FunctionId Body = From ? P.body(From->Symbol) : FunctionId();
    return Body.valid() && destroyedIn(Program.solution(Body), Member);
  }

  void findDestroyed(LoanSolution &S) {
    std::set<PathId> Seen;
    for (const Export &E : S.Exports) {
      if (!isDelete(E)) continue;
      PathId Cell = Storage.base(E.What.Src);
      if (!inContainer(Cell) || !Seen.insert(Cell).second) continue;
      Projections Member = fromMember(Cell);
      const HeldSet *Holds = S.AtExit.find(Cell);
      bool Replaced =
          Holds && llvm::any_of(*Holds, [&](const Held &H) { return S.Loans[H.Loan.index()].Target != E.What.Src; });
      if (Replaced || knownToCallee(S, E, Member) || isRefilled(Member) || familyRemoves(S.Function, Member[0].Name))
        continue;
      FunctionId Again = meetsAgain(Member, S.Function);
      auto L = llvm::find_if(S.Loans, [&](const Loan &Each) { return Each.Loaded && Each.Target == E.What.Src; });
      if (!Again.valid() || L == S.Loans.end()) continue;
      report(S, LoanId(uint32_t(L - S.Loans.begin())), Cell, Point(), E.At, Again);
    }
  }

  void findPutBack(LoanSolution &S) {
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!inContainer(C.Path)) continue;
      for (const Held &H : C.Holds) {
        if (H.Alive || !H.Death.valid() || !H.Via.valid() || H.Death < H.Via) continue;
        const Fact &Death = Program.fact(S, H.Death);
        const Loan &L = S.Loans[H.Loan.index()];
        if (Death.Kind != FactKind::Expire || Death.Ending != End::Delete || Death.Sure != Certainty::Must) continue;
        if (leadsFrom(L, fromMember(C.Path)) || familyRemoves(S.Function, fromMember(C.Path)[0].Name)) continue;
        report(S, H.Loan, C.Path, H.Via, H.Death, FunctionId());
        return;
      }
    }
  }

  void report(LoanSolution &S, LoanId L, PathId Cell, Point Via, Point Death, FunctionId Again) {
    Event E;
    E.Kind = EventKind::Retained;
    E.Loan = L;
    E.Cell = Cell;
    E.Via = Via;
    E.Death = E.At = Death;
    E.Killer = Again;
    S.Events.push_back(E);
  }
};

} // namespace

void refleak::findRetained(Solved &Program, const Neighbours &Near) { RetainedFinder(Program, Near).run(); }
