#include "lower/FunctionLowering.h"
#include "lower/Objects.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXRecordDecl;
using clang::Expr;
using clang::QualType;
using clang::Stmt;

void FunctionLowering::initialise(PathId Dst, QualType T, const Expr *Init, Reason Why) {
  if (Init->getType().isNull()) return giveUp(Init->getStmtClassName(), Init); // `int x(wrong)`
  if (T->isReferenceType()) return bind(Dst, Init, Why == Reason::Init ? Reason::Bind : Why);
  if (T->isArrayType()) return constructArray(Dst, Init, Why);
  if (T->isRecordType()) return construct(Dst, Init, Why);
  if (T->isAnyComplexType() || T->isVectorType()) return discard(Init);
  store(Dst, T, value(Init), Why, at(Init));
}

static bool isExtended(const Expr *E) {
  auto *Temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(E->skipRValueSubobjectAdjustments());
  return Temporary && Temporary->getStorageDuration() != clang::SD_FullExpression;
}

/// Whether \p E is what a pointer leads to, or a part of that: `*node`, `node->name`.
static bool isLedToByPointer(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  while (auto *Member = llvm::dyn_cast<clang::MemberExpr>(E)) {
    E = Member->getBase()->IgnoreParenImpCasts();
    if (Member->isArrow()) return E->getType()->isPointerType() && !llvm::isa<clang::CXXThisExpr>(E);
  }
  auto *Led = llvm::dyn_cast<clang::UnaryOperator>(E);
  return Led && Led->getOpcode() == clang::UO_Deref &&
         !llvm::isa<clang::CXXThisExpr>(Led->getSubExpr()->IgnoreParenImpCasts());
}

void FunctionLowering::bind(PathId Reference, const Expr *E, Reason Why) {
  if (auto *Full = llvm::dyn_cast<clang::ExprWithCleanups>(E)) E = Full->getSubExpr();
  if (auto *List = llvm::dyn_cast<clang::InitListExpr>(E); List && List->getNumInits() == 1) E = List->getInit(0);
  PathId P = place(E);
  // Whoever gets a reference takes it to lead to something.
  if (Why == Reason::Return && isLedToByPointer(E)) use(P, Access::Read, at(E));
  bool IsCode = U.Out.Storage.rootOf(P).Kind == RootKind::Code;
  borrow(Reference, P, IsCode ? LoanKind::Code : LoanKind::Ref, isExtended(E) ? Reason::Temporary : Why, at(E));
}

/// All elements are one place; each initialiser adds to it.
void FunctionLowering::constructArray(PathId Dst, const Expr *E, Reason Why) {
  E = E->IgnoreParens();
  if (auto *Full = llvm::dyn_cast<clang::FullExpr>(E)) return constructArray(Dst, Full->getSubExpr(), Why);
  if (auto *Temporary = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(E))
    return constructArray(Dst, Temporary->getSubExpr(), Why);
  if (auto *Literal = llvm::dyn_cast<clang::CompoundLiteralExpr>(E))
    return constructArray(Dst, Literal->getInitializer(), Why);
  PathId Element = inlined(Dst);
  llvm::ArrayRef<Expr *> Inits;
  if (auto *List = llvm::dyn_cast<clang::InitListExpr>(E))
    Inits = List->inits();
  else if (auto *Parens = llvm::dyn_cast<clang::CXXParenListInitExpr>(E))
    Inits = Parens->getInitExprs();
  else if (auto *Loop = llvm::dyn_cast<clang::ArrayInitLoopExpr>(E)) {
    PathId From = inlined(place(Loop->getCommonExpr()->getSourceExpr()));
    if (U.Kinds.carryLoans(E->getType())) copy(Element, From, Why, at(E));
    return;
  } else if (llvm::isa<clang::CXXConstructExpr>(E) || E->getType()->isRecordType()) {
    return construct(Element, E, Why);
  } else if (!E->getType()->isArrayType()) {
    return initialise(Element, E->getType(), E, Why);
  } else {
    return; // a string literal, zeros
  }
  for (const Expr *Init : Inits) {
    if (overBudget()) return;
    if (Init->getType()->isArrayType())
      constructArray(Element, Init, Why);
    else if (Init->isPRValue() && !Init->getType()->isRecordType())
      addElement(Element, Init, Why);
    else
      initialise(Element, Init->getType(), Init, Why);
  }
}

/// A null pointer takes nothing away from what the elements before it hold.
void FunctionLowering::addElement(PathId Element, const Expr *Init, Reason Why) {
  if (Value V = value(Init)) store(Element, Init->getType(), V, Why, at(Init));
}

