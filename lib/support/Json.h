//===- Json.h - JSON with positions -------------------------------------------------------------------------------===//
//
// Configuration and model files are written by hand, so every complaint about one must say where: each value remembers
// the line and column it starts at.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace refleak {

struct JsonMember;

/// A value of a JSON document. Which members mean something depends on Kind.
struct JsonValue {
  enum class Type : uint8_t { Null, Boolean, Number, String, Array, Object };
  Type Kind = Type::Null;
  bool Boolean = false;
  double Number = 0;
  std::string String;
  std::vector<JsonValue> Items;
  std::vector<JsonMember> Members; ///< in the order written; no key twice
  unsigned Line = 0;
  unsigned Column = 0; ///< in bytes, from 1

  bool is(Type K) const { return Kind == K; }
  /// The member \p Key of an object, or null.
  const JsonValue *find(llvm::StringRef Key) const;
};

struct JsonMember {
  std::string Key;
  unsigned Line = 0;
  unsigned Column = 0;
  JsonValue Value;
};

/// A document and where it was read from.
struct JsonDocument {
  std::string File;
  JsonValue Root;

  /// An error at \p Value, see userError.
  llvm::Error error(const JsonValue &Value, const llvm::Twine &Text) const;
  llvm::Error error(const JsonMember &Member, const llvm::Twine &Text) const;
  /// An error if \p Value is not of type \p Wanted; \p What names it: "'models' must be a list, not a string".
  llvm::Error expect(const JsonValue &Value, JsonValue::Type Wanted, const llvm::Twine &What) const;
  /// An error for the first key of \p Object that is not in \p Known, with the nearest one as advice.
  llvm::Error rejectUnknownKeys(const JsonValue &Object, llvm::ArrayRef<llvm::StringRef> Known) const;
};

llvm::Expected<JsonDocument> parseJson(llvm::StringRef Text, llvm::StringRef File);
/// Reads and parses \p File.
llvm::Expected<JsonDocument> readJson(llvm::StringRef File);

} // namespace refleak
