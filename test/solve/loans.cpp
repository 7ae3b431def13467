// solve-loans FILE: solves facts text and prints each function's exit state, events and effects. No Clang in the
// process.
#include "facts/Text.h"
#include "solve/Solve.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace refleak;

static void printEffects(Solved &S, const Effects &E) {
  llvm::outs() << "effects " << E.Display << "\n";
  Unit U;
  std::swap(U.Symbols, S.P.Symbols);
  std::swap(U.Storage, S.P.Storage);
  for (const Fact &Each : E.Facts) {
    llvm::outs() << "  ";
    printFact(llvm::outs(), U, E.Calls, Each);
    llvm::outs() << "\n";
  }
  std::swap(U.Symbols, S.P.Symbols);
  std::swap(U.Storage, S.P.Storage);
}

int main(int ArgCount, char **Args) {
  if (ArgCount != 2) {
    llvm::errs() << "usage: solve-loans FILE\n";
    return 2;
  }
  auto Buffer = llvm::MemoryBuffer::getFileOrSTDIN(Args[1]);
  if (!Buffer) {
    llvm::errs() << Args[1] << ": " << Buffer.getError().message() << "\n";
    return 2;
  }
  llvm::Expected<Unit> U = parseFacts((*Buffer)->getBuffer(), Args[1]);
  if (!U) {
    llvm::errs() << toString(U.takeError()) << "\n";
    return 2;
  }
  std::vector<Unit> Units;
  Units.push_back(std::move(*U));
  Solved S = solve(link(std::move(Units)));
  for (uint32_t I = 0; I != S.P.Functions.size(); ++I) {
    const LoanSolution &Each = S.solution(FunctionId(I));
    if (Each.Function.valid())
      printSolution(llvm::outs(), S.P, Each);
    else
      llvm::outs() << "function " << S.P.Symbols.text(S.P.Functions[I].Symbol) << '\n';
  }
  for (const Effects *E : S.Inferred) printEffects(S, *E);
  return 0;
}
