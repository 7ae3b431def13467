#include "lower/FunctionLowering.h"
#include "lower/Owners.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/Builtins.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXMethodDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

/// std::move and its kin are casts, for Clang too.
bool FunctionLowering::isPlainForward(const clang::CallExpr *E) const {
  switch (E->getBuiltinCallee()) {
  case clang::Builtin::BImove:
  case clang::Builtin::BImove_if_noexcept:
  case clang::Builtin::BIforward:
  case clang::Builtin::BIforward_like:
  case clang::Builtin::BIas_const:
    return E->getNumArgs() == 1;
  default:
    return false;
  }
}

PathId FunctionLowering::resultCell(QualType T, PathId Into) {
  if (T->isVoidType() || !U.Kinds.carryLoans(T)) return PathId();
  return Into ? Into : B.newTemp();
}

/// Whether the operator leads an iterator to another element.
static bool moves(clang::OverloadedOperatorKind Operator) {
  return Operator == clang::OO_PlusPlus || Operator == clang::OO_MinusMinus || Operator == clang::OO_PlusEqual ||
         Operator == clang::OO_MinusEqual;
}

FunctionLowering::Outcome FunctionLowering::call(const clang::CallExpr *E, PathId Into) {
  PathId Left;
  auto *Operator = llvm::dyn_cast<clang::CXXOperatorCallExpr>(E);
  if (Operator && assignObject(Operator, Left)) {
    if (Into) copy(Into, Left, Reason::None, at(E));
    return {};
  }
  const FunctionDecl *Callee = E->getDirectCallee();
  Outcome Done = Callee ? callFunction(E, Callee, Into) : callValue(E, Into);
  QualType T = Callee ? Callee->getReturnType() : E->getCallReturnType(U.AST);
  Done.Reference = T->isReferenceType();
  if (Callee && Callee->isNoReturn()) B.stop();
  return Done;
}

/// A builtin that only computes; those that the library declares too (memcpy) are calls like any other.
static bool isComputation(const FunctionDecl &F) {
  unsigned Id = F.getBuiltinID();
  return Id && F.getIdentifier() && F.getName().starts_with("__builtin_") && !F.getReturnType()->isPointerType();
}

FunctionLowering::Outcome FunctionLowering::callFunction(const clang::CallExpr *E, const FunctionDecl *Callee,
                                                         PathId Into) {
  llvm::SmallVector<const Expr *, 8> Args(E->arguments());
  if (isComputation(*Callee)) {
    for (const Expr *Arg : Args) discard(Arg);
    return {};
  }
  Call Site;
  auto *Method = llvm::dyn_cast<CXXMethodDecl>(Callee);
  auto *Operator = llvm::dyn_cast<clang::CXXOperatorCallExpr>(E);
  const Expr *Object = nullptr;
  bool Arrow = false;
  if (auto *Member = llvm::dyn_cast<clang::CXXMemberCallExpr>(E)) {
    if (auto *Access = llvm::dyn_cast<clang::MemberExpr>(Member->getCallee()->IgnoreParens())) {
      Object = Access->getBase();
      Arrow = Access->isArrow();
      Site.Virtual = Method->isVirtual() && Access->performsVirtualDispatch(U.AST.getLangOpts()) &&
                     !Method->getDevirtualizedMethod(Object, false);
    }
  } else if (Operator && Method && !Args.empty()) {
    if (Method->isImplicitObjectMemberFunction()) Object = Args.front();
    if (Method->isImplicitObjectMemberFunction() || Method->isStatic()) {
      if (!Object) discard(Args.front());
      Args.erase(Args.begin());
    }
    Site.Virtual = Object && Method->isVirtual() && !Method->getDevirtualizedMethod(Object, false);
  } else if (auto *Access = llvm::dyn_cast<clang::MemberExpr>(E->getCallee()->IgnoreParenImpCasts())) {
    discard(Access->getBase());
  }
  if (llvm::isa<clang::CXXDestructorDecl>(Callee) && Object) {
    PathId P = placeOfObject(Object, Arrow);
    destroyInPlace(P, Arrow ? Object->getType()->getPointeeType() : Object->getType(), at(E));
    return {};
  }

  if (U.Calls.learn(*Callee, Object).Idle || takesOutNothing(Args, *Callee, Object)) {
    if (Object) discard(Object);
    for (const Expr *Arg : Args) discard(Arg);
    return {resultCell(Callee->getReturnType(), Into), false};
  }
  bool RightFirst = Operator && Operator->isAssignmentOp();
  if (RightFirst && Object) arguments(Site, Args, Callee, E);
  PathId Storage;
  if (Object && Method && Method->isInstance()) {
    Storage = placeOfObject(Object, Arrow);
    Site.This = addressOf(Storage, Reason::This, Object);
    bool IsGiven = U.Out.Storage.rootOf(Storage).Kind == RootKind::Arg;
    if (IsGiven && Operator && moves(Operator->getOperator()) && U.Kinds.kind(Object->getType()) == TypeKind::Iterator)
      B.declareArray(deref(Storage));
  } else if (Object) {
    discard(Object);
  }
  if (!Object && RightFirst && Args.size() == 2)
    argumentsFromTheRight(Site, Args, Callee);
  else if (!Object || !RightFirst)
    arguments(Site, Args, Callee, E);
  if (Storage && !U.Calls.learn(*Callee, Object).Model) use(Storage, Access::Call, at(E));
  Site.Callee = U.Named.function(*Callee);
  PathId Result = Site.Result = resultCell(Callee->getReturnType(), Into);
  if (!Result && E == Asked.Site) Site.Result = Asked.Result;
  PathId ObjectCell = Site.This;
  finishCall(std::move(Site), Callee, E);
  removeByIdentity(E, Callee);
  endAnyElement(E, Object, Arrow, ObjectCell, Callee);
  endFrame(Object, *Callee, at(E));
  return {Result, false};
}

