#include "solve/Members.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace refleak;

Member Members::containerOf(PathId Place) const {
  PathId At = Place;
  while (!Storage.isRoot(At) && !isElement(Storage.last(At))) {
    if (Storage.last(At).Kind == ProjectionKind::Deref) return {};
    At = Storage.base(At);
  }
  if (Storage.isRoot(At)) return {};
  return memberOf(Storage.base(At));
}

Member Members::memberOf(PathId At) const {
  for (; !Storage.isRoot(At); At = Storage.base(At)) {
    const Projection &Last = Storage.last(At);
    if (Last.Kind == ProjectionKind::Deref) return {};
    if (Last.Kind == ProjectionKind::Field && P.isMember(Last.Name)) return {At, Last.Name};
  }
  const Root &R = Storage.rootOf(At);
  return R.Kind == RootKind::Global ? Member{At, R.Name} : Member{};
}

std::vector<Projection> Members::belowOf(PathId Place, PathId Prefix) const {
  std::vector<Projection> Below;
  for (; Place != Prefix; Place = Storage.base(Place)) Below.push_back(Storage.last(Place));
  std::reverse(Below.begin(), Below.end());
  return Below;
}

std::optional<LoanKind> Members::declaredOwner(PathId Cell) const {
  Member M = memberOf(Cell);
  if (!M.known() || !P.isMember(M.Name)) return std::nullopt;
  const Effects *Declared = P.declaration("class ", P.classOf(M.Name));
  if (!Declared) return std::nullopt;
  std::vector<Projection> Below = belowOf(Cell, M.Prefix);
  for (const Fact &Each : Declared->Facts) {
    if (Each.Kind != FactKind::Borrow) continue;
    if (Member Said = memberOf(Each.Dst); Said.Name == M.Name && belowOf(Each.Dst, Said.Prefix) == Below)
      return Each.Loan;
  }
  return std::nullopt;
}

std::set<NameId> Members::holders(PathId Cell) const {
  std::set<NameId> Found;
  for (; !Storage.isRoot(Cell); Cell = Storage.base(Cell))
    if (Storage.last(Cell).Kind == ProjectionKind::Field && P.isMember(Storage.last(Cell).Name))
      Found.insert(Storage.last(Cell).Name);
  if (Storage.rootOf(Cell).Kind == RootKind::Global) Found.insert(Storage.rootOf(Cell).Name);
  return Found;
}

bool Members::endsIn(PathId Place, NameId Name) const {
  for (; !Storage.isRoot(Place); Place = Storage.base(Place)) {
    const Projection &Last = Storage.last(Place);
    if (Last.Kind == ProjectionKind::Deref) return false;
    if (Last.Kind == ProjectionKind::Field && Last.Name == Name) return true;
  }
  return Storage.rootOf(Place).Kind == RootKind::Global && Storage.rootOf(Place).Name == Name;
}

bool Members::isLiteral(PathId Key) const {
  if (!Key.valid() || Storage.rootOf(Key).Kind != RootKind::Constant) return false;
  llvm::StringRef Text = P.Symbols.text(Storage.rootOf(Key).Name);
  int64_t Number = 0;
  return Text.starts_with("\"") || (llvm::to_integer(Text, Number, 10) && Number != 0);
}
