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

  /// Whether somebody wrote how objects of the class that \p Cell is a member of are copied or moved.
  bool copiesItself(PathId Cell) const {
    if (Storage.isRoot(Cell) || Storage.last(Cell).Kind != ProjectionKind::Field) return false;
    llvm::StringRef Class = Program.P.Symbols.text(Storage.last(Cell).Name).rsplit("::").first;
    llvm::StringRef Short = Class.substr(Class.rfind(':') + 1);
    return llvm::any_of(Program.P.Functions, [&](const Function &F) {
      llvm::StringRef Name = F.Display;
      if (!F.IsConstructor || F.IsLife || !Name.consume_front(Class)) return false;
      llvm::StringRef Given = Name.split('(').second.rtrim(")");
      return !Given.contains(',') && Given.ends_with("&") && Given.rtrim("& ").ends_with(Short);
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
    // Models of containers copy elements as if the language did.
    if (!S.bodyAt(Itself.Via) && Itself.Via.inEffects() && copiesItself(Store.Dst)) {
      E.MayBeUndone = true;
      return;
    }
    E.Kind = EventKind::Copied;
    E.Cell = Itself.Cell;
    E.Via = Itself.Via;
  }
};

} // namespace

void refleak::findCopies(Solved &Program) { Copies(Program).run(); }
