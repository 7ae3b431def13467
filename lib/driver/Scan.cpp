#include "Registry.h"
#include "driver/Commands.h"
#include "driver/Session.h"
#include "filter/Filter.h"
#include "finding/Fingerprint.h"
#include "finding/Order.h"
#include "output/Format.h"

using namespace refleak;

llvm::Expected<ExitStatus> refleak::report(const Options &O, Configurations &Settings, Coverage Covered, Verdict V) {
  Report R;
  R.Rules = allRules();
  R.Findings = std::move(V.Findings);
  R.Covered = std::move(Covered);
  R.Covered.Functions = V.Functions;
  R.Covered.UnknownCallees = V.UnknownCallees;
  R.Covered.MostUnknown = std::move(V.MostUnknown);
  R.Covered.GaveUp = std::move(V.GaveUp);
  R.Covered.GivenUp = std::move(V.GivenUp);
  for (GivenUpFunction &F : R.Covered.GivenUp) F.At.File = shownPath(F.At.File);
  R.Details = O.ShowCoverage;

  SourceText Sources;
  SuppressionComments Comments(Sources);
  sortFindings(R.Findings);                                                           // the order is that of the source
  removeDuplicates(R.Findings);                                                       // a mistake is reported once
  setFingerprints(R.Findings, Sources);                                               // and can be known again
  if (auto E = filterFindings(R.Findings, O.LeastSure, Settings, Comments)) return E; // suppressed ones are marked
  if (O.ReportUnusedSuppressions) {
    llvm::append_range(R.Findings, Comments.unused(V.Sources, allRules()));
    sortFindings(R.Findings);
    setFingerprints(R.Findings, Sources);
  }

  if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { formatNamed(O.Format)->Write(OS, R, Sources); })) return E;
  llvm::Expected<bool> Failed = fails(R.Findings, O.FailOn, Settings);
  if (!Failed) return Failed.takeError();
  if (*Failed) return FindingsReported;
  bool Gap = O.FailOnIncomplete ? R.Covered.incomplete() : !R.Covered.FailedUnits.empty();
  return Gap ? NotAnalysed : NothingFound;
}

llvm::Expected<ExitStatus> refleak::scan(const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  Coverage Covered;
  FactsFiles Facts = lowerAll(*S, Covered); // no syntax tree from here on
  llvm::Expected<Verdict> V = judge(std::move(Facts), S->Limits, S->Kept ? &*S->Kept : nullptr, S->Stats);
  if (!V) return V.takeError();
  llvm::Expected<ExitStatus> Status = report(O, S->Settings, std::move(Covered), std::move(*V));
  if (O.ShowStatistics) S->Stats.print(llvm::errs());
  return Status;
}
