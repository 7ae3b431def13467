#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims pointers and references into a container that a call has changed; those to what an element owned are
/// owner-gone's.
bool element_invalidated(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Use && C.loanKind() != LoanKind::View && !isIterator(C.loanKind()) &&
              C.holder() != Holder::Hidden && C.cause() == Cause::Invalidated && !C.ownedByElement() &&
              !C.endedWhileItRan();
  return Mine && says(F, C.location(C.usedAt()), "uses " + whatIsUsed(C) + ", " + whatBecameOfIt(C));
}

} // namespace refleak::rules
