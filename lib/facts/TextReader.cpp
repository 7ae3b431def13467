//===- TextReader.cpp - Reading facts -----------------------------------------------------------------------------===//
//
// Every read* function returns whether it found what it wanted; the first that did not has noted where and what.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "facts/Scanner.h"
#include "facts/Text.h"
#include "facts/Words.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;
using llvm::StringRef;
using llvm::Twine;

namespace {

/// Reads paths into a unit's tables.
class PathReader : public Scanner {
public:
  PathReader(StringRef Text, StringRef Buffer, Names &Symbols, Paths &Storage)
      : Scanner(Text, Buffer), Symbols(Symbols), Storage(Storage) {}

  bool readPath(PathId &P);
  /// Extends \p P by the projections that stand here.
  bool readProjections(PathId &P);
  bool readSymbol(NameId &N, const Twine &What);

protected:
  Names &Symbols;
  Paths &Storage;
  /// Bounds the numbers of roots; null for effects, which have no locals and do not count what they use.
  const Function *Body = nullptr;
  /// Only what the caller knows may be named: this, argN, ret, globals.
  bool FormalOnly = false;

private:
  bool readRoot(PathId &P);
  bool readNumbered(const char *Start, StringRef Digits, RootKind Kind, size_t Limit, const Twine &What, PathId &P);
  bool readNamed(RootKind Kind, PathId &P);
};

class FormalPathReader : public PathReader {
public:
  FormalPathReader(StringRef Text, StringRef Buffer, Names &Symbols, Paths &Storage)
      : PathReader(Text, Buffer, Symbols, Storage) {
    FormalOnly = true;
  }
  bool readAll(PathId &P) { return readPath(P) && (atEnd() || fail("the end of the path")); }
};

class UnitReader : public PathReader {
public:
  UnitReader(StringRef Text, StringRef Buffer, Unit &U) : PathReader(Text, Buffer, U.Symbols, U.Storage), U(U) {}

  bool readUnit();

private:
  bool readFile();
  bool readFunction();
  bool readHead(Function &F);
  bool readFunctionFlags(Function &F);
  bool readParameter(Function &F);
  bool readLocal(Function &F);
  bool readBlock(Function &F);
  bool checkSuccessors(const Function &F);
  bool readEffects();

  bool readFacts(std::vector<Fact> &Facts, std::vector<Call> &Calls);
  bool readFact(FactKind Kind, std::vector<Fact> &Facts, std::vector<Call> &Calls);
  bool readOperands(Fact &F, std::vector<Call> &Calls);
  bool readInvalidate(Fact &F);
  bool readTail(Fact &F);
  bool readCall(Fact &F, std::vector<Call> &Calls);
  bool readResult(Call &C);
  bool readTarget(Call &C);
  bool readArguments(Call &C);
  bool readTransfer(Fact &F) { return readPath(F.Dst) && expectArrow() && readPath(F.Src); }
  bool readKinds(KindMask &Mask);
  bool expectArrow();
  bool readNext(uint32_t Next, const Twine &What);
  bool readText(std::string &Text, const Twine &What);
  bool readSpan(Span &S);
  /// Reads `at SPAN` if it stands here.
  bool readAt(Span &S) { return atLineEnd() || (take("at ") ? readSpan(S) : fail("'at' or the end of the line")); }
  template <class E> bool readWord(E &Value, const Twine &What);
  template <class E> bool readOptionalWord(E &Value);

  Unit &U;
  struct Branch {
    uint32_t Target;
    const char *Where;
  };
  std::vector<Branch> Branches; ///< of the function being read: checked when all blocks are known
};

} // namespace

//===--- Paths ----------------------------------------------------------------------------------------------------===//

bool PathReader::readSymbol(NameId &N, const Twine &What) {
  if (peek() != '@') return fail(What);
  take('@');
  StringRef Text;
  if (!readName(Text, What)) return false;
  N = Symbols.intern(Text);
  skipBlanks();
  return true;
}

