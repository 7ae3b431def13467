#include "solve/Inverses.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

Inverses::Inverses(Solved &Found) : P(Found.P), Storage(Found.P.Storage) {
  for (const Effects *E : Found.Inferred)
    if (E && E->Source == EffectSource::Body) collect(*E);
  for (const LoanSolution &S : Found.solutions())
    for (const Mutual &Each : S.Mutuals) {
      relate(Each.There, Each.Back);
      relate(Each.Back, Each.There);
    }
}

std::optional<std::vector<Projection>> Inverses::wayUp(PathId Place, PathId Object) const {
  std::vector<Projection> Way;
  for (; Place != Object; Place = Storage.base(Place)) {
    if (Storage.isRoot(Place) || Storage.last(Place).Kind == ProjectionKind::Deref) return std::nullopt;
    Way.push_back(Storage.last(Place));
  }
  return Way;
}

/// The class whose member \p Way, last projection first, begins with; empty if it begins with none.
llvm::StringRef Inverses::classOf(llvm::ArrayRef<Projection> Way) const {
  bool IsMember = !Way.empty() && Way.back().Kind == ProjectionKind::Field && P.isMember(Way.back().Name);
  return IsMember ? P.classOf(Way.back().Name) : llvm::StringRef();
}

void Inverses::collect(const Effects &E) {
  llvm::SmallVector<Mutual::Way, 16> Pointers;
  for (const Fact &Each : E.Facts) {
    bool Lends = Each.Kind == FactKind::Borrow && Each.Loan != LoanKind::Code && Each.Loan != LoanKind::Weak;
    bool Copies = (Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move) && Each.Dst != Each.Src;
    if (!(Lends || Copies) || Storage.isRoot(Each.Dst) || Each.Sure == Certainty::Assumed) continue;
    Pointers.push_back({Each.Dst, Lends ? Each.Src : Storage.deref(Each.Src)});
  }
  for (const Mutual::Way &Back : Pointers)
    for (const Mutual::Way &There : Pointers) relate(There, Back);
}

/// The data member that \p Cell is, or is an element of; invalid if it is none.
NameId Inverses::memberOf(PathId Cell) const {
  for (; !Storage.isRoot(Cell); Cell = Storage.base(Cell)) {
    const Projection &Last = Storage.last(Cell);
    if (Last.Kind == ProjectionKind::Deref) break;
    if (Last.Kind == ProjectionKind::Field && P.isMember(Last.Name)) return Last.Name;
  }
  return NameId();
}

/// Takes \p Back for inverse to \p There, if each leads to the object that the other one belongs to.
void Inverses::relate(const Mutual::Way &There, const Mutual::Way &Back) {
  NameId Member = memberOf(Back.Cell);
  if (!Member.valid()) return;
  std::optional<std::vector<Projection>> In = wayUp(Back.Cell, There.Object);
  if (!In) return;
  std::optional<std::vector<Projection>> Out = wayUp(There.Cell, Back.Object);
  if (!Out) return;
  llvm::StringRef Class = classOf(*In), Other = classOf(*Out);
  if (Class.empty() || Other.empty() || Class == Other) return;
  In->push_back({ProjectionKind::Deref, NameId()});
  In->insert(In->end(), Out->begin(), Out->end());
  std::vector<std::vector<Projection>> &Known = Ways[Member];
  if (!llvm::is_contained(Known, *In)) Known.push_back(std::move(*In));
}

LedBack Inverses::leadsBack(PathId Cell) const {
  NameId Member = memberOf(Cell);
  auto Known = Member.valid() ? Ways.find(Member) : Ways.end();
  if (Known == Ways.end()) return {};
  LedBack Found;
  for (llvm::ArrayRef<Projection> Way : Known->second) {
    PathId Object = Cell;
    while (!Way.empty() && !Storage.isRoot(Object) && Storage.last(Object) == Way.front()) {
      Object = Storage.base(Object);
      Way = Way.drop_front();
    }
    if (Way.empty()) return {Object, {}};
    if (!Found.Place.valid() && isPart(Object, Cell, Way)) Found = {Object, Way};
  }
  return Found;
}

/// Whether all of a way back that lies behind \p Object was found, as far as \p Cell, and only what \p Object is a part
/// of, by the members \p Rest, has no name.
bool Inverses::isPart(PathId Object, PathId Cell, llvm::ArrayRef<Projection> Rest) const {
  auto isMember = [&](const Projection &Each) { return Each.Kind == ProjectionKind::Field && P.isMember(Each.Name); };
  bool IsObject = !Storage.isRoot(Object) && Storage.last(Object).Kind == ProjectionKind::Deref;
  if (!IsObject || Storage.derefs(Cell) <= Storage.derefs(Object) || !llvm::all_of(Rest, isMember)) return false;
  PathId Next = Cell;
  while (Storage.base(Next) != Object) Next = Storage.base(Next);
  return !isElement(Storage.last(Next)); // a container that anybody gave may be a copy of the member
}

bool Inverses::concern(const Effects &E) const {
  return llvm::any_of(E.Facts, [&](const Fact &Each) {
    if (Each.Kind != FactKind::Invalidate && Each.Kind != FactKind::Expire) return false;
    for (PathId At = Each.Src; !Storage.isRoot(At); At = Storage.base(At)) {
      if (Storage.last(At).Kind != ProjectionKind::Deref) continue;
      NameId Member = memberOf(Storage.base(At));
      if (Member.valid() && Ways.count(Member)) return true;
    }
    return false;
  });
}
