#include "driver/Verdict.h"
#include "Registry.h"
#include "driver/Cache.h"
#include "driver/Statistics.h"
#include "driver/Teach.h"
#include "facts/Bytes.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

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

/// Everything that a verdict depends on.
static Digest keyOf(const FactsFiles &Files, const SolveLimits &Limits) {
  ByteSink Key;
  Key.text("verdict");
  Key.text(toHex(programDigest()));
  for (uint64_t Limit : {uint64_t(Limits.MaxDerefs), uint64_t(Limits.MaxProjections), uint64_t(Limits.MaxSteps)})
    Key.number(Limit);
  for (const auto &File : Files) Key.text(toHex(digestOf(File->getBuffer())));
  return digestOf(Key.Bytes);
}

static llvm::Expected<Verdict> judgeAnew(FactsFiles Files, const SolveLimits &Limits, Statistics &Stats) {
  Stopwatch Linking(Stats, "link");
  Linker L;
  for (std::unique_ptr<llvm::MemoryBuffer> &File : Files) {
    llvm::Expected<UnitFacts> U = readFactsFile(File->getBuffer(), File->getBufferIdentifier());
    if (!U) return U.takeError();
    File.reset();
    L.add(std::move(U->Facts), !U->Failure.empty());
  }
  Program P = L.finish(); // one body for each symbol, callees first
  Linking.stop();
  Stopwatch Solving(Stats, "solve");
  Solved S = solve(std::move(P), Limits); // the program's fixed point is found
  Solving.stop();
  Stopwatch Checking(Stats, "check");
  Verdict V;
  V.Findings = check(S, allChecks()); // all that the rules claim, in any order
  countCoverage(S, V);                // nothing was left out in silence
  V.Sources = sourceFiles(S);
  return V;
}

llvm::Expected<Verdict> refleak::judge(FactsFiles Files, const SolveLimits &Limits, const Cache *Kept,
                                       Statistics &Stats) {
  if (!Kept) return judgeAnew(std::move(Files), Limits, Stats);
  Digest Key = keyOf(Files, Limits);
  if (std::optional<std::string> Bytes = Kept->verdict(Key))
    if (std::optional<Verdict> V = readVerdict(*Bytes)) return std::move(*V);
  llvm::Expected<Verdict> V = judgeAnew(std::move(Files), Limits, Stats);
  if (V) Kept->keepVerdict(Key, writeVerdict(*V));
  return V;
}
