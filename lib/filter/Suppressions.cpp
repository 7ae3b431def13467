#include "filter/Suppressions.h"
#include "filter/Comments.h"
#include "filter/Glob.h"
#include "support/Error.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <optional>

using namespace refleak;

namespace {

enum class Reach { Line, LineOrNext, NextLine, Begin, End };

/// A comment's words, before it is known which lines they cover.
struct Directive {
  Reach Covers = Reach::Line;
  std::vector<std::string> Patterns;
  llvm::StringRef Reason;
};

/// Splits `(a, b) rest` into its items and the rest. False without parentheses.
bool takeList(llvm::StringRef &Text, llvm::SmallVectorImpl<llvm::StringRef> &Items) {
  Text = Text.ltrim();
  size_t Close = Text.find(')');
  if (!Text.starts_with("(") || Close == llvm::StringRef::npos) return false;
  Text.slice(1, Close).split(Items, ',');
  Text = Text.substr(Close + 1).trim(" \t:-");
  return true;
}

std::optional<Directive> parseAllow(llvm::StringRef Text) {
  llvm::SmallVector<llvm::StringRef> Items;
  Text = Text.ltrim();
  if (!Text.consume_front("allow") || !takeList(Text, Items)) return std::nullopt;
  Directive D{Reach::LineOrNext, {}, Text};
  for (llvm::StringRef Item : Items) D.Patterns.push_back(("refleak-" + Item.trim()).str());
  return D;
}

std::optional<Directive> parseNolint(llvm::StringRef Text) {
  Directive D;
  if (Text.consume_front("NEXTLINE"))
    D.Covers = Reach::NextLine;
  else if (Text.consume_front("BEGIN"))
    D.Covers = Reach::Begin;
  else if (Text.consume_front("END"))
    D.Covers = Reach::End;
  llvm::SmallVector<llvm::StringRef> Items;
  if (!takeList(Text, Items)) return std::nullopt;
  for (llvm::StringRef Item : Items)
    if (Item = Item.trim(); Item == "*" || Item.starts_with("refleak-")) D.Patterns.push_back(Item.str());
  D.Reason = Text;
  return D;
}

/// `nolint:refleak,other // why`
std::optional<Directive> parseLowerCaseNolint(llvm::StringRef Text) {
  auto [List, Reason] = Text.split(' ');
  Directive D{Reach::Line, {}, Reason.ltrim(" \t/")};
  llvm::SmallVector<llvm::StringRef> Items;
  List.split(Items, ',');
  for (llvm::StringRef Item : Items)
    if (Item == "refleak")
      D.Patterns.emplace_back("refleak-*");
    else if (Item.starts_with("refleak-"))
      D.Patterns.push_back(Item.str());
  return D;
}

std::optional<Directive> parseDirective(llvm::StringRef Comment) {
  auto After = [&](llvm::StringRef Word) -> std::optional<llvm::StringRef> {
    size_t At = Comment.find(Word);
    if (At == llvm::StringRef::npos) return std::nullopt;
    return Comment.substr(At + Word.size());
  };
  std::optional<Directive> D;
  if (auto Text = After("refleak:"); Text && Comment.ltrim("/*! ").starts_with("refleak:")) D = parseAllow(*Text);
  if (auto Text = After("NOLINT"); Text && !D) D = parseNolint(*Text);
  if (auto Text = After("nolint:"); Text && !D) D = parseLowerCaseNolint(*Text);
  return D && !D->Patterns.empty() ? D : std::nullopt;
}

/// By comment, the line of code that one alone on its line speaks of: the first below that is not such a comment too.
std::vector<unsigned> linesOfCodeBelow(llvm::ArrayRef<Comment> Comments) {
  std::vector<unsigned> Lines(Comments.size());
  for (size_t I = Comments.size(); I-- > 0;) {
    bool Continues = I + 1 != Comments.size() && Comments[I + 1].Alone && Comments[I + 1].Line == Comments[I].Line + 1;
    Lines[I] = Continues ? Lines[I + 1] : Comments[I].Line + 1;
  }
  return Lines;
}

std::vector<SuppressionComment> readComments(llvm::StringRef File, llvm::StringRef Text) {
  std::vector<SuppressionComment> Found;
  std::map<std::vector<std::string>, std::vector<size_t>> Open; // regions that have not ended, by their patterns
  std::vector<Comment> Comments = findComments(Text);
  std::vector<unsigned> CodeBelow = linesOfCodeBelow(Comments);
  for (size_t I = 0; I != Comments.size(); ++I) {
    const Comment &C = Comments[I];
    std::optional<Directive> D = parseDirective(C.Text);
    if (!D) continue;
    if (D->Covers == Reach::End) {
      std::vector<size_t> &Begun = Open[D->Patterns]; // a region that never ends covers nothing
      if (Begun.empty()) continue;
      Found[Begun.back()].LastLine = C.Line;
      Begun.pop_back();
      continue;
    }
    Location At{File.str(), C.Line, C.Column, C.Line, C.Column + unsigned(C.Text.size()) + 3};
    SuppressionComment S{D->Patterns, D->Reason.str(), At, C.Line, C.Line, false};
    if (D->Covers == Reach::NextLine) S.FirstLine = S.LastLine = C.Line + 1;
    if (D->Covers == Reach::LineOrNext && C.Alone) S.LastLine = CodeBelow[I];
    if (D->Covers == Reach::Begin) {
      S.LastLine = 0;
      Open[D->Patterns].push_back(Found.size());
    }
    Found.push_back(std::move(S));
  }
  return Found;
}

bool silences(const SuppressionComment &S, llvm::StringRef Rule) {
  return llvm::any_of(S.Patterns,
                      [&](const std::string &Pattern) { return matchesGlob(Pattern, ("refleak-" + Rule).str()); });
}

/// Why a comment silences nothing.
std::string complaint(const SuppressionComment &S, llvm::ArrayRef<Rule> Rules) {
  if (S.LastLine == 0) return "this NOLINTBEGIN has no NOLINTEND with the same rules, so it suppresses nothing";
  llvm::SmallVector<llvm::StringRef> Ids;
  for (const Rule &R : Rules) Ids.push_back(R.Id);
  for (llvm::StringRef Pattern : S.Patterns)
    if (Pattern.consume_front("refleak-") && !Pattern.contains('*') && !llvm::is_contained(Ids, Pattern))
      return ("there is no rule '" + Pattern + "', so this suppresses nothing" + didYouMean(Pattern, Ids)).str();
  return "this suppresses nothing: remove it";
}

} // namespace

