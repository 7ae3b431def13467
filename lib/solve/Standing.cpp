#include "solve/Standing.h"
#include "solve/Neighbours.h"
#include "solve/Solve.h"
#include "llvm/ADT/DenseSet.h"
#include <algorithm>
#include <map>
#include <set>

using namespace refleak;

namespace {

/// A data member, or a global: what stands for the same storage in all functions.
struct Member {
  PathId Prefix; ///< the path up to it, in the function concerned
  NameId Name;   ///< invalid when the path has none

  bool known() const { return Name.valid(); }
};

class StandingBorrows {
public:
  StandingBorrows(Solved &S, const Neighbours &Near) : Program(S), P(S.P), Storage(S.P.Storage), Near(Near) {}

  void run() {
    collectKills();
    for (LoanSolution &S : Program.Solutions) {
      findIn(S);
      findSelfMade(S);
      doubtQueues(S);
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
  Solved &Program;
  refleak::Program &P;
  Paths &Storage;
  std::map<NameId, std::vector<Kill>> Kills; ///< by the container's member
  const Neighbours &Near;

  /// The last member on the way to the container that \p Place lies in.
  Member containerOf(PathId Place) const {
    PathId At = Place;
    while (!Storage.isRoot(At) && Storage.last(At).Kind != ProjectionKind::Elem &&
           Storage.last(At).Kind != ProjectionKind::Inline) {
      if (Storage.last(At).Kind == ProjectionKind::Deref) return {};
      At = Storage.base(At);
    }
    if (Storage.isRoot(At)) return {};
    return memberOf(Storage.base(At));
  }

  Member memberOf(PathId At) const {
    for (; !Storage.isRoot(At); At = Storage.base(At)) {
      const Projection &Last = Storage.last(At);
      if (Last.Kind == ProjectionKind::Deref) return {};
      if (Last.Kind == ProjectionKind::Field && P.isMember(Last.Name)) return {At, Last.Name};
    }
    const Root &R = Storage.rootOf(At);
    return R.Kind == RootKind::Global ? Member{At, R.Name} : Member{};
  }

  std::vector<Projection> belowOf(PathId Place, PathId Prefix) const {
    std::vector<Projection> Below;
    for (; Place != Prefix; Place = Storage.base(Place)) Below.push_back(Storage.last(Place));
    std::reverse(Below.begin(), Below.end());
    return Below;
  }

  void collectKills() {
    for (const LoanSolution &S : Program.Solutions) {
      if (!S.Function.valid()) continue;
      const Function &F = Program.function(S.Function);
      if (F.IsConstructor || F.IsDestructor) continue;
      for (const Export &E : S.Exports) {
        if (E.What.Kind != FactKind::Invalidate || E.What.Sure == Certainty::Assumed) continue;
        Member M = containerOf(E.What.Src);
        if (M.known())
          Kills[M.Name].push_back({S.Function, E.What, E.At, belowOf(E.What.Src, M.Prefix), Program.site(S, E.At)});
      }
    }
  }

  static std::set<uint32_t> closure(FunctionId F, const Neighbours::Edges &Along) {
    std::set<uint32_t> Seen{F.index()};
    Neighbours::reach(Along, Seen);
    return Seen;
  }

  /// The members and globals that the path to \p Cell goes through: writing one of them resets the cell.
  std::set<NameId> holders(PathId Cell) const {
    std::set<NameId> Found;
    for (; !Storage.isRoot(Cell); Cell = Storage.base(Cell))
      if (Storage.last(Cell).Kind == ProjectionKind::Field && P.isMember(Storage.last(Cell).Name))
        Found.insert(Storage.last(Cell).Name);
    if (Storage.rootOf(Cell).Kind == RootKind::Global) Found.insert(Storage.rootOf(Cell).Name);
    return Found;
  }

  /// Whether the holders are reset when \p K kills: by it, by what it calls, or by what calls it before anybody looks.
  /// \p Store put the loan there in the function \p In.
  bool resets(const Kill &K, const std::set<NameId> &Holders, bool OneElement, FunctionId In, Point Store) const {
    const LoanSolution &Killer = Program.solution(K.In);
    if (!OneElement && isLookedAtAfter(Killer, K.When, Holders)) return false;
    auto resetsOf = [&](uint32_t I) {
      llvm::SmallVector<Point, 2> Resets = resetPoints(Program.Solutions[I], Holders, OneElement);
      // The store itself is a reset if it comes on every way.
      if (I == In.index() && isSometimes(Program.Solutions[I], Store))
        llvm::erase_if(Resets, [&](Point At) { return At == Store; });
      return Resets;
    };
    for (uint32_t I : closure(K.In, Near.called()))
      if (!resetsOf(I).empty()) return true;
    std::set<uint32_t> Above = closure(K.In, Near.callers());
    for (uint32_t I : Above) {
      const LoanSolution &S = Program.Solutions[I];
      for (Point At : resetsOf(I))
        if (!isLookedAtBefore(S, At, Holders, Above)) return true;
    }
    return false;
  }

  /// Whether a function, after it killed at \p Kill, goes through what a holder held when it was entered.
  bool isLookedAtAfter(const LoanSolution &S, Point Kill, const std::set<NameId> &Holders) const {
    return llvm::any_of(S.Exports, [&](const Export &E) {
      return goesThrough(E.What, Holders) && llvm::is_contained(E.After, Kill);
    });
  }

  /// Whether what a function stores at \p Store is in its cell at the exit beside what the cell held at entry.
  bool isSometimes(const LoanSolution &S, Point Store) const {
    return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
      return llvm::any_of(C.Holds, [&](const Held &H) { return H.Via == Store; }) &&
             llvm::any_of(C.Holds, [&](const Held &H) {
               const Loan &L = S.Loans[H.Loan.index()];
               return L.Initial && H.Alive && Storage.base(L.Target) == C.Path;
             });
    });
  }

