#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims rings of owners that nothing opens.
bool strong_cycle(const Case &C, Finding &F) {
  if (C.kind() != EventKind::Ring) return false;
  std::vector<std::string> Others = C.otherLinkNames();
  std::string Message = C.ringIsCaptured() ? "the closure has captured " + C.mainLinkName() +
                                                 ", which keeps alive the object that the closure is stored in"
                                           : C.mainLinkName() + " keeps alive the object that it belongs to";
  for (size_t I = 0; I < Others.size(); ++I) Message += (I ? " and " : ", by way of ") + Others[I];
  return says(F, C.location(C.mainLinkAt()), Message + "; nothing ever destroys it");
}

} // namespace refleak::rules
