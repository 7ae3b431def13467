//===- Destructions.h - The destructors that the end of an object runs
//------------------------------------------------===//
#pragma once

#include "facts/Path.h"
#include "clang/AST/Type.h"
#include <vector>

namespace clang {
class CXXDestructorDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// A destructor that somebody wrote and that runs when an object ends: that of a part of it, of what a container in it
/// holds, or of what a smart pointer there owns.
struct Destruction {
  PathId Object; ///< that it destroys, or Owner
  const clang::CXXDestructorDecl *Destructor;
  PathId
      Owner; ///< the cell of the smart pointer that leads to it, or to the object it is part of; invalid if none does

  bool byOwner() const { return Object == Owner; }
};

/// What the end of the object \p Place, a \p T, runs, in order; objects in objects are looked into for some levels.
std::vector<Destruction> destructionsOf(UnitLowering &U, PathId Place, clang::QualType T);

} // namespace refleak
