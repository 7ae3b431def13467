#include "lower/Positions.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace refleak;
namespace path = llvm::sys::path;

Positions::Positions(const clang::ASTContext &AST, Unit &Out, llvm::StringRef Root)
    : AST(AST), Out(Out), Root(Root.rtrim('/')) {}

/// \p Name without "." and "..", relative to \p Root if it stands below.
static std::string shortName(llvm::StringRef Name, llvm::StringRef Root) {
  llvm::SmallString<256> Clean(Name);
  path::remove_dots(Clean, /*remove_dot_dot=*/true);
  llvm::StringRef Rest = Clean;
  if (!Root.empty() && Rest.consume_front(Root) && Rest.consume_front("/")) return Rest.str();
  return Clean.str().str();
}

FileId Positions::file(clang::FileID Id) {
  auto [It, Fresh] = Files.try_emplace(Id);
  if (!Fresh) return It->second;
  clang::OptionalFileEntryRef Entry = AST.getSourceManager().getFileEntryRefForID(Id);
  std::string Name = Entry ? shortName(Entry->getName(), Root) : "<built-in>";
  auto [Known, New] = ByName.try_emplace(Name, FileId(uint32_t(Out.Files.size())));
  if (New) Out.Files.push_back(Name);
  return It->second = Known->second;
}

llvm::StringRef Positions::fileName(clang::SourceLocation Loc) {
  const clang::SourceManager &SM = AST.getSourceManager();
  return Out.Files[file(SM.getFileID(SM.getFileLoc(Loc))).index()];
}

Span Positions::span(clang::SourceRange Range) {
  if (Range.isInvalid()) return {};
  if (Range == LastRange && LastSpan.known()) return LastSpan;
  const clang::SourceManager &SM = AST.getSourceManager();
  clang::FileIDAndOffset First = SM.getDecomposedLoc(SM.getFileLoc(Range.getBegin()));
  clang::SourceLocation LastToken = SM.getFileLoc(Range.getEnd());
  clang::FileIDAndOffset Last = SM.getDecomposedLoc(LastToken);
  if (Last.first != First.first || Last.second < First.second) {
    Last = First;
    LastToken = SM.getFileLoc(Range.getBegin());
  }
  Last.second += clang::Lexer::MeasureTokenLength(LastToken, SM, AST.getLangOpts());

  LastRange = Range;
  LastSpan.File = file(First.first);
  LastSpan.Line = SM.getLineNumber(First.first, First.second);
  LastSpan.Column = SM.getColumnNumber(First.first, First.second);
  LastSpan.EndLine = SM.getLineNumber(Last.first, Last.second);
  LastSpan.EndColumn = SM.getColumnNumber(Last.first, Last.second);
  return LastSpan;
}
