#include "solve/Neighbours.h"

using namespace refleak;

/// Larger families are not looked through.
static constexpr size_t MaxFamily = 200;

Neighbours::Neighbours(const Program &P) : Callers(P.Functions.size()), Called(P.Functions.size()) {
  for (uint32_t I = 0; I < P.Functions.size(); ++I)
    for (const Call &C : P.Functions[I].Calls) {
      FunctionId To = C.Callee.valid() ? P.body(C.Callee) : FunctionId();
      if (!To.valid() || To.index() == I) continue;
      Called[I].insert(To.index());
      Callers[To.index()].insert(I);
    }
}

bool Neighbours::reach(const Edges &Along, std::set<uint32_t> &Seen) {
  std::vector<uint32_t> Work(Seen.begin(), Seen.end());
  while (!Work.empty() && Seen.size() < MaxFamily) {
    uint32_t Next = Work.back();
    Work.pop_back();
    for (uint32_t To : Along[Next])
      if (Seen.insert(To).second) Work.push_back(To);
  }
  return Seen.size() >= MaxFamily;
}
