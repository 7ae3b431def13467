//===- Comments.h - The comments of a C++ file --------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include <vector>

namespace refleak {

/// What a comment says on one line, without the signs that begin and end it.
struct Comment {
  llvm::StringRef Text;
  unsigned Line = 0;
  unsigned Column = 0; ///< of the sign that begins it, or of the first character on a later line
  bool Alone = false;  ///< nothing but blanks stands before it on its line
};

/// All comments of \p Source in order; one over several lines gives one for each. Knows literals, raw strings too, but
/// not conditional compilation.
std::vector<Comment> findComments(llvm::StringRef Source);

} // namespace refleak
