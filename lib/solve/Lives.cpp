#include "solve/Lives.h"
#include "solve/Members.h"
#include "solve/Solve.h"

using namespace refleak;

LoanSolution refleak::endsOfMembers(const Program &P, LoanSolution Life) {
  Function Whole = P.whole(Life.Function);
  llvm::erase_if(Life.Events, [&](const Event &E) {
    if (E.Kind != EventKind::Use || E.Death.inEffects()) return true;
    const Fact &Death = Life.factAt(Whole, E.Death);
    bool EndsMember = Death.Kind == FactKind::Expire && Death.Ending == End::Scope;
    return !EndsMember || P.Storage.rootOf(Death.Src).Kind != RootKind::This;
  });
  LoanSolution News;
  News.Function = Life.Function;
  News.Loans = std::move(Life.Loans);
  News.Order = std::move(Life.Order);
  News.Calls = std::move(Life.Calls);
  News.Guesses = std::move(Life.Guesses);
  News.Events = std::move(Life.Events);
  for (Event &E : News.Events) E.Kind = EventKind::Sibling;
  return News;
}

/// A member expires behind its destructor.
PathId refleak::memberEndingAt(const Function &Whole, const LoanSolution &S, const Event &E) {
  for (uint32_t I = E.At.fact() + 1; I < S.Order.size(); ++I)
    if (const Fact &Each = S.factAt(Whole, Point::ofFact(I)); Each.Kind == FactKind::Expire) return Each.Src;
  return PathId();
}

/// The members that functions empty which make no object.
static std::set<NameId> emptiedMembers(const Solved &Program) {
  Members Of(Program.P);
  std::set<NameId> Found;
  for (const LoanSolution &S : Program.solutions()) {
    if (!S.Function.valid() || Program.function(S.Function).IsConstructor) continue;
    for (const auto &[Place, At] : S.Emptied)
      if (Member M = Of.memberOf(Place); M.known()) Found.insert(M.Name);
  }
  return Found;
}

void refleak::doubtEmptied(Solved &Program) {
  std::optional<std::set<NameId>> Emptied;
  for (LoanSolution &S : Program.solutions())
    for (Event &E : S.Events) {
      if (E.Kind != EventKind::Sibling) continue;
      if (!Emptied) Emptied = emptiedMembers(Program);
      PathId Needy = memberEndingAt(Program.P.whole(S.Function), S, E);
      E.MayBeUndone |= Needy.valid() && Emptied->count(Members(Program.P).memberOf(Needy).Name) != 0;
    }
}
