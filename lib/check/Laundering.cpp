#include "check/Laundering.h"

using namespace refleak;

namespace {

/// Bodies are entered no deeper than this.
constexpr unsigned MaxCalls = 4;

/// The last fact before number \p Before that writes \p Cell or a part of it.
Point lastWrite(const Solved &Program, const LoanSolution &S, PathId Cell, uint32_t Before) {
  for (uint32_t I = Before; I-- > 0;) {
    const Fact &Each = Program.fact(S, Point::ofFact(I));
    bool Writes = Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move;
    if (Writes && Program.P.Storage.startsWith(Each.Dst, Cell)) return Point::ofFact(I);
  }
  return Point();
}

/// The root that what \p At writes was read from, as the function knows it; invalid when that is not known.
PathId sourceOf(const Solved &Program, const LoanSolution &S, Point At) {
  const Paths &Storage = Program.P.Storage;
  PathId From = Program.fact(S, At).Src;
  if (!From.valid()) return From;
  if (At.inEffects()) {
    const Root &R = Storage.rootOf(From);
    auto [B, I] = S.Order[At.fact()];
    const Function F = Program.P.whole(S.Function);
    const Call &Site = F.Calls[F.Blocks[B].Facts[I].Call];
    From = R.Kind == RootKind::Arg && R.Index < Site.Args.size() ? Site.Args[R.Index] : PathId();
  }
  return From.valid() ? Storage.rootPath(From) : From;
}

bool follow(const Solved &Program, const LoanSolution &S, Point At, unsigned Depth);

/// Whether the callee at \p At has cast what it wrote there.
bool castByCallee(const Solved &Program, const LoanSolution &S, Point At, unsigned Depth) {
  const Effects *Callee = S.bodyAt(At);
  FunctionId Body = Callee ? Program.P.body(Callee->Symbol) : FunctionId();
  if (!Body.valid() || Depth == MaxCalls) return false;
  const LoanSolution &There = Program.solution(Body);
  const HeldSet *Holds = There.AtExit.find(Callee->Facts[At.effect()].Dst);
  return Holds && llvm::any_of(*Holds, [&](const Held &H) { return follow(Program, There, H.Via, Depth + 1); });
}

bool follow(const Solved &Program, const LoanSolution &S, Point At, unsigned Depth) {
  while (At.valid()) {
    if (Program.fact(S, At).Why == Reason::Cast || castByCallee(Program, S, At, Depth)) return true;
    PathId From = sourceOf(Program, S, At);
    At = From.valid() ? lastWrite(Program, S, From, At.fact()) : Point();
  }
  return false;
}

} // namespace

bool refleak::cameThroughCast(const Solved &Program, const LoanSolution &S, Point At) {
  return follow(Program, S, At, 0);
}
