//===- Effect.cpp - From a model's words to effects ---------------------------------------------------------------===//
//
// Every read* function returns whether it succeeded; the first that did not has noted where and what.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "facts/Text.h"
#include "facts/Words.h"
#include "model/Entry.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;
using namespace refleak::model;
using llvm::ArrayRef;
using llvm::Error;
using llvm::Expected;
using llvm::SmallVector;
using llvm::StringLiteral;
using llvm::StringRef;
using llvm::Twine;

static constexpr StringLiteral EffectKeys[] = {"pure",  "uses",     "needs",      "calls",    "expires", "swaps",
                                               "moves", "keeps",    "clears",     "advances", "lends",   "invalidates",
                                               "facts", "reserves", "constructs", "source"};
static constexpr StringLiteral InvalidateKeys[] = {"borrows", "references", "iterators", "end", "views",
                                                   "of",      "by",         "when",      "fate"};
static constexpr StringLiteral CallKeys[] = {"through", "args", "result", "over", "when", "in"};
static constexpr StringLiteral ConstructKeys[] = {"type", "from", "to", "into", "as"};

namespace {

/// A member of an invalidation that names some kinds of loans.
struct KindKey {
  StringLiteral Key;
  KindMask Mask;
};
constexpr KindKey KindKeys[] = {{"references", maskOf(LoanKind::Ref)},
                                {"iterators", maskOf(LoanKind::Iterator)},
                                {"end", maskOf(LoanKind::End)},
                                {"views", maskOf(LoanKind::View)},
                                {"borrows", AllBorrows}};

class Translator {
public:
  Translator(const Entry &E, const Query &Q, Unit &U) : E(E), Q(Q), U(U), Class(E.objectClass(Q)) {}

  bool readEffects();
  bool readConstructions(llvm::SmallVectorImpl<Construction> &Found);
  Error takeError() { return E.File.errorAt(FailedAt, Message); }
  Effects Out;

private:
  using Reader = bool (Translator::*)(const Json &);
  struct Phrase;

  bool fail(uint32_t Offset, const Twine &Text);
  bool fail(const Json &At, const Twine &Text) { return fail(At.Offset, Text); }
  bool checkKeys(const Json &Object, ArrayRef<StringLiteral> Known, StringRef What);
  bool forEach(StringRef Key, Reader Read);
  template <class Function> bool each(const Json &V, Function Do);

  bool path(const Json &At, StringRef Text, PathId &P);
  bool rawPath(const Json &At, StringRef Text, PathId &P);
  bool content(const Json &At, std::optional<ProjectionKind> Where, std::string &Text);
  std::optional<ProjectionKind> contentOfArgument(unsigned N) const;
  bool argumentNumber(const Json &At, StringRef Digits, unsigned &N);
  bool text(const Json &V, StringRef What);
  bool phrase(const Json &V, StringRef Grammar, Phrase &P);
  template <class Word> bool word(const Json &At, StringRef Text, Word &Value, StringRef What);
  template <class Word> bool optionalWord(const Json &Object, StringRef Key, Word &Value, StringRef What);

  bool readPure();
  bool readUses();
  void addImpliedUses();
  void addUseOfObject();
  bool isKept(unsigned N) const;
  void addUseOfArgument(unsigned N);
  bool readUse(const Json &V);
  bool readNeed(const Json &V);
  bool readWalk(const Json &V, PathId &Walked);
  bool readCall(const Json &V);
  bool readRestOfArguments(const Json &V, Call &C);
  bool readCallArguments(const Json &V, Call &C);
  bool readExpire(const Json &V);
  bool readInvalidate(const Json &V);
  bool readSwap(const Json &V);
  bool readMove(const Json &V);
  bool readKeep(const Json &V);
  void keepArgument(PathId Dst, unsigned N);
  bool readClear(const Json &V);
  bool readAdvance(const Json &V);
  bool readReserve(const Json &V);
  bool readLend(const Json &V);
  bool readFacts(const Json &V);
  bool readConstruct(const Json &V, Construction &C);
  bool readIndex(const Json &Object, StringRef Key, unsigned &Value);
  void makeAlternativesMay(size_t First);
  bool forAlternatives(StringRef Key, Reader Read);
  PathId import(const Unit &From, PathId P);

