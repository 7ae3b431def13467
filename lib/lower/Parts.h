//===- Parts.h - What arrays, pairs and containers are made of ----------------------------------------------------===//
#pragma once

#include "facts/Path.h"
#include "clang/AST/Type.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace clang {
class ClassTemplateSpecializationDecl;
class CXXRecordDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// \p Class as an instance of std::pair, which need not be complete; null if it is none.
const clang::ClassTemplateSpecializationDecl *pairOf(const clang::CXXRecordDecl *Class);

/// Visits \p Place, of the type \p T; in place of arrays, pairs and containers that a model knows, what they hold.
void forEachPart(UnitLowering &U, PathId Place, clang::QualType T,
                 llvm::function_ref<void(PathId, clang::QualType)> Visit);

} // namespace refleak
