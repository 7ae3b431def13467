//===- Signature.h - Which overloads a model speaks of ------------------------------------------------------------===//
//
//     push_back                    every overload
//     begin() const                no argument, and the member is const
//     erase(iterator)              one argument, an iterator of any container
//     erase(_&)                    one argument, taken by reference
//     constructor(self&&)          one argument of that very class, taken by rvalue reference
//     copy(_, _, std::span)        the third argument is of this class
//     insert(iterator, _, ...)     an iterator, anything, and then any number of arguments
//     get() of (_, ns::Policy)     the second template argument of the member's class is this class
//     get() of (&)                 its first template argument is a reference
//
// Of the signatures of a class the first one that fits is taken.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "model/Models.h"

namespace refleak::model {

/// A set of TypeKinds.
using KindSet = uint16_t;
constexpr KindSet setOf(TypeKind K) { return KindSet(1u << unsigned(K)); }
constexpr KindSet AnyKind = KindSet(~0u);

struct Parameter {
  KindSet Kinds = AnyKind;
  llvm::StringRef Class;  ///< only this class; empty: whichever
  bool Self = false;      ///< only the class itself
  bool Reference = false; ///< only by reference
  bool Rvalue = false;    ///< only by rvalue reference
};

struct Signature {
  llvm::StringRef Name;
  bool AnyArguments = true; ///< no list of parameters is given
  bool Open = false;        ///< the list ends in `...`
  bool Const = false;
  llvm::SmallVector<Parameter, 3> Parameters;
  llvm::SmallVector<llvm::StringRef, 0> OfClass; ///< the template arguments of the member's class; `_`: whatever; `&`

  bool matches(const Query &Q) const;
};

/// Reads one signature. An error says what is wrong, not where.
llvm::Expected<Signature> parseSignature(llvm::StringRef Text);
/// The signatures of a list such as `begin(), cbegin()`.
llvm::SmallVector<llvm::StringRef, 4> splitSignatures(llvm::StringRef Text);

/// The word of models for a kind of type: `owner`, `view`, ...
llvm::StringRef wordForKind(TypeKind K);
std::optional<TypeKind> kindFromWord(llvm::StringRef Word);
/// `owner, view, ...`
std::string allKindWords();

/// The one of \p Known that \p Word was probably meant to be, as `; did you mean 'X'?`, or nothing.
std::string suggestion(llvm::StringRef Word, llvm::ArrayRef<llvm::StringLiteral> Known);

} // namespace refleak::model