/// Whether \p Callee is to take an element out of a container by a pointer that is null while the object of a class
/// ends: what is in there does not lead to that object.
bool FunctionLowering::takesOutNothing(llvm::ArrayRef<const Expr *> Args, const FunctionDecl &Callee,
                                       const Expr *Object) {
  const std::optional<Fact> &Ends = U.Calls.learn(Callee, Object).EndsOne;
  const Expr *Key = Object && Ends ? keyOf(*Ends, Args) : nullptr;
  auto *Cast = Key ? llvm::dyn_cast<clang::CXXDynamicCastExpr>(Key->IgnoreImplicit()) : nullptr;
  return Cast && isNotYetOrAnyMore(Cast);
}

/// The argument by which \p Ends, which a model tells, names what it ends; null if it is none.
const Expr *FunctionLowering::keyOf(const Fact &Ends, llvm::ArrayRef<const Expr *> Args) const {
  const Root &Key = U.Out.Storage.rootOf(Ends.By);
  return Key.Kind == RootKind::Arg && Key.Index < Args.size() ? Args[Key.Index] : nullptr;
}

/// What is called is a value: a pointer to a function or to a member, a block.
FunctionLowering::Outcome FunctionLowering::callValue(const clang::CallExpr *E, PathId Into) {
  Call Site;
  const Expr *Callee = E->getCallee()->IgnoreParens();
  if (auto *Bound = llvm::dyn_cast<clang::BinaryOperator>(Callee); Bound && Bound->isPtrMemOp()) {
    PathId Object = placeOfObject(Bound->getLHS(), Bound->getOpcode() == clang::BO_PtrMemI);
    Site.This = addressOf(Object, Reason::This, Bound->getLHS());
    Site.Through = cell(value(Bound->getRHS()), Bound->getRHS());
  } else if (Callee->getType()->isFunctionType() && Callee->isGLValue()) {
    Site.Through = addressOf(place(Callee), Reason::None, Callee);
  } else {
    Site.Through = cell(value(E->getCallee()), E->getCallee());
  }
  llvm::SmallVector<const Expr *, 8> Args(E->arguments());
  arguments(Site, Args, nullptr, E);
  PathId Result = Site.Result = resultCell(E->getCallReturnType(U.AST), Into);
  finishCall(std::move(Site), nullptr, E);
  return {Result, false};
}