void FunctionLowering::construct(PathId Dst, const Expr *E, Reason Why) {
  ++Elements;
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (overBudget() || Depth > U.Options.MaxDepth) return giveUp("nested too deeply", E);
  switch (E->getStmtClass()) {
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    return constructByCall(Dst, llvm::cast<clang::CXXConstructExpr>(E), Why);
  case Stmt::ParenExprClass:
    return construct(Dst, llvm::cast<clang::ParenExpr>(E)->getSubExpr(), Why);
  case Stmt::ExprWithCleanupsClass:
  case Stmt::ConstantExprClass:
    return construct(Dst, llvm::cast<clang::FullExpr>(E)->getSubExpr(), Why);
  case Stmt::CXXBindTemporaryExprClass:
    return construct(Dst, llvm::cast<clang::CXXBindTemporaryExpr>(E)->getSubExpr(), Why);
  case Stmt::CXXDefaultArgExprClass:
    return construct(Dst, llvm::cast<clang::CXXDefaultArgExpr>(E)->getExpr(), Why);
  case Stmt::CXXDefaultInitExprClass:
    return construct(Dst, llvm::cast<clang::CXXDefaultInitExpr>(E)->getExpr(), Why);
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return construct(Dst, llvm::cast<clang::CXXRewrittenBinaryOperator>(E)->getSemanticForm(), Why);
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return construct(Dst, llvm::cast<clang::SubstNonTypeTemplateParmExpr>(E)->getReplacement(), Why);
  case Stmt::GenericSelectionExprClass:
    return construct(Dst, llvm::cast<clang::GenericSelectionExpr>(E)->getResultExpr(), Why);
  case Stmt::CompoundLiteralExprClass:
    return construct(Dst, llvm::cast<clang::CompoundLiteralExpr>(E)->getInitializer(), Why);
  case Stmt::LambdaExprClass:
    return closure(Dst, llvm::cast<clang::LambdaExpr>(E), Why);
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass:
    return constructConditional(Dst, llvm::cast<clang::AbstractConditionalOperator>(E), Why);
  case Stmt::CXXScalarValueInitExprClass:
  case Stmt::ImplicitValueInitExprClass:
    return;
  case Stmt::InitListExprClass: {
    auto *List = llvm::cast<clang::InitListExpr>(E);
    if (List->isTransparent()) return construct(Dst, List->getInit(0), Why);
    return constructFields(Dst, List->inits(), E->getType()->getAsCXXRecordDecl(), Why,
                           List->getInitializedFieldInUnion());
  }
  case Stmt::CXXParenListInitExprClass: {
    auto *List = llvm::cast<clang::CXXParenListInitExpr>(E);
    return constructFields(Dst, List->getInitExprs(), E->getType()->getAsCXXRecordDecl(), Why,
                           List->getInitializedFieldInUnion());
  }
  case Stmt::CXXStdInitializerListExprClass: {
    const Expr *Array = llvm::cast<clang::CXXStdInitializerListExpr>(E)->getSubExpr();
    return borrow(Dst, inlined(place(Array)), LoanKind::View, Reason::Temporary, at(E));
  }
  case Stmt::CXXInheritedCtorInitExprClass:
    return callInheritedConstructor(Dst, llvm::cast<clang::CXXInheritedCtorInitExpr>(E));
  case Stmt::BinaryOperatorClass: {
    auto *Comma = llvm::cast<clang::BinaryOperator>(E);
    if (Comma->getOpcode() != clang::BO_Comma) break;
    discard(Comma->getLHS());
    return construct(Dst, Comma->getRHS(), Why);
  }
  case Stmt::StmtExprClass: {
    const clang::CompoundStmt *Code = llvm::cast<clang::StmtExpr>(E)->getSubStmt();
    size_t Outside = Cleanups.size();
    llvm::SaveAndRestore End(ScopeEnd, Code->getRBracLoc());
    for (const Stmt *One : Code->body()) {
      auto *Last = One == Code->body_back() ? llvm::dyn_cast<Expr>(One) : nullptr;
      if (!Last) {
        statement(One);
        continue;
      }
      size_t First = Temporaries.size();
      construct(Dst, Last, Why);
      endTemporaries(First);
    }
    return pop(Outside);
  }
  case Stmt::OpaqueValueExprClass:
    if (const Expr *Source = llvm::cast<clang::OpaqueValueExpr>(E)->getSourceExpr()) {
      if (Source->isPRValue()) return construct(Dst, Source, Why);
      return copyObject(Dst, E->getType(), Source, false, Why, at(E));
    }
    break;
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    return construct(Dst, resumed(*llvm::cast<clang::CoroutineSuspendExpr>(E)), Why);
  case Stmt::CXXThrowExprClass:
    return discard(E);
  default:
    break;
  }
  if (E->isGLValue()) return copyObject(Dst, E->getType(), E, false, Why, at(E));
  if (auto *Cast = llvm::dyn_cast<clang::CastExpr>(E)) {
    const Expr *From = Cast->getSubExpr();
    if (From->getType()->isRecordType()) return construct(Dst, From, Why);
    if (Cast->getCastKind() == clang::CK_ConstructorConversion ||
        Cast->getCastKind() == clang::CK_UserDefinedConversion || Cast->getCastKind() == clang::CK_NoOp)
      return construct(Dst, From, Why);
  }
  if (auto *Call = llvm::dyn_cast<clang::CallExpr>(E)) {
    call(Call, Dst);
    return;
  }
  giveUp(E->getStmtClassName(), E);
  discardChildren(E);
}