  /// Where a function empties one of the holders or writes it anew.
  llvm::SmallVector<Point, 2> resetPoints(const LoanSolution &S, const std::set<NameId> &Holders,
                                          bool OneElement) const {
    llvm::SmallVector<Point, 2> Found;
    for (const Overwrite &W : S.Written)
      for (NameId Name : holders(W.Cell))
        if (Holders.count(Name) && (Storage.isRoot(W.Cell) || endsIn(W.Cell, Name))) Found.push_back(W.At);
    for (const Export &E : S.Exports) {
      if (E.What.Kind != FactKind::Invalidate || E.What.Elements != Fate::Destroyed) continue;
      Member M = containerOf(E.What.Src);
      if (M.known() && Holders.count(M.Name) && (OneElement || E.What.Which == Extent::All)) Found.push_back(E.At);
    }
    return Found;
  }

  /// Whether a function calls one of \p Killers and then, before it comes to \p Reset, one that goes through a holder.
  bool isLookedAtBefore(const LoanSolution &S, Point Reset, const std::set<NameId> &Holders,
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
        FunctionId Body = P.body(E->Symbol);
        Killed |= Body.valid() && Killers.count(Body.index());
      }
    return false;
  }

  bool goesThrough(const Fact &Each, const std::set<NameId> &Holders) const {
    if (Each.Kind != FactKind::Use || Storage.isRoot(Each.Src)) return false;
    return llvm::any_of(holders(Storage.base(Each.Src)), [&](NameId Name) { return Holders.count(Name) != 0; });
  }

  /// Whether \p Place is the member \p Name or its elements, not something that it leads to.
  bool endsIn(PathId Place, NameId Name) const {
    for (; !Storage.isRoot(Place); Place = Storage.base(Place)) {
      const Projection &Last = Storage.last(Place);
      if (Last.Kind == ProjectionKind::Deref) return false;
      if (Last.Kind == ProjectionKind::Field && Last.Name == Name) return true;
    }
    return Storage.rootOf(Place).Kind == RootKind::Global && Storage.rootOf(Place).Name == Name;
  }

  bool kills(const Kill &K, const Loan &L, const Member &Container) const {
    if (!(K.What.Kinds & maskOf(L.Kind))) return false;
    std::vector<Projection> Below = belowOf(L.Target, Container.Prefix);
    if (Below.size() < K.Below.size() || !std::equal(K.Below.begin(), K.Below.end(), Below.begin())) return false;
    return std::none_of(Below.begin() + K.Below.size(), Below.end(), [&](const Projection &Each) {
      return Each.Kind == ProjectionKind::Deref ||
             (Each.Kind == ProjectionKind::Elem && K.What.Elements == Fate::Moved);
    });
  }

  bool sameObject(PathId Cell, const Member &Container) const {
    return Storage.objectOf(Cell) == Storage.objectOf(Container.Prefix);
  }

