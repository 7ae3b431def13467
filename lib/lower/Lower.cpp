#include "lower/Lower.h"
#include "lower/Instances.h"
#include "lower/UnitLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

using namespace refleak;

static bool isWanted(UnitLowering &U, const Definition &D) {
  const clang::Decl *What = D.Function ? static_cast<const clang::Decl *>(D.Function) : D.Variable;
  if (!What || !(D.IsLife ? U.Lives : U.Seen).insert(What).second) return false;
  return !D.Function || !U.Options.Wanted || U.Options.Wanted(*D.Function);
}

static void lowerWaiting(UnitLowering &U) {
  while (!U.Waiting.empty()) {
    Definition D = U.Waiting.front();
    U.Waiting.pop_front();
    if (isWanted(U, D)) lowerDefinition(U, D);
  }
}

void refleak::lowerUnit(clang::Sema &Semantics, const Models &Library, Unit &Out, const LowerOptions &Options) {
  Instances Made(Semantics);
  const clang::ASTContext &AST = Made.syntaxTree();
  UnitLowering U(Made.syntaxTree(), Made, Library, Out, Options);
  U.Where.fileName(AST.getSourceManager().getLocForStartOfFile(AST.getSourceManager().getMainFileID()));
  if (Out.MainFile.empty()) Out.MainFile = Out.Files.front();
  do {
    collectUnit(U);
    lowerWaiting(U);
  } while (Made.define());
}
