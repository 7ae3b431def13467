#include "Registry.h"
#include "driver/Commands.h"
#include "driver/Session.h"
#include "filter/Filter.h"
#include "finding/Fingerprint.h"
#include "finding/Order.h"
#include "output/Format.h"
#include "llvm/ADT/StringSet.h"

using namespace refleak;

/// Counts what the analysis saw and what it gave up on.
static void countCoverage(const Solved &S, Coverage &C) {
  C.Functions = S.P.Functions.size();
  C.UnknownCallees = S.Unknown.size();
  for (const Function &F : S.P.Functions)
    for (const Block &B : F.Blocks)
      for (const Fact &X : B.Facts)
        if (X.Kind == FactKind::GiveUp) ++C.GaveUp[X.Note.valid() ? S.P.Symbols.text(X.Note).str() : "unknown"];
  for (const LoanSolution &L : S.Solutions)
    if (L.GaveUp) ++C.GaveUp["a function took more steps than it may"];
}

/// The files that functions stand in.
static std::vector<std::string> sourceFiles(const Solved &S) {
  std::vector<std::string> Files;
  llvm::StringSet<> Seen;
  for (const Function &F : S.P.Functions)
    if (F.At.known() && Seen.insert(S.P.Files[F.At.File.index()]).second) Files.push_back(S.P.Files[F.At.File.index()]);
  return Files;
}

/// The rules that are on by default, or that some configuration will decide about later.
static std::vector<RuleEntry> checkedRules() {
  std::vector<RuleEntry> Rules;
  for (const RuleEntry &R : allChecks())
    if (R.About->OnByDefault) Rules.push_back(R);
  return Rules;
}

llvm::Expected<ExitStatus> refleak::scan(const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  Report R;
  R.Rules = allRules();

  std::vector<Unit> Facts = lowerAll(*S, R.Covered);         // no syntax tree from here on
  Solved Program = solve(link(std::move(Facts)), S->Limits); // one body for each symbol; its fixed point is found
  R.Findings = check(Program, checkedRules());               // all that the rules claim, in any order
  countCoverage(Program, R.Covered);                         // nothing was left out in silence

  SourceText Sources;
  SuppressionComments Comments(Sources);
  sortFindings(R.Findings);             // the order is that of the source
  removeDuplicates(R.Findings);         // a mistake is reported once
  setFingerprints(R.Findings, Sources); // and can be known again
  if (auto E = filterFindings(R.Findings, O.LeastSure, S->Settings, Comments)) return E; // suppressed ones are marked
  if (O.ReportUnusedSuppressions) {
    llvm::append_range(R.Findings, Comments.unused(sourceFiles(Program), allRules()));
    sortFindings(R.Findings);
    setFingerprints(R.Findings, Sources);
  }

  if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { formatNamed(O.Format)->Write(OS, R, Sources); })) return E;
  llvm::Expected<bool> Failed = fails(R.Findings, O.FailOn, S->Settings);
  if (!Failed) return Failed.takeError();
  return *Failed ? FindingsReported : R.Covered.FailedUnits.empty() ? NothingFound : NotAnalysed;
}
