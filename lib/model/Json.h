//===- Json.h - JSON that remembers where it stood ----------------------------------------------------------------===//
//
// Model files are written by people, so whatever is wrong in them is reported with its line and column, also what is
// wrong with the meaning and not with the syntax; and the order of members counts.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <vector>

namespace refleak::model {

/// A JSON value. Texts point into the file it was read from.
class Json {
public:
  enum Kind : uint8_t { Null, Bool, Number, String, Array, Object };

  Kind Type = Null;
  uint32_t Offset = 0;     ///< where it begins in the file
  uint32_t KeyOffset = 0;  ///< members: where the key begins
  llvm::StringRef Key;     ///< members: the key
  llvm::StringRef Text;    ///< String: its value; Number and Bool: as it is written
  std::vector<Json> Items; ///< Array, Object: in the order of the file

  /// The member called \p Name, or null.
  const Json *member(llvm::StringRef Name) const;
  static llvm::StringRef kindName(Kind K);
};

/// A file of JSON text. It stays where it is: values point into it.
class JsonFile {
public:
  static llvm::Expected<std::unique_ptr<JsonFile>> parse(std::string Text, llvm::StringRef Name);
  /// \p Text must outlive the file.
  static llvm::Expected<std::unique_ptr<JsonFile>> parseBorrowed(llvm::StringRef Text, llvm::StringRef Name);

  const Json &root() const { return Root; }
  llvm::StringRef name() const { return Name; }

  /// An error that names the file, line and column of \p Offset.
  llvm::Error errorAt(uint32_t Offset, const llvm::Twine &Message) const;
  llvm::Error error(const Json &At, const llvm::Twine &Message) const { return errorAt(At.Offset, Message); }
  llvm::Error keyError(const Json &At, const llvm::Twine &Message) const { return errorAt(At.KeyOffset, Message); }

private:
  friend class JsonReader;
  std::string Owned;
  llvm::StringRef Text;
  std::string Name;
  llvm::BumpPtrAllocator Unescaped;
  Json Root;
};

} // namespace refleak::model
