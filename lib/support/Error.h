//===- Error.h - What the user did wrong, and what to do about it -------------------------------------------------===//
//
// A user error is an llvm::Error whose text is one line: `position: what is wrong; advice`. It is printed once, in
// main, and ends the program with status 2.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace refleak {

llvm::Error userError(const llvm::Twine &Text);
/// With the position in front: `File:Line:Column: Text`.
llvm::Error userError(llvm::StringRef File, unsigned Line, unsigned Column, const llvm::Twine &Text);

/// `; did you mean 'WORD'?` with the word of \p Known that \p Typed was probably meant to be; empty if none is near.
std::string didYouMean(llvm::StringRef Typed, llvm::ArrayRef<llvm::StringRef> Known);

/// The words as a person lists them: `a, b or c`.
std::string orList(llvm::ArrayRef<llvm::StringRef> Words);

} // namespace refleak
