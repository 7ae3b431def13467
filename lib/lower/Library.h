//===- Library.h - What is known of functions without looking at their bodies -------------------------------------===//
#pragma once

#include "lower/Symbols.h"
#include "lower/Types.h"

namespace clang {
class Expr;
} // namespace clang

namespace refleak {

/// Enters into Unit::Known what models say of the functions that are called, and, where no model exists, what the
/// attributes in the source say.
class Library {
public:
  Library(const Models &Known, Types &Kinds, Symbols &Named, Unit &Out)
      : Known(Known), Kinds(Kinds), Named(Named), Out(Out) {}

  /// What a call of a function has to take into account.
  struct Entry {
    const MethodModel *Model = nullptr;             ///< of the function, or null
    llvm::SmallVector<Construction, 1> Constructed; ///< the objects it constructs of its arguments
    bool Destroys = false;                          ///< it ends elements or objects before it does anything else
    bool EndsOwned = false;                         ///< the object gives up what it leads to
    bool EndsWithResult = false;                    ///< it ends something if it gives something, else not
    std::optional<Fact> EndsOne;                    ///< how it ends the element that an argument names
    bool Idle = false;                              ///< it neither does anything nor gives anything out
    bool Known = false;                             ///< a model or an annotation describes it
    const clang::CXXRecordDecl *AskedFor = nullptr; ///< the class of the object when it was looked up
  };
  /// Looks \p F up; the first time, its effects become part of the unit. \p Object is the expression for the object
  /// whose member is called: models speak of its class, which may inherit the member. The entry is good until the
  /// next one is looked up.
  const Entry &learn(const clang::FunctionDecl &F, const clang::Expr *Object = nullptr);

private:
  Query query(const clang::FunctionDecl &F, const clang::CXXRecordDecl *Of, std::string &Name);
  bool nameClasses(Query &Q, const clang::CXXRecordDecl *From, const clang::CXXRecordDecl *To);
  Argument argument(clang::QualType T, const clang::CXXRecordDecl *Class);
  bool copiesItself(clang::QualType From);
  void constructCopies(const clang::FunctionDecl &F, Effects &Said, llvm::SmallVectorImpl<Construction> &Constructed);

  const Models &Known;
  Types &Kinds;
  Symbols &Named;
  Unit &Out;
  llvm::DenseMap<const clang::FunctionDecl *, Entry> Entries;
};

} // namespace refleak