  Fact &add(FactKind Kind) {
    Out.Facts.emplace_back();
    Out.Facts.back().Kind = Kind;
    return Out.Facts.back();
  }
  void addTransfer(PathId Dst, PathId Src, bool Move, Reason Why) {
    Fact &F = add(Move ? FactKind::Move : FactKind::Copy);
    F.Dst = Dst;
    F.Src = Src;
    F.Why = Why;
  }
  PathId root(RootKind Kind, unsigned Index = 0) { return U.Storage.root({Kind, Index, NameId()}); }
  PathId object() { return U.Storage.deref(root(RootKind::This)); }
  bool byReference(unsigned N) const { return N < Q.Arguments.size() && Q.Arguments[N].How != Argument::ByValue; }
  PathId valueOf(unsigned N) {
    PathId P = root(RootKind::Arg, N);
    return byReference(N) ? U.Storage.deref(P) : P;
  }
  /// Whether handing over argument \p N moves from it.
  bool consumed(unsigned N) const {
    if (N >= Q.Arguments.size()) return false;
    return Q.Arguments[N].How == Argument::ByRvalue ||
           (Q.Arguments[N].How == Argument::ByValue && Q.Arguments[N].What != TypeKind::Pointer);
  }
  const Entry &E;
  const Query &Q;
  uint32_t Walks = 0; ///< ranges that callees have iterators into
  Unit &U;
  const ClassModel *Class; ///< of the object; null for functions that are no members
  uint32_t FailedAt = 0;
  std::string Message;
};

/// A text such as `iterator this*[] by arg0`: leading words, then pairs of a keyword and a word.
struct Translator::Phrase {
  SmallVector<StringRef, 2> Head;
  SmallVector<std::pair<StringRef, StringRef>, 2> Tail;

  StringRef after(StringRef Keyword) const {
    for (auto [Key, Word] : Tail)
      if (Key == Keyword) return Word;
    return {};
  }
};

} // namespace

//===- Words and paths --------------------------------------------------------------------------------------------===//

bool Translator::fail(uint32_t Offset, const Twine &Text) {
  FailedAt = Offset;
  Message = Text.str();
  return false;
}

bool Translator::checkKeys(const Json &Object, ArrayRef<StringLiteral> Known, StringRef What) {
  if (Object.Type != Json::Object)
    return fail(Object, "expected an object for " + What + ", found " + Json::kindName(Object.Type));
  for (const Json &Item : Object.Items)
    if (!llvm::is_contained(Known, Item.Key))
      return fail(Item.KeyOffset, "unknown key '" + Item.Key + "' in " + What + suggestion(Item.Key, Known) +
                                      " (known keys: " + llvm::join(Known, ", ") + ")");
  return true;
}

/// Calls \p Do for \p V, or for each item if it is a list.
template <class Function> bool Translator::each(const Json &V, Function Do) {
  if (V.Type != Json::Array) return Do(V);
  return llvm::all_of(V.Items, Do);
}

bool Translator::forEach(StringRef Key, Reader Read) {
  const Json *V = E.What.member(Key);
  return !V || each(*V, [&](const Json &Item) { return (this->*Read)(Item); });
}

bool Translator::text(const Json &V, StringRef What) {
  return V.Type == Json::String || fail(V, "expected " + What + ", found " + Json::kindName(V.Type));
}

