#include "solve/Solution.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace refleak;

bool OwningStore::mayHaveMade(const Paths &Storage, PathId Cell) const {
  return std::any_of(Into.begin(), Into.end(), [&](const auto &To) {
    return To.first == Cell || (IsWhole && Storage.startsWith(Cell, To.first));
  });
}

void LoanSolution::addEndedElsewhere(EventKind Kind, PathId Cell, const Held &H, FunctionId Killer, const Span &At) {
  Event E;
  E.Kind = Kind;
  E.Loan = H.Loan;
  E.Cell = Cell;
  E.Via = H.Via;
  E.Killer = Killer;
  E.KilledAt = At;
  Events.push_back(E);
}

const Resolved *LoanSolution::resolvedAt(uint32_t Fact) const {
  auto It = std::lower_bound(Calls.begin(), Calls.end(), Fact,
                             [](const Resolved &R, uint32_t Number) { return R.Fact < Number; });
  return It != Calls.end() && It->Fact == Fact ? &*It : nullptr;
}

/// Whether other functions may know \p Place by another path: it is a global, or a data member is on the way to it.
static bool isKnownElsewhere(const Program &P, PathId Place) {
  for (; !P.Storage.isRoot(Place); Place = P.Storage.base(Place))
    if (P.Storage.last(Place).Kind == ProjectionKind::Field && P.isMember(P.Storage.last(Place).Name)) return true;
  return P.Storage.rootOf(Place).Kind == RootKind::Global;
}

bool LoanSolution::settle(const Program &P) {
  bool MakesObject = P.Functions[Function.index()].IsConstructor; // and may keep what its arguments lend
  llvm::erase_if(Exports, [&](const Export &E) {
    bool Ends = E.What.Kind == FactKind::Invalidate || E.What.Kind == FactKind::Expire;
    bool Follows = E.What.Kind == FactKind::Use && !E.After.empty();
    return !(Ends || Follows) || (!MakesObject && !isKnownElsewhere(P, E.What.Src));
  });
  ExitCases = std::vector<State>();
  auto fit = [](auto &...Lists) { (Lists.shrink_to_fit(), ...); };
  fit(Loans, Order, Calls, Events, Exports, Written, Replaced, Closures, Through, OwningStores, Rings, Mutuals, Emptied,
      Guesses, EndedInside, AtExit.cells());
  auto none = [](const auto &...Lists) { return (Lists.empty() && ...); };
  return GaveUp ||
         !none(Events, Exports, Written, Closures, Through, OwningStores, Rings, Mutuals, Emptied, AtExit.cells());
}

const Loan &LoanSolution::first(LoanId L) const {
  while (Loans[L.index()].Parent.valid()) L = Loans[L.index()].Parent;
  return Loans[L.index()];
}

const Fact &LoanSolution::factAt(const refleak::Function &Whole, Point At) const {
  if (const Effects *Callee = effectsAt(At)) return Callee->Facts[At.effect()];
  auto [B, I] = Order[At.fact()];
  return Whole.Blocks[B].Facts[I];
}

const Effects *LoanSolution::effectsAt(Point At) const {
  if (!At.inEffects()) return nullptr;
  // A function that is given up has loans of calls that were not noted any more.
  const Resolved *Call = resolvedAt(At.fact());
  return Call && At.candidate() < Call->Candidates.size() ? Call->Candidates[At.candidate()] : nullptr;
}

const Effects *LoanSolution::bodyAt(Point At) const {
  const Effects *E = effectsAt(At);
  return E && E->Source == EffectSource::Body ? E : nullptr;
}

bool LoanSolution::isGuess(Point At) const {
  if (!At.valid() || !At.inEffects()) return false;
  if (std::binary_search(Guesses.begin(), Guesses.end(), At)) return true;
  const Resolved *Call = resolvedAt(At.fact());
  return Call && Call->IsGuess;
}

bool LoanSolution::isCapture(const Paths &Storage, PathId Cell) const {
  auto isCode = [&](const Held &H) { return Loans[H.Loan.index()].Kind == LoanKind::Code; };
  for (PathId At = Cell; !Storage.isRoot(At); At = Storage.base(At)) {
    const HeldSet *Around = AtExit.find(Storage.base(At));
    if (Around && Storage.last(At).Kind == ProjectionKind::Field && std::any_of(Around->begin(), Around->end(), isCode))
      return true;
  }
  return false;
}

bool LoanSolution::comesTo(const refleak::Function &F, uint32_t From, uint32_t To) const {
  auto [Before, Number] = Order[From];
  auto [Behind, Position] = Order[To];
  return (Before == Behind && Position > Number) || blocksBehind(F, Before).test(Behind);
}

/// Whether a model says that the function waits for others. The end of an object waits as well, but mostly for nothing:
/// it has been moved from.
static bool isWait(const Effects &E) {
  return E.Source == EffectSource::Model && !llvm::StringRef(E.Display).ends_with("::destructor") &&
         llvm::any_of(E.Facts, [](const Fact &Each) { return Each.Kind == FactKind::Use && Each.How == Access::Wait; });
}

bool LoanSolution::anyCallBetween(const refleak::Function &F, Point From, Point To,
                                  llvm::function_ref<bool(const Resolved *)> IsSuch) const {
  for (uint32_t I = 0; I != Order.size(); ++I) {
    bool IsCall = F.Blocks[Order[I].first].Facts[Order[I].second].Kind == FactKind::Call;
    if (IsCall && IsSuch(resolvedAt(I)) && comesTo(F, From.fact(), I) && comesTo(F, I, To.fact())) return true;
  }
  return false;
}

bool LoanSolution::waits(const refleak::Function &F, Point From, Point To) const {
  return From.valid() && To.valid() && anyCallBetween(F, From, To, [](const Resolved *Call) {
           return Call && llvm::any_of(Call->Candidates, [](const Effects *E) { return isWait(*E); });
         });
}

bool LoanSolution::mayWaitForCode(const refleak::Function &F, Point From, Point To) const {
  return !From.valid() || !To.valid() || anyCallBetween(F, From, To, [](const Resolved *Call) {
    return !Call || llvm::any_of(Call->Candidates,
                                 [](const Effects *E) { return E->Source != EffectSource::Model || isWait(*E); });
  });
}

bool LoanSolution::mayWait(const refleak::Function &F, Point From, Point To) const {
  if (!From.valid() || !To.valid() || To < From) return true;
  for (uint32_t I = From.fact() + 1; I < To.fact(); ++I)
    if (F.Blocks[Order[I].first].Facts[Order[I].second].Kind == FactKind::Call) return true;
  return false;
}

bool refleak::namesFirst(const Program &P, PathId Key) {
  if (!Key.valid() || P.Storage.rootOf(Key).Kind != RootKind::Constant) return false;
  llvm::StringRef Text = P.Symbols.text(P.Storage.rootOf(Key).Name);
  return Text == "0" || Text == "front";
}

PathId refleak::keyOfEffects(const Paths &Storage, PathId Key) {
  bool Leads = !Storage.isRoot(Key) && Storage.last(Key).Kind == ProjectionKind::Deref;
  return Leads ? Storage.base(Key) : Key;
}
