#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims closures that leave the function with a local captured by reference.
bool closure_captures_local(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Escape && C.captured() && C.lender() != Lender::Element;
  return Mine && says(F, C.location(C.borrowedAt()),
                      "the closure outlives this function but has captured " + whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
