#include "solve/Solve.h"
#include "solve/Arrays.h"
#include "solve/ClosureEnvironment.h"
#include "solve/Copies.h"
#include "solve/Growth.h"
#include "solve/Inverses.h"
#include "solve/Lives.h"
#include "solve/MemberUses.h"
#include "solve/Neighbours.h"
#include "solve/Orphans.h"
#include "solve/Pins.h"
#include "solve/Retained.h"
#include "solve/Rings.h"
#include "solve/Standing.h"
#include "llvm/ADT/BitVector.h"
#include <algorithm>
#include <set>

using namespace refleak;

namespace {

/// A cycle of calls is solved at most this often; and once more at most so often when stored closures are known.
constexpr unsigned MaxRounds = 3, MaxRoundsAgain = 2;
/// The effects of more functions that all call each other hardly ever settle: they are solved once less.
constexpr size_t LargeCycle = 16;

class ProgramSolver final : public Callees {
public:
  ProgramSolver(Solved &Out, const SolveLimits &Limits, SolveWatch Watch)
      : Out(Out), P(Out.P), Limits(Limits), Watch(Watch), Uses(Out.P) {}

  void run() {
    Out.Inferred.resize(P.Functions.size());
    Out.Solutions.resize(P.Functions.size());
    Known.resize(P.Functions.size());
    for (llvm::BitVector *Each : {&Out.Less.Cells, &Out.Less.Effects, &Out.Less.Rounds})
      Each->resize(P.Functions.size());
    for (size_t I = 0; I != P.components(); ++I) solveComponent(P.component(I));
    Environment.emplace(Out);
    Inverse.emplace(Out);
    findConcerned();
    Closed = Now++;
    solveAgain();
    solveLives();
    if (Watch) Watch("");
    countUnknown();
  }

  const Effects *effects(NameId Symbol) override {
    if (const Effects *E = P.known(Symbol)) return E;
    FunctionId Body = P.body(Symbol);
    if (!Body.valid()) return nullptr;
    Asked.push_back(Body);
    return Out.Inferred[Body.index()];
  }

  void dispatched(NameId Symbol, llvm::SmallVectorImpl<NameId> &Names) override { Names.append(P.dispatched(Symbol)); }

  llvm::ArrayRef<StoredClosure> stored(NameId F, PathId Cell) override {
    return Environment ? Environment->at(F, Cell) : llvm::ArrayRef<StoredClosure>();
  }

  llvm::ArrayRef<PathId> arrays(NameId Symbol) override {
    FunctionId Body = P.known(Symbol) ? FunctionId() : P.body(Symbol);
    return Body.valid() ? llvm::ArrayRef<PathId>(Known[Body.index()].Arrays) : llvm::ArrayRef<PathId>();
  }

  llvm::ArrayRef<PathId> usedMembers(NameId Symbol) override { return Uses.of(Symbol); }
  bool mayRunOn(NameId Symbol) override { return Uses.mayRunOn(Symbol); }

  LedBack leadsBack(PathId Cell) override { return Inverse ? Inverse->leadsBack(Cell) : LedBack(); }

private:
  /// What a function's solution was made from: as long as nothing of it changes, solving it again gives the same.
  struct Inputs {
    uint32_t Solved = 0;                     ///< when it was solved; 0: not yet
    uint32_t Changed = 0;                    ///< when its effects changed last
    llvm::SmallVector<FunctionId, 4> Bodies; ///< whose effects it asked for
    std::vector<PathId> Arrays;              ///< of its arrays, those that callers see; ordered
  };

  Solved &Out;
  Program &P;
  std::optional<ClosureEnvironment> Environment;
  std::optional<Inverses> Inverse;
  llvm::BitVector Concerned; ///< by function: a first round over the program tells more of what it finds
  const SolveLimits &Limits;
  SolveWatch Watch;
  MemberUses Uses;
  std::vector<Inputs> Known;     ///< by function
  uint32_t Now = 1;              ///< counts the changes of effects
  uint32_t Closed = 0;           ///< when Environment was made
  std::vector<FunctionId> Asked; ///< by the function that is being solved

  static bool same(const Fact &A, const Fact &B) {
    return std::tie(A.Kind, A.Dst, A.Src, A.By, A.Loan, A.Kinds, A.Which, A.Elements, A.Cond, A.Sure, A.Call, A.If,
                    A.Is) == std::tie(B.Kind, B.Dst, B.Src, B.By, B.Loan, B.Kinds, B.Which, B.Elements, B.Cond, B.Sure,
                                      B.Call, B.If, B.Is);
  }

  static bool same(const Effects &A, const Effects &B) {
    return A.NeverAfter == B.NeverAfter && std::equal(A.Facts.begin(), A.Facts.end(), B.Facts.begin(), B.Facts.end(),
                                                      [](const Fact &X, const Fact &Y) { return same(X, Y); });
  }

