//===- Embedded.h - The model files that are part of the program --------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace refleak::model {

struct EmbeddedFile {
  llvm::StringLiteral Name; ///< as in the source tree: `rules/models/std/vector.json`
  llvm::StringLiteral Text;
};

/// All of them, in the order of their names.
llvm::ArrayRef<EmbeddedFile> embeddedFiles();

} // namespace refleak::model
