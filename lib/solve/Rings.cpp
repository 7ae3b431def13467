#include "solve/Rings.h"
#include "solve/Running.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

using namespace refleak;

namespace {

/// Calls of callees that are looked into to see what a store means there.
constexpr unsigned MaxDepth = 8;

class RingFinder {
public:
  explicit RingFinder(Solved &S) : Program(S), P(S.P), Storage(S.P.Storage), Runs(runningFunctions(S)) {}

  void run() {
    for (const LoanSolution &S : Program.solutions()) {
      collectOpenings(S);
      collectInner(S);
    }
    for (LoanSolution &S : Program.solutions())
      if (S.isSolved()) closeInner(S);
    for (LoanSolution &S : Program.solutions()) findIn(S);
  }

private:
  using Projections = llvm::SmallVector<Projection, 4>;
  struct Opening {
    FunctionId In;
    Point At;
    Projections Below; ///< from the member on: what is emptied
  };
  Solved &Program;
  refleak::Program &P;
  Paths &Storage;
  llvm::BitVector Runs;
  std::map<NameId, std::vector<Opening>> Openings; ///< by the member that is emptied
  std::map<NameId, std::vector<Opening>> Pointees; ///< by the member that leads to what is emptied
  std::map<NameId, NameId>
      PartOf; ///< members that lead to another member of their own object; that one, if it is known

  unsigned derefs(PathId Place) const {
    unsigned Count = 0;
    for (; !Storage.isRoot(Place); Place = Storage.base(Place))
      Count += Storage.last(Place).Kind == ProjectionKind::Deref;
    return Count;
  }

  /// What lies below the object that \p Place belongs to, or below its member \p Of.
  Projections tailOf(PathId Place, NameId Of = NameId()) const {
    Projections Tail;
    for (; !Storage.isRoot(Place) && Storage.last(Place).Kind != ProjectionKind::Deref; Place = Storage.base(Place)) {
      if (Of.valid() && Storage.last(Place).Name == Of) break;
      Tail.insert(Tail.begin(), Storage.last(Place));
    }
    return Tail;
  }

  /// The members that \p Place lies in, the nearest first, up to the object it belongs to.
  llvm::SmallVector<NameId, 4> membersOf(PathId Place) const {
    llvm::SmallVector<NameId, 4> Found;
    Projections Tail = tailOf(Place);
    for (const Projection &Each : llvm::reverse(Tail))
      if (Each.Kind == ProjectionKind::Field && P.isMember(Each.Name)) Found.push_back(Each.Name);
    return Found;
  }

  static bool isPrefix(const Projections &Short, const Projections &Long) {
    return Short.size() <= Long.size() && std::equal(Short.begin(), Short.end(), Long.begin());
  }

  bool makesOrEnds(const Function &F) const { return F.IsConstructor || F.IsDestructor; }

  void collectOpenings(const LoanSolution &S) {
    if (!S.isSolved() || !Runs.test(S.Function.index())) return;
    const Function &F = Program.function(S.Function);
    for (auto [Place, At] : S.Emptied) {
      if (makesOrEnds(F) && Storage.rootOf(Place).Kind == RootKind::This && derefs(Place) == 1) continue;
      if (const Effects *E = S.bodyAt(At))
        if (FunctionId Callee = P.body(E->Symbol); Callee.valid() && makesOrEnds(Program.function(Callee))) continue;
      if (auto Members = membersOf(Place); !Members.empty())
        Openings[Members[0]].push_back({S.Function, At, tailOf(Place, Members[0])});
    }
  }

