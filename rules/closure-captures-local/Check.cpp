#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// A coroutine that was put aside is awaited too late.
static bool isAwaitedTooLate(const Case &C) {
  return C.inCoroutine() && C.kind() == EventKind::Use && (C.cause() == Cause::Temporary || C.cause() == Cause::Scope);
}

/// Claims closures that leave the function with a local captured by reference, threads that are joined after one of an
/// inner scope has ended, and coroutines that go on after what they were lent has ended.
bool closure_captures_local(const Case &C, Finding &F) {
  if (C.lender() == Lender::Element) return false;
  if (isAwaitedTooLate(C))
    return says(F, C.location(C.storedAt()),
                "the coroutine needs " + whatIsHeld(C) + ", " + whatEnds(C) + ", and goes on afterwards");
  if (C.runsUntilWaitedFor() && C.captured())
    return says(F, C.location(C.capturedAt()),
                "the closure runs until it is waited for but has captured " + whatIsHeld(C) + ", " + whatBecameOfIt(C) +
                    " by then");
  if (C.kind() != EventKind::Escape || !C.captured()) return false;
  return says(F, C.location(C.inCoroutine() ? C.borrowedAt() : C.capturedAt()),
              (C.inCoroutine() ? "the coroutine outlives this function but needs "
                               : "the closure outlives this function but has captured ") +
                  whatIsHeld(C) + ", " + whatEnds(C));
}

} // namespace refleak::rules
