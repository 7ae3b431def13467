#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Whether a callee put a temporary into a member of a local object, and that member is used afterwards.
static bool keepsTemporary(const Case &C) {
  return C.kind() == EventKind::Use && C.cause() == Cause::Temporary && C.holder() == Holder::Member && C.isStoredByCallee();
}

/// Claims members of longer-lived objects that still hold a local when its function ends, or a temporary when its full
/// expression has ended: what is stored there is the mistake, not what looks at it.
bool field_holds_local(const Case &C, Finding &F) {
  bool Escapes = C.kind() == EventKind::Escape && C.holder() == Holder::Member;
  if (C.captured() || !(Escapes || keepsTemporary(C))) return false;
  std::string Outlives = Escapes ? " outlives this function but keeps " : " outlives the full expression but keeps ";
  return says(F, C.location(C.storedAt()), C.holderName() + Outlives + whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