  /// A stream that was given the queue beside it leads to that queue in all functions, unless one says otherwise.
  void collectInner(const LoanSolution &S) {
    if (!S.isSolved()) return;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (Storage.isRoot(C.Path) || Storage.last(C.Path).Kind != ProjectionKind::Field ||
          !P.isMember(Storage.last(C.Path).Name))
        continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        if (wasHeldBy(Storage, C.Path, L)) continue;
        auto Members = membersOf(L.Target);
        bool Own = Storage.objectOf(L.Target) == Storage.objectOf(C.Path) && !Members.empty();
        NameId To = Own ? Members[0] : NameId();
        auto [It, Fresh] = PartOf.try_emplace(Storage.last(C.Path).Name, To);
        if (!Fresh && It->second != To) It->second = NameId();
      }
    }
  }

  /// A closure that was handed to what a member leads to, and owns the object that this is part of.
  void closeInner(LoanSolution &S) {
    for (const OwningStore &Each : S.OwningStores)
      if (Each.isCertain() && !Each.IsWhole)
        for (LoanId Kept : Each.What) closeInner(S, {Each.Into[0].first, Kept, Each.Via});
  }

  void closeInner(LoanSolution &S, const Link &L) {
    PathId Object = Storage.objectOf(L.Cell);
    if (Storage.isRoot(Object)) return;
    auto Members = membersOf(Storage.base(Object));
    auto It = Members.empty() ? PartOf.end() : PartOf.find(Members[0]);
    if (It == PartOf.end() || !It->second.valid()) return;
    if (Storage.objectOf(Storage.base(Object)) != Storage.objectOf(S.Loans[L.Loan.index()].Target)) return;
    if (!opens(Openings, It->second, S, L.Via, tailOf(L.Cell)) &&
        !opens(Pointees, Members[0], S, L.Via, tailOf(L.Cell)))
      S.Rings.push_back({{L}, {}});
  }

  bool opens(const std::map<NameId, std::vector<Opening>> &Known, NameId Member, const LoanSolution &S, Point Closed,
             const Projections &Tail) const {
    auto It = Known.find(Member);
    return It != Known.end() && llvm::any_of(It->second, [&](const Opening &Each) {
             return (Each.In != S.Function || Closed < Each.At) && isPrefix(Each.Below, Tail);
           });
  }

  /// Whether something opens the ring at \p L: not what \p S itself does before it closes the ring.
  bool isOpened(const LoanSolution &S, const Link &L, Point Closed) const {
    auto Members = membersOf(L.Cell);
    for (NameId Member : Members)
      if (opens(Openings, Member, S, Closed, tailOf(L.Cell, Member))) return true;
    return Members.empty() && openedByClosure(S, L);
  }

  /// Storage without a name that all functions know: the closures written in the function may empty it.
  bool openedByClosure(const LoanSolution &S, const Link &L) const {
    Projections Tail = tailOf(L.Cell);
    for (const LoanSolution &Other : Program.solutions()) {
      if (!Other.isSolved() || !isWrittenIn(Program.function(Other.Function), S.Function)) continue;
      for (auto [Place, At] : Other.Emptied) {
        if (Storage.rootOf(Place).Kind != RootKind::This || derefs(Place) < 2) continue;
        if (isPrefix(tailOf(Place), Tail)) return true;
      }
    }
    return false;
  }

  bool isWrittenIn(const Function &Closure, FunctionId Outer) const {
    FunctionId At = Closure.IsLambda && Closure.Parent.valid() ? P.body(Closure.Parent) : FunctionId();
    for (unsigned Depth = 0; At.valid() && Depth < MaxDepth; ++Depth) {
      if (At == Outer) return true;
      const Function &F = Program.function(At);
      At = F.IsLambda && F.Parent.valid() ? P.body(F.Parent) : FunctionId();
    }
    return false;
  }

  /// Whether \p Cell is a part of an object that was copied whole and has in it, at the exit, what led to \p Target.
  bool standsInCopy(const LoanSolution &S, PathId Cell, PathId Target) const {
    for (PathId At = Cell; !Storage.isRoot(At) && Storage.last(At).Kind != ProjectionKind::Deref;) {
      At = Storage.base(At);
      if (const HeldSet *Holds = S.AtExit.find(At))
        return llvm::any_of(*Holds, [&](const Held &H) {
          const Loan &Whole = S.Loans[H.Loan.index()];
          std::optional<PathId> Image =
              H.Alive && Whole.Initial ? Storage.rebase(Cell, At, Storage.base(Whole.Target)) : std::nullopt;
          return Image && *Image == Storage.base(Target);
        });
    }
    return false;
  }

  bool standsAtExit(const LoanSolution &S, const Link &L) const {
    const HeldSet *Holds = S.AtExit.find(L.Cell);
    if (L.Loan.valid() && !Holds) return standsInCopy(S, L.Cell, S.Loans[L.Loan.index()].Target);
    if (!L.Loan.valid())
      return !Holds || llvm::any_of(*Holds, [&](const Held &H) {
        const Loan &Each = S.Loans[H.Loan.index()];
        return H.Alive && Each.Initial && Storage.base(Each.Target) == L.Cell;
      });
    return Holds && llvm::any_of(*Holds, [&](const Held &H) {
             return H.Alive && S.Loans[H.Loan.index()].Target == S.Loans[L.Loan.index()].Target;
           });
  }

  /// The same path but for the number of an allocation, which callers count anew. What a callee's own call stores has
  /// no path there.
  bool alike(PathId A, PathId B) const {
    if (A == B || !A.valid() || !B.valid()) return A == B;
    return Storage.rootOf(A).Kind == RootKind::Heap && Storage.rootOf(B).Kind == RootKind::Heap &&
           Storage.projections(A) == Storage.projections(B);
  }

  const OwningStore *storeOf(const LoanSolution &S, const Link &L) const {
    auto It = llvm::find_if(S.OwningStores, [&](const OwningStore &Each) {
      return Each.Via == L.Via && Each.mayHaveMade(Storage, L.Cell);
    });
    return It == S.OwningStores.end() ? nullptr : &*It;
  }

  /// Whether the only thing that can be meant was stored in the only cell that can be meant. Where several can, it was
  /// asked when the ring was closed, at \p Closed, if that was known then.
  bool isCertain(const LoanSolution &S, const Link &L, Point Closed) const {
    if (!L.Loan.valid()) return true;
    const OwningStore *Store = storeOf(S, L);
    if (!Store || !(Store->isCertain() || L.Via <= Closed)) return false;
    const Effects *E = S.bodyAt(L.Via);
    return !E || isCertainIn(*E, E->Facts[L.Via.effect()], 0);
  }

  /// Whether the fact \p What of \p E stands for a store that is certain in that body.
  bool isCertainIn(const Effects &E, const Fact &What, unsigned Depth) const {
    FunctionId Body = P.body(E.Symbol);
    if (!Body.valid() || Depth > MaxDepth) return false;
    const LoanSolution &S = Program.solution(Body);
    auto source = [&](const Held &H) {
      const Loan &L = S.Loans[H.Loan.index()];
      return L.Initial ? Storage.base(L.Target) : L.Target;
    };
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!alike(C.Path, What.Dst)) continue;
      for (const Held &H : C.Holds) {
        if (!H.Alive || !H.Via.valid() || !alike(source(H), What.Src)) continue;
        bool Parts = !Storage.isRoot(C.Path) && Storage.last(C.Path).Kind == ProjectionKind::Inline;
        for (const Held &Other : C.Holds)
          if (Other.Loan != H.Loan && Other.Via == H.Via && !Parts) return false;
        if (storedElsewhere(S, C.Path, H)) return false;
        if (const Effects *Inner = S.bodyAt(H.Via))
          if (!isCertainIn(*Inner, Inner->Facts[H.Via.effect()], Depth + 1)) return false;
      }
    }
    return true;
  }

  /// Whether the store that put \p H into \p Cell may have meant another object's cell.
  bool storedElsewhere(const LoanSolution &S, PathId Cell, const Held &H) const {
    return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
      if (C.Path == Cell || Storage.isRoot(C.Path) || Storage.isRoot(Cell) ||
          Storage.last(C.Path) != Storage.last(Cell))
        return false;
      return llvm::any_of(C.Holds, [&](const Held &Each) { return Each.Loan == H.Loan && Each.Via == H.Via; });
    });
  }

  /// Whether the fact \p What of \p E stands for a store that happens on every path through that body.
  bool alwaysHappens(const Effects &E, const Fact &What, unsigned Depth) const {
    FunctionId Body = P.body(E.Symbol);
    if (!Body.valid() || Depth > MaxDepth) return false;
    const LoanSolution &S = Program.solution(Body);
    const Function F = P.whole(Body);
    bool Found = false;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!alike(C.Path, What.Dst)) continue;
      for (const Held &H : C.Holds) {
        if (!H.Via.valid()) return false;
        uint32_t In = S.Order[H.Via.fact()].first;
        if (In != 0 && blocksBehind(F, 0, In).test(F.Blocks.size() - 1)) return false;
        const Effects *Inner = S.bodyAt(H.Via);
        if (Inner && !alwaysHappens(*Inner, Inner->Facts[H.Via.effect()], Depth + 1)) return false;
        Found = true;
      }
    }
    return Found;
  }

  /// Whether the ring was closed inside a callee already. Of two links that one call makes only the callee knows
  /// whether both are there at once, unless both always are.
  bool belongsToCallee(const LoanSolution &S, const Ring &R) const {
    std::set<uint32_t> Calls, Several;
    for (const Link &L : R.Links)
      if (L.Loan.valid() && S.bodyAt(L.Via) && !Calls.insert(L.Via.fact()).second) Several.insert(L.Via.fact());
    for (const Link &L : R.Links) {
      const Effects *E = L.Loan.valid() ? S.bodyAt(L.Via) : nullptr;
      if (E && Several.count(L.Via.fact()) && !alwaysHappens(*E, E->Facts[L.Via.effect()], 0)) return true;
    }
    const Link &Last = R.Links[0];
    const Effects *E = S.bodyAt(Last.Via);
    FunctionId Callee = E ? P.body(E->Symbol) : FunctionId();
    if (!Callee.valid()) return false;
    const Fact &What = E->Facts[Last.Via.effect()];
    return llvm::any_of(Program.solution(Callee).Rings, [&](const Ring &Inner) {
      return llvm::any_of(Inner.Links, [&](const Link &L) { return alike(L.Cell, What.Dst); });
    });
  }

  bool stays(const LoanSolution &S, const Ring &R, Point Closed) const {
    return !belongsToCallee(S, R) && llvm::all_of(R.Links, [&](const Link &L) {
      return standsAtExit(S, L) && isCertain(S, L, Closed) && !isOpened(S, L, Closed);
    });
  }

  void findIn(LoanSolution &S) {
    if (!S.isSolved() || !S.ReachesExit) return;
    std::set<uint32_t> Reported;
    for (uint32_t I = 0; I < S.Rings.size(); ++I) {
      const Ring &R = S.Rings[I];
      const Link &Last = R.Links[0];
      bool Stays = stays(S, R, Last.Via) &&
                   llvm::all_of(R.Otherwise, [&](const Ring &Each) { return stays(S, Each, Last.Via); });
      if (!Stays || !Reported.insert(Last.Via.fact()).second) continue;
      Event E;
      E.Kind = EventKind::Ring;
      E.Loan = Last.Loan;
      E.Cell = Last.Cell;
      E.Via = Last.Via;
      E.At = Last.Via;
      E.Ring = I;
      S.Events.push_back(E);
    }
  }
};

} // namespace

void refleak::findRings(Solved &Program) { RingFinder(Program).run(); }
