#include "solve/Lives.h"
#include "solve/Members.h"
#include "solve/Solve.h"
#include "llvm/ADT/Twine.h"
#include <map>

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

namespace {

/// Puts calls of later functions into lives.
class Later {
public:
  explicit Later(Solved &Program) : P(Program.P), Program(Program), Of(Program.P) {}

  std::vector<LaterLife> run() {
    for (uint32_t I = 0; I != P.Functions.size(); ++I)
      if (P.Functions[I].IsLife && !Program.Solutions[I]) collectEnds(FunctionId(I));
    if (Lives.empty()) return {};
    for (size_t I = 0; I != P.components(); ++I)
      for (FunctionId F : P.component(I))
        if (const Function &Each = P.Functions[F.index()];
            Program.Inferred[F.index()] && !Each.IsLife && !Each.IsConstructor && !Each.IsDestructor)
          findIn(F, *Program.Inferred[F.index()]);
    return std::move(Found);
  }

private:
  struct Life {
    FunctionId Function;
    std::vector<NameId> EndedBefore;
  };
  refleak::Program &P;
  Solved &Program;
  Members Of;
  std::map<NameId, std::vector<Life>> Lives;            ///< by member that a destructor ends
  std::set<std::pair<FunctionId, FunctionId>> Together; ///< lives, and the functions that have been put into them
  std::vector<LaterLife> Found;

  void collectEnds(FunctionId Id) {
    std::vector<NameId> Ended;
    const Fact *Before = nullptr;
    Function Whole = P.whole(Id);
    for (const Block &B : Whole.Blocks)
      for (const Fact &Each : B.Facts) {
        Member M = Each.Kind == FactKind::Expire ? Of.memberOf(Each.Src) : Member();
        if (M.known() && M.Prefix == Each.Src) {
          if (Before && Before->Kind == FactKind::Call && !Ended.empty()) Lives[M.Name].push_back({Id, Ended});
          Ended.push_back(M.Name);
        }
        Before = &Each;
      }
  }

  /// The object that the member \p M, of the function's, lies in.
  PathId objectOf(const Member &M) const { return P.Storage.base(M.Prefix); }

  void findIn(FunctionId F, const Effects &Does) {
    for (const Fact &Owning : Does.Facts) {
      if (Owning.Kind != FactKind::Borrow && Owning.Kind != FactKind::Copy) continue;
      Member Needy = Of.memberOf(Owning.Dst);
      auto It = Needy.known() ? Lives.find(Needy.Name) : Lives.end();
      if (It == Lives.end() || Owning.Dst == Owning.Src) continue;
      for (const Fact &Lending : Does.Facts) {
        if (Lending.Kind == FactKind::Copy && isOfWholeObject(Lending, Needy)) {
          for (const Life &Each : It->second)
            if (Together.insert({Each.Function, F}).second) add(Each, F, Does, Needy);
          continue;
        }
        if (Lending.Kind != FactKind::Borrow) continue;
        Member Needed = Of.memberOf(Lending.Src);
        if (!Needed.known() || objectOf(Needed) != objectOf(Needy)) continue;
        for (const Life &Each : It->second)
          if (llvm::is_contained(Each.EndedBefore, Needed.Name) && Together.insert({Each.Function, F}).second)
            add(Each, F, Does, Needy);
      }
    }
  }

  /// Whether \p Each lets \p M of the object keep the object: what a thread there runs has captured it.
  bool isOfWholeObject(const Fact &Each, const Member &M) const {
    return P.Storage.isRoot(Each.Src) && P.Storage.rootOf(Each.Src).Kind == RootKind::This &&
           objectOf(M) == P.Storage.deref(Each.Src) && P.Storage.startsWith(Each.Dst, M.Prefix);
  }

