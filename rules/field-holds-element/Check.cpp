#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims members that keep an element of a container which the program changes elsewhere.
bool field_holds_element(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Standing && C.holder() == Holder::Member && !C.captured() && !C.laundered();
  return Mine &&
         says(F, C.location(C.storedAt()), C.holderName() + " keeps " + whatIsHeld(C) + ", " + whatBecameOfIt(C));
}

} // namespace refleak::rules