/// Splits \p V after \p Grammar, which is how the message shows it: lower-case words in it are keywords.
bool Translator::phrase(const Json &V, StringRef Grammar, Phrase &P) {
  if (!text(V, ("a text '" + Grammar + "'").str())) return false;
  SmallVector<StringRef, 6> Words, Wanted;
  llvm::SplitString(V.Text, Words);
  llvm::SplitString(Grammar, Wanted);
  auto isKeyword = [&](StringRef Word) {
    return llvm::any_of(Wanted, [&](StringRef W) { return W.trim("[]") == Word; });
  };
  size_t HeadSize = 0;
  while (HeadSize < Wanted.size() && llvm::isUpper(Wanted[HeadSize].trim("[]").front())) ++HeadSize;
  for (size_t I = 0; I < Words.size(); ++I) {
    if (!isKeyword(Words[I])) {
      P.Head.push_back(Words[I]);
      continue;
    }
    if (I + 1 == Words.size())
      return fail(V, "expected a path after '" + Words[I] + "': the form is '" + Grammar + "'");
    P.Tail.push_back({Words[I], Words[I + 1]});
    ++I;
  }
  size_t Least = llvm::count_if(ArrayRef(Wanted).take_front(HeadSize), [](StringRef W) { return W.front() != '['; });
  if (P.Head.size() < Least || P.Head.size() > HeadSize)
    return fail(V, "'" + V.Text + "' is not of the form '" + Grammar + "'");
  for (size_t I = HeadSize; I < Wanted.size(); ++I)
    if (llvm::isLower(Wanted[I].front()) && P.after(Wanted[I]).empty())
      return fail(V, "'" + V.Text + "' lacks '" + Wanted[I] + "': the form is '" + Grammar + "'");
  return true;
}

template <class Word> bool Translator::word(const Json &At, StringRef Text, Word &Value, StringRef What) {
  if (auto Found = fromWord<Word>(Text)) return Value = *Found, true;
  return fail(At, "'" + Text + "' is not " + What + suggestion(Text, Words<Word>::List) + " (one of " +
                      llvm::join(std::begin(Words<Word>::List), std::end(Words<Word>::List), ", ") + ")");
}

template <class Word> bool Translator::optionalWord(const Json &Object, StringRef Key, Word &Value, StringRef What) {
  const Json *V = Object.member(Key);
  return !V || (text(*V, What) && word(*V, V->Text, Value, What));
}

/// What \p E says; its position is in a text that the user does not see as such.
static std::string withoutPosition(Error E) {
  std::string Message = llvm::toString(std::move(E));
  size_t End = Message.find(": ");
  return End == std::string::npos ? Message : Message.substr(End + 2);
}

bool Translator::rawPath(const Json &At, StringRef Text, PathId &P) {
  Expected<PathId> Parsed = parseFormalPath(Text, U.Symbols, U.Storage);
  if (!Parsed) return fail(At, "bad path '" + Text + "': " + withoutPosition(Parsed.takeError()));
  P = *Parsed;
  return true;
}

bool Translator::argumentNumber(const Json &At, StringRef Digits, unsigned &N) {
  if (Digits.getAsInteger(10, N)) return fail(At, "expected the number of an argument");
  const Signature &S = E.Overloads;
  if (S.AnyArguments || S.Open || N < S.Parameters.size()) return true;
  return fail(At, "arg" + Twine(N) + " does not exist: arguments count from 0, and the signature has " +
                      Twine(S.Parameters.size()));
}

std::optional<ProjectionKind> Translator::contentOfArgument(unsigned N) const {
  if (N >= Q.Arguments.size()) return std::nullopt;
  const Argument &A = Q.Arguments[N];
  if (A.Content) return A.Content;
  switch (A.What) {
  case TypeKind::Pointer:
  case TypeKind::View:
  case TypeKind::Iterator:
  case TypeKind::Own:
  case TypeKind::Share:
  case TypeKind::Weak:
    return ProjectionKind::Deref;
  default:
    return std::nullopt;
  }
}

static StringRef spelling(std::optional<ProjectionKind> Where) {
  if (Where == ProjectionKind::Deref) return "*";
  return Where == ProjectionKind::Inline ? "[in]" : "[]";
}

/// Reads a path of a model: argN in it is the argument's value, whether it was passed by value or by reference, and
/// `[_]` the content of an argument or of the object.
bool Translator::path(const Json &At, StringRef Text, PathId &P) {
  StringRef Rest = Text;
  std::string Exact;
  std::optional<ProjectionKind> Content = Class ? Class->content() : std::nullopt;
  if (Rest.consume_front("arg")) {
    StringRef Digits = Rest.take_while(llvm::isDigit);
    unsigned N;
    if (!argumentNumber(At, Digits, N)) return false;
    Rest = Rest.drop_front(Digits.size());
    Exact = ("arg" + Digits + (byReference(N) ? "*" : "")).str();
    Content = contentOfArgument(N);
  }
  for (size_t Hole; (Hole = Rest.find("[_]")) != StringRef::npos; Rest = Rest.drop_front(Hole + 3))
    Exact += (Rest.take_front(Hole) + spelling(Content)).str();
  return rawPath(At, Exact + Rest.str(), P);
}