  void findIn(LoanSolution &S) {
    if (!S.isSolved()) return;
    std::set<std::pair<NameId, NameId>> Reported;
    for (const State::Cell &C : S.AtExit.cells()) {
      RootKind K = Storage.rootOf(C.Path).Kind;
      if (K != RootKind::This && K != RootKind::Global && K != RootKind::Arg) continue;
      std::set<NameId> Holders = holders(C.Path);
      if (Holders.empty()) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        if (!H.Alive || L.Initial || !(maskOf(L.Kind) & AllBorrows) || L.Kind == LoanKind::End) continue;
        Member Container = containerOf(L.Target);
        if (!Container.known() || Holders.count(Container.Name)) continue;
        if (S.bodyAt(L.Issued) && S.bodyAt(H.Via)) continue; // the callee that stores it is told
        bool Closure = Program.isCaptured(S, H.Loan, C.Path, H.Via);
        if (!Closure && K != RootKind::Global && !sameObject(C.Path, Container)) continue;
        if (!Reported.insert({*Holders.begin(), Container.Name}).second) continue;
        report(S, C.Path, H, L, Container, Holders, Closure || K == RootKind::Global);
      }
    }
  }

  /// Whether \p R is a parameter that may lead to the same object in several calls.
  bool isShared(const LoanSolution &S, const Root &R) const {
    const std::vector<Parameter> &Parameters = Program.function(S.Function).Parameters;
    return R.Kind == RootKind::Arg && R.Index < Parameters.size() && Parameters[R.Index].How != Passing::Rvalue;
  }

  /// A constructor that inserts into a container and keeps an element: the next object's constructor kills the loan.
  void findSelfMade(LoanSolution &S) {
    if (!S.isSolved() || !Program.function(S.Function).IsConstructor) return;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (Storage.rootOf(C.Path).Kind != RootKind::This || !memberOf(C.Path).known()) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        if (!H.Alive || L.Initial || !(maskOf(L.Kind) & AllBorrows) || L.Kind == LoanKind::End) continue;
        for (const Export &E : S.Exports) {
          if (E.What.Kind != FactKind::Invalidate || E.What.Sure == Certainty::Assumed ||
              !(E.What.Kinds & maskOf(L.Kind)) || E.What.Which != Extent::All ||
              !isShared(S, Storage.rootOf(E.What.Src)) || !Storage.startsWith(L.Target, E.What.Src))
            continue;
          std::vector<Projection> Below = belowOf(L.Target, E.What.Src);
          if (std::any_of(Below.begin(), Below.end(), [&](const Projection &Each) {
                return Each.Kind == ProjectionKind::Deref || Each.Kind == ProjectionKind::Elem;
              }))
            continue;
          Event Found;
          Found.Kind = EventKind::Standing;
          Found.Loan = H.Loan;
          Found.Cell = C.Path;
          Found.Via = H.Via;
          Found.Killer = S.Function;
          Found.KilledAt = Program.site(S, E.At);
          S.Events.push_back(Found);
          return;
        }
      }
    }
  }

  /// What is put into a queue is taken out by whoever serves it, perhaps before the function that waits for it goes on.
  void doubtQueues(LoanSolution &S) {
    for (Event &E : S.Events) {
      if (E.Kind != EventKind::Escape || Storage.rootOf(E.Cell).Kind == RootKind::Ret) continue;
      if (!S.mayWait(Program.function(S.Function), E.Via, E.Death)) continue;
      Member Container = containerOf(E.Cell);
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
    for (LoanSolution &S : Program.Solutions)
      std::erase_if(S.Events, [&](const Event &E) {
        LoanId First = E.Loan;
        while (S.Loans[First.index()].Parent.valid()) First = S.Loans[First.index()].Parent;
        const Effects *From = S.bodyAt(S.Loans[First.index()].Issued);
        FunctionId Callee = From ? P.body(From->Symbol) : FunctionId();
        if (!Callee.valid() || Callee == S.Function) return false;
        const std::vector<Event> &There = Program.solution(Callee).Events;
        return std::any_of(There.begin(), There.end(), [](const Event &Each) { return Each.Kind != EventKind::Use; });
      });
  }

  void report(LoanSolution &S, PathId Cell, const Held &H, const Loan &L, const Member &Container,
              const std::set<NameId> &Holders, bool SingleErasuresToo) {
    auto It = Kills.find(Container.Name);
    if (It == Kills.end()) return;
    for (const Kill &Each : It->second) {
      bool One = Each.What.Which != Extent::All;
      if (!SingleErasuresToo && !P.Storage.startsWith(L.Target, Each.What.Src)) continue;
      if ((One && !SingleErasuresToo) || !kills(Each, L, Container) || resets(Each, Holders, One, S.Function, H.Via))
        continue;
      Event E;
      E.Kind = EventKind::Standing;
      E.Loan = H.Loan;
      E.Cell = Cell;
      E.Via = H.Via;
      E.Killer = Each.In;
      E.KilledAt = Each.At;
      S.Events.push_back(E);
      return;
    }
  }
};

} // namespace

void refleak::findStandingBorrows(Solved &Program, const Neighbours &Near) { StandingBorrows(Program, Near).run(); }
