#include "finding/Order.h"
#include <algorithm>
#include <tuple>

using namespace refleak;

/// What makes two findings the same one: through how many ways a place got where it is reported does not matter.
static auto identity(const Finding &F) { return std::tie(F.At, F.Rule, F.Place); }

/// The better of two equal findings comes first: surer, told in fewer steps, then any fixed order.
static bool before(const Finding &A, const Finding &B) {
  if (identity(A) != identity(B)) return identity(A) < identity(B);
  if (A.Sure != B.Sure) return A.Sure > B.Sure;
  if (A.Trace.size() != B.Trace.size()) return A.Trace.size() < B.Trace.size();
  auto Rest = [](const Finding &F) {
    return std::tie(F.Message, F.Level, F.Function, F.Declaration, F.Trace, F.Remedy, F.Fixes, F.Suppressed, F.Place,
                    F.Cause);
  };
  return Rest(A) < Rest(B);
}

void refleak::sortFindings(std::vector<Finding> &Findings) { std::sort(Findings.begin(), Findings.end(), before); }

void refleak::removeDuplicates(std::vector<Finding> &Findings) {
  auto Same = [](const Finding &A, const Finding &B) { return identity(A) == identity(B); };
  Findings.erase(std::unique(Findings.begin(), Findings.end(), Same), Findings.end());
}
