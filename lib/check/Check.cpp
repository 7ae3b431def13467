#include "check/Check.h"

using namespace refleak;

std::vector<Finding> refleak::check(const Solved &Program, llvm::ArrayRef<RuleEntry> Rules) {
  std::vector<Finding> Found;
  for (const LoanSolution &S : Program.solutions())
    for (const Event &E : S.Events) {
      Case C(Program, S, E);
      for (const RuleEntry &Rule : Rules) {
        Finding F;
        if (!Rule.Check(C, F)) continue;
        F.Rule = Rule.About->Id.str();
        F.Level = Rule.About->Level;
        F.Sure = C.confidence();
        F.Function = C.function().Display;
        F.Declaration = C.location(C.function().At);
        if (F.Trace.empty()) F.Trace = C.trace();
        if (F.Remedy.empty()) F.Remedy = Rule.About->Remedy.str();
        if (F.Place.empty()) F.Place = C.lentName();
        F.Cause = C.causeName();
        Found.push_back(std::move(F));
        break;
      }
    }
  return Found;
}
