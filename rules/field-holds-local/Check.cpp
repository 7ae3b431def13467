#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Whether a callee put what ends into a member of something else, and that member is used afterwards.
static bool isKeptTooLong(const Case &C) {
  bool Ends = C.cause() == Cause::Temporary || C.cause() == Cause::Scope;
  return C.kind() == EventKind::Use && Ends && C.holder() == Holder::Member && C.isStoredByCallee() &&
         !C.endsBeforeItsUser();
}

/// Claims members of longer-lived objects that still hold a local when its function ends, or look at it after its scope
/// or full expression has ended: what is stored there is the mistake, not what looks at it.
bool field_holds_local(const Case &C, Finding &F) {
  bool Escapes = C.kind() == EventKind::Escape && C.holder() == Holder::Member && !C.laundered();
  if (C.captured() || !(Escapes || isKeptTooLong(C))) return false;
  if (Escapes)
    return says(F, C.location(C.storedAt()),
                C.holderName() + " outlives this function but keeps " + whatIsHeld(C) + ", " + whatEnds(C));
  return says(F, C.location(C.givenAwayAt()),
              C.holderName() + " keeps " + whatIsHeld(C) + ", " + whatEnds(C) + " and is looked at afterwards");
}

} // namespace refleak::rules