std::vector<SuppressionComment> &SuppressionComments::of(llvm::StringRef File) {
  auto [It, Fresh] = ByFile.try_emplace(File);
  if (Fresh) It->second = readComments(File, Sources.text(File));
  return It->second;
}

void SuppressionComments::applyOnLine(Finding &F, llvm::StringRef File, unsigned Line) {
  for (SuppressionComment &S : of(File)) {
    if (Line < S.FirstLine || Line > S.LastLine || !silences(S, F.Rule)) continue;
    S.Used = true;
    if (!F.Suppressed) F.Suppressed = Suppression{Suppression::Source::Comment, S.Reason};
  }
}

void SuppressionComments::applyAt(Finding &F, const Location &At) {
  if (!At.known()) return;
  applyOnLine(F, At.File, At.Line);
  if (At.EndLine > At.Line) applyOnLine(F, At.File, At.EndLine);
}

void SuppressionComments::apply(std::vector<Finding> &Findings) {
  for (Finding &F : Findings) {
    applyAt(F, F.At);
    for (const Step &S : F.Trace) applyAt(F, S.At);
    if (F.Declaration.known()) applyOnLine(F, F.Declaration.File, F.Declaration.Line);
  }
}

std::vector<Finding> SuppressionComments::unused(llvm::ArrayRef<std::string> Files, llvm::ArrayRef<Rule> Rules) {
  for (const std::string &File : Files) of(File);
  std::vector<Finding> Found;
  for (const auto &[File, Comments] : ByFile)
    for (const SuppressionComment &S : Comments) {
      if (S.Used) continue;
      Finding F;
      F.Rule = "unused-suppression";
      F.Level = Severity::Note;
      F.Sure = Confidence::Definite;
      F.Message = complaint(S, Rules);
      F.At = S.At;
      Found.push_back(std::move(F));
    }
  return Found;
}
