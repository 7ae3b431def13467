#include "facts/Text.h"
#include "solve/Loans.h"
#include <algorithm>

using namespace refleak;

namespace {

class Printer {
public:
  Printer(Program &P, const LoanSolution &S) : P(P), S(S) {}

  void print(llvm::raw_ostream &OS) const {
    const Function &F = P.Functions[S.Function.index()];
    OS << "function " << P.Symbols.text(F.Symbol) << (S.GaveUp ? " gave up\n" : "\n");
    std::vector<std::string> Lines;
    for (const State::Cell &C : S.AtExit.cells()) {
      std::vector<std::string> Holds;
      for (const Held &H : C.Holds) Holds.push_back(loan(H.Loan) + fate(H));
      std::sort(Holds.begin(), Holds.end());
      std::string Line = "  exit " + path(C.Path) + " =";
      for (const std::string &Each : Holds) Line += " {" + Each + "}";
      Lines.push_back(Line);
    }
    for (const Event &E : S.Events) {
      llvm::StringRef Kind = E.Kind == EventKind::Use      ? "use"
                             : E.Kind == EventKind::Escape ? "escape"
                             : E.Kind == EventKind::Bypass ? "bypass"
                                                           : "standing";
      Lines.push_back("  " + Kind.str() + " " + path(E.Cell) + " {" + loan(E.Loan) + "} died " + point(E.Death) +
                      " at " + point(E.At) + " " +
                      (E.Sure == Certainty::Must  ? "must"
                       : E.Sure == Certainty::May ? "may"
                                                  : "assumed"));
    }
    std::sort(Lines.begin(), Lines.end());
    for (const std::string &Line : Lines) OS << Line << "\n";
  }

private:
  Program &P;
  const LoanSolution &S;

  std::string path(PathId Path) const {
    std::string Text;
    llvm::raw_string_ostream OS(Text);
    printPath(OS, P.Symbols, P.Storage, Path);
    return Text;
  }

  /// Block and index, then candidate and effect: the numbers of the facts text.
  std::string point(Point At) const {
    if (!At.valid()) return "-";
    auto [B, I] = S.Order[At.fact()];
    std::string Text = std::to_string(B) + "." + std::to_string(I);
    if (At.inEffects()) Text += "/" + std::to_string(At.candidate()) + "." + std::to_string(At.effect());
    return Text;
  }

  std::string loan(LoanId Id) const {
    static const char *const Kinds[] = {"ref", "iterator", "end", "view", "own", "share", "weak", "code"};
    const Loan &L = S.Loans[Id.index()];
    if (L.Initial) return "initial " + path(L.Target) + (L.Apart.valid() ? " apart " + path(L.Apart) : "");
    std::string Text = std::string(Kinds[unsigned(L.Kind)]) + " " + path(L.Target) + " @" + point(L.Issued);
    if (L.Old) Text += " old";
    if (L.Key.valid()) Text += " key " + path(L.Key);
    if (L.Parent.valid()) Text += " from (" + loan(L.Parent) + ")";
    return Text;
  }

  std::string fate(const Held &H) const {
    if (!H.Death.valid()) return "";
    return (H.Alive ? " may have died " : " died ") + point(H.Death);
  }
};

} // namespace

void refleak::printSolution(llvm::raw_ostream &OS, Program &P, const LoanSolution &S) { Printer(P, S).print(OS); }
