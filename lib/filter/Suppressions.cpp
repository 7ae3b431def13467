#include "filter/Suppressions.h"
#include "filter/Comments.h"
#include "filter/Glob.h"
#include "support/Error.h"
#include "llvm/ADT/SmallVector.h"
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

/// The line of code that a comment alone on its line speaks of: the first below that is not such a comment too.
unsigned lineOfCodeBelow(llvm::ArrayRef<Comment> Comments, size_t Index) {
  unsigned Line = Comments[Index].Line + 1;
  for (size_t I = Index + 1; I < Comments.size() && Comments[I].Alone && Comments[I].Line == Line; ++I) ++Line;
  return Line;
}

/// Ends the last open region that \p End has the patterns of. A region that never ends covers nothing.
void closeRegion(std::vector<SuppressionComment> &Found, llvm::SmallVectorImpl<size_t> &Open, const Directive &End,
                 unsigned Line) {
  for (size_t I = Open.size(); I-- > 0;)
    if (Found[Open[I]].Patterns == End.Patterns) {
      Found[Open[I]].LastLine = Line;
      Open.erase(Open.begin() + std::ptrdiff_t(I));
      return;
    }
}

std::vector<SuppressionComment> readComments(llvm::StringRef File, llvm::StringRef Text) {
  std::vector<SuppressionComment> Found;
  llvm::SmallVector<size_t> Open;
  std::vector<Comment> Comments = findComments(Text);
  for (size_t I = 0; I != Comments.size(); ++I) {
    const Comment &C = Comments[I];
    std::optional<Directive> D = parseDirective(C.Text);
    if (!D) continue;
    if (D->Covers == Reach::End) {
      closeRegion(Found, Open, *D, C.Line);
      continue;
    }
    Location At{File.str(), C.Line, C.Column, C.Line, C.Column + unsigned(C.Text.size()) + 3};
    SuppressionComment S{D->Patterns, D->Reason.str(), At, C.Line, C.Line, false};
    if (D->Covers == Reach::NextLine) S.FirstLine = S.LastLine = C.Line + 1;
    if (D->Covers == Reach::LineOrNext && C.Alone) S.LastLine = lineOfCodeBelow(Comments, I);
    if (D->Covers == Reach::Begin) {
      S.LastLine = 0;
      Open.push_back(Found.size());
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
