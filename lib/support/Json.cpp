#include "support/Json.h"
#include "support/Error.h"
#include "support/RegularFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"

using namespace refleak;

namespace {

/// Recursive descent over one document. The first error is kept; every function returns false from then on.
class Reader {
public:
  Reader(llvm::StringRef Text, llvm::StringRef File) : Text(Text), File(File) {}

  llvm::Expected<JsonDocument> document() {
    JsonDocument Doc;
    Doc.File = File.str();
    if (Text.starts_with("\xEF\xBB\xBF")) LineStart = At = 3;
    if (value(Doc.Root, 0) && blanks() && At != Text.size()) fail("expected the end of the file");
    if (!Problem.empty()) return userError(File, Line, column(), Problem);
    return Doc;
  }

private:
  static constexpr unsigned MaxDepth = 200;

  unsigned column() const { return unsigned(At - LineStart) + 1; }

  bool fail(const llvm::Twine &What) {
    if (Problem.empty()) Problem = ("not valid JSON: " + What).str();
    return false;
  }

  bool blanks() {
    for (; At < Text.size() && llvm::StringRef(" \t\r\n").contains(Text[At]); ++At)
      if (Text[At] == '\n') {
        ++Line;
        LineStart = At + 1;
      }
    return true;
  }

  bool take(char C) {
    blanks();
    if (At >= Text.size() || Text[At] != C) return false;
    ++At;
    return true;
  }

  bool word(llvm::StringRef Word) {
    if (!Text.substr(At).starts_with(Word)) return fail("expected a value");
    At += Word.size();
    return true;
  }

  bool value(JsonValue &V, unsigned Depth) {
    blanks();
    V.Line = Line;
    V.Column = column();
    if (At >= Text.size()) return fail("the file ends where a value is expected");
    if (Depth > MaxDepth) return fail("nested too deeply");
    switch (Text[At]) {
    case '{':
      V.Kind = JsonValue::Type::Object;
      return object(V, Depth);
    case '[':
      V.Kind = JsonValue::Type::Array;
      return array(V, Depth);
    case '"':
      V.Kind = JsonValue::Type::String;
      return string(V.String);
    case 't':
    case 'f':
      V.Kind = JsonValue::Type::Boolean;
      V.Boolean = Text[At] == 't';
      return word(V.Boolean ? "true" : "false");
    case 'n':
      return word("null");
    case '/':
      return fail("JSON has no comments");
    case '\'':
      return fail("strings stand in double quotes");
    default:
      V.Kind = JsonValue::Type::Number;
      return number(V.Number);
    }
  }

  bool object(JsonValue &V, unsigned Depth) {
    llvm::StringSet<> Keys;
    ++At;
    if (take('}')) return true;
    do {
      blanks();
      JsonMember &M = V.Members.emplace_back();
      M.Line = Line;
      M.Column = column();
      if (At >= Text.size() || Text[At] != '"') return fail("expected a key in double quotes");
      if (!string(M.Key)) return false;
      if (!Keys.insert(M.Key).second) return fail("the key '" + M.Key + "' stands here twice");
      if (!take(':')) return fail("expected ':' after the key '" + M.Key + "'");
      if (!value(M.Value, Depth + 1)) return false;
    } while (take(','));
    return take('}') || fail("expected ',' or '}'");
  }

  bool array(JsonValue &V, unsigned Depth) {
    ++At;
    if (take(']')) return true;
    do
      if (!value(V.Items.emplace_back(), Depth + 1)) return false;
    while (take(','));
    return take(']') || fail("expected ',' or ']'");
  }

  bool number(double &Result) {
    size_t End = std::min(Text.find_first_not_of("+-.0123456789eE", At), Text.size());
    llvm::Expected<llvm::json::Value> Parsed = llvm::json::parse(Text.slice(At, End));
    if (!Parsed) {
      llvm::consumeError(Parsed.takeError());
      return fail("expected a value");
    }
    Result = Parsed->getAsNumber().value_or(0);
    At = End;
    return true;
  }

