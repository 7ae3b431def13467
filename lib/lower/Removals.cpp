//===- Removals.cpp - Elements that are taken out by what they own ------------------------------------------------===//
//
//     erase_if(windows, [&](const std::unique_ptr<Window> &each) { return each.get() == window; });
//
// What the elements of `windows` own and what `window` leads to are different places: nothing else says that one object
// is meant. The predicate does. The object is at its end if one of the elements owns it, which whoever looks for it
// expects; so the end is told as one that may be (End::Removed).
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/ExprCXX.h"

using namespace refleak;
using clang::Expr;

/// The body of \p Lambda that runs: of a generic one, that of an instance.
static const clang::CXXMethodDecl *bodyOf(const clang::LambdaExpr &Lambda) {
  const clang::CXXMethodDecl *Run = Lambda.getCallOperator();
  if (clang::FunctionTemplateDecl *Generic = Lambda.getDependentCallOperator())
    for (clang::FunctionDecl *Instance : Generic->specializations())
      if (Instance->hasBody()) Run = llvm::cast<clang::CXXMethodDecl>(Instance);
  return Run;
}

/// What \p Code returns, if it does nothing else.
static const Expr *onlyResult(const clang::FunctionDecl &Code) {
  auto *Body = llvm::dyn_cast_or_null<clang::CompoundStmt>(Code.getBody());
  auto *Return = Body && Body->size() == 1 ? llvm::dyn_cast<clang::ReturnStmt>(Body->body_front()) : nullptr;
  return Return && Return->getRetValue() ? Return->getRetValue()->IgnoreUnlessSpelledInSource() : nullptr;
}

static const clang::VarDecl *named(const Expr *E) {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreUnlessSpelledInSource());
  return Name ? llvm::dyn_cast<clang::VarDecl>(Name->getDecl()) : nullptr;
}

/// The smart pointer whose `get()` \p E calls.
static const Expr *gotFrom(const Expr *E) {
  auto *Get = llvm::dyn_cast<clang::CXXMemberCallExpr>(E->IgnoreUnlessSpelledInSource());
  const clang::CXXMethodDecl *Method = Get ? Get->getMethodDecl() : nullptr;
  bool IsGet = Method && Method->getIdentifier() && Method->getName() == "get" && Get->getNumArgs() == 0;
  return IsGet ? Get->getImplicitObjectArgument() : nullptr;
}

/// The pointer that the predicate \p Code compares with what its parameter owns alone.
const Expr *FunctionLowering::soughtByIdentity(const clang::FunctionDecl &Code) {
  const Expr *Result = Code.getNumParams() == 1 ? onlyResult(Code) : nullptr;
  auto *Compared = llvm::dyn_cast_or_null<clang::BinaryOperator>(Result);
  if (!Compared || Compared->getOpcode() != clang::BO_EQ) return nullptr;
  const Expr *Sides[] = {Compared->getLHS(), Compared->getRHS()};
  for (unsigned I : {0u, 1u}) {
    const Expr *Owner = gotFrom(Sides[I]);
    if (Owner && named(Owner) == Code.getParamDecl(0) && U.Kinds.kind(Owner->getType()) == TypeKind::Own)
      return Sides[1 - I]->IgnoreParenImpCasts();
  }
  return nullptr;
}

/// After the call \p E of \p Callee.
void FunctionLowering::removeByIdentity(const clang::CallExpr *E, const clang::FunctionDecl *Callee) {
  llvm::StringRef Name = Callee->getIdentifier() ? Callee->getName() : "";
  if ((Name != "remove_if" && Name != "erase_if") || !U.Kinds.isLibrary(Callee) || E->getNumArgs() == 0) return;
  auto *Lambda = llvm::dyn_cast<clang::LambdaExpr>(E->getArg(E->getNumArgs() - 1)->IgnoreUnlessSpelledInSource());
  const clang::CXXMethodDecl *Code = Lambda ? bodyOf(*Lambda) : nullptr;
  const Expr *Sought = Code ? soughtByIdentity(*Code) : nullptr;
  if (!Sought) return;
  auto *Address = llvm::dyn_cast<clang::UnaryOperator>(Sought);
  const clang::VarDecl *V = named(Address ? Address->getSubExpr() : Sought);
  bool Leads = V && (Address ? Address->getOpcode() == clang::UO_AddrOf && V->getType()->isReferenceType()
                             : V->getType()->isPointerType());
  PathId Object;
  if (llvm::isa<clang::CXXThisExpr>(Sought))
    Object = pointee(Sought);
  else if (Leads && Variables.contains(V))
    Object = deref(Variables[V]);
  else
    return;
  Fact &Ended = B.add(FactKind::Expire, at(E));
  Ended.Src = Object;
  Ended.Ending = End::Removed;
  Ended.Sure = Certainty::May;
}
