//===- Types.h - Which types carry loans, and what models call them -----------------------------------------------===//
#pragma once

#include "model/Models.h"
#include "clang/AST/Type.h"
#include "llvm/Support/Allocator.h"

namespace clang {
class ASTContext;
class CXXConstructorDecl;
class CXXMethodDecl;
class CXXRecordDecl;
class Decl;
class NamedDecl;
class RecordDecl;
} // namespace clang

namespace refleak {

/// Whether the constructor leaves nothing behind that could hold a loan.
bool leavesNothing(const clang::CXXConstructorDecl &Constructor);

/// Answers questions about types, each once.
class Types {
public:
  Types(clang::ASTContext &AST, const Models &Library) : AST(AST), Library(Library) {}

  /// Whether an object of this type can hold loans: pointers, references, closures, what a model describes, and all
  /// that has such a base or field. Integers cannot, except uintptr_t and intptr_t.
  bool carryLoans(clang::QualType T);
  /// Whether the end of such an object does something: it has a destructor that is not trivial.
  bool endMatters(clang::QualType T) const;
  /// Whether destroying \p Class runs a destructor that somebody wrote outside the library.
  bool runsDestructor(const clang::CXXRecordDecl *Class);
  /// Whether \p M does what somebody wrote outside the library: it has a body of its own, or copies or moves a base or
  /// field by such a function.
  bool isOwnCode(const clang::CXXMethodDecl &M);
  /// Whether \p D stands in a system header, where bodies are not seen.
  bool isLibrary(const clang::Decl *D) const;
  /// Whether \p Union has room for numbers in one alternative and a pointer in another: small contents lie inside it,
  /// large ones elsewhere, as in the strings of DuckDB and ICU.
  bool keepsSmallInside(const clang::RecordDecl &Union) const;

  TypeKind kind(clang::QualType T);
  const ClassModel *model(const clang::CXXRecordDecl *Class);
  /// The qualified name without template arguments and inline namespaces, as models write it.
  llvm::StringRef plainName(const clang::NamedDecl *D);

private:
  bool computeCarry(const clang::CXXRecordDecl *Class);
  bool computeRuns(const clang::CXXRecordDecl *Class);
  bool computeOwnCode(const clang::CXXMethodDecl &M);

  clang::ASTContext &AST;
  const Models &Library;
  llvm::DenseMap<const clang::CXXRecordDecl *, bool> Carry, Runs;
  llvm::DenseMap<const clang::CXXMethodDecl *, bool> OwnCode;
  llvm::DenseMap<const clang::CXXRecordDecl *, const ClassModel *> ModelOf;
  llvm::DenseMap<const clang::NamedDecl *, llvm::StringRef> PlainNames;
  llvm::BumpPtrAllocator Texts;
};

} // namespace refleak
