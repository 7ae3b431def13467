#include "lower/Closures.h"
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Builtins.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::Expr;
using clang::QualType;
using clang::Stmt;

/// The code behind a closure that is converted to a function pointer, or null.
static const clang::FunctionDecl *convertedClosure(const clang::CallExpr *E) {
  auto *Conversion = llvm::dyn_cast_or_null<clang::CXXConversionDecl>(E->getDirectCallee());
  return Conversion && Conversion->getParent()->isLambda() ? callOperator(*Conversion->getParent()) : nullptr;
}

Value FunctionLowering::value(const Expr *E) {
  ++Elements;
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (overBudget() || Depth > U.Options.MaxDepth) {
    giveUp("nested too deeply", E);
    return {};
  }
  if (E->isGLValue() || E->getType()->isRecordType()) { // only where the value itself is of no interest
    use(place(E), Access::Read, at(E));
    return {};
  }
  switch (E->getStmtClass()) {
  case Stmt::IntegerLiteralClass:
  case Stmt::FloatingLiteralClass:
  case Stmt::ImaginaryLiteralClass:
  case Stmt::FixedPointLiteralClass:
  case Stmt::CharacterLiteralClass:
  case Stmt::CXXBoolLiteralExprClass:
  case Stmt::CXXNullPtrLiteralExprClass:
  case Stmt::GNUNullExprClass:
  case Stmt::CXXScalarValueInitExprClass:
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::UnaryExprOrTypeTraitExprClass: // what they ask about is not evaluated
  case Stmt::TypeTraitExprClass:
  case Stmt::ArrayTypeTraitExprClass:
  case Stmt::ExpressionTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::ConceptSpecializationExprClass:
  case Stmt::OffsetOfExprClass:
  case Stmt::SizeOfPackExprClass:
  case Stmt::SourceLocExprClass:
  case Stmt::AddrLabelExprClass:
  case Stmt::ArrayInitIndexExprClass:
  case Stmt::DeclRefExprClass: // an enumerator
    return {};
  case Stmt::CXXThisExprClass:
    if (!InClosure) return Value::held(B.root(RootKind::This));
    if (CapturesThis) {
      PathId Field = U.Out.Storage.field(deref(B.root(RootKind::This)), U.Out.Symbols.intern("this"));
      return CapturesObject ? Value::lent(Field, Reason::This) : Value::held(Field);
    }
    return Value::held(B.root(RootKind::This));
  case Stmt::ParenExprClass:
    return value(llvm::cast<clang::ParenExpr>(E)->getSubExpr());
  case Stmt::ExprWithCleanupsClass:
  case Stmt::ConstantExprClass:
    return value(llvm::cast<clang::FullExpr>(E)->getSubExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return value(llvm::cast<clang::SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return value(llvm::cast<clang::CXXDefaultArgExpr>(E)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return value(llvm::cast<clang::CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return value(llvm::cast<clang::CXXRewrittenBinaryOperator>(E)->getSemanticForm());
  case Stmt::GenericSelectionExprClass:
    return value(llvm::cast<clang::GenericSelectionExpr>(E)->getResultExpr());
  case Stmt::ChooseExprClass:
    return value(llvm::cast<clang::ChooseExpr>(E)->getChosenSubExpr());
  case Stmt::PackIndexingExprClass:
    return value(llvm::cast<clang::PackIndexingExpr>(E)->getSelectedExpr());
  case Stmt::OpaqueValueExprClass: {
    auto It = OpaqueValues.find(E);
    if (It != OpaqueValues.end()) return It->second;
    if (const Expr *Source = llvm::cast<clang::OpaqueValueExpr>(E)->getSourceExpr()) return value(Source);
    return {};
  }
  case Stmt::CompoundLiteralExprClass:
    return value(llvm::cast<clang::CompoundLiteralExpr>(E)->getInitializer());
  case Stmt::InitListExprClass: {
    auto *List = llvm::cast<clang::InitListExpr>(E);
    if (List->getNumInits() == 1) return value(List->getInit(0));
    discardChildren(E);
    return {};
  }
  case Stmt::UnaryOperatorClass:
    return valueOfUnary(llvm::cast<clang::UnaryOperator>(E));
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass:
    return valueOfBinary(llvm::cast<clang::BinaryOperator>(E));
  case Stmt::ConditionalOperatorClass:
  case Stmt::BinaryConditionalOperatorClass:
    return valueOfConditional(llvm::cast<clang::AbstractConditionalOperator>(E));
  case Stmt::CXXNewExprClass:
    return valueOfNew(llvm::cast<clang::CXXNewExpr>(E));
  case Stmt::StmtExprClass:
    return valueOfStatements(llvm::cast<clang::StmtExpr>(E));
  case Stmt::AtomicExprClass:
    return valueOfAtomic(llvm::cast<clang::AtomicExpr>(E));
  case Stmt::CXXDeleteExprClass:
    deleteObject(llvm::cast<clang::CXXDeleteExpr>(E));
    return {};
  case Stmt::CXXThrowExprClass:
    throwObject(llvm::cast<clang::CXXThrowExpr>(E));
    return {};
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass:
    return value(resumed(*llvm::cast<clang::CoroutineSuspendExpr>(E)));
  case Stmt::CXXPseudoDestructorExprClass:
    discard(llvm::cast<clang::CXXPseudoDestructorExpr>(E)->getBase());
    return {};
  case Stmt::ShuffleVectorExprClass:
  case Stmt::ConvertVectorExprClass:
  case Stmt::CXXParenListInitExprClass:
  case Stmt::CXXFoldExprClass:
    discardChildren(E);
    return {};
  default:
    break;
  }
  if (auto *Cast = llvm::dyn_cast<clang::CastExpr>(E)) return valueOfCast(Cast);
  if (auto *Call = llvm::dyn_cast<clang::CallExpr>(E)) {
    if (Call->getBuiltinCallee() == clang::Builtin::BIaddressof ||
        Call->getBuiltinCallee() == clang::Builtin::BI__addressof ||
        Call->getBuiltinCallee() == clang::Builtin::BI__builtin_addressof)
      return Value::lent(place(Call->getArg(0)), Reason::AddressOf);
    if (const clang::FunctionDecl *Code = convertedClosure(Call)) {
      discard(llvm::cast<clang::CXXMemberCallExpr>(Call)->getImplicitObjectArgument());
      return Value::lent(B.named(RootKind::Code, U.Named.function(*Code)), Reason::None, LoanKind::Code);
    }
    PathId Result = call(Call).Cell;
    return Result ? Value::held(Result) : Value();
  }
  giveUp(E->getStmtClassName(), E);
  discardChildren(E);
  return {};
}

/// Whether the cast hides what a pointer points to, or makes an address of something hidden.
static bool launders(const clang::CastExpr *E) {
  switch (E->getCastKind()) {
  case clang::CK_PointerToIntegral:
  case clang::CK_IntegralToPointer:
    return true;
  case clang::CK_BitCast:
    return E->getType()->isVoidPointerType() != E->getSubExpr()->getType()->isVoidPointerType();
  default:
    return false;
  }
}

/// Whether \p E names an array of constants, which neither ends nor ever holds a loan.
bool FunctionLowering::isTable(const Expr *E) {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreParens());
  auto *V = Name ? llvm::dyn_cast<clang::VarDecl>(Name->getDecl()) : nullptr;
  if (!V || !V->hasGlobalStorage()) return false;
  QualType Element = U.AST.getBaseElementType(V->getType());
  return Element.isConstQualified() && !U.Kinds.carryLoans(Element);
}

/// Whether \p E asks, while the object of a class is made or ends, whether it is one of a class derived from that: it
/// is none then, and the pointer is null ([class.cdtor]).
bool FunctionLowering::isNotYetOrAnyMore(const clang::CastExpr *E) const {
  bool IsSelf = llvm::isa<clang::CXXThisExpr>(E->getSubExpr()->IgnoreParenImpCasts());
  return E->getCastKind() == clang::CK_Dynamic && IsSelf && !InClosure && (B.F.IsConstructor || B.F.IsDestructor) &&
         E->getType()->isPointerType() && !E->getType()->isVoidPointerType();
}

Value FunctionLowering::valueOfCast(const clang::CastExpr *E) {
  const Expr *From = E->getSubExpr();
  switch (E->getCastKind()) {
  case clang::CK_LValueToRValue: {
    PathId P = place(From);
    use(P, Access::Read, at(From));
    return Value::held(P);
  }
  case clang::CK_ArrayToPointerDecay: {
    PathId P = place(From);
    if (U.Out.Storage.rootOf(P).Kind == RootKind::Constant || isTable(From)) return {};
    return Value::lent(inlined(P), Reason::Decay);
  }
  case clang::CK_FunctionToPointerDecay: {
    PathId P = place(From);
    return endsInDeref(P) ? Value::held(U.Out.Storage.base(P)) : Value::lent(P, Reason::Decay, LoanKind::Code);
  }
  case clang::CK_NullToPointer:
  case clang::CK_NullToMemberPointer:
  case clang::CK_ToVoid:
    discard(From);
    return {};
  case clang::CK_Dynamic:
    if (!isNotYetOrAnyMore(E)) break;
    return {};
  default:
    break;
  }
  Value V = value(From);
  if (E->getType()->isBooleanType() || E->getType()->isFloatingType()) return {};
  if (!V || !launders(E)) return V;
  PathId Cell = B.newTemp();
  if (V.What == Value::Held)
    copy(Cell, V.Path, Reason::Cast, at(E));
  else
    borrow(Cell, V.Path, V.Loan, Reason::Cast, at(E));
  return Value::held(Cell);
}

Value FunctionLowering::valueOfUnary(const clang::UnaryOperator *E) {
  const Expr *Operand = E->getSubExpr();
  switch (E->getOpcode()) {
  case clang::UO_AddrOf: {
    PathId P = place(Operand);
    bool IsCode = U.Out.Storage.rootOf(P).Kind == RootKind::Code;
    return Value::lent(P, Reason::AddressOf, IsCode ? LoanKind::Code : LoanKind::Ref);
  }
  case clang::UO_PostInc:
  case clang::UO_PostDec: {
    PathId P = place(Operand);
    use(P, Access::Write, at(E));
    if (!E->getType()->isPointerType()) return Value();
    alongArray(deref(P), E->getType()->getPointeeType());
    return Value::held(P);
  }
  case clang::UO_Extension:
  case clang::UO_Plus:
    return value(Operand);
  default:
    discard(Operand);
    return {};
  }
}

/// Chains of operators, such as the sum of many terms, lean to the left and may be long: a loop here.
Value FunctionLowering::valueOfBinary(const clang::BinaryOperator *E) {
  if (E->isLogicalOp()) {
    BlockId After = B.newBlock();
    branchWithin(E, After, After);
    B.enter(After);
    return {};
  }
  if (E->getOpcode() == clang::BO_Comma) {
    discard(E->getLHS());
    return value(E->getRHS());
  }
  if (E->isAssignmentOp()) return Value::held(assign(E));
  if (E->isPtrMemOp()) {
    discard(E->getLHS());
    discard(E->getRHS());
    return {};
  }
  if (E->getType()->isPointerType()) {
    bool PointerFirst = E->getLHS()->getType()->isPointerType();
    Value Left = value(E->getLHS()), Right = value(E->getRHS());
    Value Pointer = PointerFirst ? Left : Right;
    if (Pointer.What == Value::Held)
      alongArray(deref(Pointer.Path), E->getType()->getPointeeType(), PointerFirst ? E->getRHS() : E->getLHS());
    return Pointer;
  }
  llvm::SmallVector<const Expr *, 16> Rights;
  const Expr *Left = E;
  while (auto *Inner = llvm::dyn_cast<clang::BinaryOperator>(Left->IgnoreParenImpCasts())) {
    if (Inner->isAssignmentOp() || Inner->isLogicalOp() || Inner->isPtrMemOp() ||
        Inner->getOpcode() == clang::BO_Comma || Inner->getType()->isPointerType())
      break;
    Rights.push_back(Inner->getRHS());
    Left = Inner->getLHS();
  }
  discard(Left);
  for (const Expr *Right : llvm::reverse(Rights)) discard(Right);
  return {};
}

Value FunctionLowering::valueOfConditional(const clang::AbstractConditionalOperator *E) {
  BlockId True = B.newBlock(), False = B.newBlock(), After = B.newBlock();
  bool Carries = U.Kinds.carryLoans(E->getType());
  PathId Cell = Carries ? B.newTemp() : PathId();
  if (auto *Short = llvm::dyn_cast<clang::BinaryConditionalOperator>(E)) {
    const clang::OpaqueValueExpr *Common = Short->getOpaqueValue();
    if (Common->isGLValue())
      OpaquePlaces[Common] = place(Short->getCommon());
    else
      OpaqueValues[Common] = value(Short->getCommon());
    discard(Short->getCond());
    B.fork(True);
    B.jump(False);
  } else {
    branchWithin(E->getCond(), True, False);
  }
  for (auto [Block, Arm] : {std::pair(True, E->getTrueExpr()), std::pair(False, E->getFalseExpr())}) {
    B.enter(Block);
    if (Carries && !llvm::isa<clang::CXXThrowExpr>(Arm->IgnoreParens()))
      store(Cell, E->getType(), value(Arm), Reason::None, at(Arm));
    else
      discard(Arm);
    B.jump(After);
  }
  B.enter(After);
  return Carries ? Value::held(Cell) : Value();
}

Value FunctionLowering::valueOfStatements(const clang::StmtExpr *E) {
  const clang::CompoundStmt *Code = E->getSubStmt();
  bool Carries = U.Kinds.carryLoans(E->getType());
  PathId Cell = Carries ? B.newTemp() : PathId();
  size_t Outside = Cleanups.size();
  llvm::SaveAndRestore End(ScopeEnd, Code->getRBracLoc());
  for (const Stmt *One : Code->body()) {
    const Expr *Last = One == Code->body_back() ? llvm::dyn_cast<Expr>(One) : nullptr;
    if (!Last || !Carries) {
      statement(One);
      continue;
    }
    size_t First = Temporaries.size();
    store(Cell, E->getType(), value(Last), Reason::None, at(Last));
    endTemporaries(First);
  }
  pop(Outside);
  return Carries ? Value::held(Cell) : Value();
}

//===- new, delete ------------------------------------------------------------------------------------------------===//

Value FunctionLowering::valueOfNew(const clang::CXXNewExpr *E) {
  if (std::optional<const Expr *> Size = E->getArraySize(); Size && *Size) discard(*Size);
  PathId Object, Pointer;
  const clang::FunctionDecl *Allocator = E->getOperatorNew();
  if (Allocator && Allocator->isReservedGlobalPlacementOperator() && E->getNumPlacementArgs() == 1) {
    Pointer = cell(value(E->getPlacementArg(0)), E->getPlacementArg(0));
    Object = deref(Pointer);
  } else {
    for (const Expr *Arg : E->placement_arguments()) discard(Arg);
    PathId Heap = B.newHeap();
    B.add(FactKind::Live, at(E)).Dst = Heap;
    Object = E->isArray() ? inlined(Heap) : Heap;
  }
  if (const Expr *Init = E->getInitializer()) {
    if (E->isArray())
      constructArray(Object, Init, Reason::Init);
    else
      initialise(Object, E->getAllocatedType(), Init, Reason::Init);
  }
  return Pointer ? Value::held(Pointer) : Value::lent(Object, Reason::New);
}

void FunctionLowering::deleteObject(const clang::CXXDeleteExpr *E) {
  const Expr *Pointer = E->getArgument();
  Value V = value(Pointer);
  if (!V) return;
  PathId Cell = cell(V, Pointer);
  const clang::CXXRecordDecl *Class =
      E->getDestroyedType().isNull() ? nullptr : E->getDestroyedType()->getAsCXXRecordDecl();
  use(deref(Cell), Access::Write, at(E));
  if (Class && U.Kinds.runsDestructor(Class)) {
    const clang::CXXDestructorDecl *Destructor = Class->getDefinition()->getDestructor();
    if (Destructor && (Destructor->isUserProvided() || Destructor->isVirtual()))
      callDestructor(Cell, Destructor, Destructor->isVirtual(), at(E));
    else
      destroyParts(*Class->getDefinition(), deref(Cell), at(E));
  }
  Fact &F = B.add(FactKind::Expire, at(E));
  F.Src = deref(Cell);
  F.Ending = End::Delete;
}

//===- Cells ------------------------------------------------------------------------------------------------------===//

PathId FunctionLowering::cell(Value V, const Expr *E) {
  if (V.What == Value::Held) return V.Path;
  PathId Cell = B.newTemp();
  store(Cell, E->getType(), V, Reason::None, at(E));
  return Cell;
}

void FunctionLowering::store(PathId Dst, QualType T, Value V, Reason Why, Span At) {
  bool FromCast =
      V.What == Value::Held && U.Out.Storage.isRoot(V.Path) && U.Out.Storage.rootOf(V.Path).Kind == RootKind::Temp;
  if (!U.Kinds.carryLoans(T) && !FromCast) return;
  switch (V.What) {
  case Value::Nothing:
    B.add(FactKind::Clear, At).Dst = Dst;
    return;
  case Value::Held:
    return copy(Dst, V.Path, Why, At);
  case Value::Lent:
    return borrow(Dst, V.Path, V.Loan, V.Why, At);
  }
}

/// \p Place, which \p E names, is written: of the unions that it lies in, the other members are not there any more
/// ([class.union.general]/6).
void FunctionLowering::endOtherMembers(const Expr *E, PathId Place) {
  if (!U.Kinds.carryLoans(E->getType())) return;
  while (auto *Member = llvm::dyn_cast<clang::MemberExpr>(E->IgnoreParens())) {
    auto *Field = llvm::dyn_cast<clang::FieldDecl>(Member->getMemberDecl());
    if (!Field || Field->getType()->isReferenceType()) return;
    Place = U.Out.Storage.base(Place);
    if (Field->getParent()->isUnion())
      for (const clang::FieldDecl *Other : Field->getParent()->fields())
        if (Other != Field && U.Kinds.carryLoans(Other->getType()))
          B.add(FactKind::Clear, at(Member)).Dst = field(Place, Other);
    if (Member->isArrow()) return;
    E = Member->getBase();
  }
}

/// The right operand is evaluated first, since C++17.
PathId FunctionLowering::assign(const clang::BinaryOperator *E) {
  if (PathId Flag = E->getOpcode() == clang::BO_Assign ? flag(E->getLHS()) : PathId())
    if (AskedCall Site = callInto(Flag, E->getRHS()); Site.Site) {
      use(Flag, Access::Write, at(E));
      llvm::SaveAndRestore Asking(Asked, Site);
      discard(E->getRHS());
      return Flag;
    }
  Value Right = value(E->getRHS());
  PathId Left = place(E->getLHS());
  use(Left, Access::Write, at(E));
  if (E->getOpcode() != clang::BO_Assign) return Left;
  store(Left, E->getLHS()->getType(), Right, Reason::Assign, at(E));
  endOtherMembers(E->getLHS(), Left);
  setFlag(Left, E->getRHS());
  return Left;
}

void FunctionLowering::discardChildren(const Expr *E) {
  for (const Stmt *Child : E->children())
    if (auto *Sub = llvm::dyn_cast_or_null<Expr>(Child)) discard(Sub);
}

/// Evaluates for the effects alone.
void FunctionLowering::discard(const Expr *E) {
  E = E->IgnoreParens();
  if (auto *Full = llvm::dyn_cast<clang::ExprWithCleanups>(E)) E = Full->getSubExpr();
  if (E->isGLValue()) {
    place(E);
  } else if (E->getType()->isRecordType()) {
    temporary(E);
  } else if (E->getType()->isVoidType()) {
    if (auto *Cond = llvm::dyn_cast<clang::AbstractConditionalOperator>(E))
      valueOfConditional(Cond);
    else
      value(E);
  } else {
    value(E);
  }
}
