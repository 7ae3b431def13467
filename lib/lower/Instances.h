//===- Instances.h - Templates that only skipped bodies would instantiate -----------------------------------------===//
//
// `std::make_unique<Job<F>>(f)` runs a constructor of Job<F>, but it is make_unique's body that asks for it, and bodies
// in system headers are skipped. So whoever lowers such a call asks here instead, and gets what the compiler would have
// got.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace clang {
class ASTContext;
class CXXConstructorDecl;
class CXXRecordDecl;
class Expr;
class QualType;
class Sema;
} // namespace clang

namespace refleak {

class Instances {
public:
  explicit Instances(clang::Sema &Semantics) : Semantics(Semantics) {}

  clang::ASTContext &syntaxTree() const;

  /// The definition of class \p T, instantiated at need; null when there is none.
  const clang::CXXRecordDecl *classOf(clang::QualType T, clang::SourceLocation At);

  /// The constructor that initialises a \p T directly with \p Args, each forwarded as it stands in a call at \p At;
  /// null when there is none, or T is an aggregate. It and T's destructor will be defined.
  const clang::CXXConstructorDecl *constructorOf(clang::QualType T, llvm::ArrayRef<const clang::Expr *> Args,
                                                 clang::SourceLocation At);

  /// Instantiates the bodies of all that was asked for since the last time; false when there are no new bodies.
  bool define();

private:
  clang::Sema &Semantics;
  llvm::SmallPtrSet<const clang::CXXConstructorDecl *, 16> Implicit; ///< that the compiler defined when asked
  bool HasNew = false;                                               ///< one of them since the last time
};

} // namespace refleak
