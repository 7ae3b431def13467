#include "solve/Arrays.h"
#include "solve/Loans.h"

using namespace refleak;

/// What \p Site gives for the root that \p Array, an array of the callee's, starts at; invalid when it gives nothing.
static PathId actual(const Paths &Storage, const Call &Site, PathId Array) {
  const Root &R = Storage.rootOf(Array);
  if (R.Kind == RootKind::This) return Site.This;
  if (R.Kind != RootKind::Arg) return Storage.rootPath(Array);
  return R.Index < Site.Args.size() ? Site.Args[R.Index] : PathId();
}

llvm::DenseSet<PathId> refleak::arraysOf(Program &P, const Function &F, Callees &Lookup, const SolveLimits &Limits) {
  llvm::DenseSet<PathId> Found;
  std::vector<PathId> Waiting(F.Arrays.begin(), F.Arrays.end());
  for (const Call &Site : F.Calls) {
    llvm::SmallVector<NameId, 4> Run;
    if (Site.Virtual)
      Lookup.dispatched(Site.Callee, Run);
    else if (Site.Callee.valid())
      Run.push_back(Site.Callee);
    for (NameId Each : Run)
      for (PathId Array : Lookup.arrays(Each))
        if (PathId Given = actual(P.Storage, Site, Array); Given.valid())
          Waiting.push_back(*P.Storage.rebase(Array, P.Storage.rootPath(Array), Given));
  }
  while (!Waiting.empty()) {
    PathId Array = Waiting.back();
    Waiting.pop_back();
    if (P.Storage.depth(Array) > Limits.MaxProjections || P.Storage.derefs(Array) > Limits.MaxDerefs) continue;
    if (!Found.insert(Array).second || P.Storage.derefs(Array) == 0) continue;
    llvm::SmallVector<PathId, 3> Led; // by the pointers on the way
    for (PathId At = Array; !P.Storage.isRoot(At); At = P.Storage.base(At))
      if (P.Storage.last(At).Kind == ProjectionKind::Deref) Led.push_back(At);
    for (const Block &B : F.Blocks)
      for (const Fact &Each : B.Facts) {
        bool Lends = Each.Kind == FactKind::Borrow;
        if (!Lends && Each.Kind != FactKind::Copy && Each.Kind != FactKind::Move) continue;
        auto There = llvm::find_if(Led, [&](PathId At) { return P.Storage.base(At) == Each.Dst; });
        if (There != Led.end()) Waiting.push_back(*P.Storage.rebase(Array, Lends ? *There : Each.Dst, Each.Src));
      }
  }
  return Found;
}
