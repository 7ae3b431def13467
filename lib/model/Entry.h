//===- Entry.h - What a model file says of one function
//----------------------------------------------------------------===//
#pragma once

#include "model/Json.h"
#include "model/Models.h"
#include "model/Signature.h"

namespace refleak::model {

/// One signature and the object of effects that belongs to it.
struct Entry {
  Entry(const JsonFile &File, const Json &What, Signature S, const ClassModel *Class)
      : File(File), What(What), Overloads(std::move(S)), Class(Class), Method(*this) {}
  Entry(const Entry &) = delete;

  const JsonFile &File;
  const Json &What;
  Signature Overloads;
  const ClassModel *Class; ///< null for functions that are no members
  MethodModel Method;
};

/// Translates \p E for the call \p Q.
llvm::Expected<Effects> effectsOf(const Entry &E, const Query &Q, Unit &U);
llvm::Expected<llvm::SmallVector<Construction, 1>> constructionsOf(const Entry &E, const Query &Q, Unit &U);
/// Whether \p E can be translated, whatever the arguments.
llvm::Error checkEntry(const Entry &E);

} // namespace refleak::model
