#include "solve/Copies.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

namespace {

class Copies {
public:
  explicit Copies(Solved &S) : Program(S), Storage(S.P.Storage) {}

  void run() {
    for (LoanSolution &S : Program.solutions())
      for (Event &E : S.Events)
        if (E.Kind == EventKind::Use || E.Kind == EventKind::Escape) judge(S, E);
  }

private:
  using Way = llvm::SmallVector<Projection, 4>;

  Solved &Program;
  const Paths &Storage;

  /// The way from the object of a member function to a part of it, or to the whole; nothing for other storage.
  std::optional<Way> ofThis(PathId Path) const {
    if (!Path.valid() || Storage.rootOf(Path).Kind != RootKind::This || Storage.derefs(Path) != 1) return std::nullopt;
    return Way(llvm::drop_begin(Storage.projections(Path)));
  }

  /// The path that \p Path is without \p Last at its end.
  std::optional<PathId> without(PathId Path, const Way &Last) const {
    for (const Projection &Each : llvm::reverse(Last)) {
      if (Storage.isRoot(Path) || Storage.last(Path) != Each) return std::nullopt;
      Path = Storage.base(Path);
    }
    return Path;
  }

  /// Whether \p F, whose solution this is, makes \p Holder of its object lead to \p Part of the same object.
  bool seats(const LoanSolution &S, const Way &Holder, const Way &Part) const {
    return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
      return ofThis(C.Path) == Holder && llvm::any_of(C.Holds, [&](const Held &H) {
               std::optional<Way> To = ofThis(S.Loans[H.Loan.index()].Target);
               return H.Alive && To && llvm::ArrayRef(*To).take_front(Part.size()) == llvm::ArrayRef(Part);
             });
    });
  }

  /// Whether \p F copies or moves an object of the class that its name begins with.
  static bool isCopyOrMove(const Function &F) {
    auto [Name, Given] = llvm::StringRef(F.Display).rtrim(")").split('(');
    llvm::StringRef Short = Name.substr(Name.rfind(':') + 1);
    return F.IsConstructor && !Given.contains(',') && Given.ends_with("&") && Given.rtrim("& ").ends_with(Short);
  }

  /// Whether the class knows that its objects lead into themselves: what copies one, or a function that is no
  /// constructor, makes \p Holder lead to \p Part of its own object as well.
  bool isKnownToClass(const Way &Holder, const Way &Part) const {
    return llvm::any_of(Program.solutions(), [&](const LoanSolution &S) {
      if (!S.Function.valid()) return false;
      const Function &F = Program.function(S.Function);
      return !F.IsLife && (!F.IsConstructor || isCopyOrMove(F)) && seats(S, Holder, Part);
    });
  }

  void judge(const LoanSolution &S, Event &E) const {
    const Loan &First = S.first(E.Loan);
    if (!S.bodyAt(First.Issued)) return;
    const Fact Store = Program.fact(S, First.Issued);
    std::optional<Way> Holder = ofThis(Store.Dst), Part = ofThis(Store.Src);
    if (Store.Kind != FactKind::Borrow || !Holder || !Part) return;
    std::optional<PathId> Object = without(First.Target, *Part);
    auto isCopied = [&](const Holding &Each) {
      std::optional<PathId> Other = without(Each.Cell, *Holder);
      return Object && Other && *Other != *Object;
    };
    Holding Itself{E.Cell, E.Via};
    auto Found = llvm::find_if(E.Beside, isCopied);
    if (Found == E.Beside.end() && !isCopied(Itself)) return;
    if (Found != E.Beside.end()) Itself = *Found;
    E.MayBeUndone |= isKnownToClass(*Holder, *Part);
    E.Kind = EventKind::Copied;
    E.Cell = Itself.Cell;
    E.Via = Itself.Via;
  }
};

} // namespace

void refleak::findCopies(Solved &Program) { Copies(Program).run(); }
