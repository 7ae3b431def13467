#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims views, and whatever refers to a temporary that has ended.
bool view_dangles(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Use && (C.loanKind() == LoanKind::View || C.cause() == Cause::Temporary) &&
              !(C.holder() == Holder::Hidden && C.cause() == Cause::Invalidated);
  return Mine && says(F, C.location(C.usedAt()), "uses " + whatIsUsed(C) + ", " + whatBecameOfIt(C));
}

} // namespace refleak::rules
