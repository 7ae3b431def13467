//===- Closures.h - What a closure holds --------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"

namespace clang {
class CXXRecordDecl;
class FunctionDecl;
} // namespace clang

namespace refleak {

/// The name of the field for capture number \p Index: that of the variable, `this`; `#2` and so on behind it when a
/// pack brings the same name again.
NameId captureName(const clang::CXXRecordDecl &Closure, unsigned Index, Names &Symbols);

/// The code that runs when the closure is called: its call operator, or the one instance of a generic one; null if
/// that is never instantiated.
const clang::FunctionDecl *callOperator(const clang::CXXRecordDecl &Closure);

} // namespace refleak
