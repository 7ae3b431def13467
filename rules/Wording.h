//===- Wording.h - Phrases that messages share --------------------------------------------------------------------===//
#pragma once

#include "check/Case.h"

namespace refleak::rules {

/// "a reference to 'x'", "an iterator into 'v'", "a view of 's'": what is held.
inline std::string whatIsHeld(const Case &C) {
  switch (C.loanKind()) {
  case LoanKind::Iterator:
    return C.isGivenIterator() ? "an iterator" : "an iterator into " + C.ownerName();
  case LoanKind::End:
    return "an end iterator of " + C.ownerName();
  case LoanKind::View:
    return "a view of " + C.ownerName();
  default:
    return "a " + C.loanName() + " to " + C.lentName();
  }
}

/// "'r', a reference to 'x'": what is used, by name if it has one.
inline std::string whatIsUsed(const Case &C) {
  std::string Name = C.holderName();
  return (Name.starts_with("'") ? Name + ", " : "") + whatIsHeld(C);
}

/// "which ends with the function", "which 'push_back' may have moved or destroyed": what became of the place lent.
inline std::string whatBecameOfIt(const Case &C) {
  switch (C.cause()) {
  case Cause::Scope:
    return "which has ended with its scope";
  case Cause::Temporary:
    return "which has ended with its full expression";
  case Cause::Deleted:
  case Cause::Reset:
    return "which " + C.causeName() + " has destroyed";
  case Cause::Moved:
    return "which has been moved from";
  case Cause::Invalidated:
    return "which " + C.causeName() + " may have moved or destroyed";
  case Cause::None:
    return "which may be moved or destroyed";
  }
  return "";
}

/// "which ends with the function": what becomes of a local, of what it owns, or of an element, whose address has left.
inline std::string whatEnds(const Case &C) {
  if (C.cause() == Cause::Invalidated) return whatBecameOfIt(C);
  if (C.lender() == Lender::Heap && C.cause() == Cause::Scope) return "which ends with its owner";
  return C.cause() == Cause::Temporary ? "which ends with its full expression" : "which ends with its scope";
}

inline bool isIterator(LoanKind K) { return K == LoanKind::Iterator || K == LoanKind::End; }

/// Fills in \p F and claims the case.
inline bool says(Finding &F, const Location &At, std::string Message) {
  F.At = At;
  F.Message = std::move(Message);
  return true;
}

} // namespace refleak::rules
