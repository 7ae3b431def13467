#include "facts/Path.h"
#include <algorithm>
#include <cassert>

using namespace refleak;

NameId Names::intern(llvm::StringRef Text) {
  if (NameId Known = find(Text); Known.valid()) return Known;
  NameId Fresh(uint32_t(Texts.size()));
  Texts.push_back(Text.copy(Characters));
  Ids.try_emplace(Texts.back(), Fresh);
  return Fresh;
}

NameId Names::find(llvm::StringRef Text) const { return Ids.lookup(Text); }

PathId Paths::root(Root R) {
  bool Named = R.Kind == RootKind::Global || R.Kind == RootKind::Constant || R.Kind == RootKind::Code;
  PathId &Known = Roots[uint64_t(R.Kind) << 32 | (Named ? R.Name.index() : R.Index)];
  if (!Known.valid()) {
    Known = PathId(uint32_t(Nodes.size()));
    Nodes.push_back({PathId(), Known, PathId(), R, {}, 0, 0, 0});
  }
  return Known;
}

PathId Paths::extend(PathId Base, Projection P) {
  constexpr unsigned FieldBits = 30;
  uint32_t Field = P.Kind == ProjectionKind::Field ? P.Name.index() : 0;
  assert(Field >> FieldBits == 0);
  PathId &Known = Longer[uint64_t(Base.index()) << 32 | uint64_t(P.Kind) << FieldBits | Field];
  if (!Known.valid()) {
    Known = PathId(uint32_t(Nodes.size()));
    Node New = Nodes[Base.index()];
    New.Base = Base;
    New.Deref = PathId();
    New.RootValue = {};
    New.Last = P;
    New.Depth += 1;
    New.Derefs += P.Kind == ProjectionKind::Deref;
    New.Containers += P.Kind == ProjectionKind::Elem || P.Kind == ProjectionKind::Inline;
    Nodes.push_back(New);
    if (P.Kind == ProjectionKind::Deref) Nodes[Base.index()].Deref = Known;
  }
  return Known;
}

llvm::SmallVector<Projection, 4> Paths::projections(PathId P) const {
  llvm::SmallVector<Projection, 4> Found;
  for (; !isRoot(P); P = base(P)) Found.push_back(last(P));
  std::reverse(Found.begin(), Found.end());
  return Found;
}

PathId Paths::objectOf(PathId P) const {
  while (!isRoot(P) && last(P).Kind != ProjectionKind::Deref) P = base(P);
  return P;
}

bool Paths::startsWith(PathId P, PathId Prefix) const {
  if (rootPath(P) != rootPath(Prefix)) return false;
  while (depth(P) > depth(Prefix)) P = base(P);
  return P == Prefix;
}

std::optional<PathId> Paths::rebase(PathId P, PathId From, PathId To) {
  if (depth(P) <= depth(From)) return P == From ? std::optional(To) : std::nullopt;
  std::optional<PathId> Base = rebase(base(P), From, To);
  if (!Base) return std::nullopt;
  Projection Last = last(P);
  return extend(*Base, Last);
}
