#include "solve/Running.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

bool refleak::isComplete(const Solved &Program) {
  const refleak::Program &P = Program.P;
  NameId Main = P.Symbols.find("main");
  return Main.valid() && P.body(Main).valid() && Program.Unknown.empty() && P.Partial.empty();
}

/// Whether something may call \p F without naming it.
static bool isCalledUnnamed(const Function &F) {
  return !F.IsMethod || F.IsConstructor || F.IsDestructor || !F.Overrides.empty() ||
         llvm::StringRef(F.Display).contains("::operator");
}

llvm::BitVector refleak::runningFunctions(const Solved &Program) {
  const refleak::Program &P = Program.P;
  llvm::BitVector Runs(P.Functions.size());
  auto isGap = [](const Mention &M) { return M.How == Mention::GiveUp; };
  if (!isComplete(Program) || Program.GaveUp != 0 || llvm::any_of(P.Mentions, isGap)) return Runs.flip();
  std::vector<FunctionId> Work;
  auto run = [&](FunctionId F) {
    if (!F.valid() || Runs.test(F.index())) return;
    Runs.set(F.index());
    Work.push_back(F);
  };
  for (uint32_t I = 0; I < P.Functions.size(); ++I)
    if (isCalledUnnamed(P.Functions[I])) run(FunctionId(I));
  while (!Work.empty()) {
    FunctionId Next = Work.back();
    Work.pop_back();
    for (const Mention &M : P.mentions(Next)) {
      run(P.body(M.Name));
      if (M.Virtual)
        for (FunctionId Each : P.overriders(M.Name)) run(Each);
    }
  }
  return Runs;
}
