#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims rings of owners that nothing opens.
bool strong_cycle(const Case &C, Finding &F) {
  if (C.kind() != EventKind::Ring) return false;
  std::vector<std::string> Others = C.otherLinkNames();
  std::string Message = C.captured() ? "the closure has captured " + C.closingName() +
                                           ", which keeps alive the object that the closure is stored in"
                                     : C.closingName() + " keeps alive the object that it belongs to";
  for (size_t I = 0; I < Others.size(); ++I) Message += (I ? " and " : ", by way of ") + Others[I];
  return says(F, C.location(C.closedAt()), Message + "; nothing ever destroys it");
}

} // namespace refleak::rules
