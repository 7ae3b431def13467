//===- Positions.h - Where in the source something stands ---------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "clang/Basic/SourceLocation.h"

namespace clang {
class ASTContext;
} // namespace clang

namespace refleak {

/// Turns Clang's source ranges into spans, and enters the files they stand in into Unit::Files.
class Positions {
public:
  Positions(const clang::ASTContext &AST, Unit &Out, llvm::StringRef Root);

  /// The tokens of \p Range. What a macro's body produced stands where the macro is used, what was passed to a macro
  /// stands where it is written.
  Span span(clang::SourceRange Range);
  /// The single token at \p Loc.
  Span token(clang::SourceLocation Loc) { return span(clang::SourceRange(Loc, Loc)); }
  /// The name of the file that \p Loc stands in, as in Unit::Files. A unit whose includes were replaced beforehand says
  /// in line markers which file each line comes from; they are followed then.
  llvm::StringRef fileName(clang::SourceLocation Loc);

private:
  FileId file(clang::FileID Id);
  FileId named(llvm::StringRef Name);
  Span markedSpan(clang::SourceLocation First, clang::SourceLocation LastToken);
  FileId markedFile(clang::SourceLocation Loc);

  const clang::ASTContext &AST;
  Unit &Out;
  std::string Root;
  bool Marked = false;    ///< the main file begins with a line marker
  std::string MarkedMain; ///< the file that it was made from
  llvm::DenseMap<clang::FileID, FileId> Files;
  llvm::StringMap<FileId> ByName;
  clang::SourceRange LastRange;
  Span LastSpan;
};

} // namespace refleak
