#include "solve/Arrays.h"

using namespace refleak;

llvm::DenseSet<PathId> refleak::arraysOf(Program &P, const Function &F) {
  llvm::DenseSet<PathId> Found;
  std::vector<PathId> Waiting(F.Arrays.begin(), F.Arrays.end());
  while (!Waiting.empty()) {
    PathId Array = Waiting.back();
    Waiting.pop_back();
    if (!Found.insert(Array).second || P.Storage.isRoot(Array)) continue;
    PathId Pointer = P.Storage.base(Array);
    RootKind K = P.Storage.rootOf(Pointer).Kind;
    if (!P.Storage.isRoot(Pointer) || (K != RootKind::Local && K != RootKind::Temp)) continue;
    for (const Block &B : F.Blocks)
      for (const Fact &Each : B.Facts) {
        if (Each.Dst != Pointer) continue;
        if (Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move) Waiting.push_back(P.Storage.deref(Each.Src));
        if (Each.Kind == FactKind::Borrow) Waiting.push_back(Each.Src);
      }
  }
  return Found;
}
