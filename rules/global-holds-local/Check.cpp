#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims globals that still hold a local when its function ends.
bool global_holds_local(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Escape && C.holder() == Holder::Global && !C.captured() && !C.laundered();
  return Mine && says(F, C.location(C.storedAt()),
                      C.holderName() + " outlives this function but keeps " + whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
