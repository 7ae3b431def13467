//===- Text.cpp - Printing facts ----------------------------------------------------------------------------------===//
#include "facts/Text.h"
#include "facts/Words.h"
#include "support/Escape.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;
using llvm::ArrayRef;
using llvm::raw_ostream;
using llvm::StringRef;

static bool isPlain(char C) { return llvm::isAlnum(C) || C == '_' || C == '$'; }

static void printQuoted(raw_ostream &OS, StringRef Text) {
  OS << '"';
  while (!Text.empty()) {
    StringRef First = Text.take_front(firstCharacterSize(Text));
    Text = Text.drop_front(First.size());
    if (First == "\"" || First == "\\")
      OS << '\\' << First;
    else if (escapeForTerminal(First) == First)
      OS << First;
    else
      for (const char &Byte : First) OS << "\\x" << llvm::toHex(StringRef(&Byte, 1));
  }
  OS << '"';
}

static void printName(raw_ostream &OS, StringRef Text) {
  if (!Text.empty() && llvm::all_of(Text, isPlain))
    OS << Text;
  else
    printQuoted(OS, Text);
}

static void printRoot(raw_ostream &OS, const Names &Symbols, const Root &R) {
  switch (R.Kind) {
  case RootKind::Local:
    OS << 'l' << R.Index;
    return;
  case RootKind::Temp:
    OS << '%' << R.Index;
    return;
  case RootKind::Arg:
    OS << "arg" << R.Index;
    return;
  case RootKind::This:
    OS << "this";
    return;
  case RootKind::Ret:
    OS << "ret";
    return;
  case RootKind::Heap:
    OS << "heap" << R.Index;
    return;
  case RootKind::Global:
    OS << '@';
    return printName(OS, Symbols.text(R.Name));
  case RootKind::Code:
    OS << "code@";
    return printName(OS, Symbols.text(R.Name));
  case RootKind::Constant:
    OS << "const";
    return printQuoted(OS, Symbols.text(R.Name));
  }
}

static void printProjection(raw_ostream &OS, const Names &Symbols, const Projection &P) {
  switch (P.Kind) {
  case ProjectionKind::Field:
    OS << '.';
    return printName(OS, Symbols.text(P.Name));
  case ProjectionKind::Deref:
    OS << '*';
    return;
  case ProjectionKind::Elem:
    OS << "[]";
    return;
  case ProjectionKind::Inline:
    OS << "[in]";
    return;
  }
}

void refleak::printPath(raw_ostream &OS, const Names &Symbols, const Paths &Storage, PathId P) {
  if (Storage.isRoot(P)) return printRoot(OS, Symbols, Storage.rootOf(P));
  printPath(OS, Symbols, Storage, Storage.base(P));
  printProjection(OS, Symbols, Storage.last(P));
}

void refleak::printPath(raw_ostream &OS, const Unit &U, PathId P) { printPath(OS, U.Symbols, U.Storage, P); }

namespace {

/// Prints the parts of one unit to one stream.
class Printer {
public:
  Printer(raw_ostream &OS, const Unit &U) : OS(OS), U(U) {}

  void unit();
  void fact(const Fact &F, ArrayRef<Call> Calls);

private:
  void function(const Function &F);
  void effects(const Effects &E);
  void facts(ArrayRef<Fact> Facts, ArrayRef<Call> Calls, StringRef Indent);
  void operands(const Fact &F, ArrayRef<Call> Calls);
  void tail(const Fact &F);
  void call(const Call &C);
  void arguments(const Call &C);
  void transfer(const Fact &F);
  void kinds(KindMask Mask);
  void path(PathId P) { printPath(OS, U, P); }
  void symbol(NameId N) {
    OS << '@';
    printName(OS, U.Symbols.text(N));
  }
  void at(const Span &S);

  raw_ostream &OS;
  const Unit &U;
};

} // namespace

void Printer::at(const Span &S) {
  if (!S.known()) return;
  OS << " at " << S.File.index() << ':' << S.Line << ':' << S.Column << '-' << S.EndLine << ':' << S.EndColumn;
}

void Printer::kinds(KindMask Mask) {
  StringRef Separator;
  for (unsigned I = 0; I != std::size(Words<LoanKind>::List); ++I) {
    if (!(Mask & maskOf(LoanKind(I)))) continue;
    OS << Separator << wordFor(LoanKind(I));
    Separator = ",";
  }
  if (!Mask) OS << "none";
}

void Printer::transfer(const Fact &F) {
  path(F.Dst);
  OS << " <- ";
  path(F.Src);
}

void Printer::arguments(const Call &C) {
  StringRef Separator;
  OS << '(';
  if (C.This) {
    OS << "this=";
    path(C.This);
    Separator = ", ";
  }
  for (size_t I = 0; I != C.Args.size(); ++I) {
    OS << Separator;
    Separator = ", ";
    if (C.ByReference >> I & 1) OS << '*';
    if (C.Args[I])
      path(C.Args[I]);
    else
      OS << '_';
  }
  OS << ')';
}

void Printer::call(const Call &C) {
  if (C.Result) {
    path(C.Result);
    OS << " <- ";
  }
  if (C.Callee)
    symbol(C.Callee);
  else if (C.Through) {
    OS << "through ";
    path(C.Through);
  } else
    OS << '_';
  arguments(C);
  if (C.Virtual) OS << " virtual";
  if (!C.Callee || !C.Through) return;
  OS << " by ";
  path(C.Through);
}

