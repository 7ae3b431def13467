#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims globals that still hold a local when its function ends. An object that signs itself on is told where it does:
/// there is one mistake, whatever objects are made.
bool global_holds_local(const Case &C, Finding &F) {
  bool Mine = C.kind() == EventKind::Escape && C.holder() == Holder::Global && !C.captured() && !C.laundered();
  if (!Mine) return false;
  if (C.signsItselfOn()) {
    F.Place = "the object";
    return says(F, C.location(C.keptAt()),
                C.holderName() + " keeps each object that is made here, and lets it go nowhere; " + C.lentName() +
                    " is one, " + whatEnds(C));
  }
  return says(F, C.location(C.storedAt()),
              C.holderName() + " outlives this function but keeps " + whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
