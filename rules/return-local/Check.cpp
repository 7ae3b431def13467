#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims what a function returns although it ended with the function; closures have a rule of their own.
bool return_local(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Escape && C.holder() == Holder::Result && !C.captured();
  return Mine && says(F, C.location(C.storedAt()), "returns " + whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