//===- Uses -------------------------------------------------------------------------------------------------------===//

static bool readsItsLoans(TypeKind K) { return K == TypeKind::View || K == TypeKind::Iterator; }

void Translator::addUseOfObject() {
  StringRef Name = E.Overloads.Name;
  if (!Class || Q.Static || Q.Name == "constructor" || Name == "destructor") return;
  Fact &F = add(FactKind::Use);
  F.Src = object();
  F.How = readsItsLoans(Class->kind()) && Q.Name != "operator=" ? Access::Value : Access::Call;
}

/// Whether argument \p N is only stored: its loans go elsewhere, and nobody looks at what they lead to.
bool Translator::isKept(unsigned N) const {
  const Json *Keeps = E.What.member("keeps");
  if (!Keeps) return false;
  std::string Whole = ("arg" + Twine(N) + " in ").str();
  auto keepsIt = [&](const Json &Item) { return Item.Text.starts_with(Whole) || Item.Text.starts_with("args in "); };
  return keepsIt(*Keeps) || llvm::any_of(Keeps->Items, keepsIt);
}

void Translator::addUseOfArgument(unsigned N) {
  const Argument &A = Q.Arguments[N];
  bool Loans = readsItsLoans(A.What) && !isKept(N);
  PathId P = valueOf(N);
  if (A.What == TypeKind::Pointer && !byReference(N) && !isKept(N))
    P = U.Storage.deref(P);
  else if (!Loans && !byReference(N))
    return;
  Fact &F = add(FactKind::Use);
  F.Src = P;
  F.How = Loans ? Access::Value : Access::Call;
}

void Translator::addImpliedUses() {
  addUseOfObject();
  for (unsigned N = 0; N != Q.Arguments.size(); ++N) addUseOfArgument(N);
}

bool Translator::readUses() {
  if (E.What.member("uses")) return forEach("uses", &Translator::readUse);
  addImpliedUses();
  return true;
}

bool Translator::readUse(const Json &V) {
  Phrase P;
  PathId Src;
  if (!phrase(V, "PATH [ACCESS]", P) || !path(V, P.Head[0], Src)) return false;
  Fact &F = add(FactKind::Use);
  F.Src = Src;
  F.How = Access::Call;
  return P.Head.size() == 1 || word(V, P.Head[1], F.How, "a way of using");
}

bool Translator::readNeed(const Json &V) {
  Phrase P;
  PathId Src, Dst;
  if (!phrase(V, "PATH outside PATH", P) || !path(V, P.Head[0], Src) || !path(V, P.after("outside"), Dst)) return false;
  auto Kills = llvm::find_if(Out.Facts, [&](const Fact &Each) {
    return Each.Kind == FactKind::Invalidate && U.Storage.startsWith(Each.Src, Dst);
  });
  if (Kills == Out.Facts.end()) return fail(V, "nothing there is invalidated by this function: it cannot need that");
  uint32_t Index = uint32_t(Kills - Out.Facts.begin());
  Fact &F = add(FactKind::Need);
  F.Src = Src;
  F.Call = Index;
  return true;
}

//===- Calls ------------------------------------------------------------------------------------------------------===//

/// As many as Call::ByReference can tell of.
static constexpr uint8_t AllByReference = 0x7f;

/// `...` passes all arguments on as they came, `1...` those from argument 1 by reference.
bool Translator::readRestOfArguments(const Json &V, Call &C) {
  StringRef Digits = V.Text.drop_back(3);
  unsigned First = 0;
  if (!Digits.empty() && !argumentNumber(V, Digits, First)) return false;
  if (!Digits.empty()) C.ByReference = AllByReference; // forwarding references
  for (unsigned N = First; N < Q.Arguments.size(); ++N) C.Args.push_back(root(RootKind::Arg, N));
  return true;
}

