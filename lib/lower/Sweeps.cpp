//===- Sweeps.cpp - Loops that take elements out whichever they are -----------------------------------------------===//
//
//     for (auto &[key, entry] : cache)
//       if (isFull()) cache.erase(key);
//
// The element that ends is the one that the loop stands on, and no other one that was looked up by another word. Where
// the loop chooses (`if (entry.isOld())`), which elements end is known to whoever wrote it. Where nothing that decides
// about the call looks at anything the loop changes, it may be any of them.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DynamicRecursiveASTVisitor.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace refleak;
using clang::Expr;
using clang::Stmt;
using clang::ValueDecl;

/// The variable, binding or member that \p E names or is a part of; null if it is none.
static const ValueDecl *nameIn(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (auto *Member = llvm::dyn_cast<clang::MemberExpr>(E)) {
    const Expr *Object = Member->getBase()->IgnoreParenImpCasts();
    if (llvm::isa<clang::CXXThisExpr>(Object)) return Member->getMemberDecl();
    E = Object;
  }
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E);
  return Name ? Name->getDecl() : nullptr;
}

/// Whether both name the same variable, or the same member of one object.
static bool isSameName(const Expr *A, const Expr *B) {
  A = A->IgnoreParenImpCasts(), B = B->IgnoreParenImpCasts();
  if (auto *One = llvm::dyn_cast<clang::MemberExpr>(A)) {
    auto *Other = llvm::dyn_cast<clang::MemberExpr>(B);
    return Other && One->getMemberDecl() == Other->getMemberDecl() && isSameName(One->getBase(), Other->getBase());
  }
  if (llvm::isa<clang::CXXThisExpr>(A)) return llvm::isa<clang::CXXThisExpr>(B);
  auto *One = llvm::dyn_cast<clang::DeclRefExpr>(A), *Other = llvm::dyn_cast<clang::DeclRefExpr>(B);
  return One && Other && One->getDecl() == Other->getDecl();
}

namespace {

/// What the body of a loop declares, or may change.
class Changes : public clang::ConstDynamicRecursiveASTVisitor {
public:
  llvm::SmallPtrSet<const ValueDecl *, 16> Declared, Changed;

  bool contains(const ValueDecl *Name) const { return Declared.contains(Name) || Changed.contains(Name); }

  bool VisitVarDecl(const clang::VarDecl *V) override {
    Declared.insert(V);
    return true;
  }
  bool VisitBindingDecl(const clang::BindingDecl *One) override {
    Declared.insert(One);
    return true;
  }
  bool VisitBinaryOperator(const clang::BinaryOperator *E) override {
    if (E->isAssignmentOp()) add(E->getLHS());
    return true;
  }
  bool VisitUnaryOperator(const clang::UnaryOperator *E) override {
    if (E->isIncrementDecrementOp() || E->getOpcode() == clang::UO_AddrOf) add(E->getSubExpr());
    return true;
  }
  bool VisitCallExpr(const clang::CallExpr *E) override {
    const clang::FunctionDecl *Callee = E->getDirectCallee();
    auto *Operator = llvm::dyn_cast<clang::CXXOperatorCallExpr>(E);
    bool OfObject = Operator && llvm::isa_and_nonnull<clang::CXXMethodDecl>(Callee);
    for (unsigned I = 0; I != E->getNumArgs(); ++I) {
      unsigned Number = I - OfObject;
      bool Keeps = Callee && Number < Callee->getNumParams() && isUnchanging(Callee->getParamDecl(Number)->getType());
      if (!Keeps) add(E->getArg(I));
    }
    return true;
  }
  bool VisitCXXMemberCallExpr(const clang::CXXMemberCallExpr *E) override {
    const clang::CXXMethodDecl *Method = E->getMethodDecl();
    if (!Method || !Method->isConst()) add(E->getImplicitObjectArgument());
    return true;
  }
  bool VisitLambdaExpr(const clang::LambdaExpr *E) override {
    for (const clang::LambdaCapture &Each : E->captures())
      if (Each.capturesVariable() && Each.getCaptureKind() == clang::LCK_ByRef) Changed.insert(Each.getCapturedVar());
    return true;
  }

private:
  void add(const Expr *E) {
    if (const ValueDecl *Name = nameIn(E)) Changed.insert(Name);
  }
  static bool isUnchanging(clang::QualType Parameter) {
    return !Parameter->isReferenceType() || Parameter.getNonReferenceType().isConstQualified();
  }
};

/// Whether a part of the statement is \p Sought, or leaves the way that statements follow each other in.
class Parts : public clang::ConstDynamicRecursiveASTVisitor {
public:
  explicit Parts(const Stmt *Sought) : Sought(Sought) {}
  bool Found = false;

  bool VisitStmt(const Stmt *S) override {
    bool Leaves =
        llvm::isa<clang::BreakStmt, clang::ContinueStmt, clang::ReturnStmt, clang::GotoStmt, clang::CXXThrowExpr>(S);
    Found |= S == Sought || Leaves;
    return !Found;
  }

private:
  const Stmt *Sought;
};

/// Whether anything that decides if control comes to a call looks at what the loop around it changes, or cannot be
/// seen to look at nothing of that.
class Choices : public clang::ConstDynamicRecursiveASTVisitor {
public:
  Choices(const Stmt *Call, const Changes &Loop) : Call(Call), Loop(Loop) {}
  bool Any = false;

