#include "model/Json.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/StringSaver.h"

using namespace refleak::model;
using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

const Json *Json::member(StringRef Name) const {
  for (const Json &Item : Items)
    if (Item.Key == Name) return &Item;
  return nullptr;
}

StringRef Json::kindName(Kind K) {
  static constexpr llvm::StringLiteral Words[] = {"null",     "true or false", "a number",
                                                  "a string", "a list",        "an object"};
  return Words[K];
}

Error JsonFile::errorAt(uint32_t Offset, const Twine &Message) const {
  StringRef Before = Text.take_front(Offset);
  size_t LineStart = Before.rfind('\n') + 1; // npos + 1 is 0
  return llvm::createStringError(Twine(Name) + ":" + Twine(Before.count('\n') + 1) + ":" +
                                 Twine(Offset - LineStart + 1) + ": " + Message);
}

namespace refleak::model {

/// Reads one value after the other; every read* function returns whether it succeeded, the first that did not has noted
/// what it expected.
class JsonReader {
public:
  explicit JsonReader(JsonFile &File) : File(File), Begin(File.Text.begin()), Cur(Begin), End(File.Text.end()) {}

  Error read() {
    skipBlanks();
    if (readValue(File.Root) && Cur != End) fail("the end of the file");
    if (Message.empty()) return Error::success();
    return File.errorAt(FailedAt, Message);
  }

private:
  static constexpr unsigned MaxDepth = 32;

  uint32_t offset() const { return uint32_t(Cur - Begin); }
  bool fail(const Twine &Expected) {
    FailedAt = offset();
    Message = ("expected " + Expected).str();
    return false;
  }
  void skipBlanks() {
    while (Cur != End && (*Cur == ' ' || *Cur == '\n' || *Cur == '\t' || *Cur == '\r')) ++Cur;
  }
  bool take(char C) {
    if (Cur == End || *Cur != C) return false;
    ++Cur;
    skipBlanks();
    return true;
  }
  bool readValue(Json &V);
  bool readArray(Json &V);
  bool readObject(Json &V);
  bool readString(StringRef &Text);
  bool readEscape(llvm::SmallVectorImpl<char> &Text);
  bool readHex(uint32_t &Value);
  bool readCodePoint(llvm::SmallVectorImpl<char> &Text);
  bool readWord(Json &V);

  JsonFile &File;
  const char *Begin, *Cur, *End;
  unsigned Depth = 0;
  uint32_t FailedAt = 0;
  std::string Message;
};

} // namespace refleak::model

bool JsonReader::readValue(Json &V) {
  V.Offset = offset();
  if (Cur == End) return fail("a value");
  switch (*Cur) {
  case '{':
    return readObject(V);
  case '[':
    return readArray(V);
  case '"':
    V.Type = Json::String;
    return readString(V.Text);
  default:
    return readWord(V);
  }
}

bool JsonReader::readArray(Json &V) {
  V.Type = Json::Array;
  if (++Depth > MaxDepth) return fail("fewer lists and objects inside one another");
  take('[');
  if (!take(']')) {
    do {
      if (!readValue(V.Items.emplace_back())) return false;
    } while (take(','));
    if (!take(']')) return fail("',' or ']'");
  }
  --Depth;
  return true;
}

bool JsonReader::readObject(Json &V) {
  V.Type = Json::Object;
  if (++Depth > MaxDepth) return fail("fewer lists and objects inside one another");
  take('{');
  if (!take('}')) {
    do {
      Json &Item = V.Items.emplace_back();
      Item.KeyOffset = offset();
      if (Cur == End || *Cur != '"') return fail("a key in quotation marks");
      if (!readString(Item.Key)) return false;
      if (V.member(Item.Key) != &Item) return Cur = Begin + Item.KeyOffset, fail("a key that is not there yet");
      if (!take(':')) return fail("':'");
      if (!readValue(Item)) return false;
    } while (take(','));
    if (!take('}')) return fail("',' or '}'");
  }
  --Depth;
  return true;
}

bool JsonReader::readHex(uint32_t &Value) {
  if (End - Cur < 4 || StringRef(Cur, 4).getAsInteger(16, Value)) return fail("four hexadecimal digits");
  Cur += 4;
  return true;
}

bool JsonReader::readCodePoint(llvm::SmallVectorImpl<char> &Text) {
  uint32_t Value, Low;
  if (!readHex(Value)) return false;
  if (Value >= 0xD800 && Value < 0xDC00) {
    if (!StringRef(Cur, size_t(End - Cur)).starts_with("\\u")) return fail("the second half of a surrogate pair");
    Cur += 2;
    if (!readHex(Low)) return false;
    Value = 0x10000 + ((Value - 0xD800) << 10) + (Low - 0xDC00);
  }
  char Bytes[4];
  char *Next = Bytes;
  if (!llvm::ConvertCodePointToUTF8(Value, Next)) return fail("a character of Unicode before this");
  Text.append(Bytes, Next);
  return true;
}

bool JsonReader::readEscape(llvm::SmallVectorImpl<char> &Text) {
  static constexpr StringRef Letters = "\"\\/bfnrt", Values = "\"\\/\b\f\n\r\t";
  ++Cur;
  if (Cur == End) return fail("a character");
  if (*Cur == 'u') return ++Cur, readCodePoint(Text);
  size_t At = Letters.find(*Cur);
  if (At == StringRef::npos) return fail("one of \"\\/bfnrtu after '\\'");
  Text.push_back(Values[At]);
  ++Cur;
  return true;
}

bool JsonReader::readString(StringRef &Text) {
  const char *Start = ++Cur;
  while (Cur != End && *Cur != '"' && *Cur != '\\' && uint8_t(*Cur) >= 0x20) ++Cur;
  Text = StringRef(Start, size_t(Cur - Start));
  if (Cur != End && *Cur == '\\') {
    llvm::SmallString<64> Buffer(Text);
    while (Cur != End && *Cur != '"' && uint8_t(*Cur) >= 0x20) {
      if (*Cur != '\\')
        Buffer.push_back(*Cur++);
      else if (!readEscape(Buffer))
        return false;
    }
    Text = llvm::StringSaver(File.Unescaped).save(Buffer.str());
  }
  return take('"') || fail("'\"'");
}

bool JsonReader::readWord(Json &V) {
  const char *Start = Cur;
  while (Cur != End && (llvm::isAlnum(*Cur) || *Cur == '-' || *Cur == '+' || *Cur == '.')) ++Cur;
  V.Text = StringRef(Start, size_t(Cur - Start));
  double Value;
  if (V.Text == "true" || V.Text == "false")
    V.Type = Json::Bool;
  else if (V.Text == "null")
    V.Type = Json::Null;
  else if (!V.Text.empty() && (llvm::isDigit(V.Text[0]) || V.Text[0] == '-') && !V.Text.getAsDouble(Value))
    V.Type = Json::Number;
  else
    return Cur = Start, fail("a value");
  skipBlanks();
  return true;
}

llvm::Expected<std::unique_ptr<JsonFile>> JsonFile::parseBorrowed(StringRef Text, StringRef Name) {
  auto File = std::make_unique<JsonFile>();
  File->Text = Text;
  File->Name = Name.str();
  if (Error E = JsonReader(*File).read()) return E;
  return File;
}

llvm::Expected<std::unique_ptr<JsonFile>> JsonFile::parse(std::string Text, StringRef Name) {
  auto File = std::make_unique<JsonFile>();
  File->Owned = std::move(Text);
  File->Text = File->Owned;
  File->Name = Name.str();
  if (Error E = JsonReader(*File).read()) return E;
  return File;
}
