#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims what longer-lived storage keeps of a borrow that went through an integer or a void pointer.
bool laundered_pointer(const Case &C, Finding &F) {
  bool Kept = C.kind() == EventKind::Escape || C.kind() == EventKind::Standing;
  if (!Kept || C.holder() == Holder::Local || C.holder() == Holder::Result || C.captured() || !C.laundered())
    return false;
  return says(F, C.location(C.storedAt()),
              C.holderName() + " outlives this function but keeps, as an integer or void pointer, " + whatIsHeld(C) +
                  ", " + (C.kind() == EventKind::Escape ? whatEnds(C) : whatBecameOfIt(C)));
}

} // namespace refleak::rules
