#include "solve/EscapeReport.h"
#include "facts/Words.h"
#include "support/Escape.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Demangle/Demangle.h"

using namespace refleak;

namespace {

/// One verdict and where it is told.
struct Verdict {
  Span At;
  std::string Text;
  std::vector<std::string> Steps;
};

class Report {
public:
  Report(const Program &P, const EscapeGraph &G) : P(P), G(G) {}

  std::string name(LocationId L) const;
  std::vector<Verdict> verdicts(bool Explain) const;
  std::string position(const Span &At) const;

private:
  std::string storageName(const Root &R) const;
  std::string functionName(NameId Symbol) const;
  std::string flowText(const Flow &Each) const;
  std::string stepText(const FlowStep &Step) const;
  void addUnmoved(std::vector<Verdict> &Found, const std::vector<Flow> &Flows) const;

  const Program &P;
  const EscapeGraph &G;
};

} // namespace

std::string Report::storageName(const Root &R) const {
  const Function &F = G.function();
  switch (R.Kind) {
  case RootKind::Local:
    return F.Locals[R.Index].Name;
  case RootKind::Arg:
    return F.Parameters[R.Index].Name.empty() ? ("parameter " + llvm::Twine(R.Index + 1)).str()
                                              : F.Parameters[R.Index].Name;
  case RootKind::This:
    return "this";
  case RootKind::Ret:
    return "result";
  case RootKind::Temp:
    return "temporary";
  case RootKind::Heap:
    return "allocation";
  case RootKind::Global:
  case RootKind::Code:
    return llvm::demangle(P.Symbols.text(R.Name));
  case RootKind::Constant:
    break;
  }
  return P.Symbols.text(R.Name).str();
}

std::string Report::functionName(NameId Symbol) const {
  if (FunctionId Body = P.body(Symbol); Body.valid()) return P.Functions[Body.index()].Display;
  if (const Effects *Known = P.known(Symbol)) return Known->Display;
  return llvm::demangle(P.Symbols.text(Symbol));
}

std::string Report::name(LocationId L) const {
  const GraphLocation &Loc = G[L];
  switch (Loc.Is) {
  case GraphLocation::Storage:
    return storageName(Loc.Where);
  case GraphLocation::Behind:
    return "what " + storageName(Loc.Where) + " leads to";
  case GraphLocation::Unknown:
    break;
  }
  return "unknown code";
}

std::string Report::position(const Span &At) const {
  if (!At.known()) return G.function().Display;
  return (llvm::Twine(escapeFileName(P.Files[At.File.index()])) + ":" + llvm::Twine(At.Line) + ":" +
          llvm::Twine(At.Column))
      .str();
}

std::string Report::flowText(const Flow &Each) const {
  std::string From = name(Each.From), To = name(Each.To);
  if (G[Each.To].Is == GraphLocation::Storage && G[Each.To].Where.Kind == RootKind::Global) To = "global " + To;
  if (Each.Derefs >= 0)
    return (llvm::Twine("leaking param") + (Each.Derefs > 0 ? " content: " : ": ") + From + " to " + To +
            " level=" + llvm::Twine(Each.Derefs))
        .str();
  if (G[Each.From].Where.Kind == RootKind::Heap) return From + " escapes to " + To;
  return From + "'s address flows to " + To;
}

std::string Report::stepText(const FlowStep &Step) const {
  std::string Text = position(Step.At) + ": " + name(Step.Edge.To) + " <- ";
  Text += Step.Edge.Derefs < 0 ? std::string("&") : std::string(size_t(Step.Edge.Derefs), '*');
  Text += name(Step.Edge.From);
  if (Step.Why != Reason::None) Text += (llvm::Twine(" (") + wordFor(Step.Why) + ")").str();
  if (Step.Callee.valid()) Text += " in " + functionName(Step.Callee);
  return Text;
}

/// Tells what was looked at and stays: storage whose address was taken, pointers and references that were given.
void Report::addUnmoved(std::vector<Verdict> &Found, const std::vector<Flow> &Flows) const {
  llvm::BitVector Taken(unsigned(G.locations().size()));
  llvm::BitVector Given(unsigned(G.function().Parameters.size()));
  for (const FlowStep &Step : G.edges()) {
    const GraphLocation &From = G[Step.Edge.From];
    bool Owned = From.Where.Kind == RootKind::Local || From.Where.Kind == RootKind::Heap;
    if (From.Is == GraphLocation::Storage && Owned && Step.Edge.Derefs < 0) Taken.set(Step.Edge.From.index());
  }
  for (const auto &[I, Each] : llvm::enumerate(G.function().Parameters))
    if (Each.How != Passing::Value) Given.set(unsigned(I));
  for (const Flow &Each : Flows) {
    Taken.reset(Each.From.index());
    if (G[Each.From].Where.Kind == RootKind::Arg) Given.reset(G[Each.From].Where.Index);
  }
  auto add = [&](const Span &At, std::string Name) { Found.push_back({At, std::move(Name) + " does not escape", {}}); };
  for (unsigned I : Taken.set_bits()) add(G[LocationId(I)].At, name(LocationId(I)));
  for (unsigned I : Given.set_bits()) add(G.function().Parameters[I].At, storageName({RootKind::Arg, I, NameId()}));
}

std::vector<Verdict> Report::verdicts(bool Explain) const {
  std::vector<Verdict> Found;
  std::vector<Flow> Flows = G.flows();
  for (const Flow &Each : Flows) {
    Verdict V{G[Each.From].At, flowText(Each), {}};
    if (Explain)
      for (const FlowStep &Step : G.explain(Each)) V.Steps.push_back(stepText(Step));
    Found.push_back(std::move(V));
  }
  addUnmoved(Found, Flows);
  llvm::sort(Found, [](const Verdict &A, const Verdict &B) { return std::tie(A.At, A.Text) < std::tie(B.At, B.Text); });
  return Found;
}

std::string refleak::describe(const Program &P, const EscapeGraph &G, LocationId L) { return Report(P, G).name(L); }

void refleak::printEscapes(llvm::raw_ostream &OS, const Program &P, const EscapeGraph &G, bool Explain) {
  Report R(P, G);
  for (const Verdict &V : R.verdicts(Explain)) {
    OS << R.position(V.At) << ": " << V.Text << '\n';
    for (const std::string &Step : V.Steps) OS << "  " << Step << '\n';
  }
}
