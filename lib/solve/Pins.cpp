#include "solve/Pins.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

namespace {

class PinFinder {
public:
  explicit PinFinder(Solved &S) : Program(S), P(S.P), Storage(S.P.Storage) {}

  void run() {
    for (LoanSolution &S : Program.solutions())
      if (S.isSolved()) findIn(S);
  }

private:
  Solved &Program;
  const refleak::Program &P;
  const Paths &Storage;

  /// Whether \p Cell belongs to a global, or to a data member of an object that others can see.
  bool outlives(PathId Cell) const {
    RootKind K = Storage.rootOf(Cell).Kind;
    if (K == RootKind::Global) return true;
    if (K != RootKind::This && K != RootKind::Arg) return false;
    return llvm::any_of(Storage.projections(Cell), [&](const Projection &Each) {
      return Each.Kind == ProjectionKind::Field && P.isMember(Each.Name);
    });
  }

  bool inContainer(PathId Cell) const { return Storage.containers(Cell) != 0; }

  /// Whether \p Part lies in the object \p Whole, and there in a container if \p OfContainer.
  bool isPart(PathId Part, PathId Whole, bool OfContainer) const {
    if (Part == Whole || !Storage.startsWith(Part, Whole)) return false;
    bool Element = false;
    for (; Part != Whole; Part = Storage.base(Part)) {
      if (Storage.last(Part).Kind == ProjectionKind::Deref) return false;
      Element |= isElement(Storage.last(Part));
    }
    return Element || !OfContainer;
  }

  bool keeps(const LoanSolution &S, const Held &H) const {
    const Loan &L = S.Loans[H.Loan.index()];
    return H.Alive && !L.Initial && L.Kind == LoanKind::Share;
  }

  /// What the cell leads to, if that is a part of \p Whole.
  const Held *partOf(const LoanSolution &S, const State::Cell &C, PathId Whole) const {
    auto It = llvm::find_if(C.Holds, [&](const Held &H) {
      const Loan &L = S.Loans[H.Loan.index()];
      return H.Alive && L.Kind == LoanKind::Ref && isPart(L.Target, Whole, !inContainer(C.Path));
    });
    return It == C.Holds.end() ? nullptr : &*It;
  }

  bool isKeptAsWhole(const LoanSolution &S, PathId Whole) const {
    bool Given = !Storage.isRoot(Whole) && Storage.last(Whole).Kind == ProjectionKind::Deref;
    if (Given && outlives(Storage.base(Whole))) return true;
    return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
      return outlives(C.Path) && !partOf(S, C, Whole) &&
             llvm::any_of(C.Holds, [&](const Held &H) { return H.Alive && S.Loans[H.Loan.index()].Target == Whole; });
    });
  }

  void findIn(LoanSolution &S) {
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!outlives(C.Path)) continue;
      for (const Held &H : C.Holds) {
        if (!keeps(S, H) || S.bodyAt(H.Via)) continue; // the callee that stores it is told
        PathId Whole = S.Loans[H.Loan.index()].Target;
        const Held *Part = partOf(S, C, Whole);
        if (!Part || isKeptAsWhole(S, Whole)) continue;
        Event E;
        E.Kind = EventKind::Pinned;
        E.Loan = Part->Loan;
        E.Cell = C.Path;
        E.Via = H.Via;
        S.Events.push_back(E);
        break;
      }
    }
  }
};

} // namespace

void refleak::findPins(Solved &Program) { PinFinder(Program).run(); }
