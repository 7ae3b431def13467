#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims what an argument leads to: storage of the caller that keeps a local, or an element that the program can move.
bool outparam_escape(const Case &C, Finding &F) {
  bool Mine = (C.kind() == EventKind::Escape || C.kind() == EventKind::Standing) && C.holder() == Holder::Outside &&
              !C.captured() && !C.laundered();
  return Mine && says(F, C.location(C.storedAt()),
                      C.holderName() + " belongs to the caller but keeps " + whatIsHeld(C) + ", " +
                          (C.kind() == EventKind::Escape ? whatEnds(C) : whatBecameOfIt(C)));
}

} // namespace refleak::rules
