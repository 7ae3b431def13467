#include "driver/Verdict.h"
#include "Registry.h"
#include "driver/Statistics.h"
#include "driver/Teach.h"
#include "llvm/ADT/SetVector.h"

using namespace refleak;

static constexpr const char *StepBudget = "a function took more steps than it may";
/// How many unknown callees a report names.
static constexpr size_t MostNamed = 20;

/// What was not modelled.
static llvm::StringRef nameOf(const Solved &S, const Mention &GivenUp) {
  return GivenUp.Name.valid() ? S.P.Symbols.text(GivenUp.Name) : "unknown";
}

/// Why \p F was not wholly analysed, each reason once.
static llvm::SetVector<llvm::StringRef> reasonsToGiveUp(const Solved &S, FunctionId F, const LoanSolution &L) {
  llvm::SetVector<llvm::StringRef> Reasons;
  for (const Mention &M : S.P.mentions(F))
    if (M.How == Mention::GiveUp) Reasons.insert(nameOf(S, M));
  if (L.GaveUp) Reasons.insert(StepBudget);
  return Reasons;
}

/// Counts what the analysis saw and what it gave up on.
static void countCoverage(const Solved &S, Verdict &V) {
  V.Functions = llvm::count_if(S.P.Functions, [](const Function &F) { return !F.IsLife; });
  V.UnknownCallees = S.Unknown.size();
  for (const Mention &M : S.P.Mentions)
    if (M.How == Mention::GiveUp) ++V.GaveUp[nameOf(S, M).str()];
  for (const LoanSolution &L : S.solutions())
    if (L.GaveUp) ++V.GaveUp[StepBudget];
  for (auto [Limit, Functions] : {std::pair("a place may hold more than is told apart", &S.Less.Cells),
                                  std::pair("they do more than their callers are told", &S.Less.Effects),
                                  std::pair("they call each other, and what they do did not settle", &S.Less.Rounds)})
    if (Functions->any()) V.Narrowed[Limit] = Functions->count();
  V.MostUnknown = mostUnknown(S, MostNamed);
  for (size_t I = 0; I != S.P.Functions.size(); ++I) {
    const Function &F = S.P.Functions[I];
    for (llvm::StringRef Reason : reasonsToGiveUp(S, FunctionId(I), S.solution(FunctionId(I))))
      V.GivenUp.push_back({F.Display, Reason.str(), locate(F.At, S.P.Files)});
  }
}

/// The files that functions stand in.
static std::vector<std::string> sourceFiles(const Solved &S) {
  std::vector<std::string> Files;
  llvm::StringSet<> Seen;
  for (const Function &F : S.P.Functions)
    if (F.At.known() && Seen.insert(S.P.Files[F.At.File.index()]).second) Files.push_back(S.P.Files[F.At.File.index()]);
  return Files;
}

/// Leaves of the bodies of \p Deadly only that they were given up.
static void giveUp(Unit &U, const SymbolSet &Deadly) {
  for (Function &F : U.Functions) {
    if (!Deadly.contains(U.Symbols.text(F.Symbol))) continue;
    Fact Left;
    Left.At = F.At;
    Left.Note = U.Symbols.intern("the analysis did not survive it");
    F.Locals.clear();
    F.Temps = F.Heaps = 0;
    F.Arrays.clear();
    F.Calls.clear();
    F.Blocks = {Block{{Left}, {BlockId(1)}}, Block()};
  }
}

llvm::Expected<Verdict> refleak::judgeHere(const FactsFiles &Files, const SolveLimits &Limits, const SymbolSet &Deadly,
                                           SolveWatch Watch, Statistics &Stats) {
  Stopwatch Linking(Stats, "link");
  Linker L;
  for (const std::unique_ptr<llvm::MemoryBuffer> &File : Files) {
    llvm::Expected<UnitFacts> U = readFactsFile(File->getBuffer(), File->getBufferIdentifier());
    if (!U) return U.takeError();
    giveUp(U->Facts, Deadly);
    L.add(std::move(U->Facts), !U->Failure.empty());
  }
  Program P = L.finish(); // one body for each symbol, callees first
  Linking.stop();
  Stopwatch Solving(Stats, "solve");
  Solved S = solve(std::move(P), Limits, Watch); // the program's fixed point is found
  Solving.stop();
  Stopwatch Checking(Stats, "check");
  Verdict V;
  V.Findings = check(S, allChecks()); // all that the rules claim, in any order
  countCoverage(S, V);                // nothing was left out in silence
  V.Sources = sourceFiles(S);
  return V;
}
