#include "support/Escape.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

using namespace refleak;

namespace {

constexpr llvm::StringLiteral Letters("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

/// A character, or a byte that is none.
struct Character {
  llvm::StringRef Bytes;
  unsigned CodePoint = 0;
  bool Valid = false;
};

Character firstCharacter(llvm::StringRef Text) {
  const auto *At = Text.bytes_begin();
  unsigned Size = llvm::getNumBytesForUTF8(*At);
  llvm::UTF32 Point = 0;
  if (Size > Text.size() ||
      llvm::convertUTF8Sequence(&At, Text.bytes_begin() + Size, &Point, llvm::strictConversion) != llvm::conversionOK)
    return {Text.take_front(1), 0, false};
  return {Text.take_front(Size), unsigned(Point), true};
}

bool isHarmful(unsigned CodePoint) {
  return CodePoint < 0x20 || (CodePoint >= 0x7F && CodePoint < 0xA0) ||
         !llvm::sys::unicode::isPrintable(int(CodePoint)) || llvm::sys::unicode::isFormatting(int(CodePoint)) ||
         CodePoint == 0x2028 || CodePoint == 0x2029;
}

std::string spellOut(const Character &C) {
  if (!C.Valid) return "<" + llvm::utohexstr(uint8_t(C.Bytes[0]), /*LowerCase=*/false, 2) + ">";
  return "<U+" + llvm::utohexstr(C.CodePoint, /*LowerCase=*/false, 4) + ">";
}

/// Whether \p C, which follows \p Before, makes a command of both that some build service takes from any line of a log:
/// `##vso[...]`, `##[...]`.
bool completesCommand(const Character &C, llvm::StringRef Before) {
  return C.CodePoint == '[' && Before.rtrim(Letters).ends_with("##");
}

/// The text shown for \p C, which follows \p Before, and how many columns it takes.
std::pair<std::string, unsigned> shown(const Character &C, llvm::StringRef Before) {
  if (!C.Valid || isHarmful(C.CodePoint) || completesCommand(C, Before)) {
    std::string Text = spellOut(C);
    unsigned Width = unsigned(Text.size());
    return {std::move(Text), Width};
  }
  int Width = llvm::sys::unicode::columnWidthUTF8(C.Bytes);
  return {C.Bytes.str(), Width < 0 ? 1 : unsigned(Width)};
}

} // namespace

size_t refleak::firstCharacterSize(llvm::StringRef Text) { return firstCharacter(Text).Bytes.size(); }

std::string refleak::escapeForTerminal(llvm::StringRef Text) {
  std::string Result;
  for (size_t At = 0; At != Text.size();) {
    Character C = firstCharacter(Text.drop_front(At));
    Result += shown(C, Text.take_front(At)).first;
    At += C.Bytes.size();
  }
  return Result;
}

std::string refleak::escapeFileName(llvm::StringRef Name) {
  return (Name.starts_with(":") ? "./" : "") + escapeForTerminal(Name);
}

ShownLine refleak::showLine(llvm::StringRef Line) {
  ShownLine Result;
  unsigned Column = 0;
  for (size_t At = 0; At != Line.size();) {
    Character C = firstCharacter(Line.drop_front(At));
    auto [Text, Width] = C.CodePoint == '\t' ? std::pair(std::string(8 - Column % 8, ' '), 8 - Column % 8)
                                             : shown(C, Line.take_front(At));
    Result.ColumnOf.insert(Result.ColumnOf.end(), C.Bytes.size(), Column);
    Result.Text += Text;
    Column += Width;
    At += C.Bytes.size();
  }
  Result.ColumnOf.push_back(Column);
  return Result;
}