bool PathReader::readNamed(RootKind Kind, PathId &P) {
  StringRef Text;
  if (!readName(Text, Kind == RootKind::Constant ? "a constant's text" : "a symbol")) return false;
  P = Storage.root({Kind, 0, Symbols.intern(Text)});
  return true;
}

bool PathReader::readNumbered(const char *Start, StringRef Digits, RootKind Kind, size_t Limit, const Twine &What,
                              PathId &P) {
  uint32_t Index;
  if (Digits.getAsInteger(10, Index)) return failAt(Start, "a path");
  if (Index >= Limit) return failAt(Start, "one of the function's " + Twine(Limit) + " " + What);
  P = Storage.root({Kind, Index, NameId()});
  return true;
}

bool PathReader::readRoot(PathId &P) {
  const char *Start = position();
  if (take('@')) return readNamed(RootKind::Global, P);
  bool IsTemp = !FormalOnly && take('%');
  StringRef Word = takePlain();
  auto numbered = [&](RootKind Kind, size_t Count, const Twine &What) {
    return readNumbered(Start, Word, Kind, Body ? Count : size_t(UINT32_MAX), What, P);
  };
  if (IsTemp) return numbered(RootKind::Temp, Body ? Body->Temps : 0, "temporaries");
  if (Word == "this") return P = Storage.root({RootKind::This, 0, NameId()}), true;
  if (Word == "ret") return P = Storage.root({RootKind::Ret, 0, NameId()}), true;
  if (Word.consume_front("arg")) return numbered(RootKind::Arg, Body ? Body->Parameters.size() : 0, "parameters");
  if (FormalOnly) return failAt(Start, "this, argN, ret or @global");
  if (Word == "const" && peek() == '"') return readNamed(RootKind::Constant, P);
  if (Word == "code" && take('@')) return readNamed(RootKind::Code, P);
  if (Word.consume_front("heap")) return numbered(RootKind::Heap, Body ? Body->Heaps : 0, "allocations");
  if (Body && Word.consume_front("l")) return numbered(RootKind::Local, Body->Locals.size(), "locals");
  return failAt(Start, Body ? "a path" : "a path that starts at this, argN, ret, %N, heapN or @global");
}

bool PathReader::readPath(PathId &P) { return readRoot(P) && readProjections(P); }

bool PathReader::readProjections(PathId &P) {
  for (;;) {
    switch (peek()) {
    case '*':
      take('*');
      P = Storage.deref(P);
      continue;
    case '.': {
      take('.');
      StringRef Field;
      if (!readName(Field, "a field's name")) return false;
      P = Storage.field(P, Symbols.intern(Field));
      continue;
    }
    case '[': {
      take('[');
      bool Inline = take("in");
      if (!expect(']')) return false;
      P = Storage.extend(P, {Inline ? ProjectionKind::Inline : ProjectionKind::Elem, NameId()});
      continue;
    }
    default:
      skipBlanks();
      return true;
    }
  }
}

//===--- Facts ----------------------------------------------------------------------------------------------------===//

template <class E> bool UnitReader::readWord(E &Value, const Twine &What) {
  const char *Start = position();
  if (auto Found = fromWord<E>(takeWord())) return Value = *Found, true;
  return failAt(Start, What + " (" + llvm::join(std::begin(Words<E>::List), std::end(Words<E>::List), ", ") + ")");
}

/// Reads a word of \p E's table if one stands here, nothing otherwise.
template <class E> bool UnitReader::readOptionalWord(E &Value) {
  const char *Start = position();
  auto Found = fromWord<E>(takeWord());
  if (!Found) return goBack(Start);
  Value = *Found;
  return true;
}

bool UnitReader::expectArrow() { return take("<-") || fail("'<-'"); }

bool UnitReader::readText(std::string &Text, const Twine &What) {
  StringRef Found;
  if (!readString(Found, What)) return false;
  Text = Found.str();
  return true;
}

