#include "solve/Neighbours.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

/// Larger families are not looked through.
static constexpr size_t MaxFamily = 200;

Neighbours::Edges::Edges(size_t Functions, llvm::ArrayRef<std::pair<uint32_t, uint32_t>> Pairs) : First{0} {
  for (auto [From, Each] : Pairs) {
    First.resize(From + 1, To.size());
    To.push_back(Each);
  }
  First.resize(Functions + 1, To.size());
}

Neighbours::Pairs Neighbours::callsIn(const Program &P, bool Reversed) {
  Pairs Found;
  for (uint32_t I = 0; I < P.Functions.size(); ++I)
    for (const Mention &M : P.mentions(FunctionId(I))) {
      FunctionId To = M.How == Mention::Call ? P.body(M.Name) : FunctionId();
      if (!To.valid() || To.index() == I) continue;
      Found.emplace_back(Reversed ? To.index() : I, Reversed ? I : To.index());
    }
  llvm::sort(Found);
  Found.erase(std::unique(Found.begin(), Found.end()), Found.end());
  return Found;
}

Neighbours::Neighbours(const Program &P)
    : Called(P.Functions.size(), callsIn(P, false)), Callers(P.Functions.size(), callsIn(P, true)) {}

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
