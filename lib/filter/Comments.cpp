#include "filter/Comments.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;

namespace {

class Scanner {
public:
  explicit Scanner(llvm::StringRef Source) : Source(Source) {}

  std::vector<Comment> run() {
    while (At < Source.size()) step();
    return std::move(Found);
  }

private:
  bool ahead(llvm::StringRef Text) const { return Source.substr(At).starts_with(Text); }

  void step() {
    if (ahead("//")) return lineComment();
    if (ahead("/*")) return blockComment();
    if (ahead("R\"") && !followsIdentifier()) return rawString();
    if (Source[At] == '"') return literal('"');
    if (Source[At] == '\'' && !followsDigit()) return literal('\'');
    advance();
  }

  void advance() {
    if (Source[At] == '\n') {
      ++Line;
      LineStart = At + 1;
      Blank = true;
    } else if (!llvm::isSpace(Source[At])) {
      Blank = false;
    }
    bool InWord = llvm::isAlnum(Source[At]) || Source[At] == '\'';
    ++At;
    if (!InWord) Word = At;
  }

  void advanceTo(size_t End) {
    while (At < End && At < Source.size()) advance();
  }

  /// Whether the `R` of a raw string is the end of an identifier other than a prefix.
  bool followsIdentifier() const {
    size_t Begin = At;
    while (Begin > 0 && (llvm::isAlnum(Source[Begin - 1]) || Source[Begin - 1] == '_')) --Begin;
    llvm::StringRef Before = Source.slice(Begin, At);
    return !Before.empty() && Before != "u8" && Before != "u" && Before != "U" && Before != "L";
  }

  /// Whether the quote separates the digits of a number (1'000).
  bool followsDigit() const { return Word < At && llvm::isDigit(Source[Word]); }

  void literal(char Quote) {
    for (advance(); At < Source.size() && Source[At] != Quote && Source[At] != '\n'; advance())
      if (Source[At] == '\\' && At + 1 < Source.size()) advance();
    if (At < Source.size()) advance();
  }

  void rawString() {
    size_t Open = Source.substr(At + 2, LongestDelimiter + 1).find('(');
    if (Open == llvm::StringRef::npos) return advance();
    Open += At + 2;
    std::string Close = (")" + Source.slice(At + 2, Open) + "\"").str();
    size_t End = Source.find(Close, Open);
    advanceTo(End == llvm::StringRef::npos ? Source.size() : End + Close.size());
  }

  void add(llvm::StringRef Text, size_t Begin) {
    Found.push_back({Text.trim(" \t\r"), Line, unsigned(Begin - LineStart) + 1, Blank});
  }

  void lineComment() {
    size_t End = std::min(Source.find('\n', At), Source.size());
    add(Source.slice(At + 2, End), At);
    advanceTo(End);
  }

  void blockComment() {
    size_t End = std::min(Source.find("*/", At + 2), Source.size());
    for (size_t Begin = At; Begin < End;) {
      size_t LineEnd = std::min(Source.find('\n', Begin), End);
      llvm::StringRef Text = Source.slice(Begin, LineEnd);
      Text.consume_front("/*");
      add(Text, Begin);
      advanceTo(LineEnd + (LineEnd < End));
      Begin = LineEnd + 1;
    }
    Blank = false;
    advanceTo(End + 2);
  }

  llvm::StringRef Source;
  static constexpr size_t LongestDelimiter = 16; ///< of a raw string

  size_t At = 0, LineStart = 0;
  size_t Word = 0; ///< where the letters, digits and single quotes before At begin
  unsigned Line = 1;
  bool Blank = true;
  std::vector<Comment> Found;
};

} // namespace

std::vector<Comment> refleak::findComments(llvm::StringRef Source) { return Scanner(Source).run(); }
