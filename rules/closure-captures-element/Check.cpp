#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims closures that leave the function with a loan on an element, whether its container ends here or changes
/// elsewhere.
bool closure_captures_element(const Case &C, Finding &F) {
  bool Mine = C.captured() &&
              (C.kind() == EventKind::Standing || (C.kind() == EventKind::Escape && C.lender() == Lender::Element));
  return Mine && says(F, C.location(C.storedAt()),
                      "the closure runs later but has captured " + whatIsHeld(C) + ", " +
                          (C.kind() == EventKind::Escape ? whatEnds(C) : whatBecameOfIt(C)));
}

} // namespace refleak::rules
