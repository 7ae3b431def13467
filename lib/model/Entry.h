//===- Entry.h - What a model file says of one function -----------------------------------------------------------===//
#pragma once

#include "model/Json.h"
#include "model/Models.h"
#include "model/Signature.h"
#include "llvm/ADT/StringMap.h"

namespace refleak::model {

struct Entry;

/// Entries by the name of the function; for each the one that counts most comes first.
using EntryTable = llvm::StringMap<llvm::SmallVector<const Entry *, 2>>;

/// A class and the functions said of it.
struct KnownClass {
  ClassModel Public;
  const Json *Like = nullptr; ///< the name of the class whose methods are its own, too
  const JsonFile *LikeFile = nullptr;
  bool SaysKind = false, SaysContent = false; ///< otherwise as the class it is like
  EntryTable Methods;
};

using ClassTable = llvm::StringMap<std::unique_ptr<KnownClass>>;

/// One signature and the object of effects that belongs to it.
struct Entry {
  Entry(const JsonFile &File, const Json &What, Signature S, const ClassModel *Class, const ClassTable &All)
      : File(File), What(What), Overloads(std::move(S)), Class(Class), All(All), Method(*this) {}
  Entry(const Entry &) = delete;

  /// The class of the object in the call \p Q; it may be like the one that the entry stands in.
  const ClassModel *objectClass(const Query &Q) const;

  const JsonFile &File;
  const Json &What;
  Signature Overloads;
  const ClassModel *Class; ///< the one it stands in; null for functions that are no members
  const ClassTable &All;
  MethodModel Method;
};

/// Translates \p E for the call \p Q.
llvm::Expected<Effects> effectsOf(const Entry &E, const Query &Q, Unit &U);
llvm::Expected<llvm::SmallVector<Construction, 1>> constructionsOf(const Entry &E, const Query &Q, Unit &U);
/// Whether \p E can be translated, whatever the arguments.
llvm::Error checkEntry(const Entry &E);

} // namespace refleak::model
