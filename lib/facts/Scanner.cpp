#include "facts/Scanner.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;
using llvm::StringRef;
using llvm::Twine;

bool Scanner::failAt(const char *Where, const Twine &Expected) {
  if (!Message.empty()) return false;
  uint32_t Row = Line;
  const char *Start = LineStart;
  while (Where < Start) {
    --Row;
    for (--Start; Start != Begin && Start[-1] != '\n';) --Start;
  }
  Message = (Buffer + ":" + Twine(Row) + ":" + Twine(Where - Start + 1) + ": expected " + Expected).str();
  return false;
}

llvm::Error Scanner::takeError() { return llvm::createStringError(Message); }

void Scanner::skipBlanks() {
  while (Cur != End && (*Cur == ' ' || *Cur == '\t' || *Cur == '\r')) ++Cur;
}

bool Scanner::nextLine() {
  skipBlanks();
  if (!atLineEnd()) return fail("the end of the line");
  while (Cur != End) {
    if (*Cur == '#')
      while (Cur != End && *Cur != '\n') ++Cur;
    if (Cur == End) break;
    ++Cur;
    ++Line;
    LineStart = Cur;
    skipBlanks();
    if (!atLineEnd()) break;
  }
  return true;
}

bool Scanner::take(char C) {
  if (Cur == End || *Cur != C) return false;
  ++Cur;
  skipBlanks();
  return true;
}

bool Scanner::take(StringRef Text) {
  if (!StringRef(Cur, remaining()).starts_with(Text)) return false;
  Cur += Text.size();
  skipBlanks();
  return true;
}

StringRef Scanner::takeWord() {
  const char *Start = Cur;
  while (Cur != End && (llvm::isAlpha(*Cur) || (*Cur == '-' && Cur != Start))) ++Cur;
  StringRef Word(Start, size_t(Cur - Start));
  skipBlanks();
  return Word;
}

StringRef Scanner::takePlain() {
  const char *Start = Cur;
  while (Cur != End && (llvm::isAlnum(*Cur) || *Cur == '_' || *Cur == '$')) ++Cur;
  return StringRef(Start, size_t(Cur - Start));
}

bool Scanner::readNumber(uint32_t &Value, const Twine &What) {
  const char *Start = Cur;
  uint64_t Sum = 0;
  for (; Cur != End && llvm::isDigit(*Cur) && Sum <= UINT32_MAX; ++Cur) Sum = Sum * 10 + uint64_t(*Cur - '0');
  if (Cur == Start || Sum > UINT32_MAX) return failAt(Start, What);
  Value = uint32_t(Sum);
  skipBlanks();
  return true;
}

/// Reads what follows a backslash.
bool Scanner::readEscape() {
  char C = peek();
  if (C == '"' || C == '\\') {
    Unescaped += C;
    ++Cur;
    return true;
  }
  if (End - Cur < 3 || C != 'x' || !llvm::isHexDigit(Cur[1]) || !llvm::isHexDigit(Cur[2]))
    return fail("'\"', '\\' or 'x' and two hexadecimal digits after '\\'");
  Unescaped += char(llvm::hexFromNibbles(Cur[1], Cur[2]));
  Cur += 3;
  return true;
}

bool Scanner::readString(StringRef &Text, const Twine &What) {
  if (peek() != '"') return fail(What + " in quotes");
  const char *Start = ++Cur;
  while (Cur != End && *Cur != '"' && *Cur != '\\' && *Cur != '\n') ++Cur;
  Text = StringRef(Start, size_t(Cur - Start));
  if (peek() == '\\') {
    Unescaped = Text.str();
    while (Cur != End && *Cur != '"' && *Cur != '\n') {
      char C = *Cur++;
      if (C != '\\')
        Unescaped += C;
      else if (!readEscape())
        return false;
    }
    Text = Unescaped;
  }
  if (peek() != '"') return fail("a closing '\"'");
  ++Cur;
  skipBlanks();
  return true;
}

bool Scanner::readName(StringRef &Text, const Twine &What) {
  if (peek() == '"') return readString(Text, What);
  Text = takePlain();
  return !Text.empty() || fail(What);
}