bool Translator::readCallArguments(const Json &V, Call &C) {
  const Json *Args = V.member("args");
  if (!Args) return true;
  if (Args->Type == Json::String && Args->Text.ends_with("...")) return readRestOfArguments(*Args, C);
  return each(*Args, [&](const Json &Item) {
    if (!text(Item, "a path, '*' and a path, or '_'")) return false;
    StringRef Text = Item.Text;
    if (Text.consume_front("*")) C.ByReference |= 1 << C.Args.size() & AllByReference;
    PathId &P = C.Args.emplace_back();
    return Text == "_" || rawPath(Item, Text, P);
  });
}

/// What calls are made over: where an iterator leads, or the content of a range, to which the callee has an iterator.
bool Translator::readWalk(const Json &V, PathId &Walked) {
  PathId Range;
  if (!text(V, "a path") || !path(V, V.Text, Range)) return false;
  if (!U.Storage.isRoot(Range) && U.Storage.last(Range).Kind == ProjectionKind::Deref) {
    Walked = Range;
    return true;
  }
  Fact &F = add(FactKind::Borrow);
  F.Dst = root(RootKind::Temp, Walks++);
  F.Src = Range;
  F.Loan = LoanKind::Iterator;
  Walked = U.Storage.deref(F.Dst);
  return true;
}

bool Translator::readCall(const Json &V) {
  if (!checkKeys(V, CallKeys, "'calls'")) return false;
  const Json *Through = V.member("through"), *Result = V.member("result"), *When = V.member("when"),
             *In = V.member("in"), *Over = V.member("over");
  if (!Through) return fail(V, "'calls' needs 'through': the path of what is called");
  Call C;
  if (!text(*Through, "a path") || !path(*Through, Through->Text, C.Through)) return false;
  if (Result && (!text(*Result, "a path") || !rawPath(*Result, Result->Text, C.Result))) return false;
  if (!readCallArguments(V, C)) return false;
  if (When && !text(*When, "now, later or thread")) return false;
  StringRef Time = When ? When->Text : "now";
  if (Time != "now" && Time != "later" && Time != "thread")
    return fail(*When, "'" + Time + "' is not a time (one of now, later, thread)");
  if (Over && Time != "now") return fail(*Over, "what is walked over is used by calls that happen now");
  if (Time == "now") {
    PathId Walked;
    if (Over && !readWalk(*Over, Walked)) return false;
    if (Over && !V.member("args")) {
      C.Args.push_back(U.Storage.base(Walked));
      C.ByReference = 1;
    }
    add(FactKind::Call).Call = uint32_t(Out.Calls.size());
    Out.Calls.push_back(std::move(C));
    if (Walked.valid()) add(FactKind::Use).Src = Walked;
    return true;
  }
  PathId Dst;
  if (In ? !text(*In, "a path") || !path(*In, In->Text, Dst) : !rawPath(V, ("@called_" + Time).str(), Dst))
    return false;
  addTransfer(Dst, C.Through, false, Reason::Insert);
  return true;
}

//===- Changes ----------------------------------------------------------------------------------------------------===//

bool Translator::readExpire(const Json &V) {
  Phrase P;
  PathId Src;
  if (!phrase(V, "PATH [ENDING]", P) || !path(V, P.Head[0], Src)) return false;
  Fact &F = add(FactKind::Expire);
  F.Src = Src;
  F.Ending = End::Delete;
  return P.Head.size() == 1 || word(V, P.Head[1], F.Ending, "a way to end");
}

