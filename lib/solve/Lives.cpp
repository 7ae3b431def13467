#include "solve/Lives.h"
#include "solve/Members.h"
#include "solve/Solve.h"

using namespace refleak;

static const Fact &factAt(const Function &Whole, const LoanSolution &S, uint32_t Number) {
  auto [B, I] = S.Order[Number];
  return Whole.Blocks[B].Facts[I];
}

LoanSolution refleak::endsOfMembers(const Program &P, LoanSolution Life) {
  Function Whole = P.whole(Life.Function);
  llvm::erase_if(Life.Events, [&](const Event &E) {
    if (E.Kind != EventKind::Use || E.Death.inEffects()) return true;
    const Fact &Death = factAt(Whole, Life, E.Death.fact());
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

/// The member whose end uses something in \p E: it expires next.
static NameId needyMember(const Solved &Program, const LoanSolution &S, const Event &E) {
  Function Whole = Program.P.whole(S.Function);
  for (uint32_t I = E.At.fact() + 1; I < S.Order.size(); ++I)
    if (const Fact &Each = factAt(Whole, S, I); Each.Kind == FactKind::Expire)
      return Members(Program.P).memberOf(Each.Src).Name;
  return NameId();
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
      NameId Needy = needyMember(Program, S, E);
      E.MayBeUndone |= Needy.valid() && Emptied->count(Needy) != 0;
    }
}