void FunctionLowering::constructConditional(PathId Dst, const clang::AbstractConditionalOperator *E, Reason Why) {
  BlockId True = B.newBlock(), False = B.newBlock(), After = B.newBlock();
  if (auto *Short = llvm::dyn_cast<clang::BinaryConditionalOperator>(E)) {
    const clang::OpaqueValueExpr *Common = Short->getOpaqueValue();
    OpaquePlaces[Common] = place(Short->getCommon());
    discard(Short->getCond());
    B.fork(True);
    B.jump(False);
  } else {
    branchWithin(E->getCond(), True, False);
  }
  for (auto [Block, Arm] : {std::pair(True, E->getTrueExpr()), std::pair(False, E->getFalseExpr())}) {
    B.enter(Block);
    construct(Dst, Arm, Why);
    B.jump(After);
  }
  B.enter(After);
}

void FunctionLowering::copyObject(PathId Dst, QualType T, const Expr *From, bool Move, Reason Why, Span At) {
  PathId Src = place(From);
  use(Src, Access::Read, At);
  if (U.Kinds.carryLoans(T)) copy(Dst, Src, Why, At, Move ? FactKind::Move : FactKind::Copy);
}

bool FunctionLowering::isDescribed(const clang::CXXMethodDecl *Method) {
  bool InLibrary = U.Kinds.isLibrary(Method) || U.Kinds.model(Method->getParent());
  return InLibrary ? U.Calls.learn(*Method).Known : U.Kinds.isOwnCode(*Method);
}

void FunctionLowering::constructByCall(PathId Dst, const clang::CXXConstructExpr *E, Reason Why) {
  const CXXConstructorDecl *Constructor = E->getConstructor();
  if (E->getConstructionKind() == clang::CXXConstructionKind::Complete) declareObject(U, *Constructor);
  if (leavesNothing(*Constructor)) return;
  if (E->isElidable() && E->getNumArgs()) {
    auto *Temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(E->getArg(0)->IgnoreParenImpCasts());
    if (Temporary) return construct(Dst, Temporary->getSubExpr(), Why);
  }
  bool Described = isDescribed(Constructor);
  if (Constructor->isCopyOrMoveConstructor() && !Described) {
    bool Move = Constructor->isMoveConstructor() && !Constructor->isTrivial();
    return copyObject(Dst, E->getType(), E->getArg(0), Move, Why, at(E));
  }
  if (!Described && E->getNumArgs() == 0 && U.Kinds.isLibrary(Constructor)) return;
  llvm::SmallVector<const Expr *, 4> Args(E->arguments());
  callConstructor(Dst, Constructor, Args, E);
}

void FunctionLowering::constructFields(PathId Dst, llvm::ArrayRef<Expr *> Inits, const CXXRecordDecl *Class, Reason Why,
                                       const clang::FieldDecl *UnionField) {
  if (!Class) return;
  if (Class->isUnion()) {
    if (UnionField && Inits.size()) initialise(field(Dst, UnionField), UnionField->getType(), Inits[0], Why);
    return;
  }
  size_t Next = 0;
  for (unsigned Bases = Class->getNumBases(); Bases && Next < Inits.size(); --Bases) construct(Dst, Inits[Next++], Why);
  for (const clang::FieldDecl *Field : Class->fields()) {
    if (Next == Inits.size()) return;
    if (Field->isUnnamedBitField()) continue;
    initialise(field(Dst, Field), Field->getType(), Inits[Next++], Why);
  }
}
