#include "lower/FunctionLowering.h"
#include "lower/Owners.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::Expr;
using clang::Stmt;

PathId FunctionLowering::place(const Expr *E) {
  ++Elements;
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (overBudget() || Depth > U.Options.MaxDepth) {
    giveUp("nested too deeply", E);
    return B.newTemp();
  }
  switch (E->getStmtClass()) {
  case Stmt::DeclRefExprClass:
    return placeOfName(llvm::cast<clang::DeclRefExpr>(E));
  case Stmt::MemberExprClass:
    return placeOfMember(llvm::cast<clang::MemberExpr>(E));
  case Stmt::ArraySubscriptExprClass:
    return placeOfSubscript(llvm::cast<clang::ArraySubscriptExpr>(E));
  case Stmt::UnaryOperatorClass:
    return placeOfUnary(llvm::cast<clang::UnaryOperator>(E));
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass:
    return placeOfBinary(llvm::cast<clang::BinaryOperator>(E));
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass:
    return placeOfConditional(llvm::cast<clang::AbstractConditionalOperator>(E));
  case Stmt::MaterializeTemporaryExprClass:
    return placeOfTemporary(llvm::cast<clang::MaterializeTemporaryExpr>(E));
  case Stmt::ParenExprClass:
    return place(llvm::cast<clang::ParenExpr>(E)->getSubExpr());
  case Stmt::ExprWithCleanupsClass:
  case Stmt::ConstantExprClass:
    return place(llvm::cast<clang::FullExpr>(E)->getSubExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return place(llvm::cast<clang::SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return place(llvm::cast<clang::CXXDefaultArgExpr>(E)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return place(llvm::cast<clang::CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::CXXBindTemporaryExprClass:
    return place(llvm::cast<clang::CXXBindTemporaryExpr>(E)->getSubExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return place(llvm::cast<clang::CXXRewrittenBinaryOperator>(E)->getSemanticForm());
  case Stmt::GenericSelectionExprClass:
    return place(llvm::cast<clang::GenericSelectionExpr>(E)->getResultExpr());
  case Stmt::ChooseExprClass:
    return place(llvm::cast<clang::ChooseExpr>(E)->getChosenSubExpr());
  case Stmt::PackIndexingExprClass:
    return place(llvm::cast<clang::PackIndexingExpr>(E)->getSelectedExpr());
  case Stmt::StringLiteralClass:
  case Stmt::PredefinedExprClass:
    return B.named(RootKind::Constant, constantText(E));
  case Stmt::OpaqueValueExprClass: {
    auto It = OpaquePlaces.find(E);
    if (It != OpaquePlaces.end()) return It->second;
    if (const Expr *Source = llvm::cast<clang::OpaqueValueExpr>(E)->getSourceExpr()) return place(Source);
    break;
  }
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    return place(resumed(*llvm::cast<clang::CoroutineSuspendExpr>(E)));
  case Stmt::CompoundLiteralExprClass:
    return temporary(llvm::cast<clang::CompoundLiteralExpr>(E)->getInitializer());
  case Stmt::InitListExprClass:
    if (llvm::cast<clang::InitListExpr>(E)->isTransparent())
      return place(llvm::cast<clang::InitListExpr>(E)->getInit(0));
    break;
  case Stmt::ExtVectorElementExprClass:
    return place(llvm::cast<clang::ExtVectorElementExpr>(E)->getBase());
  case Stmt::CXXTypeidExprClass:
    return B.named(RootKind::Constant, U.Out.Symbols.intern("typeid"));
  case Stmt::CXXThrowExprClass:
    discard(E);
    return B.newTemp();
  default:
    break;
  }
  if (auto *Cast = llvm::dyn_cast<clang::CastExpr>(E)) return placeOfCast(Cast);
  if (auto *Call = llvm::dyn_cast<clang::CallExpr>(E)) {
    PathId Left;
    if (auto *Operator = llvm::dyn_cast<clang::CXXOperatorCallExpr>(Call); Operator && assignObject(Operator, Left))
      return Left;
    if (isPlainForward(Call)) return place(Call->getArg(0));
    if (E->isGLValue()) return deref(call(Call).Cell);
  }
  if (E->isPRValue()) return temporary(E);
  giveUp(E->getStmtClassName(), E);
  discardChildren(E);
  return B.newTemp();
}

PathId FunctionLowering::placeOfName(const clang::DeclRefExpr *E) {
  const clang::ValueDecl *Named = E->getDecl();
  if (auto *V = llvm::dyn_cast<clang::VarDecl>(Named))
    return placeOfVariable(V, E->refersToEnclosingVariableOrCapture());
  if (auto *Binding = llvm::dyn_cast<clang::BindingDecl>(Named)) {
    if (auto It = Captures.find(Binding); It != Captures.end() && E->refersToEnclosingVariableOrCapture()) {
      PathId Field = U.Out.Storage.field(deref(B.root(RootKind::This)), It->second.Name);
      return It->second.ByReference ? deref(Field) : Field;
    }
    if (auto It = Bindings.find(Binding); It != Bindings.end()) return It->second;
    if (Binding->getHoldingVar()) return placeOfVariable(Binding->getHoldingVar(), false);
    if (const Expr *Stands = Binding->getBinding()) return place(Stands);
  }
  if (auto *F = llvm::dyn_cast<clang::FunctionDecl>(Named)) return B.named(RootKind::Code, U.Named.function(*F));
  if (llvm::isa<clang::TemplateParamObjectDecl, clang::MSGuidDecl, clang::UnnamedGlobalConstantDecl>(Named))
    return B.named(RootKind::Constant, U.Out.Symbols.intern("template argument"));
  giveUp(E->getStmtClassName(), E);
  return B.newTemp();
}

PathId FunctionLowering::placeOfVariable(const clang::VarDecl *V, bool Captured) {
  if (Captured)
    if (auto It = Captures.find(V); It != Captures.end()) {
      PathId Field = U.Out.Storage.field(deref(B.root(RootKind::This)), It->second.Name);
      return It->second.ByReference ? deref(Field) : Field;
    }
  PathId P;
  if (auto It = Variables.find(V); It != Variables.end())
    P = It->second;
  else if (V->hasGlobalStorage())
    declareOwner(U, *V, P = B.named(RootKind::Global, U.Named.global(*V)));
  else // a local of an enclosing function, named where it is not captured: only its constant value can be meant
    P = Variables[V] = B.newLocal(V->getNameAsString(), U.Where.token(V->getLocation()));
  return V->getType()->isReferenceType() ? deref(P) : P;
}

PathId FunctionLowering::field(PathId Object, const clang::FieldDecl *F) {
  if (F->isAnonymousStructOrUnion() || !F->getIdentifier()) return Object;
  if (auto *Class = llvm::dyn_cast<clang::CXXRecordDecl>(F->getParent())) declareOwners(U, *Class);
  NameId Name = U.Named.field(*F);
  if (U.Kinds.keepsSmallInside(*F->getParent())) U.Alternatives.insert(Name);
  return U.Out.Storage.field(Object, Name);
}

/// Whether \p P lies where a union keeps its contents when they are small, or when they are large: which it is depends
/// on a number.
bool FunctionLowering::isAlternative(PathId P) const {
  if (U.Alternatives.empty()) return false;
  for (; !U.Out.Storage.isRoot(P); P = U.Out.Storage.base(P))
    if (const Projection &Last = U.Out.Storage.last(P);
        Last.Kind == ProjectionKind::Field && U.Alternatives.contains(Last.Name))
      return true;
  return false;
}

PathId FunctionLowering::member(PathId Object, const clang::FieldDecl *F) {
  PathId P = field(Object, F);
  return F->getType()->isReferenceType() ? deref(P) : P;
}

PathId FunctionLowering::pointee(const Expr *Pointer) {
  Value V = value(Pointer);
  return V.What == Value::Lent ? V.Path : deref(cell(V, Pointer));
}

/// The object that a member is accessed in.
PathId FunctionLowering::placeOfObject(const Expr *Object, bool Arrow) {
  return Arrow ? pointee(Object) : place(Object);
}

PathId FunctionLowering::placeOfMember(const clang::MemberExpr *E) {
  const clang::ValueDecl *Member = E->getMemberDecl();
  if (auto *V = llvm::dyn_cast<clang::VarDecl>(Member)) {
    discard(E->getBase());
    return placeOfVariable(V, false);
  }
  auto *F = llvm::dyn_cast<clang::FieldDecl>(Member);
  if (F) {
    PathId Object = placeOfObject(E->getBase(), E->isArrow());
    if (F->getType()->isReferenceType()) use(field(Object, F), Access::Read, at(E));
    return member(Object, F);
  }
  discard(E->getBase());
  if (auto *Method = llvm::dyn_cast<clang::FunctionDecl>(Member))
    return B.named(RootKind::Code, U.Named.function(*Method));
  return B.newTemp();
}

static const Expr *decayed(const Expr *E) {
  auto *Cast = llvm::dyn_cast<clang::ImplicitCastExpr>(E->IgnoreParens());
  return Cast && Cast->getCastKind() == clang::CK_ArrayToPointerDecay ? Cast->getSubExpr() : nullptr;
}

PathId FunctionLowering::placeOfSubscript(const clang::ArraySubscriptExpr *E) {
  const Expr *Base = E->getBase();
  PathId P;
  if (const Expr *Array = decayed(Base))
    P = inlined(place(Array));
  else if (Base->getType()->isVectorType())
    P = place(Base);
  else
    P = alongArray(pointee(Base), E->getType(), E->getIdx());
  discard(E->getIdx());
  return P;
}

/// \p P is where a pointer led before it was moved by \p Distance, which is not zero, or by one: it stands for many
/// objects of type \p T.
PathId FunctionLowering::alongArray(PathId P, clang::QualType T, const Expr *Distance) {
  auto *Literal = Distance ? llvm::dyn_cast<clang::IntegerLiteral>(Distance->IgnoreParenImpCasts()) : nullptr;
  bool Stays = Literal && Literal->getValue().isZero();
  if (!Stays && U.Kinds.carryLoans(T)) B.declareArray(P);
  return P;
}

PathId FunctionLowering::placeOfUnary(const clang::UnaryOperator *E) {
  const Expr *Operand = E->getSubExpr();
  switch (E->getOpcode()) {
  case clang::UO_Deref:
    if (const Expr *Array = decayed(Operand)) return inlined(place(Array));
    return pointee(Operand);
  case clang::UO_PreInc:
  case clang::UO_PreDec: {
    PathId P = place(Operand);
    use(P, Access::Write, at(E));
    if (E->getType()->isPointerType()) alongArray(deref(P), E->getType()->getPointeeType());
    return P;
  }
  default:
    return place(Operand);
  }
}

PathId FunctionLowering::placeOfBinary(const clang::BinaryOperator *E) {
  if (E->isAssignmentOp()) return assign(E);
  if (E->getOpcode() == clang::BO_Comma) {
    discard(E->getLHS());
    return place(E->getRHS());
  }
  // What a pointer to member selects is not known; the whole object stands for it.
  assert(E->isPtrMemOp() && "no other binary operator gives a glvalue");
  PathId Object = placeOfObject(E->getLHS(), E->getOpcode() == clang::BO_PtrMemI);
  discard(E->getRHS());
  return Object;
}

PathId FunctionLowering::placeOfCast(const clang::CastExpr *E) {
  const Expr *From = E->getSubExpr();
  if (From->isGLValue() || From->getType()->isRecordType()) return place(From);
  return temporary(From);
}

/// Either arm's storage: a cell that holds a loan on both.
PathId FunctionLowering::placeOfConditional(const clang::AbstractConditionalOperator *E) {
  PathId Cell = B.newTemp();
  BlockId True = B.newBlock(), False = B.newBlock(), After = B.newBlock();
  if (auto *Short = llvm::dyn_cast<clang::BinaryConditionalOperator>(E)) {
    PathId Common = place(Short->getCommon());
    OpaquePlaces[Short->getOpaqueValue()] = Common;
    discard(Short->getCond());
    B.fork(True);
    B.jump(False);
  } else {
    branchWithin(E->getCond(), True, False);
  }
  for (auto [Block, Arm] : {std::pair(True, E->getTrueExpr()), std::pair(False, E->getFalseExpr())}) {
    B.enter(Block);
    if (Arm->isGLValue())
      bind(Cell, Arm, Reason::Bind);
    else
      discard(Arm);
    B.jump(After);
  }
  B.enter(After);
  return deref(Cell);
}

/// A prvalue where storage is wanted.
PathId FunctionLowering::temporary(const Expr *E) {
  PathId P = B.newTemp();
  live(P, E->getType(), at(E));
  initialise(P, E->getType(), E, Reason::Init);
  pushTemporary(P, E->getType(), DefaultArgumentOf ? DefaultArgumentOf->getEndLoc() : E->getEndLoc());
  return P;
}

PathId FunctionLowering::placeOfTemporary(const clang::MaterializeTemporaryExpr *E) {
  const Expr *From = E->getSubExpr();
  if (From->isGLValue()) return place(From);
  if (E->getStorageDuration() == clang::SD_FullExpression) return temporary(From);
  PathId P = B.newTemp();
  live(P, From->getType(), at(E));
  initialise(P, From->getType(), From, Reason::Init);
  if (E->getStorageDuration() == clang::SD_Automatic) pushCleanup(P, From->getType(), End::Temporary, ScopeEnd);
  return P;
}
