#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims the hidden iterators of a range-for that a call in the loop has invalidated.
bool range_for_mutation(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Use && C.holder() == Holder::Hidden && C.cause() == Cause::Invalidated;
  return Mine && says(F, C.location(C.usedAt()),
                      C.causeName() + " changes " + C.ownerName() + " while this loop walks over it");
}

} // namespace refleak::rules