  /// Whether \p After is \p Before without some calls of stored closures, and what is needed after them: they are known
  /// now, and do nothing that callers would see. Those calls stay, for callers that know more of the closures.
  bool onlyLostCalls(const Effects &Before, const Effects &After) const {
    auto preparesCall = [&](const Fact &Each) {
      return Each.Dst.valid() && P.Storage.rootOf(Each.Dst).Kind == RootKind::Temp;
    };
    llvm::SmallVector<uint32_t, 64> Became; // which of After's facts each of Before's is
    llvm::SmallDenseSet<uint32_t, 4> Lost;  // calls
    uint32_t Next = 0;
    auto skipWords = [&](size_t I) {
      while (Next != After.Facts.size() && isAboutWord(After.Facts[Next]) &&
             !(I != Before.Facts.size() && same(Before.Facts[I], After.Facts[Next])))
        ++Next;
    };
    for (size_t I = 0; I != Before.Facts.size();) {
      skipWords(I);
      if (Before.Facts[I].Kind == FactKind::Need && Lost.contains(Before.Facts[I].Call)) {
        Became.push_back(Next);
        ++I;
        continue;
      }
      size_t End = I;
      while (End != Before.Facts.size() && preparesCall(Before.Facts[End])) ++End;
      bool IsCall = End != Before.Facts.size() && Before.Facts[End].Kind == FactKind::Call;
      End += End != Before.Facts.size();
      bool Stays = End - I <= After.Facts.size() - Next;
      for (size_t Each = I; Each != End; ++Each) {
        Became.push_back(Next + (Each - I));
        if (!Stays) continue;
        Fact Old = Before.Facts[Each], New = After.Facts[Next + (Each - I)];
        if (Old.Kind == FactKind::Need) Old.Call = Became[Old.Call];
        if (preparesCall(Old) && preparesCall(New)) Old.Dst = New.Dst;
        if (IsCall && Each + 1 == End) Old.Call = New.Call;
        Stays = same(Old, New);
      }
      if (!Stays && !IsCall) return false;
      if (Stays)
        Next += End - I;
      else
        Lost.insert(End - 1);
      I = End;
    }
    skipWords(Before.Facts.size());
    return Next == After.Facts.size();
  }

  /// Whether it says that a word such as `back` stands for another element from there on: nothing that callers see.
  bool isAboutWord(const Fact &Each) const {
    return Each.Kind == FactKind::Use && P.Storage.rootOf(Each.Src).Kind == RootKind::Constant;
  }

  bool callsItself(FunctionId F) const {
    return llvm::any_of(P.mentions(F), [&](const Mention &M) {
      return M.How == Mention::Call && M.Name == P.Functions[F.index()].Symbol;
    });
  }

  /// Functions that may find stored closures, and those that may know by another way what their callees end.
  void findConcerned() {
    Concerned.resize(P.Functions.size());
    for (uint32_t I = 0; I != P.Functions.size(); ++I)
      if (Environment->concerns(P.Functions[I].Symbol) ||
          (!Inverse->empty() && llvm::any_of(Known[I].Bodies, [&](FunctionId Each) {
            return Out.Inferred[Each.index()] && Inverse->concern(*Out.Inferred[Each.index()]);
          })))
        Concerned.set(I);
  }

  bool isConcerned(FunctionId F) const { return !Concerned.empty() && Concerned.test(F.index()); }

  bool isUpToDate(FunctionId F) const {
    const Inputs &In = Known[F.index()];
    if (Out.solution(F).GaveUp) return true; // with more known of its callees it would take more steps, not fewer
    return In.Solved != 0 && !(In.Solved <= Closed && isConcerned(F)) &&
           llvm::none_of(In.Bodies, [&](FunctionId Each) { return Known[Each.index()].Changed > In.Solved; });
  }

  LoanSolution solveOne(FunctionId F) {
    if (Watch) Watch(P.Symbols.text(P.Functions[F.index()].Symbol));
    Asked.clear();
    LoanSolution Found = solveLoans(P, F, *this, Limits);
    llvm::sort(Asked);
    Asked.erase(std::unique(Asked.begin(), Asked.end()), Asked.end());
    Inputs &In = Known[F.index()];
    In.Solved = Now;
    In.Bodies.assign(Asked.begin(), Asked.end());
    In.Arrays = givenArrays(F);
    return Found;
  }

  /// The arrays of \p F in storage that was there before it.
  std::vector<PathId> givenArrays(FunctionId F) {
    std::vector<PathId> Given;
    for (PathId Array : arraysOf(P, P.whole(F), *this, Limits)) {
      RootKind K = P.Storage.rootOf(Array).Kind;
      if (K == RootKind::Global || K == RootKind::This || K == RootKind::Arg) Given.push_back(Array);
    }
    llvm::sort(Given);
    return Given;
  }