/// Reads a number that must be \p Next: things are listed in the order of their numbers.
bool UnitReader::readNext(uint32_t Next, const Twine &What) {
  const char *Start = position();
  uint32_t Number;
  if (!readNumber(Number, What)) return false;
  return Number == Next || failAt(Start, What + " " + Twine(Next));
}

bool UnitReader::readSpan(Span &S) {
  const char *Start = position();
  uint32_t File;
  if (!readNumber(File, "a file's number")) return false;
  if (File >= U.Files.size()) return failAt(Start, "one of the " + Twine(U.Files.size()) + " files declared above");
  S.File = FileId(File);
  return expect(':') && readNumber(S.Line, "a line") && expect(':') && readNumber(S.Column, "a column") &&
         expect('-') && readNumber(S.EndLine, "a line") && expect(':') && readNumber(S.EndColumn, "a column");
}

bool UnitReader::readKinds(KindMask &Mask) {
  Mask = 0;
  if (take("none ")) return true;
  do {
    LoanKind Kind;
    if (!readWord(Kind, "a kind of loan")) return false;
    Mask |= maskOf(Kind);
  } while (take(','));
  return true;
}

bool UnitReader::readInvalidate(Fact &F) {
  if (!readPath(F.Src) || !readKinds(F.Kinds) || !readWord(F.Which, "which elements") ||
      !readWord(F.Elements, "their fate"))
    return false;
  readOptionalWord(F.Cond);
  return true;
}

bool UnitReader::readTarget(Call &C) {
  if (peek() == '@') return readSymbol(C.Callee, "the function called");
  if (take("through ")) return readPath(C.Through);
  return take('_') || fail("'@' and the function called, 'through' and a path, or '_'");
}

bool UnitReader::readArguments(Call &C) {
  if (!expect('(')) return false;
  if (take(')')) return true;
  if (take("this=")) {
    if (!readPath(C.This)) return false;
    if (take(')')) return true;
    if (!expect(',')) return false;
  }
  do {
    PathId Arg;
    if (C.Args.size() < 7 && take('*')) C.ByReference |= 1 << C.Args.size();
    if (!take('_') && !readPath(Arg)) return false;
    C.Args.push_back(Arg);
  } while (take(','));
  return expect(')');
}

/// Reads the cell of the result and the arrow, or nothing. A symbol may be a result or already the callee.
bool UnitReader::readResult(Call &C) {
  if (peek() == '_' || StringRef(position(), remaining()).starts_with("through ")) return true;
  if (peek() != '@') return readPath(C.Result) && expectArrow();
  NameId Symbol;
  if (!readSymbol(Symbol, "the result or the function called")) return false;
  if (peek() == '(') return C.Callee = Symbol, true;
  C.Result = Storage.root({RootKind::Global, 0, Symbol});
  return readProjections(C.Result) && expectArrow();
}

bool UnitReader::readCall(Fact &F, std::vector<Call> &Calls) {
  Call C;
  if (!readResult(C) || (!C.Callee && !readTarget(C)) || !readArguments(C)) return false;
  C.Virtual = take("virtual");
  if (C.Callee && take("by ") && !readPath(C.Through)) return false;
  F.Call = uint32_t(Calls.size());
  Calls.push_back(std::move(C));
  return true;
}

bool UnitReader::readOperands(Fact &F, std::vector<Call> &Calls) {
  switch (F.Kind) {
  case FactKind::Live:
  case FactKind::Clear:
    return readPath(F.Dst);
  case FactKind::Borrow:
    return readTransfer(F) && readWord(F.Loan, "a kind of loan");
  case FactKind::Copy:
  case FactKind::Move:
    return readTransfer(F) && (!take("except ") || readPath(F.By));
  case FactKind::Use:
    if (!readPath(F.Src)) return false;
    readOptionalWord(F.How);
    return true;
  case FactKind::Invalidate:
    return readInvalidate(F);
  case FactKind::Expire:
    return readPath(F.Src) && readWord(F.Ending, "why it ends");
  case FactKind::Advance:
  case FactKind::Reserve:
    return readPath(F.Src);
  case FactKind::Call:
    return readCall(F, Calls);
  case FactKind::Need:
    return readPath(F.Src) && (take("after ") || fail("'after'")) &&
           readNumber(F.Call, "the number of an invalidation among these facts");
  case FactKind::Assume:
    if (!readPath(F.Src) || !readWord(F.Is, "what the flag or pointer is")) return false;
    return (F.Is != Truth::On && F.Is != Truth::Off) || readPath(F.By);
  case FactKind::GiveUp: {
    StringRef Note;
    if (!readString(Note, "what is not modelled")) return false;
    F.Note = Symbols.intern(Note);
    return true;
  }
  }
  return false;
}

