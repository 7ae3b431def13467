#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims pointers that are written into a slot which was lent around the write barrier of its map.
bool barrier_bypass(const Case &C, Finding &F) {
  return C.kind() == EventKind::Bypass &&
         says(F, C.location(C.usedAt()),
              "a pointer is written into " + C.lentName() + " around the write barrier of " + C.ownerName());
}

} // namespace refleak::rules