void Printer::operands(const Fact &F, ArrayRef<Call> Calls) {
  switch (F.Kind) {
  case FactKind::Live:
  case FactKind::Clear:
    return path(F.Dst);
  case FactKind::Borrow:
    transfer(F);
    OS << ' ' << wordFor(F.Loan);
    return;
  case FactKind::Copy:
  case FactKind::Move:
    transfer(F);
    if (!F.By) return;
    OS << " except ";
    return path(F.By);
  case FactKind::Use:
    path(F.Src);
    if (F.How != Access::Read) OS << ' ' << wordFor(F.How);
    return;
  case FactKind::Invalidate:
    path(F.Src);
    OS << ' ';
    kinds(F.Kinds);
    OS << ' ' << wordFor(F.Which) << ' ' << wordFor(F.Elements);
    if (F.Cond != When::Always) OS << ' ' << wordFor(F.Cond);
    return;
  case FactKind::Expire:
    path(F.Src);
    OS << ' ' << wordFor(F.Ending);
    return;
  case FactKind::Advance:
  case FactKind::Reserve:
    return path(F.Src);
  case FactKind::Call:
    return call(Calls[F.Call]);
  case FactKind::Need:
    path(F.Src);
    OS << " after " << F.Call;
    return;
  case FactKind::Assume:
    path(F.Src);
    OS << ' ' << wordFor(F.Is);
    if (!F.By) return;
    OS << ' ';
    return path(F.By);
  case FactKind::GiveUp:
    return printQuoted(OS, F.Note ? U.Symbols.text(F.Note) : "");
  }
}

void Printer::tail(const Fact &F) {
  if (F.Why != Reason::None) OS << ' ' << wordFor(F.Why);
  bool IsOperand = F.Kind == FactKind::Copy || F.Kind == FactKind::Move || F.Kind == FactKind::Assume;
  if (F.By && !IsOperand) {
    OS << " by ";
    path(F.By);
  }
  if (F.Sure != Certainty::Must) OS << ' ' << wordFor(F.Sure);
  if (F.If) {
    OS << " if ";
    path(F.If);
    OS << ' ' << wordFor(F.Is);
  }
  if (F.Note && F.Kind != FactKind::GiveUp) {
    OS << " in ";
    symbol(F.Note);
  }
  at(F.At);
}

void Printer::fact(const Fact &F, ArrayRef<Call> Calls) {
  OS << wordFor(F.Kind) << ' ';
  operands(F, Calls);
  tail(F);
}

void Printer::facts(ArrayRef<Fact> Facts, ArrayRef<Call> Calls, StringRef Indent) {
  for (const Fact &F : Facts) {
    OS << Indent;
    fact(F, Calls);
    OS << '\n';
  }
}

void Printer::function(const Function &F) {
  OS << "function ";
  symbol(F.Symbol);
  OS << ' ';
  printQuoted(OS, F.Display);
  if (F.IsMethod) OS << " method";
  if (F.IsLambda) OS << " lambda";
  if (F.IsConstructor) OS << " constructor";
  if (F.IsDestructor) OS << " destructor";
  if (F.IsLife) OS << " life";
  if (F.Parent) {
    OS << " parent ";
    symbol(F.Parent);
  }
  for (NameId O : F.Overrides) {
    OS << " overrides ";
    symbol(O);
  }
  at(F.At);
  OS << '\n';
  for (const auto &[I, P] : llvm::enumerate(F.Parameters)) {
    OS << "  param " << I << ' ' << wordFor(P.How) << ' ';
    printQuoted(OS, P.Name);
    at(P.At);
    OS << '\n';
  }
  for (const auto &[I, L] : llvm::enumerate(F.Locals)) {
    OS << "  local " << I << ' ';
    printQuoted(OS, L.Name);
    at(L.At);
    OS << '\n';
  }
  if (F.Temps) OS << "  temps " << F.Temps << '\n';
  if (F.Heaps) OS << "  heaps " << F.Heaps << '\n';
  for (PathId Each : F.Arrays) {
    OS << "  array ";
    path(Each);
    OS << '\n';
  }
  for (const auto &[I, B] : llvm::enumerate(F.Blocks)) {
    OS << "  block " << I;
    if (!B.Successors.empty()) OS << " ->";
    for (BlockId S : B.Successors) OS << ' ' << S.index();
    OS << '\n';
    facts(B.Facts, F.Calls, "    ");
  }
}

void Printer::effects(const Effects &E) {
  OS << "effects ";
  symbol(E.Symbol);
  OS << ' ';
  printQuoted(OS, E.Display);
  OS << ' ' << wordFor(E.Source) << '\n';
  facts(E.Facts, E.Calls, "  ");
  llvm::BitVector Mentioned(E.Calls.size());
  for (const Fact &F : E.Facts)
    if (F.Kind == FactKind::Call) Mentioned.set(F.Call);
  for (const auto &[I, C] : llvm::enumerate(E.Calls)) {
    if (Mentioned[I]) continue;
    OS << "  call ";
    call(C);
    OS << '\n';
  }
}

void Printer::unit() {
  OS << "refleak-facts 1\nunit ";
  printQuoted(OS, U.MainFile);
  OS << '\n';
  for (const auto &[I, File] : llvm::enumerate(U.Files)) {
    OS << "file " << I << ' ';
    printQuoted(OS, File);
    OS << '\n';
  }
  for (const Function &F : U.Functions) function(F);
  for (const Effects &E : U.Known) effects(E);
  OS << "end\n";
}

void refleak::printFact(raw_ostream &OS, const Unit &U, ArrayRef<Call> Calls, const Fact &F) {
  Printer(OS, U).fact(F, Calls);
}

void refleak::printFacts(raw_ostream &OS, const Unit &U) { Printer(OS, U).unit(); }
