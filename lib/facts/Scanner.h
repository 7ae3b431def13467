//===- Scanner.h - The words of a line-oriented text --------------------------------------------------------------===//
//
// A scanner over the text as it stands: no token is copied, each line is looked at once. Blanks separate words, '#'
// begins a comment. Every read* function returns whether it found what it wanted; the first that did not has noted
// where and what.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace refleak {

/// The characters of the text, and where we are in them.
class Scanner {
public:
  Scanner(llvm::StringRef Text, llvm::StringRef Buffer)
      : Begin(Text.begin()), Cur(Begin), End(Text.end()), LineStart(Begin), Buffer(Buffer) {}

  /// Notes that \p Expected does not stand here; always false.
  bool fail(const llvm::Twine &Expected) { return failAt(Cur, Expected); }
  /// The same for \p Where, on this line or an earlier one.
  bool failAt(const char *Where, const llvm::Twine &Expected);
  llvm::Error takeError();

  const char *position() const { return Cur; }
  size_t remaining() const { return size_t(End - Cur); }
  /// Returns to \p Where on the same line; always false.
  bool goBack(const char *Where) {
    Cur = Where;
    return false;
  }
  char peek() const { return Cur == End ? '\0' : *Cur; }
  bool atEnd() const { return Cur == End; }
  bool atLineEnd() const { return Cur == End || *Cur == '\n' || *Cur == '#'; }
  void skipBlanks();
  /// Goes to the first word of the next line that has one; the current line must be used up.
  bool nextLine();

  /// Takes \p C if it stands here.
  bool take(char C);
  bool take(llvm::StringRef Text);
  bool expect(char C) { return take(C) || fail(llvm::Twine("'") + llvm::StringRef(&C, 1) + "'"); }
  /// Takes letters with hyphens between them; empty when none stand here.
  llvm::StringRef takeWord();
  /// Takes letters, digits, '_' and '$'; empty when none stand here.
  llvm::StringRef takePlain();
  bool readNumber(uint32_t &Value, const llvm::Twine &What);
  /// Reads a quoted string. \p Text stays good until the next string is read.
  bool readString(llvm::StringRef &Text, const llvm::Twine &What);
  bool readName(llvm::StringRef &Text, const llvm::Twine &What);

private:
  bool readEscape();

  const char *Begin, *Cur, *End, *LineStart;
  uint32_t Line = 1;
  llvm::StringRef Buffer;
  std::string Unescaped;
  std::string Message;
};

} // namespace refleak
