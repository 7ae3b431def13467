#include "model/Signature.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;
using namespace refleak::model;
using llvm::StringRef;

static constexpr llvm::StringLiteral KindWords[] = {"plain", "number", "pointer", "owner",    "view",  "iterator",
                                                    "own",   "share",  "weak",    "callable", "thread"};
static_assert(std::size(KindWords) == size_t(TypeKind::Thread) + 1, "a word for each kind");

StringRef model::wordForKind(TypeKind K) { return KindWords[size_t(K)]; }

std::optional<TypeKind> model::kindFromWord(StringRef Word) {
  for (size_t I = 0; I != std::size(KindWords); ++I)
    if (KindWords[I] == Word) return TypeKind(I);
  return std::nullopt;
}

std::string model::allKindWords() { return llvm::join(std::begin(KindWords), std::end(KindWords), ", "); }

std::string model::suggestion(StringRef Word, llvm::ArrayRef<llvm::StringLiteral> Known) {
  StringRef Best;
  unsigned Least = unsigned(Word.size()) / 2 + 1;
  for (StringRef Candidate : Known) {
    unsigned Distance = Word.edit_distance_insensitive(Candidate, true, Least);
    if (Distance >= Least) continue;
    Least = Distance;
    Best = Candidate;
  }
  return Best.empty() ? std::string() : ("; did you mean '" + Best + "'?").str();
}

static bool matchesArgument(const model::Parameter &P, const Argument &A) {
  if (P.Self && !A.Self) return false;
  if (!P.Class.empty() && P.Class != A.Class) return false;
  if (P.Reference && A.How == Argument::ByValue) return false;
  if (P.Rvalue && A.How != Argument::ByRvalue) return false;
  return (P.Kinds & setOf(A.What)) != 0;
}

bool Signature::matches(const Query &Q) const {
  if (Const && !Q.Const) return false;
  if (OfClass.size() > Q.TemplateArguments.size()) return false;
  for (auto [Wanted, Given] : llvm::zip(OfClass, Q.TemplateArguments))
    if (Wanted != "_" && Wanted != Given) return false;
  if (AnyArguments) return true;
  if (Open ? Q.Arguments.size() < Parameters.size() : Q.Arguments.size() != Parameters.size()) return false;
  return llvm::all_of(llvm::zip(Parameters, Q.Arguments),
                      [](const auto &Pair) { return matchesArgument(std::get<0>(Pair), std::get<1>(Pair)); });
}

static llvm::Expected<model::Parameter> parseParameter(StringRef Text) {
  model::Parameter P;
  P.Rvalue = Text.consume_back("&&");
  P.Reference = Text.consume_back("&");
  Text = Text.rtrim();
  if (Text == "_") return P;
  if (Text.contains("::")) return P.Class = Text, P;
  if (Text == "self") return P.Self = true, P;
  if (Text == "smart") {
    P.Kinds = setOf(TypeKind::Own) | setOf(TypeKind::Share) | setOf(TypeKind::Weak);
    return P;
  }
  if (auto Kind = kindFromWord(Text)) return P.Kinds = setOf(*Kind), P;
  return llvm::createStringError("unknown parameter '" + Text + "'" + suggestion(Text, KindWords) +
                                 " (a parameter is _, self, smart, a qualified class, " + allKindWords() +
                                 ", each with & for 'by reference' or && for 'by rvalue reference', or ... at the "
                                 "end)");
}

llvm::Expected<Signature> model::parseSignature(StringRef Text) {
  Signature S;
  auto [Rest, Of] = Text.trim().rsplit(" of ");
  if (!Of.empty()) {
    if (!Of.consume_front("(") || !Of.consume_back(")"))
      return llvm::createStringError("expected the template arguments of the class in parentheses after 'of' in '" +
                                     Text + "'");
    Of.split(S.OfClass, ',');
    for (StringRef &Each : S.OfClass) Each = Each.trim();
  }
  S.Const = Rest.consume_back(" const");
  Rest = Rest.rtrim();
  size_t Open = Rest.rfind('(');
  if (Open == StringRef::npos || Rest.take_front(Open) == "operator") {
    S.Name = Rest;
    if (Rest.empty()) return llvm::createStringError("expected the name of a function");
    return S;
  }
  S.AnyArguments = false;
  S.Name = Rest.take_front(Open).rtrim();
  StringRef List = Rest.drop_front(Open + 1);
  if (!List.consume_back(")")) return llvm::createStringError("expected ')' at the end of '" + Text + "'");
  for (List = List.trim(); !List.empty();) {
    auto [Word, Tail] = List.split(',');
    Word = Word.trim();
    List = Tail.trim();
    if (Word == "..." && List.empty()) return S.Open = true, S;
    auto P = parseParameter(Word);
    if (!P) return P.takeError();
    S.Parameters.push_back(*P);
  }
  return S;
}

llvm::SmallVector<StringRef, 4> model::splitSignatures(StringRef Text) {
  llvm::SmallVector<StringRef, 4> Parts;
  int Depth = 0;
  size_t Start = 0;
  for (size_t I = 0; I != Text.size(); ++I) {
    if (Text[I] == '(') ++Depth;
    if (Text[I] == ')') --Depth;
    if (Text[I] != ',' || Depth != 0) continue;
    Parts.push_back(Text.slice(Start, I).trim());
    Start = I + 1;
  }
  Parts.push_back(Text.substr(Start).trim());
  return Parts;
}