  /// Adds a life with a call of \p F, if the object is the one that \p F is called on, or one that it makes.
  void add(const Life &Base, FunctionId F, const Effects &Does, const Member &Needy) {
    PathId Object = objectOf(Needy), This = P.Storage.root({RootKind::This, 0, NameId()});
    const Function &Changing = P.Functions[F.index()];
    LaterLife New{P.whole(Base.Function), Needy.Name};
    Call Change;
    Change.Callee = Changing.Symbol;
    Change.Args.resize(P.passed(F).size());
    std::vector<Fact> Facts;
    auto add = [&](FactKind Kind, PathId Dst, PathId Src) {
      Fact &New = Facts.emplace_back();
      New.Kind = Kind;
      New.Dst = Dst;
      New.Src = Src;
      New.At = Changing.At;
    };
    auto addCall = [&](PathId On) {
      Change.This = On;
      add(FactKind::Call, PathId(), PathId());
      Facts.back().Call = uint32_t(New.Whole.Calls.size());
    };
    std::vector<Fact> &Start = New.Whole.Blocks[0].Facts;
    auto Made = llvm::find_if(Start, [](const Fact &Each) { return Each.Kind == FactKind::Call; });
    if (Made == Start.end()) return;
    if (Object == P.Storage.deref(This)) {
      addCall(This);
      Start.insert(Made + 1, Facts.begin(), Facts.end());
    } else if (std::optional<PathId> Way = wayTo(Object, Does)) {
      PathId Outer = P.Storage.root({RootKind::Local, uint32_t(New.Whole.Locals.size()), NameId()});
      PathId Cell = P.Storage.root({RootKind::Temp, New.Whole.Temps++, NameId()});
      New.Whole.Locals.push_back({"this", Changing.At});
      add(FactKind::Live, Outer, PathId());
      add(FactKind::Borrow, Cell, Outer);
      addCall(Cell);
      add(FactKind::Borrow, This, *P.Storage.rebase(*Way, P.Storage.deref(This), Outer));
      Start.erase(Start.begin(), Made + 1);
      Start.insert(Start.begin(), Facts.begin(), Facts.end());
    } else {
      return;
    }
    New.Whole.Calls.push_back(std::move(Change));
    std::string Symbol =
        (P.Symbols.text(New.Whole.Symbol) + llvm::Twine(" with ") + P.Symbols.text(Changing.Symbol)).str();
    New.Whole.Symbol = P.Symbols.intern(Symbol);
    Found.push_back(std::move(New));
  }

  /// How the object of a function that does \p Does leads to \p Object, an allocation, afterwards.
  std::optional<PathId> wayTo(PathId Object, const Effects &Does) const {
    if (P.Storage.rootOf(Object).Kind != RootKind::Heap) return std::nullopt;
    for (const Fact &Each : Does.Facts)
      if (Each.Kind == FactKind::Borrow && Each.Src == Object && P.Storage.derefs(Each.Dst) == 1 &&
          P.Storage.rootOf(Each.Dst).Kind == RootKind::This)
        return P.Storage.deref(Each.Dst);
    return std::nullopt;
  }
};

} // namespace

std::vector<LaterLife> refleak::laterLives(Solved &Program) { return Later(Program).run(); }

std::set<NameId> refleak::needyMembers(Program &P, const LoanSolution &Life) {
  Members Of(P);
  const Function Whole = P.whole(Life.Function);
  std::set<NameId> Found;
  for (const Event &E : Life.Events)
    if (PathId Needy = memberEndingAt(Whole, Life, E); Needy.valid()) Found.insert(Of.memberOf(Needy).Name);
  return Found;
}

/// Whether the function puts something into \p Place, too.
static bool isFilled(const Paths &Storage, const LoanSolution &S, PathId Place) {
  return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
    return Storage.startsWith(C.Path, Place) &&
           llvm::any_of(C.Holds, [&](const Held &H) { return H.Alive && !S.Loans[H.Loan.index()].Initial; });
  });
}

/// The members that functions empty which make no object.
static std::set<NameId> emptiedMembers(const Solved &Program) {
  Members Of(Program.P);
  std::set<NameId> Found;
  for (const LoanSolution &S : Program.solutions()) {
    if (!S.Function.valid() || Program.function(S.Function).IsConstructor) continue;
    for (const auto &[Place, At] : S.Emptied)
      if (Member M = Of.memberOf(Place); M.known() && !isFilled(Program.P.Storage, S, Place)) Found.insert(M.Name);
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
