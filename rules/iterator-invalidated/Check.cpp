#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims iterators that a call has invalidated; those a range-for made are range-for-mutation's.
bool iterator_invalidated(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Use && isIterator(C.loanKind()) && C.holder() != Holder::Hidden &&
              C.cause() == Cause::Invalidated;
  return Mine &&
         says(F, C.location(C.usedAt()), "uses " + whatIsUsed(C) + " that " + C.causeName() + " may have invalidated");
}

} // namespace refleak::rules
