#include "check/Check.h"
#include "Wording.h"

namespace refleak::rules {

/// Claims objects that are destroyed while a container which outlives the function keeps them.
bool pool_retains(const Case &C, Finding &F) {
  if (C.kind() != EventKind::Retained) return false;
  std::string Again = C.killerName();
  return says(F, C.location(C.endedAt()),
              "what is destroyed here stays in the container as " + C.holderName() +
                  (Again.empty() ? "" : ", where '" + Again + "' meets it again"));
}

} // namespace refleak::rules