  bool string(std::string &Result) {
    for (++At; At < Text.size() && Text[At] != '"';) {
      if (static_cast<unsigned char>(Text[At]) < 0x20) return fail("a string must not go over the end of the line");
      if (Text[At] != '\\')
        Result += Text[At++];
      else if (!escape(Result))
        return false;
    }
    if (At >= Text.size()) return fail("the string is not ended");
    ++At;
    return true;
  }

  bool escape(std::string &Result) {
    static constexpr llvm::StringLiteral Letters = "\"\\/bfnrt", Meanings = "\"\\/\b\f\n\r\t";
    if (At + 1 >= Text.size()) return fail("the string is not ended");
    char C = Text[At + 1];
    size_t Index = Letters.find(C);
    if (Index != llvm::StringRef::npos) {
      Result += Meanings[Index];
      At += 2;
      return true;
    }
    return C == 'u' ? unicode(Result) : fail("unknown escape in a string");
  }

  /// Reads the four digits of `\uXXXX` at At.
  bool unit(unsigned &Unit) {
    if (Text.substr(At + 2, 4).size() != 4 || Text.substr(At + 2, 4).getAsInteger(16, Unit))
      return fail("expected four hexadecimal digits after \\u");
    At += 6;
    return true;
  }

  bool unicode(std::string &Result) {
    unsigned Point = 0, Low = 0;
    if (!unit(Point)) return false;
    if (Point >= 0xD800 && Point < 0xDC00 && Text.substr(At).starts_with("\\u")) {
      if (!unit(Low)) return false;
      Point = 0x10000 + ((Point - 0xD800) << 10) + (Low - 0xDC00);
    }
    char Buffer[4], *End = Buffer;
    if (!llvm::ConvertCodePointToUTF8(Point, End)) return fail("no such character");
    Result.append(Buffer, End);
    return true;
  }

  llvm::StringRef Text, File;
  size_t At = 0, LineStart = 0;
  unsigned Line = 1;
  std::string Problem;
};

llvm::StringRef article(JsonValue::Type Kind) {
  switch (Kind) {
  case JsonValue::Type::Null:
    return "null";
  case JsonValue::Type::Boolean:
    return "true or false";
  case JsonValue::Type::Number:
    return "a number";
  case JsonValue::Type::String:
    return "a string";
  case JsonValue::Type::Array:
    return "a list";
  case JsonValue::Type::Object:
    return "an object";
  }
  return "";
}

} // namespace

const JsonValue *JsonValue::find(llvm::StringRef Key) const {
  for (const JsonMember &M : Members)
    if (M.Key == Key) return &M.Value;
  return nullptr;
}

llvm::Error JsonDocument::error(const JsonValue &Value, const llvm::Twine &Text) const {
  return userError(File, Value.Line, Value.Column, Text);
}

llvm::Error JsonDocument::error(const JsonMember &Member, const llvm::Twine &Text) const {
  return userError(File, Member.Line, Member.Column, Text);
}

llvm::Error JsonDocument::expect(const JsonValue &Value, JsonValue::Type Wanted, const llvm::Twine &What) const {
  if (Value.is(Wanted)) return llvm::Error::success();
  return error(Value, What + " must be " + article(Wanted) + ", not " + article(Value.Kind));
}

llvm::Error JsonDocument::rejectUnknownKeys(const JsonValue &Object, llvm::ArrayRef<llvm::StringRef> Known) const {
  for (const JsonMember &M : Object.Members)
    if (!llvm::is_contained(Known, llvm::StringRef(M.Key))) {
      std::string Advice = didYouMean(M.Key, Known);
      if (Advice.empty()) Advice = "; known here: " + llvm::join(Known, ", ");
      return error(M, "unknown key '" + M.Key + "'" + Advice);
    }
  return llvm::Error::success();
}

llvm::Expected<JsonDocument> refleak::parseJson(llvm::StringRef Text, llvm::StringRef File) {
  return Reader(Text, File).document();
}

llvm::Expected<JsonDocument> refleak::readJson(llvm::StringRef File) {
  auto Buffer = readNamedFile(File);
  if (!Buffer) return userError("cannot read '" + File + "': " + Buffer.getError().message());
  return parseJson((*Buffer)->getBuffer(), File);
}
