#include "solve/MemberUses.h"
#include <set>

using namespace refleak;

/// The object itself, what a capture of a closure leads to, or what that leads to: no member lies on the way.
bool MemberUses::isOwnObject(PathId Object) const {
  if (P.Storage.derefs(Object) == 0 || P.Storage.rootOf(Object).Kind != RootKind::This) return false;
  for (; !P.Storage.isRoot(Object); Object = P.Storage.base(Object)) {
    const Projection &Last = P.Storage.last(Object);
    bool IsCapture = Last.Kind == ProjectionKind::Field && !P.isMember(Last.Name);
    if (Last.Kind != ProjectionKind::Deref && !IsCapture) return false;
  }
  return true;
}

/// The part of \p Path that is a member of the object.
std::optional<PathId> MemberUses::memberIn(PathId Path) const {
  for (; Path.valid() && !P.Storage.isRoot(Path); Path = P.Storage.base(Path)) {
    const Projection &Last = P.Storage.last(Path);
    if (Last.Kind == ProjectionKind::Field && P.isMember(Last.Name) && isOwnObject(P.Storage.base(Path))) return Path;
  }
  return std::nullopt;
}

const MemberUses::Uses &MemberUses::look(NameId Symbol) {
  auto [It, Fresh] = Known.try_emplace(Symbol);
  FunctionId Body = Fresh ? P.body(Symbol) : FunctionId();
  if (!Body.valid()) return It->second;
  const Function F = P.whole(Body);
  const PathId Self = P.Storage.deref(P.Storage.root({RootKind::This, 0, NameId()}));
  std::set<PathId> Found;
  bool Loops = false;
  auto note = [&](PathId Path) {
    if (std::optional<PathId> Member = memberIn(Path)) Found.insert(*Member);
  };
  for (uint32_t I = 0; I != F.Blocks.size(); ++I) {
    Loops |= llvm::any_of(F.Blocks[I].Successors, [&](BlockId To) { return To.index() <= I; });
    for (const Fact &Each : F.Blocks[I].Facts) {
      note(Each.Src);
      note(Each.Dst);
      if (Each.Kind != FactKind::Call) continue;
      const Call &Site = F.Calls[Each.Call];
      for (PathId Arg : Site.Args) note(Arg);
      if (!Site.This.valid()) continue;
      note(Site.This);
      PathId Object = P.Storage.deref(Site.This);
      if (!Site.Callee.valid() || !isOwnObject(Object)) continue;
      const Uses &OfCallee = look(Site.Callee);
      Loops |= OfCallee.Loops;
      for (PathId Member : OfCallee.Members)
        if (std::optional<PathId> Here = P.Storage.rebase(Member, Self, Object)) Found.insert(*Here);
    }
  }
  Uses &Of = Known[Symbol];
  Of.Members.assign(Found.begin(), Found.end());
  Of.Loops = Loops;
  return Of;
}
