#include "solve/Solution.h"
#include <algorithm>

using namespace refleak;

const Effects *LoanSolution::effectsAt(Point At) const {
  if (!At.inEffects()) return nullptr;
  auto It = std::lower_bound(Calls.begin(), Calls.end(), At.fact(),
                             [](const Resolved &R, uint32_t Fact) { return R.Fact < Fact; });
  return It->Candidates[At.candidate()];
}

const Effects *LoanSolution::bodyAt(Point At) const {
  const Effects *E = effectsAt(At);
  return E && E->Source == EffectSource::Body ? E : nullptr;
}
