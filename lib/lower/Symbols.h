//===- Symbols.h - The names that functions, variables and fields have in facts -----------------------------------===//
#pragma once

#include "lower/Positions.h"
#include <memory>

namespace clang {
class ASTContext;
class FieldDecl;
class FunctionDecl;
class MangleContext;
class NamedDecl;
class VarDecl;
} // namespace clang

namespace refleak {

/// Names that are the same in every unit for the same thing, and different for different things of the program.
class Symbols {
public:
  Symbols(clang::ASTContext &AST, Unit &Out, Positions &Where);
  ~Symbols();

  /// The mangled name; "FILE:" and the mangled name for what other units cannot see.
  NameId function(const clang::FunctionDecl &F);
  /// The qualified name, for a static local after that of its function; "FILE:" in front if other units cannot see it.
  NameId global(const clang::VarDecl &V);
  /// `Class::field`, or `first` and `second` for those of std::pair.
  NameId field(const clang::FieldDecl &F);
  /// What people call \p F: the qualified name with the types of its parameters.
  std::string display(const clang::FunctionDecl &F) const;

private:
  llvm::StringRef fileOf(const clang::FunctionDecl &F);
  std::string mangled(const clang::FunctionDecl &F);
  std::string qualified(const clang::NamedDecl &D) const;

  clang::ASTContext &AST;
  Unit &Out;
  Positions &Where;
  std::unique_ptr<clang::MangleContext> Mangler;
  llvm::DenseMap<const clang::NamedDecl *, NameId> Cache;
};

} // namespace refleak