  void solveComponent(llvm::ArrayRef<FunctionId> Component) {
    if (P.Functions[Component[0].index()].IsLife) return;
    bool CallsItself = Component.size() > 1 || callsItself(Component[0]);
    bool Again = CallsItself || isConcerned(Component[0]);
    unsigned Rounds = !Again ? 1 : Environment ? MaxRoundsAgain : MaxRounds;
    if (Component.size() > LargeCycle) --Rounds;
    for (unsigned Round = 0; Round < Rounds; ++Round) {
      bool Changed = false;
      for (FunctionId F : Component) {
        Out.Less.Rounds.reset(F.index());
        if (isUpToDate(F)) continue;
        LoanSolution Found = solveOne(F);
        bool LeftOut = false;
        Effects Effect = inferEffects(P, Found, LeftOut);
        Out.Less.Cells[F.index()] = Found.HasLost;
        Out.Less.Effects[F.index()] = LeftOut;
        bool IsLookedAt = Found.settle(P);
        Out.Solutions[F.index()] = IsLookedAt ? std::make_unique<LoanSolution>(std::move(Found)) : nullptr;
        const Effects *&Current = Out.Inferred[F.index()];
        if (Current && (same(Effect, *Current) || (Environment && onlyLostCalls(*Current, Effect)))) continue;
        Effect.Facts.shrink_to_fit();
        Out.Versions.push_back(std::move(Effect));
        Current = &Out.Versions.back();
        Known[F.index()].Changed = ++Now;
        Out.Less.Rounds[F.index()] = CallsItself;
        Changed = true;
      }
      if (!Changed) break;
    }
  }

  /// Functions that call closures which others have stored, and all that depend on them, once more with these known.
  void solveAgain() {
    if (Concerned.none()) return;
    auto dependsOnThem = [&](FunctionId F) {
      return isConcerned(F) || llvm::any_of(Known[F.index()].Bodies,
                                            [&](FunctionId Each) { return Known[Each.index()].Changed > Closed; });
    };
    for (size_t I = 0; I != P.components(); ++I)
      if (llvm::ArrayRef<FunctionId> Component = P.component(I); llvm::any_of(Component, dependsOnThem))
        solveComponent(Component);
  }

  /// When everything is known of what lives call. Nobody calls them.
  void solveLives() {
    for (uint32_t I = 0; I < P.Functions.size(); ++I) {
      if (!P.Functions[I].IsLife) continue;
      LoanSolution Found = endsOfMembers(P, solveOne(FunctionId(I)));
      if (!Found.Events.empty()) Out.Solutions[I] = std::make_unique<LoanSolution>(std::move(Found));
    }
    solveLaterLives();
  }

  /// Of a member one life is told: what callers of a function make of it is no news.
  void solveLaterLives() {
    std::set<NameId> Told;
    for (LaterLife &Each : laterLives(Out)) {
      if (Told.count(Each.Needy)) continue;
      FunctionId F(uint32_t(P.Functions.size()));
      P.add(std::move(Each.Whole));
      Out.Inferred.emplace_back();
      Out.Solutions.emplace_back();
      Known.emplace_back();
      LoanSolution Found = endsOfMembers(P, solveOne(F));
      if (Found.Events.empty()) continue;
      Told.merge(needyMembers(P, Found));
      Out.Solutions.back() = std::make_unique<LoanSolution>(std::move(Found));
    }
  }

  void countUnknown() {
    Table<NameId, uint32_t> Count;
    for (const Mention &M : P.Mentions)
      if (M.How == Mention::Call && !effects(M.Name)) ++Count[M.Name];
    Out.Unknown.assign(Count.begin(), Count.end());
    std::sort(Out.Unknown.begin(), Out.Unknown.end(), [&](const auto &A, const auto &B) {
      if (A.second != B.second) return A.second > B.second;
      return P.Symbols.text(A.first) < P.Symbols.text(B.first);
    });
    for (uint32_t I = 0; I < P.Functions.size(); ++I) {
      bool TooLarge =
          llvm::any_of(P.mentions(FunctionId(I)), [](const Mention &M) { return M.How == Mention::GiveUp; });
      Out.GaveUp += TooLarge || Out.solution(FunctionId(I)).GaveUp;
    }
  }
};

} // namespace

const Fact &Solved::ownFact(const LoanSolution &S, Point At) const {
  if (Last != S.Function) Whole = P.whole(Last = S.Function);
  auto [B, I] = S.Order[At.fact()];
  return Whole.Blocks[B].Facts[I];
}

Fact Solved::fact(const LoanSolution &S, Point At) const {
  if (const Effects *E = S.effectsAt(At)) return E->Facts[At.effect()];
  return ownFact(S, At);
}

bool Solved::isCaptured(const LoanSolution &S, LoanId Loan, PathId Cell, Point Via) const {
  return neededLater(S.Loans[Loan.index()].Why) || S.isCapture(P.Storage, Cell) ||
         (Via.valid() && neededLater(fact(S, Via).Why));
}

Span Solved::site(const LoanSolution &S, Point At) const { return ownFact(S, At).At; }

Solved refleak::solve(Program P, const SolveLimits &Limits, SolveWatch Watch) {
  Solved Out;
  Out.P = std::move(P);
  ProgramSolver(Out, Limits, Watch).run();
  Neighbours Near(Out.P);
  findStandingBorrows(Out, Near);
  findOrphans(Out, Near);
  findRings(Out);
  findRetained(Out, Near);
  findGrowth(Out, Near);
  findPins(Out);
  findCopies(Out);
  doubtEmptied(Out);
  return Out;
}