bool Translator::readInvalidate(const Json &V) {
  if (!checkKeys(V, InvalidateKeys, "'invalidates'")) return false;
  Fact Common;
  Common.Kind = FactKind::Invalidate;
  const Json *Of = V.member("of"), *By = V.member("by");
  if (Of ? !text(*Of, "a path") || !path(*Of, Of->Text, Common.Src) : !path(V, "this*[_]", Common.Src)) return false;
  if (By && (!text(*By, "a path") || !rawPath(*By, By->Text, Common.By))) return false;
  if (!optionalWord(V, "when", Common.Cond, "a condition") || !optionalWord(V, "fate", Common.Elements, "a fate"))
    return false;
  if (Common.Cond == When::Absent && !By) return fail(V, "'when': 'absent' needs 'by': the argument that is the key");
  if (Common.Cond == When::Inside && !By) return fail(V, "'when': 'inside' needs 'by': the argument that says where");
  KindMask ByExtent[3] = {};
  for (const KindKey &K : KindKeys) {
    const Json *Item = V.member(K.Key);
    if (!Item || (Item->Type == Json::String && Item->Text == "none")) continue;
    Extent Which;
    if (!text(*Item, "which elements") || !word(*Item, Item->Text, Which, "an extent")) return false;
    if (Which != Extent::All && !By)
      return fail(*Item, "'" + Item->Text + "' needs 'by': the argument that says which one");
    ByExtent[size_t(Which)] |= K.Mask;
  }
  if (!(ByExtent[0] | ByExtent[1] | ByExtent[2]))
    return fail(V, "'invalidates' needs one of references, iterators, end, views, borrows");
  for (size_t I = 0; I != std::size(ByExtent); ++I) {
    if (!ByExtent[I]) continue;
    Common.Which = Extent(I);
    Common.Kinds = ByExtent[I];
    Out.Facts.push_back(Common);
    bool Asks = Common.Cond == When::Absent || Common.Cond == When::Inside;
    if (Common.Which == Extent::All && !Asks) Out.Facts.back().By = PathId();
  }
  return true;
}

bool Translator::readSwap(const Json &V) {
  PathId One = Class ? object() : valueOf(0), Other, Between = root(RootKind::Ret);
  if (!text(V, "a path") || !path(V, V.Text, Other)) return false;
  addTransfer(Between, One, true, Reason::None);
  addTransfer(One, Other, true, Reason::None);
  addTransfer(Other, Between, true, Reason::None);
  return true;
}

bool Translator::readMove(const Json &V) {
  Phrase P;
  PathId Src, Dst;
  if (!phrase(V, "PATH to PATH", P) || !path(V, P.Head[0], Src) || !path(V, P.after("to"), Dst)) return false;
  addTransfer(Dst, Src, true, Reason::Assign);
  return true;
}

bool Translator::readKeep(const Json &V) {
  Phrase P;
  PathId Dst;
  if (!phrase(V, "PATH in PATH", P) || !path(V, P.after("in"), Dst)) return false;
  StringRef What = P.Head[0];
  if (What == "args") {
    for (unsigned N = 0; N != Q.Arguments.size(); ++N) keepArgument(Dst, N);
    return true;
  }
  PathId Src;
  unsigned N;
  if (!path(V, What, Src)) return false;
  bool Whole = What.consume_front("arg") && !What.getAsInteger(10, N);
  addTransfer(Dst, Src, Whole && consumed(N), Reason::Insert);
  return true;
}

/// Keeps argument \p N in \p Dst. Among what is bound in a closure, nothing else tells which of it are owners.
void Translator::keepArgument(PathId Dst, unsigned N) {
  bool IsBound = U.Storage.rootOf(Dst).Kind == RootKind::Ret && !U.Storage.isRoot(Dst) &&
                 U.Storage.last(Dst).Kind == ProjectionKind::Inline;
  if (!IsBound || Q.Arguments[N].What != TypeKind::Share)
    return addTransfer(Dst, valueOf(N), consumed(N), Reason::Insert);
  Fact &F = add(FactKind::Borrow);
  F.Dst = Dst;
  F.Src = U.Storage.deref(valueOf(N));
  F.Loan = LoanKind::Share;
  F.Why = Reason::Insert;
  if (consumed(N)) add(FactKind::Clear).Dst = valueOf(N);
}

bool Translator::readClear(const Json &V) {
  PathId P;
  if (!text(V, "a path") || !path(V, V.Text, P)) return false;
  add(FactKind::Clear).Dst = P;
  return true;
}

bool Translator::readAdvance(const Json &V) {
  PathId P;
  if (!text(V, "a path") || !path(V, V.Text, P)) return false;
  add(FactKind::Advance).Src = P;
  return true;
}

bool Translator::readReserve(const Json &V) {
  PathId P;
  if (!text(V, "a path") || !path(V, V.Text, P)) return false;
  add(FactKind::Reserve).Src = P;
  return true;
}

