#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims longer-lived shared pointers that lead to a part of what they keep alive.
bool element_pins_container(const Case &C, Finding &F) {
  if (C.kind() != EventKind::Pinned) return false;
  return says(F, C.location(C.storedAt()),
              C.holderName() + " leads to " + C.lentName() + " alone, but keeps alive all that this belongs to");
}

} // namespace refleak::rules