/// Reads what may follow any fact: a reason, `by PATH`, a certainty, `if PATH TRUTH`, `in @symbol`, `at SPAN`.
bool UnitReader::readTail(Fact &F) {
  while (!atLineEnd()) {
    const char *Start = position();
    StringRef Word = takeWord();
    if (Word == "at") return readSpan(F.At);
    if (Word == "by") {
      if (!readPath(F.By)) return false;
    } else if (Word == "if") {
      if (!readPath(F.If) || !readWord(F.Is, "what the flag is")) return false;
    } else if (Word == "in") {
      if (!readSymbol(F.Note, "'@' and a function's symbol")) return false;
    } else if (auto Sure = fromWord<Certainty>(Word))
      F.Sure = *Sure;
    else if (auto Why = fromWord<Reason>(Word))
      F.Why = *Why;
    else
      return failAt(Start, "a reason, 'by', 'may', 'assumed', 'if', 'in', 'at' or the end of the line");
  }
  return true;
}

/// Reads the facts that stand here, one a line, up to the first line that is none.
bool UnitReader::readFacts(std::vector<Fact> &Facts, std::vector<Call> &Calls) {
  for (;;) {
    const char *Start = position();
    auto Kind = fromWord<FactKind>(takeWord());
    if (!Kind) return goBack(Start), true;
    if (!readFact(*Kind, Facts, Calls)) return false;
  }
}

bool UnitReader::readFact(FactKind Kind, std::vector<Fact> &Facts, std::vector<Call> &Calls) {
  Facts.emplace_back();
  Facts.back().Kind = Kind;
  return readOperands(Facts.back(), Calls) && readTail(Facts.back()) && nextLine();
}

//===--- Sections -------------------------------------------------------------------------------------------------===//

bool UnitReader::readFunctionFlags(Function &F) {
  while (!atLineEnd()) {
    const char *Start = position();
    StringRef Word = takeWord();
    if (Word == "at") return readSpan(F.At);
    if (Word == "method")
      F.IsMethod = true;
    else if (Word == "lambda")
      F.IsLambda = true;
    else if (Word == "constructor")
      F.IsConstructor = true;
    else if (Word == "destructor")
      F.IsDestructor = true;
    else if (Word == "life")
      F.IsLife = true;
    else if (Word == "parent") {
      if (!readSymbol(F.Parent, "'@' and the symbol of the enclosing function")) return false;
    } else if (Word == "overrides") {
      if (!readSymbol(F.Overrides.emplace_back(), "'@' and the symbol of the function overridden")) return false;
    } else
      return failAt(Start,
                    "'method', 'lambda', 'constructor', 'destructor', 'life', 'parent', 'overrides', 'at' or the "
                    "end of the line");
  }
  return true;
}

bool UnitReader::readParameter(Function &F) {
  Parameter &P = F.Parameters.emplace_back();
  return readNext(uint32_t(F.Parameters.size() - 1), "parameter") && readWord(P.How, "how it is passed") &&
         readText(P.Name, "the parameter's name") && readAt(P.At);
}

bool UnitReader::readLocal(Function &F) {
  Local &L = F.Locals.emplace_back();
  return readNext(uint32_t(F.Locals.size() - 1), "local") && readText(L.Name, "the variable's name") && readAt(L.At);
}

