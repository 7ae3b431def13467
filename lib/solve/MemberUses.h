//===- MemberUses.h - Which data members the code of a thread uses
//---------------------------------------------------===//
//
// When an object ends, its members end one after the other. One that waits for a thread, a `std::jthread` or a pool,
// has to end before all that the thread uses:
//
//     std::jthread worker_{[this] { while (!done_) jobs_.run(); }};
//     Jobs jobs_;                                   // ended first, while the thread still runs
//
// Effects tell of whole objects that are used, not of their members. What is asked here, and only where code is waited
// for in a life (see Lives.h), is which members a function mentions, and those that it calls on its own object.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include <map>

namespace refleak {

class MemberUses {
public:
  explicit MemberUses(Program &P) : P(P) {}

  /// The members that the function \p Symbol uses: paths that start at its `this`, ordered.
  llvm::ArrayRef<PathId> of(NameId Symbol) { return look(Symbol).Members; }
  /// Whether \p Symbol, or what it calls on its own object, has a loop: it may run for as long as the object is there.
  bool mayRunOn(NameId Symbol) { return look(Symbol).Loops; }

private:
  struct Uses {
    std::vector<PathId> Members;
    bool Loops = false;
  };
  Program &P;
  std::map<NameId, Uses> Known;

  const Uses &look(NameId Symbol);

  std::optional<PathId> memberIn(PathId Path) const;
  bool isOwnObject(PathId Object) const;
};

} // namespace refleak
