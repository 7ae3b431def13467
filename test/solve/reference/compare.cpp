// solve-reference FILE...: solves each function of the facts by the solver and by the reference, and tells where they
// differ. solve-reference --random FIRST COUNT: the same for random facts; --print SEED shows them.
#include "RandomFacts.h"
#include "Reference.h"
#include "facts/Text.h"
#include "facts/Words.h"
#include "solve/Loans.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace refleak;

namespace {

/// Only what the facts say of a callee is known of it.
class StatedCallees : public Callees {
public:
  explicit StatedCallees(const Program &P) : P(P) {}
  const Effects *effects(NameId Symbol) override { return P.known(Symbol); }
  void dispatched(NameId Symbol, llvm::SmallVectorImpl<NameId> &Out) override { Out.push_back(Symbol); }
  llvm::ArrayRef<StoredClosure> stored(NameId, PathId) override { return {}; }

private:
  const Program &P;
};

/// Writes a solution as the reference writes its own.
class Lines {
public:
  Lines(const Program &P, const LoanSolution &S) : P(P), S(S) {}

  std::set<std::string> all() const {
    std::set<std::string> Found;
    if (S.ReachesExit)
      for (const refleak::State::Cell &C : S.AtExit.cells())
        if (!C.Holds.empty() || given(C.Path)) Found.insert(cell(C));
    for (const Event &E : S.Events) Found.insert(event(E));
    return Found;
  }

private:
  const Program &P;
  const LoanSolution &S;

  bool given(PathId Cell) const {
    RootKind K = P.Storage.rootOf(Cell).Kind;
    return K == RootKind::Arg || K == RootKind::This || K == RootKind::Global;
  }

  std::string path(PathId Path) const {
    std::string Text;
    llvm::raw_string_ostream OS(Text);
    printPath(OS, P.Symbols, P.Storage, Path);
    return Text;
  }

  std::string point(Point At) const {
    if (!At.valid()) return "-";
    auto [B, I] = S.Order[At.fact()];
    std::string Text = std::to_string(B) + "." + std::to_string(I);
    if (At.inEffects()) Text += "/" + std::to_string(At.candidate()) + "." + std::to_string(At.effect());
    return Text;
  }

  std::string loan(LoanId Id) const {
    const Loan &L = S.Loans[Id.index()];
    if (L.Initial) return "initial " + path(L.Target) + (L.Apart.valid() ? " apart " + path(L.Apart) : "");
    std::string Text = wordFor(L.Kind).str() + " " + path(L.Target) + " @" + point(L.Issued);
    if (L.Old) Text += " old";
    if (L.Key.valid()) Text += " key " + path(L.Key);
    if (L.Parent.valid()) Text += " from (" + loan(L.Parent) + ")";
    return Text;
  }

  std::string cell(const refleak::State::Cell &C) const {
    std::set<std::string> Texts;
    for (const Held &H : C.Holds)
      Texts.insert(loan(H.Loan) + (!H.Death.valid() ? "" : (H.Alive ? " may have died " : " died ") + point(H.Death)));
    std::string Line = "exit " + path(C.Path) + " =";
    for (const std::string &Each : Texts) Line += " {" + Each + "}";
    return Line;
  }

  /// Where the first loan of a chain was made.
  std::string lender(LoanId Of) const {
    while (S.Loans[Of.index()].Parent.valid()) Of = S.Loans[Of.index()].Parent;
    return point(S.Loans[Of.index()].Issued);
  }

  std::string event(const Event &E) const {
    if (E.Kind == EventKind::Bypass)
      return "bypass " + path(E.Cell) + " through what " + lender(E.Loan) + " lent at " + point(E.At);
    if (E.Kind != EventKind::Use)
      return "escape " + path(E.Cell) + " {" + loan(E.Loan) + "} died " + point(E.Death) + " " + wordFor(E.Sure).str();
    return "use of what " + lender(E.Loan) + " lent and " + point(E.Death) + " killed at " + point(E.At);
  }
};

struct Tally {
  unsigned Same = 0, Different = 0, Left = 0;
};

void compare(Unit U, llvm::StringRef Name, Tally &Count) {
  std::vector<Unit> Units;
  Units.push_back(std::move(U));
  Program P = link(std::move(Units));
  StatedCallees Callees(P);
  for (uint32_t I = 0; I != P.Functions.size(); ++I) {
    LoanSolution S = solveLoans(P, FunctionId(I), Callees, SolveLimits());
    reference::Result R = S.GaveUp || S.HasLost ? reference::Result{false, {}} : reference::solve(P, FunctionId(I));
    if (!R.Covered) {
      ++Count.Left;
      continue;
    }
    std::set<std::string> Fast = Lines(P, S).all();
    if (Fast == R.Lines) {
      ++Count.Same;
      continue;
    }
    ++Count.Different;
    llvm::outs() << Name << ": " << P.Functions[I].Display << '\n';
    for (const std::string &Line : R.Lines)
      if (!Fast.contains(Line)) llvm::outs() << "  only the reference: " << Line << '\n';
    for (const std::string &Line : Fast)
      if (!R.Lines.contains(Line)) llvm::outs() << "  only the solver:    " << Line << '\n';
  }
}

bool compareText(llvm::StringRef Text, llvm::StringRef Name, Tally &Count) {
  llvm::Expected<Unit> U = parseFacts(Text, Name);
  if (!U) {
    llvm::errs() << toString(U.takeError()) << '\n';
    return false;
  }
  compare(std::move(*U), Name, Count);
  return true;
}

} // namespace

int main(int Size, char **Words) {
  llvm::ArrayRef<const char *> Arguments(Words + 1, size_t(Size - 1));
  if (Arguments.size() == 2 && Arguments[0] == llvm::StringRef("--print")) {
    llvm::outs() << randomFacts(uint32_t(std::atoi(Arguments[1])));
    return 0;
  }
  Tally Count;
  bool Good = true;
  if (Arguments.size() == 3 && Arguments[0] == llvm::StringRef("--random")) {
    uint32_t First = uint32_t(std::atoi(Arguments[1])), Number = uint32_t(std::atoi(Arguments[2]));
    for (uint32_t Seed = First; Seed != First + Number && Good; ++Seed)
      Good = compareText(randomFacts(Seed), "seed " + std::to_string(Seed), Count);
  } else
    for (const char *File : Arguments) {
      auto Buffer = llvm::MemoryBuffer::getFile(File);
      Good &= Buffer && compareText((*Buffer)->getBuffer(), File, Count);
    }
  llvm::outs() << Count.Same << " functions the same, " << Count.Different << " different, " << Count.Left
               << " left out\n";
  return Good && Count.Different == 0 ? 0 : 1;
}