bool Translator::readLend(const Json &V) {
  Phrase P;
  Fact F;
  F.Kind = FactKind::Borrow;
  F.Why = Reason::Lend;
  F.Dst = root(RootKind::Ret);
  if (!phrase(V, "KIND PATH [by PATH] [to PATH]", P) || !word(V, P.Head[0], F.Loan, "a kind of loan") ||
      !path(V, P.Head[1], F.Src))
    return false;
  if (StringRef By = P.after("by"); !By.empty() && !rawPath(V, By, F.By)) return false;
  if (StringRef To = P.after("to"); !To.empty() && !path(V, To, F.Dst)) return false;
  Out.Facts.push_back(F);
  return true;
}

/// Several values for one cell are alternatives: none of them is sure, and none replaces the other. Elements only ever
/// get more.
void Translator::makeAlternativesMay(size_t First) {
  auto New = llvm::MutableArrayRef(Out.Facts).drop_front(First);
  auto isElement = [&](PathId P) {
    return !U.Storage.isRoot(P) &&
           (U.Storage.last(P).Kind == ProjectionKind::Elem || U.Storage.last(P).Kind == ProjectionKind::Inline);
  };
  for (Fact &F : New)
    if (!isElement(F.Dst) && llvm::count_if(New, [&](const Fact &G) { return G.Dst == F.Dst; }) > 1)
      F.Sure = Certainty::May;
}

//===- Facts as they are ------------------------------------------------------------------------------------------===//

PathId Translator::import(const Unit &From, PathId P) {
  if (!P) return P;
  if (From.Storage.isRoot(P)) {
    Root R = From.Storage.rootOf(P);
    if (R.Name) R.Name = U.Symbols.intern(From.Symbols.text(R.Name));
    return U.Storage.root(R);
  }
  Projection Last = From.Storage.last(P);
  if (Last.Name) Last.Name = U.Symbols.intern(From.Symbols.text(Last.Name));
  return U.Storage.extend(import(From, From.Storage.base(P)), Last);
}

bool Translator::readFacts(const Json &V) {
  if (!text(V, "a fact, as in facts text")) return false;
  Expected<Unit> Parsed = parseFacts(("refleak-facts 1\neffects @x \"\" model\n" + V.Text + "\nend\n").str(), "facts");
  if (!Parsed) return fail(V, "bad fact '" + V.Text + "': " + withoutPosition(Parsed.takeError()));
  Effects &Read = Parsed->Known.front();
  uint32_t FirstCall = uint32_t(Out.Calls.size());
  for (Call &C : Read.Calls) {
    for (PathId *P : {&C.Through, &C.Result, &C.This}) *P = import(*Parsed, *P);
    for (PathId &P : C.Args) P = import(*Parsed, P);
    if (C.Callee) C.Callee = U.Symbols.intern(Parsed->Symbols.text(C.Callee));
    Out.Calls.push_back(C);
  }
  for (Fact &F : Read.Facts) {
    for (PathId *P : {&F.Dst, &F.Src, &F.By, &F.If}) *P = import(*Parsed, *P);
    if (F.Note) F.Note = U.Symbols.intern(Parsed->Symbols.text(F.Note));
    if (F.Kind == FactKind::Call) F.Call += FirstCall;
    Out.Facts.push_back(F);
  }
  return true;
}

bool Translator::readPure() {
  const Json *Pure = E.What.member("pure");
  if (!Pure) return true;
  if (Pure->Type != Json::Bool) return fail(*Pure, Twine("expected true, found ") + Json::kindName(Pure->Type));
  return E.What.Items.size() == 1 || E.What.member("source") ||
         fail(*Pure, "'pure' means no effect: nothing can stand beside it");
}

bool Translator::forAlternatives(StringRef Key, Reader Read) {
  size_t First = Out.Facts.size();
  if (!forEach(Key, Read)) return false;
  makeAlternativesMay(First);
  return true;
}

/// The order is that of the standard's containers: look at the arguments, call predicates, change, store, lend.
bool Translator::readEffects() {
  if (!checkKeys(E.What, EffectKeys, "the effects of a function") || !readPure()) return false;
  if (E.Method.pure()) return true;
  if (!readUses() || !forEach("calls", &Translator::readCall) || !forEach("expires", &Translator::readExpire) ||
      !forEach("invalidates", &Translator::readInvalidate) || !forEach("needs", &Translator::readNeed) ||
      !forEach("swaps", &Translator::readSwap) || !forEach("moves", &Translator::readMove) ||
      !forAlternatives("keeps", &Translator::readKeep) || !forEach("clears", &Translator::readClear) ||
      !forEach("advances", &Translator::readAdvance) || !forEach("reserves", &Translator::readReserve) ||
      !forEach("facts", &Translator::readFacts))
    return false;
  return forAlternatives("lends", &Translator::readLend);
}

