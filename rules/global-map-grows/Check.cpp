#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims keyed containers of static lifetime that are asked for elements and take in what they do not know, and from
/// which nothing is ever taken out.
bool global_map_grows(const Case &C, Finding &F) {
  if (C.kind() != EventKind::Grows) return false;
  return says(F, C.location(C.addedAt()),
              C.holderName() + " lives as long as the program and gets an element for each new key; nothing ever takes "
                               "one out");
}

} // namespace refleak::rules
