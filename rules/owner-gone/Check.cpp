#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// An erased element is not its owner: what is meant here is what the element owned.
static bool ownerLetGo(const Case &C) {
  switch (C.cause()) {
  case Cause::None:
  case Cause::Temporary:
    return false;
  case Cause::Invalidated:
    return C.ownedByElement() && C.holder() != Holder::Hidden && !isIterator(C.loanKind());
  case Cause::Scope:
  case Cause::Deleted:
  case Cause::Reset:
  case Cause::Moved:
    return true;
  }
  return false;
}

/// Claims what was owned and is no more: by scope, delete, reset or move, and what an erased element owned; and what is
/// kept of an object that its owner lets go, here or elsewhere.
bool owner_gone(const Case &C, Finding &F) {
  if (C.kind() == EventKind::Orphaned)
    return says(
        F, C.location(C.keptAt()),
        (C.captured() ? "the closure runs later and has captured " : C.holderName() + " keeps ") + whatIsHeld(C) +
            ", " +
            (C.cause() == Cause::None ? "whose owner lets it go in '" + C.killerName() + "'" : whatBecameOfIt(C)));
  if (C.kind() == EventKind::Sibling) {
    std::string Needy = C.needyMember();
    F.Remedy = "declare it behind what it uses, or let it go in the destructor of the class";
    return says(F, C.location(C.usedAt()),
                (Needy.empty() ? "the base class" : Needy) + " is destroyed after " + C.endedMember() +
                    (C.isByWaiting() ? ", which the code that it waits for uses" : ", which its destructor uses"));
  }
  if (C.kind() == EventKind::Copied) {
    F.Remedy = "let the class have copies and moves that lead into the new object, or none";
    return says(F, C.location(C.ledIntoItselfAt()),
                C.holderInItself() + " leads to " + C.partOfItself() +
                    " of the same object, and in a copy of it still does when the original has ended");
  }
  if (C.endedWhileItRan()) {
    F.Remedy = "copy what it needs into variables first, or let the caller run a copy of the closure";
    return says(F, C.location(C.usedAt()), "the closure uses what it has captured, and has ended while it runs");
  }
  if (C.endsBeforeItsUser()) {
    F.Remedy = "declare it before what uses it";
    return says(F, C.location(C.endedVariableAt()),
                C.endedVariable() + " is destroyed before " + C.usingVariable() + ", whose destructor uses it");
  }
  bool Mine = C.kind() == EventKind::Use && C.loanKind() != LoanKind::View && ownerLetGo(C);
  if (!Mine) return false;
  if (Span Closure = C.closureOfCalleeAt(); Closure.known())
    return says(F, C.location(Closure),
                "the closure has captured " + whatIsHeld(C) + ", " + whatBecameOfIt(C) + " when it runs");
  return says(F, C.location(C.usedAt()), "uses " + whatIsUsed(C) + ", " + whatBecameOfIt(C));
}

} // namespace refleak::rules
