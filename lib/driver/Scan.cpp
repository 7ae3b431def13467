#include "Registry.h"
#include "driver/Commands.h"
#include "driver/Session.h"
#include "filter/Filter.h"
#include "finding/Fingerprint.h"
#include "finding/Order.h"
#include "output/Format.h"
#include "support/Error.h"
#include "support/OutputFile.h"
#include "llvm/Support/FileSystem.h"

using namespace refleak;

/// Words what the analysis said, and leaves out what is not wanted.
static llvm::Expected<Report> settle(const Options &O, Configurations &Settings, Coverage Covered, Verdict V,
                                     SourceText &Sources) {
  Report R;
  R.Rules = allRules();
  R.Findings = std::move(V.Findings);
  R.Covered = std::move(Covered);
  R.Covered.ProgramFailure = std::move(V.Failure);
  R.Covered.Functions = V.Functions;
  R.Covered.UnknownCallees = V.UnknownCallees;
  R.Covered.MostUnknown = std::move(V.MostUnknown);
  R.Covered.GaveUp = std::move(V.GaveUp);
  R.Covered.GivenUp = std::move(V.GivenUp);
  R.Covered.Narrowed = std::move(V.Narrowed);
  for (GivenUpFunction &F : R.Covered.GivenUp) F.At.File = shownPath(F.At.File);
  R.Details = O.ShowCoverage;

  SuppressionComments Comments(Sources);
  sortFindings(R.Findings);                                                           // the order is that of the source
  removeDuplicates(R.Findings);                                                       // a mistake is reported once
  setFingerprints(R.Findings, Sources);                                               // and can be known again
  if (auto E = filterFindings(R.Findings, O.LeastSure, Settings, Comments)) return E; // suppressed ones are marked
  if (O.ReportUnusedSuppressions) {
    llvm::append_range(R.Findings, Comments.unused(V.Sources, allRules()));
    llvm::append_range(R.Findings, Settings.unusedBaselineEntries(V.Sources));
    sortFindings(R.Findings);
    setFingerprints(R.Findings, Sources);
  }
  return std::move(R);
}

/// The status of a run that reports nothing.
static ExitStatus statusOf(const Options &O, const Coverage &C) {
  bool Gap = O.FailOnIncomplete ? C.incomplete() : C.failed();
  return Gap ? NotAnalysed : NothingFound;
}

llvm::Expected<ExitStatus> refleak::report(const Options &O, Configurations &Settings, Coverage Covered, Verdict V) {
  SourceText Sources;
  llvm::Expected<Report> R = settle(O, Settings, std::move(Covered), std::move(V), Sources);
  if (!R) return R.takeError();
  const Format &Form = *formatNamed(O.Format);
  if (Form.TellsCoverage || R->Covered.ProgramFailure.empty()) // an empty baseline would forget what was accepted
    if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { Form.Write(OS, *R, Sources); })) return E;
  if (!Form.TellsCoverage) writeCoverage(llvm::errs(), *R, Sources);
  llvm::Expected<bool> Failed = fails(R->Findings, O.FailOn, Settings);
  if (!Failed) return Failed.takeError();
  return *Failed ? FindingsReported : statusOf(O, R->Covered);
}

/// Writes the findings as a baseline to the file of `-o`, and reports what is left: what was not analysed.
static llvm::Expected<ExitStatus> accept(const Options &O, Configurations &Settings, Coverage Covered, Verdict V) {
  SourceText Sources;
  llvm::Expected<Report> R = settle(O, Settings, std::move(Covered), std::move(V), Sources);
  if (!R) return R.takeError();
  bool Known = R->Covered.ProgramFailure.empty(); // or all that was accepted before would be forgotten
  if (Known)
    if (auto E = writeOutputFile(O.Output, [&](llvm::raw_ostream &OS) { writeBaseline(OS, *R, Sources); })) return E;
  for (Finding &F : R->Findings)
    if (!F.Suppressed) F.Suppressed = Suppression{Suppression::Source::Baseline, ""};
  Options Rest = O;
  Rest.Output = "";
  if (auto E = writeOutput(Rest, [&](llvm::raw_ostream &OS) { writeText(OS, *R, Sources); })) return E;
  return statusOf(O, R->Covered);
}

/// The whole way from source files to what \p Tell makes of the verdict.
static llvm::Expected<ExitStatus> scanAnd(decltype(report) *Tell, const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  std::vector<std::string> Files;
  for (const CompileUnit &U : S->Units) Files.push_back(U.File);
  if (auto E = readBaselines(S->Settings, Files)) return E;
  Coverage Covered;
  FactsFiles Facts = lowerAll(*S, Covered); // no syntax tree from here on
  llvm::Expected<Verdict> V = judge(Facts, S->Limits, judgeLimits(O), S->Kept ? &*S->Kept : nullptr, S->Stats);
  if (!V) return V.takeError();
  llvm::Expected<ExitStatus> Status = Tell(O, S->Settings, std::move(Covered), std::move(*V));
  if (O.ShowStatistics) S->Stats.print(llvm::errs());
  return Status;
}

llvm::Expected<ExitStatus> refleak::scan(const Options &O) { return scanAnd(report, O); }

llvm::Expected<ExitStatus> refleak::acceptFindings(const Options &Asked) {
  Options O = Asked;
  O.BaselineFile = ""; // what was accepted before need not be readable
  if (O.Output.empty()) {
    O.Output = Baseline::FileName.str();
    if (llvm::sys::fs::is_symlink_file(O.Output))
      return userError("'" + O.Output + "' is a symbolic link; name the file that is meant with -o");
  }
  return scanAnd(accept, O);
}