//===- Construction -----------------------------------------------------------------------------------------------===//

bool Translator::readIndex(const Json &Object, StringRef Key, unsigned &Value) {
  const Json *V = Object.member(Key);
  if (!V) return true;
  return (V->Type == Json::Number && !V->Text.getAsInteger(10, Value)) ||
         fail(*V, "expected the number of an argument");
}

/// `type` is `class 0` or `function 0`: which template argument, of what.
bool Translator::readConstruct(const Json &V, Construction &C) {
  if (!checkKeys(V, ConstructKeys, "'constructs'")) return false;
  const Json *Type = V.member("type"), *Into = V.member("into"), *As = V.member("as");
  if (!Type || !Into) return fail(V, "'constructs' needs 'type' and 'into'");
  if (!text(*Type, "'class N' or 'function N'") || !text(*Into, "a path")) return false;
  auto [Of, Index] = Type->Text.split(' ');
  C.From = Of == "class" ? Construction::OfClass : Construction::OfFunction;
  if ((Of != "class" && Of != "function") || Index.getAsInteger(10, C.TemplateArgument))
    return fail(*Type, "expected 'class N' or 'function N': the N-th template argument, from 0");
  if (!path(*Into, Into->Text, C.Into)) return false;
  if (!readIndex(V, "from", C.FirstArgument) || !readIndex(V, "to", C.LastArgument)) return false;
  if (!As) return true;
  C.Heap = true;
  return text(*As, "own or share") && word(*As, As->Text, C.Loan, "a kind of loan");
}

bool Translator::readConstructions(llvm::SmallVectorImpl<Construction> &Found) {
  const Json *V = E.What.member("constructs");
  return !V || each(*V, [&](const Json &Item) { return readConstruct(Item, Found.emplace_back()); });
}

Expected<Effects> model::effectsOf(const Entry &E, const Query &Q, Unit &U) {
  Translator T(E, Q, U);
  if (!T.readEffects()) return T.takeError();
  return std::move(T.Out);
}

Expected<SmallVector<Construction, 1>> model::constructionsOf(const Entry &E, const Query &Q, Unit &U) {
  Translator T(E, Q, U);
  SmallVector<Construction, 1> Found;
  if (!T.readConstructions(Found)) return T.takeError();
  return Found;
}

Error model::checkEntry(const Entry &E) {
  Unit U;
  Query Q;
  auto Effects = effectsOf(E, Q, U);
  if (!Effects) return Effects.takeError();
  return constructionsOf(E, Q, U).takeError();
}

//===- MethodModel ------------------------------------------------------------------------------------------------===//

Effects MethodModel::instantiate(Unit &U, NameId Symbol, const Query &Q) const {
  Expected<Effects> E = effectsOf(Said, Q, U);
  assert(E && "models are checked before they are used");
  if (!E) return llvm::consumeError(E.takeError()), Effects();
  E->Symbol = Symbol;
  E->Display = Said.Class ? (Q.Classes.front() + "::" + Q.Name).str() : Q.Name.str();
  E->Source = EffectSource::Model;
  return std::move(*E);
}

SmallVector<Construction, 1> MethodModel::constructions(Unit &U, const Query &Q) const {
  auto Found = constructionsOf(Said, Q, U);
  assert(Found && "models are checked before they are used");
  if (!Found) return llvm::consumeError(Found.takeError()), SmallVector<Construction, 1>();
  return *Found;
}

bool MethodModel::pure() const {
  const Json *Pure = Said.What.member("pure");
  return Pure && Pure->Text == "true";
}

bool MethodModel::needsResult() const {
  if (Said.What.member("swaps")) return true;
  const Json *Facts = Said.What.member("facts");
  return Facts && llvm::any_of(Facts->Items, [](const Json &Item) { return Item.Text.contains("<- ret"); });
}
