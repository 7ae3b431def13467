#include "lower/Closures.h"
#include "lower/FunctionLowering.h"
#include "lower/Owners.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::Expr;

NameId refleak::captureName(const CXXRecordDecl &Closure, unsigned Index, Names &Symbols) {
  const clang::LambdaCapture *Captures = Closure.captures_begin();
  if (!Captures[Index].capturesVariable()) return Symbols.intern("this");
  const clang::IdentifierInfo *Id = Captures[Index].getCapturedVar()->getIdentifier();
  if (!Id) return Symbols.intern("");
  unsigned Same = 1;
  for (unsigned I = 0; I != Index; ++I)
    Same += Captures[I].capturesVariable() && Captures[I].getCapturedVar()->getIdentifier() == Id;
  return Symbols.intern(Same == 1 ? Id->getName().str() : (Id->getName() + "#" + llvm::Twine(Same)).str());
}

const clang::FunctionDecl *refleak::callOperator(const CXXRecordDecl &Closure) {
  if (!Closure.isGenericLambda()) return Closure.getLambdaCallOperator();
  clang::FunctionTemplateDecl *Generic = Closure.getDependentLambdaCallOperator();
  for (const clang::FunctionDecl *Instance : Generic->specializations())
    if (Instance->isDefined()) return Instance;
  return nullptr;
}

void FunctionLowering::closure(PathId Dst, const clang::LambdaExpr *E, Reason Why) {
  const CXXRecordDecl *Class = E->getLambdaClass();
  if (const clang::FunctionDecl *Code = callOperator(*Class)) {
    borrow(Dst, B.named(RootKind::Code, U.Named.function(*Code)), LoanKind::Code, Why, at(E));
    if (Class->isGenericLambda())
      for (const clang::FunctionDecl *Instance : Class->getDependentLambdaCallOperator()->specializations())
        U.Waiting.push_back({Instance->getDefinition(), nullptr, B.F.Symbol});
    else
      U.Waiting.push_back({Code, nullptr, B.F.Symbol});
  } else {
    giveUp("a generic lambda that is never called here", E);
  }
  declareOwners(U, *Class);
  auto Field = Class->field_begin();
  unsigned Index = 0;
  for (const Expr *Init : E->capture_inits()) {
    PathId Into = U.Out.Storage.field(Dst, captureName(*Class, Index++, U.Out.Symbols));
    if (Init) initialise(Into, Field->getType(), Init, Reason::Capture);
    ++Field;
  }
}
