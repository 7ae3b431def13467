//===- Escape.h - Text that cannot do anything to a terminal or a build service -----------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace refleak {

/// \p Text with control characters, characters that change the direction of writing, and bytes that are not UTF-8
/// spelled out: `<U+001B>`, `<U+202E>`, `<FF>`. A tab counts as a control character. So does the bracket of what a
/// build service would take from its log as a command: `##vso<U+005B>...]`.
std::string escapeForTerminal(llvm::StringRef Text);

/// The same for a name at the beginning of a line, where a colon might begin a command (`::error::`): with its folder.
std::string escapeFileName(llvm::StringRef Name);

/// The bytes of the character that \p Text, which is not empty, begins with: 1 for one that is not UTF-8.
size_t firstCharacterSize(llvm::StringRef Text);

/// A source line as it is shown, and where each of its bytes went.
struct ShownLine {
  std::string Text;
  std::vector<unsigned> ColumnOf; ///< by byte: the terminal column (from 0) it starts at; one more entry for the end
};

/// As escapeForTerminal, but tabs become blanks up to the next multiple of eight.
ShownLine showLine(llvm::StringRef Line);

} // namespace refleak
