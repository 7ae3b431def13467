#include "driver/Commands.h"
#include "driver/Session.h"
#include "facts/Text.h"
#include "output/Format.h"
#include "solve/EscapeReport.h"
#include "solve/Solve.h"

using namespace refleak;

/// Tells of units that were not wholly analysed, and turns that into a status.
static ExitStatus statusOf(const Coverage &C) {
  for (const FailedUnit &U : C.FailedUnits) writeFailedUnit(llvm::errs(), U);
  return C.FailedUnits.empty() ? NothingFound : NotAnalysed;
}

llvm::Expected<ExitStatus> refleak::printUnitFacts(const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  Coverage C;
  llvm::Expected<std::vector<Unit>> Facts = lowerAllAndRead(*S, C);
  if (!Facts) return Facts.takeError();
  auto Print = [&](llvm::raw_ostream &OS) {
    for (const Unit &U : *Facts) printFacts(OS, U);
  };
  if (auto E = writeOutput(O, Print)) return E;
  return statusOf(C);
}

llvm::Expected<ExitStatus> refleak::printProgramEffects(const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  Coverage C;
  llvm::Expected<std::vector<Unit>> Facts = lowerAllAndRead(*S, C);
  if (!Facts) return Facts.takeError();
  Solved Program = solve(link(std::move(*Facts)), S->Limits);
  // Effects print as the facts of a unit without functions.
  Unit Shown;
  Shown.Files = std::move(Program.P.Files);
  Shown.Symbols = std::move(Program.P.Symbols);
  Shown.Storage = std::move(Program.P.Storage);
  for (const Effects *E : Program.Inferred)
    if (E) Shown.Known.push_back(*E);
  if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { printFacts(OS, Shown); })) return E;
  return statusOf(C);
}

namespace {

/// A solved program as its callers see it.
class SolvedCallees final : public Callees {
public:
  explicit SolvedCallees(const Solved &S) : S(S) {}

  const Effects *effects(NameId Symbol) override {
    if (const Effects *E = S.P.known(Symbol)) return E;
    FunctionId Body = S.P.body(Symbol);
    return Body.valid() ? S.Inferred[Body.index()] : nullptr;
  }

  void dispatched(NameId Symbol, llvm::SmallVectorImpl<NameId> &Out) override { Out.append(S.P.dispatched(Symbol)); }

  llvm::ArrayRef<StoredClosure> stored(NameId, PathId) override { return {}; }

private:
  const Solved &S;
};

} // namespace

llvm::Expected<ExitStatus> refleak::printProgramEscapes(const Options &O) {
  llvm::Expected<Session> S = openSession(O);
  if (!S) return S.takeError();
  Coverage C;
  llvm::Expected<std::vector<Unit>> Facts = lowerAllAndRead(*S, C);
  if (!Facts) return Facts.takeError();
  Solved Program = solve(link(std::move(*Facts)), S->Limits);
  SolvedCallees Known(Program);
  auto Print = [&](llvm::raw_ostream &OS) {
    for (uint32_t I = 0; I != Program.P.Functions.size(); ++I)
      if (!Program.P.Functions[I].IsLife)
        printEscapes(OS, Program.P, EscapeGraph(Program.P, FunctionId(I), Known), O.Explain);
  };
  if (auto E = writeOutput(O, Print)) return E;
  return statusOf(C);
}
