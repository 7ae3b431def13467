// Prints what the frontend makes of a request.
//
//   frontend-unit units|parse|functions|types|flags [-p DIR] [PATH...] [-- FLAGS]
//
//   units      each unit: file, folder, arguments, source
//   parse      each unit: what became of it, and its errors
//   functions  parse, and each function defined or declared outside system headers: whether its body is there
//   system     parse, and how many functions in system headers have a body
//   files      parse, and each file that was read
//   flags      what follows is a command, the last word the file: the adjusted command
#include "frontend/CompileCommands.h"
#include "frontend/Flags.h"
#include "frontend/Parse.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Frontend/CompilerInstance.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace refleak;
using llvm::outs;
using llvm::StringRef;

namespace {

class FunctionPrinter : public clang::RecursiveASTVisitor<FunctionPrinter> {
public:
  FunctionPrinter(clang::ASTContext &Context, bool InSystemHeaders)
      : Context(Context), InSystemHeaders(InSystemHeaders) {}

  bool VisitFunctionDecl(clang::FunctionDecl *F) {
    bool System = Context.getSourceManager().isInSystemHeader(F->getLocation());
    if (System && F->doesThisDeclarationHaveABody()) ++SystemBodies;
    if (System && F->hasSkippedBody()) ++SystemSkipped;
    if (System || InSystemHeaders || F->isImplicit()) return true;
    outs() << "  " << F->getQualifiedNameAsString() << ": "
           << (F->hasSkippedBody()                 ? "skipped"
               : F->doesThisDeclarationHaveABody() ? "body"
                                                   : "declared")
           << "\n";
    return true;
  }

  unsigned SystemBodies = 0, SystemSkipped = 0;

private:
  clang::ASTContext &Context;
  bool InSystemHeaders;
};

UnitRequest requestFrom(llvm::ArrayRef<const char *> Words) {
  UnitRequest Request;
  for (size_t Index = 0; Index < Words.size(); ++Index) {
    StringRef Word = Words[Index];
    if (Request.Flags)
      Request.Flags->push_back(Word.str());
    else if (Word == "--")
      Request.Flags.emplace();
    else if (Word == "-p" && Index + 1 < Words.size())
      Request.BuildDirectory = Words[++Index];
    else
      Request.Paths.push_back(Word.str());
  }
  return Request;
}

void printUnit(const CompileUnit &U) {
  outs() << "file: " << U.File << "\n  folder: " << U.Directory << "\n  arguments: " << llvm::join(U.Arguments, " ")
         << "\n  source: " << U.Source << "\n";
}

StringRef name(UnitResult::Outcome Result) {
  switch (Result) {
  case UnitResult::Outcome::Parsed:
    return "parsed";
  case UnitResult::Outcome::ParsedWithErrors:
    return "parsed with errors";
  case UnitResult::Outcome::Failed:
    return "failed";
  case UnitResult::Outcome::OtherLanguage:
    return "other language";
  }
  return "";
}

void parseAndPrint(Parser &P, const CompileUnit &U, StringRef Verb) {
  UnitResult Result = P.parse(U, [&](clang::CompilerInstance &Compiler) {
    if (Verb != "functions" && Verb != "system") return;
    FunctionPrinter Printer(Compiler.getASTContext(), Verb == "system");
    Printer.TraverseAST(Compiler.getASTContext());
    if (Verb == "system")
      outs() << "  system headers: " << Printer.SystemBodies << " bodies, " << Printer.SystemSkipped << " skipped\n";
  });
  outs() << U.File << ": " << name(Result.Result);
  if (Result.ErrorCount) outs() << ", " << Result.ErrorCount << (Result.ErrorCount == 1 ? " error" : " errors");
  outs() << "\n";
  for (const ParseError &E : Result.Errors) outs() << "  " << toString(E) << "\n";
  for (const ReadFile &File : Result.Files) outs() << "  read: " << File.Name << "\n";
}

int printFlags(llvm::ArrayRef<const char *> Words) {
  std::vector<std::string> Command(Words.begin(), Words.end() - 1);
  outs() << llvm::join(adjustFlags(Command, Words.back()), " ") << "\n";
  return 0;
}

} // namespace

int main(int Argc, char **Argv) {
  if (Argc < 2) return 2;
  StringRef Verb = Argv[1];
  llvm::ArrayRef<const char *> Words(Argv + 2, Argv + Argc);
  if (Verb == "flags") return printFlags(Words);

  llvm::Expected<std::vector<CompileUnit>> Units = loadUnits(requestFrom(Words));
  if (!Units) {
    llvm::errs() << "error: " << llvm::toString(Units.takeError()) << "\n";
    return 2;
  }
  ParseOptions Options;
  Options.ListFiles = Verb == "files";
  Options.MaySkipBody = [](const clang::Decl &D) {
    const clang::FunctionDecl *F = D.getAsFunction();
    return F && F->getDeclName().isIdentifier() && F->getName().starts_with("skip_");
  };
  Parser P(Options);
  for (const CompileUnit &U : *Units)
    if (Verb == "units")
      printUnit(U);
    else
      parseAndPrint(P, U, Verb);
  return 0;
}
