//===- Cleanups.h - What has to end when a scope is left ----------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "clang/AST/Type.h"
#include "clang/Basic/SourceLocation.h"

namespace refleak {

/// An object that ends when control leaves the scope it stands in.
struct Cleanup {
  PathId Object;
  clang::QualType Type;
  End Ending = End::Scope;
  clang::SourceLocation At; ///< the end of its scope
  uint32_t Number = 0;      ///< distinguishes cleanups: a jump may cross into a scope that stands at the same depth
  BlockId Landing;          ///< where an exception goes that is thrown while this is the innermost cleanup
  bool Passed = false;      ///< by value: the callee has run the destructor, and ended what the object owned
};

/// Where a jump leads, and how many cleanups are still to be done there.
struct JumpTarget {
  BlockId To;
  size_t Depth = 0;
};

} // namespace refleak
