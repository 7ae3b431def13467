#include "filter/Filter.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

using namespace refleak;

static std::string absolute(llvm::StringRef File) {
  llvm::SmallString<256> Result(File);
  (void)llvm::sys::fs::make_absolute(Result);
  return std::string(Result);
}

/// Sets severity and suppression as \p C asks.
static void configure(Finding &F, const Configuration &C) {
  std::string Why = C.exclusion(F.Rule, absolute(F.At.File));
  if (!Why.empty()) F.Suppressed = Suppression{Suppression::Source::Config, std::move(Why)};
  auto It = C.Rules.find(F.Rule);
  if (It != C.Rules.end() && It->second.Level) F.Level = *It->second.Level;
}

/// Marks what a baseline accepts.
static llvm::Error accept(std::vector<Finding> &Findings, Configurations &Settings) {
  for (Finding &F : Findings) {
    llvm::Expected<Baseline *> Accepted = Settings.baselineOf(F.At.File);
    if (!Accepted) return Accepted.takeError();
    if (*Accepted) (*Accepted)->apply(F);
  }
  return llvm::Error::success();
}

llvm::Error refleak::filterFindings(std::vector<Finding> &Findings, std::optional<Confidence> Least,
                                    Configurations &Settings, SuppressionComments &Comments) {
  std::vector<Finding> Kept;
  for (Finding &F : Findings) {
    llvm::Expected<const Configuration *> C = Settings.of(F.At.File);
    if (!C) return C.takeError();
    if (!Settings.isOn(F.Rule, **C)) continue;
    if (F.Sure < Least.value_or((*C)->LeastSure.value_or(Confidence::Likely))) continue;
    configure(F, **C);
    Kept.push_back(std::move(F));
  }
  Findings = std::move(Kept);
  Comments.apply(Findings);
  return accept(Findings, Settings);
}

llvm::Expected<bool> refleak::fails(llvm::ArrayRef<Finding> Findings, std::optional<Severity> Threshold,
                                    Configurations &Settings) {
  for (const Finding &F : Findings) {
    if (F.Suppressed) continue;
    llvm::Expected<const Configuration *> C = Settings.of(F.At.File);
    if (!C) return C.takeError();
    if (F.Level >= Threshold.value_or((*C)->FailOn.value_or(Severity::Warning))) return true;
  }
  return false;
}
