#include "output/Escape.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

using namespace refleak;

namespace {

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

/// The text shown for \p C, and how many columns it takes.
std::pair<std::string, unsigned> shown(const Character &C) {
  if (!C.Valid || isHarmful(C.CodePoint)) {
    std::string Text = spellOut(C);
    unsigned Width = unsigned(Text.size());
    return {std::move(Text), Width};
  }
  int Width = llvm::sys::unicode::columnWidthUTF8(C.Bytes);
  return {C.Bytes.str(), Width < 0 ? 1 : unsigned(Width)};
}

} // namespace

std::string refleak::escapeForTerminal(llvm::StringRef Text) {
  std::string Result;
  while (!Text.empty()) {
    Character C = firstCharacter(Text);
    Result += shown(C).first;
    Text = Text.drop_front(C.Bytes.size());
  }
  return Result;
}

ShownLine refleak::showLine(llvm::StringRef Line) {
  ShownLine Result;
  unsigned Column = 0;
  while (!Line.empty()) {
    Character C = firstCharacter(Line);
    auto [Text, Width] = C.CodePoint == '\t' ? std::pair(std::string(8 - Column % 8, ' '), 8 - Column % 8) : shown(C);
    Result.ColumnOf.insert(Result.ColumnOf.end(), C.Bytes.size(), Column);
    Result.Text += Text;
    Column += Width;
    Line = Line.drop_front(C.Bytes.size());
  }
  Result.ColumnOf.push_back(Column);
  return Result;
}