bool UnitReader::readBlock(Function &F) {
  Block &B = F.Blocks.emplace_back();
  if (!readNext(uint32_t(F.Blocks.size() - 1), "block")) return false;
  if (!take("->")) return true;
  while (!atLineEnd()) {
    Branch &To = Branches.emplace_back();
    To.Where = position();
    if (!readNumber(To.Target, "a block's number")) return false;
    B.Successors.emplace_back(To.Target);
  }
  return true;
}

bool UnitReader::checkSuccessors(const Function &F) {
  for (const Branch &To : Branches)
    if (To.Target >= F.Blocks.size())
      return failAt(To.Where, "one of the function's " + Twine(F.Blocks.size()) + " blocks");
  Branches.clear();
  return true;
}

/// Reads the parameters and locals and the numbers of temporaries and allocations.
bool UnitReader::readHead(Function &F) {
  for (;;) {
    const char *Start = position();
    StringRef Word = takeWord();
    bool Good;
    if (Word == "param")
      Good = readParameter(F);
    else if (Word == "local")
      Good = readLocal(F);
    else if (Word == "temps")
      Good = readNumber(F.Temps, "the number of temporaries");
    else if (Word == "heaps")
      Good = readNumber(F.Heaps, "the number of allocations");
    else if (Word == "array")
      Good = readPath(F.Arrays.emplace_back());
    else
      return goBack(Start), true;
    if (!Good || !nextLine()) return false;
  }
}

bool UnitReader::readFunction() {
  Function &F = U.Functions.emplace_back();
  Body = &F;
  if (!readSymbol(F.Symbol, "'@' and the function's symbol") || !readText(F.Display, "the function's name") ||
      !readFunctionFlags(F) || !nextLine() || !readHead(F))
    return false;
  while (take("block "))
    if (!readBlock(F) || !nextLine() || !readFacts(F.Blocks.back().Facts, F.Calls)) return false;
  return checkSuccessors(F);
}

bool UnitReader::readEffects() {
  Effects &E = U.Known.emplace_back();
  Body = nullptr;
  return readSymbol(E.Symbol, "'@' and the function's symbol") && readText(E.Display, "the function's name") &&
         readWord(E.Source, "where the effects come from") && nextLine() && readFacts(E.Facts, E.Calls);
}

bool UnitReader::readFile() {
  return readNext(uint32_t(U.Files.size()), "file") && readText(U.Files.emplace_back(), "the file's name") &&
         nextLine();
}

bool UnitReader::readUnit() {
  skipBlanks();
  if (atLineEnd() && !nextLine()) return false;
  if (!take("refleak-facts 1")) return fail("'refleak-facts 1'");
  if (!nextLine()) return false;
  for (;;) {
    const char *Start = position();
    StringRef Word = takeWord();
    bool Good;
    if (Word == "function")
      Good = readFunction();
    else if (Word == "effects")
      Good = readEffects();
    else if (Word == "file")
      Good = readFile();
    else if (Word == "unit")
      Good = readText(U.MainFile, "the main file's name") && nextLine();
    else if (Word == "end")
      return nextLine() && (atEnd() || fail("the end of the text"));
    else
      return failAt(Start, "a fact, 'block', 'function', 'effects', 'file', 'unit' or 'end'");
    if (!Good) return false;
  }
}

llvm::Expected<Unit> refleak::parseFacts(StringRef Text, StringRef BufferName) {
  Unit U;
  UnitReader Reader(Text, BufferName, U);
  if (!Reader.readUnit()) return Reader.takeError();
  return U;
}

llvm::Expected<PathId> refleak::parseFormalPath(StringRef Text, Names &Symbols, Paths &Storage) {
  std::string Buffer = ("'" + Text + "'").str();
  FormalPathReader Reader(Text, Buffer, Symbols, Storage);
  PathId P;
  if (!Reader.readAll(P)) return Reader.takeError();
  return P;
}
