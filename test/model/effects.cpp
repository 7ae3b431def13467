// model-effects [--models FILE]... CLASS[:CLASS...]|- NAME [const] [static] [ARGUMENT...]
//
// Prints the effects of one call as facts text. An argument is the word of its kind (owner, pointer, ...; self for the
// class itself), then & or && if it is taken by reference, then [], [in] or * for its content. `--check` reads every
// model; `--time` loads them often and prints the milliseconds of CPU time that one loading takes.
#include "facts/Text.h"
#include "facts/Words.h"
#include "model/Models.h"
#include "model/Signature.h"
#include "llvm/ADT/StringExtras.h"
#include <ctime>

using namespace refleak;
using llvm::StringRef;

static int fail(llvm::Error Error) {
  llvm::logAllUnhandledErrors(std::move(Error), llvm::errs());
  return 1;
}

static Argument argument(StringRef Word) {
  Argument A;
  if (Word.consume_back("[]")) A.Content = ProjectionKind::Elem;
  if (Word.consume_back("[in]")) A.Content = ProjectionKind::Inline;
  if (Word.consume_back("&&"))
    A.How = Argument::ByRvalue;
  else if (Word.consume_back("&"))
    A.How = Argument::ByLvalue;
  if (Word.consume_front("self:") || Word == "self") A.Self = true;
  if (auto Kind = model::kindFromWord(Word)) A.What = *Kind;
  return A;
}

static Query query(llvm::ArrayRef<const char *> Words) {
  Query Q;
  if (StringRef(Words[0]) != "-") llvm::SplitString(Words[0], Q.Classes, ",");
  Q.Name = Words[1];
  for (StringRef Word : Words.drop_front(2)) {
    if (Word == "const")
      Q.Const = true;
    else if (Word == "static")
      Q.Static = true;
    else
      Q.Arguments.push_back(argument(Word));
  }
  return Q;
}

static void printConstruction(const Unit &U, const Construction &C) {
  llvm::outs() << "  construct ";
  printPath(llvm::outs(), U, C.Into);
  llvm::outs() << " <- " << (C.From == Construction::OfClass ? "class " : "function ") << C.TemplateArgument << " from "
               << C.FirstArgument;
  if (C.LastArgument != ~0u) llvm::outs() << " to " << C.LastArgument;
  if (C.Heap) llvm::outs() << " heap " << wordFor(C.Loan);
  llvm::outs() << '\n';
}

static int show(const Models &M, const Query &Q) {
  const MethodModel *Method = M.find(Q);
  if (!Method) return llvm::outs() << "unknown\n", 0;
  if (Method->pure()) return llvm::outs() << "pure\n", 0;
  Unit U;
  Effects E = Method->instantiate(U, U.Symbols.intern("f"), Q);
  llvm::outs() << E.Display << (Method->needsResult() ? " needs a result\n" : "\n");
  for (const Fact &F : E.Facts) {
    llvm::outs() << "  ";
    printFact(llvm::outs(), U, E.Calls, F);
    llvm::outs() << '\n';
  }
  for (const Construction &C : Method->constructions(U, Q)) printConstruction(U, C);
  return 0;
}

static int printTime() {
  constexpr unsigned Rounds = 20;
  std::clock_t Start = std::clock();
  for (unsigned I = 0; I != Rounds; ++I)
    if (auto M = Models::load(); !M) return fail(M.takeError());
  double Spent = double(std::clock() - Start) * 1000 / CLOCKS_PER_SEC;
  llvm::outs() << llvm::format("%.2f ms\n", Spent / Rounds);
  return 0;
}

int main(int Count, char **Words) {
  llvm::ArrayRef<const char *> Arguments(Words + 1, size_t(Count - 1));
  std::vector<std::string> Files;
  for (; Arguments.size() >= 2 && StringRef(Arguments[0]) == "--models"; Arguments = Arguments.drop_front(2))
    Files.push_back(Arguments[1]);
  llvm::Expected<Models> M = Models::load(Files);
  if (!M) return fail(M.takeError());
  if (Arguments.size() == 1 && StringRef(Arguments[0]) == "--time") return printTime();
  if (Arguments.size() == 1 && StringRef(Arguments[0]) == "--check") {
    if (llvm::Error E = M->check()) return fail(std::move(E));
    return 0;
  }
  if (Arguments.size() < 2) return llvm::errs() << "usage: model-effects CLASS|- NAME [ARGUMENT...]\n", 2;
  return show(*M, query(Arguments));
}
