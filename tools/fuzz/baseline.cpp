/// Fuzzes the reader of baselines: what it accepts reads back when it is written again.

#include "filter/Baseline.h"
#include "Fuzz.h"
#include "output/Format.h"

using namespace refleak;

/// The findings that \p B accepts.
static std::vector<Finding> accepted(const Baseline &B) {
  std::vector<Finding> Findings;
  for (const BaselineEntry &Each : B.entries()) {
    Finding &F = Findings.emplace_back();
    F.Rule = fuzz::someRules()[0].Id.str();
    F.At.File = Each.File;
    F.Message = Each.Message;
    F.Fingerprint = Each.Fingerprint;
  }
  return Findings;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::Expected<Baseline> Read = Baseline::parse(fuzz::text(Data, Size), "baseline.json");
  if (!fuzz::succeeded(Read)) return 0;
  Report R;
  R.Rules = fuzz::someRules();
  R.Findings = accepted(*Read);
  std::string Written;
  llvm::raw_string_ostream OS(Written);
  SourceText Sources;
  writeBaseline(OS, R, Sources);
  llvm::Expected<Baseline> Again = Baseline::parse(Written, "again.json");
  fuzz::require(fuzz::succeeded(Again) && Again->entries().size() == R.Findings.size());
  for (Finding &F : R.Findings) {
    Again->apply(F);
    fuzz::require(F.Suppressed.has_value());
  }
  fuzz::require(Again->unused({}).empty());
  return 0;
}
