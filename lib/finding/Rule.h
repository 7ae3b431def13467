//===- Rule.h - What is known about a rule besides its check ------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace refleak {

/// The contents of rules/<id>/rule.json and README.md, compiled in.
struct Rule {
  llvm::StringRef Id;
  llvm::StringRef Title;
  Severity Level;
  unsigned Cwe; ///< 0: none
  bool OnByDefault;
  llvm::StringRef Remedy;
  llvm::StringRef Page; ///< Markdown
};

} // namespace refleak