  bool VisitIfStmt(const clang::IfStmt *S) override { return decide(S, {S->getInit(), S->getCond()}); }
  bool VisitWhileStmt(const clang::WhileStmt *S) override { return decide(S, {S->getCond()}); }
  bool VisitDoStmt(const clang::DoStmt *S) override { return decide(S, {S->getCond()}); }
  bool VisitForStmt(const clang::ForStmt *S) override { return decide(S, {S->getInit(), S->getCond(), S->getInc()}); }
  bool VisitCXXForRangeStmt(const clang::CXXForRangeStmt *S) override { return decide(S, {S->getRangeInit()}); }
  bool VisitSwitchStmt(const clang::SwitchStmt *S) override { return decide(S, {S->getCond()}); }
  bool VisitCXXTryStmt(const clang::CXXTryStmt *) override { return choose(); }
  bool VisitAbstractConditionalOperator(const clang::AbstractConditionalOperator *E) override {
    return decide(E, {E->getCond()});
  }
  bool VisitBinaryOperator(const clang::BinaryOperator *E) override {
    return !E->isLogicalOp() || decide(E, {E->getLHS()});
  }

private:
  const Stmt *Call;
  const Changes &Loop;

  bool choose() {
    Any = true;
    return false;
  }
  bool decide(const Stmt *S, std::initializer_list<const Stmt *> By) {
    Parts Inside(Call);
    Inside.TraverseStmt(S);
    bool Chooses = Inside.Found && llvm::any_of(By, [&](const Stmt *Each) { return Each && looks(*Each); });
    return Chooses ? choose() : true;
  }
  bool looks(const Stmt &S) const {
    if (auto *E = llvm::dyn_cast<Expr>(&S))
      if (const ValueDecl *Name = nameIn(E))
        if (Loop.contains(Name) || isClosure(*Name)) return true;
    return llvm::any_of(S.children(), [&](const Stmt *Each) { return Each && looks(*Each); });
  }
  /// Who knows what the closure was given to look at?
  static bool isClosure(const ValueDecl &Name) {
    const clang::CXXRecordDecl *Class = Name.getType().getNonReferenceType()->getAsCXXRecordDecl();
    return Class && Class->isLambda();
  }
};

} // namespace

/// Whether \p E names a part of the element that the loop stands on.
bool FunctionLowering::isInElement(const Expr *E) const {
  const ValueDecl *Named = nameIn(E);
  if (auto *Part = llvm::dyn_cast_or_null<clang::BindingDecl>(Named)) Named = Part->getDecomposedDecl();
  return Named && Named == Walked->getLoopVariable();
}

/// What \p E, a variable that nothing changes, is a copy of, if that is a part of the element that the loop stands on
/// and \p E is looked up in \p Container, which the loop walks over: the element is found. Else \p E.
const Expr *FunctionLowering::copiedFromElement(const Expr *E, const Expr *Container) const {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreParenImpCasts());
  auto *V = Name ? llvm::dyn_cast<clang::VarDecl>(Name->getDecl()) : nullptr;
  bool IsCopy = V && V->hasLocalStorage() && V->getInit() && !V->getType()->isReferenceType();
  if (!Walked || !IsCopy || !Container || !isSameName(Walked->getRangeInit(), Container)) return E;
  const Expr *Init = V->getInit()->IgnoreParenImpCasts();
  if (auto *Made = llvm::dyn_cast<clang::CXXConstructExpr>(Init);
      Made && Made->getConstructor()->isCopyConstructor() && Made->getNumArgs() == 1)
    Init = Made->getArg(0)->IgnoreParenImpCasts();
  bool IsOf = Init->isLValue() && isInElement(Init) && U.AST.hasSameUnqualifiedType(Init->getType(), V->getType());
  if (!IsOf) return E;
  Changes Loop;
  Loop.TraverseStmt(Walked->getBody());
  return Loop.Changed.contains(V) ? E : Init;
}

/// After a call for the element that the loop stands on: if it is taken for no reason of its own, any may be gone.
void FunctionLowering::endAnyElement(const clang::CallExpr *E, const Expr *Object, bool Arrow, PathId ObjectCell,
                                     const clang::FunctionDecl *Callee) {
  if (!Walked || !Object) return;
  const std::optional<Fact> &Ends = U.Calls.learn(*Callee, Object).EndsOne;
  if (!Ends) return;
  const Expr *Key = keyOf(*Ends, llvm::ArrayRef<const Expr *>(E->getArgs(), E->getNumArgs()));
  if (!Key || !isInElement(Key)) return;
  const Expr *Range = Walked->getRangeInit();
  if (auto *Led = llvm::dyn_cast<clang::UnaryOperator>(Range->IgnoreParens()); Led && Arrow)
    Range = Led->getSubExpr();
  else if (Arrow)
    return;
  if (!isSameName(Range, Object)) return;
  Changes Loop;
  Loop.TraverseStmt(Walked->getLoopVarStmt());
  Loop.TraverseStmt(Walked->getBody());
  Loop.Changed.erase(nameIn(Object)); // how many elements are left says nothing of this one
  Choices Made(E, Loop);
  Made.TraverseStmt(Walked->getBody());
  if (Made.Any) return;
  Call OnObject;
  OnObject.This = ObjectCell;
  Fact &Ended = B.add(FactKind::Invalidate, at(E));
  Ended.Src = actual(Ends->Src, OnObject);
  Ended.Kinds = Ends->Kinds;
  Ended.Elements = Ends->Elements;
  Ended.Sure = Certainty::May;
}
