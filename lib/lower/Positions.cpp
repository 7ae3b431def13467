#include "lower/Positions.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace refleak;
namespace path = llvm::sys::path;

Positions::Positions(const clang::ASTContext &AST, Unit &Out, llvm::StringRef Root)
    : AST(AST), Out(Out), Root(Root.rtrim('/')) {
  const clang::SourceManager &SM = AST.getSourceManager();
  llvm::StringRef Text = SM.getBufferData(SM.getMainFileID()), Marker = "# 1 \"";
  Marked = Text.starts_with(Marker);
  // The first markers may be those of the compiler itself.
  while (MarkedMain.empty() && Text.consume_front(Marker)) {
    auto [Name, Rest] = Text.split('"');
    if (!Name.starts_with("<")) MarkedMain = Name.str();
    Text = Rest.split('\n').second;
  }
}

/// \p Name, which may be relative to the folder that the unit is compiled in, without "." and "..", and relative to
/// \p Root if it stands below.
static std::string shortName(llvm::StringRef Name, llvm::StringRef Root, const clang::FileManager &Files) {
  llvm::SmallString<256> Clean(Name);
  if (!Root.empty() && !Name.starts_with("<")) Files.makeAbsolutePath(Clean);
  path::remove_dots(Clean, /*remove_dot_dot=*/true);
  llvm::StringRef Rest = Clean;
  if (!Root.empty() && Rest.consume_front(Root) && Rest.consume_front("/")) return Rest.str();
  return Clean.str().str();
}

FileId Positions::named(llvm::StringRef Name) {
  std::string Short = shortName(Name, Root, AST.getSourceManager().getFileManager());
  auto [Known, New] = ByName.try_emplace(Short, FileId(uint32_t(Out.Files.size())));
  if (New) Out.Files.push_back(Short);
  return Known->second;
}

FileId Positions::file(clang::FileID Id) {
  auto [It, Fresh] = Files.try_emplace(Id);
  if (!Fresh) return It->second;
  clang::OptionalFileEntryRef Entry = AST.getSourceManager().getFileEntryRefForID(Id);
  return It->second = named(Entry ? Entry->getName() : "<built-in>");
}

FileId Positions::markedFile(clang::SourceLocation Loc) {
  const clang::SourceManager &SM = AST.getSourceManager();
  clang::PresumedLoc Place = SM.getPresumedLoc(Loc);
  bool Main = Place.isInvalid() ||
              Place.getFilename() == SM.getPresumedLoc(SM.getLocForStartOfFile(SM.getMainFileID())).getFilename();
  return Main && !MarkedMain.empty() ? named(MarkedMain) : Main ? file(SM.getMainFileID()) : named(Place.getFilename());
}

llvm::StringRef Positions::fileName(clang::SourceLocation Loc) {
  const clang::SourceManager &SM = AST.getSourceManager();
  Loc = SM.getFileLoc(Loc);
  return Out.Files[(Marked ? markedFile(Loc) : file(SM.getFileID(Loc))).index()];
}

Span Positions::markedSpan(clang::SourceLocation First, clang::SourceLocation LastToken) {
  const clang::SourceManager &SM = AST.getSourceManager();
  clang::PresumedLoc Begin = SM.getPresumedLoc(First), End = SM.getPresumedLoc(LastToken);
  if (Begin.isInvalid() || End.isInvalid()) return {};
  if (llvm::StringRef(Begin.getFilename()) != End.getFilename()) End = Begin;
  unsigned Length = clang::Lexer::MeasureTokenLength(LastToken, SM, AST.getLangOpts());
  return {markedFile(First), Begin.getLine(), Begin.getColumn(), End.getLine(), End.getColumn() + Length};
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
  if (Marked) return LastRange = Range, LastSpan = markedSpan(SM.getFileLoc(Range.getBegin()), LastToken);
  Last.second += clang::Lexer::MeasureTokenLength(LastToken, SM, AST.getLangOpts());

  LastRange = Range;
  LastSpan.File = file(First.first);
  LastSpan.Line = SM.getLineNumber(First.first, First.second);
  LastSpan.Column = SM.getColumnNumber(First.first, First.second);
  LastSpan.EndLine = SM.getLineNumber(Last.first, Last.second);
  LastSpan.EndColumn = SM.getColumnNumber(Last.first, Last.second);
  return LastSpan;
}