/// An assignment of objects that the language itself defines, or that no model describes, is a fact and not a call.
/// Sets \p Left to the storage that the expression then denotes.
bool FunctionLowering::assignObject(const clang::CXXOperatorCallExpr *E, PathId &Left) {
  auto *Method = llvm::dyn_cast_or_null<CXXMethodDecl>(E->getDirectCallee());
  if (!Method || E->getOperator() != clang::OO_Equal || E->getNumArgs() != 2) return false;
  if (!Method->isCopyAssignmentOperator() && !Method->isMoveAssignmentOperator()) return false;
  if (isDescribed(Method)) return false;
  PathId Right = place(E->getArg(1));
  use(Right, Access::Read, at(E));
  Left = place(E->getArg(0));
  use(Left, Access::Write, at(E));
  bool Move = Method->isMoveAssignmentOperator() && !Method->isTrivial();
  if (U.Kinds.carryLoans(U.AST.getCanonicalTagType(Method->getParent())))
    copy(Left, Right, Reason::Assign, at(E), Move ? FactKind::Move : FactKind::Copy);
  return true;
}

void FunctionLowering::callConstructor(PathId Object, const CXXConstructorDecl *Constructor,
                                       llvm::ArrayRef<const Expr *> Args, const Expr *E) {
  if (U.Calls.learn(*Constructor).Idle) {
    for (const Expr *Arg : Args) discard(Arg);
    return;
  }
  Call Site;
  arguments(Site, Args, Constructor, E);
  Site.Callee = U.Named.function(*Constructor);
  Site.This = addressOf(Object, Reason::This, E);
  finishCall(std::move(Site), Constructor, E);
}

/// A constructor that was inherited passes its parameters on to the base's, as if that had been called with what was
/// given to it ([class.inhctor.init]).
void FunctionLowering::callInheritedConstructor(PathId Object, const clang::CXXInheritedCtorInitExpr *E) {
  Call Site;
  for (const clang::ParmVarDecl *P : D.Function->parameters()) {
    PathId Given = Variables[P];
    if (P->getType()->isRecordType() && U.Kinds.carryLoans(P->getType())) {
      PathId Cell = B.newTemp();
      live(Cell, P->getType(), at(E));
      copy(Cell, Given, Reason::Argument, at(E), FactKind::Move);
      Given = Cell;
    }
    Site.Args.push_back(Given);
  }
  Site.Callee = U.Named.function(*E->getConstructor());
  Site.This = addressOf(Object, Reason::This, E);
  finishCall(std::move(Site), E->getConstructor(), E);
}

void FunctionLowering::finishCall(Call Site, const FunctionDecl *Callee, const Expr *E) {
  mayThrow();
  const Library::Entry *Known = Callee ? &U.Calls.learn(*Callee) : nullptr;
  const MethodModel *Model = Known ? Known->Model : nullptr;
  if (Known && !Known->Known) declareOwnersOfCall(U, *Callee);
  if (!Model) return B.add(std::move(Site), at(E));
  if (Model->needsResult() && !Site.Result) Site.Result = B.newTemp();
  if (Known->EndsWithResult) B.keepTests();
  // A container makes its new element of the arguments before it moves the old ones: they may be arguments.
  bool Destroys = Known->Destroys;
  if (auto *Method = llvm::dyn_cast<CXXMethodDecl>(Callee); Method && Known->EndsOwned && Site.This) {
    const clang::CXXRecordDecl *Class =
        Known->AskedFor ? Known->AskedFor : Method->getParent(); // may have inherited it
    runInside(deref(Site.This), U.AST.getCanonicalTagType(Class), at(E));
  }
  llvm::SmallVector<Construction, 1> Inside, Elsewhere;
  for (const Construction &C : Known->Constructed)
    (!Destroys && U.Out.Storage.rootOf(C.Into).Kind == RootKind::This ? Inside : Elsewhere).push_back(C);
  constructInPlace(Site, Inside, Callee, E);
  weakenArguments(Site, *Callee, E);
  if (!Model->pure()) B.add(Site, at(E));
  convertInside(Site, *Callee, E);
  constructInPlace(Site, Elsewhere, Callee, E);
}
