//===- Glob.h - Patterns for paths and rules ----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace refleak {

/// Whether all of \p Text is as \p Pattern says: `?` is one character and `*` any number of them, but for `/`; `**` is
/// any number of any characters, and `**/` may stand for nothing.
bool matchesGlob(llvm::StringRef Pattern, llvm::StringRef Text);

/// Whether \p Pattern matches \p Path or a folder that it lies in.
bool matchesPath(llvm::StringRef Pattern, llvm::StringRef Path);

} // namespace refleak
