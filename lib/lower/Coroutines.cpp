//===- Coroutines.cpp - Bodies that are left before they have ended -----------------------------------------------===//
//
// A coroutine runs in a frame of its own. The frame has copies of the parameters, but no copy of what a reference, a
// pointer or `this` leads to, and a closure that is a coroutine reads its captures out of the closure object each time
// it goes on ([dcl.fct.def.coroutine]/13). So a call of a coroutine is like the making of a closure: what it gives back
// holds, as captures, what the body needs after it has been left for the first time. They lie inside the handle of the
// frame, so that they go where it goes. A class without room for a handle (`struct Detached {}`) leaves the frame to
// itself: a global keeps it, as one keeps detached threads.
//
// The body is walked as any other. What others do while it is left is not known here.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::Expr;
using clang::QualType;
using clang::Stmt;

static bool isStd(const CXXRecordDecl *Class, llvm::StringRef Name) {
  return Class && Class->isInStdNamespace() && Class->getIdentifier() && Class->getName() == Name;
}

bool FunctionLowering::isCoroutineHandle(QualType T) { return isStd(T->getAsCXXRecordDecl(), "coroutine_handle"); }

/// Whether objects of \p T are what coroutines give back.
static bool isTask(QualType T) {
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class || !Class->hasDefinition()) return false;
  return !Class->lookup(&Class->getASTContext().Idents.get("promise_type")).empty();
}

//===- What is needed later ---------------------------------------------------------------------------------------===//

namespace {

/// What the body mentions of what it was given, once it may have been left.
class NeededLater {
public:
  struct Mention {
    const clang::ParmVarDecl *Parameter; ///< null: `this`, or a capture
    const Expr *First;
  };
  llvm::SmallVector<Mention, 4> Found;

  /// \p Lazy: the frame is left before the body begins.
  NeededLater(const clang::CoroutineBodyStmt &Code, bool Lazy) : Left(Lazy) { walk(Code.getBody()); }

private:
  bool Left;

  void walk(const Stmt *S) {
    if (!S) return;
    if (auto *Lambda = llvm::dyn_cast<clang::LambdaExpr>(S)) {
      for (const Expr *Init : Lambda->capture_inits()) walk(Init);
      return;
    }
    if (auto *Suspension = llvm::dyn_cast<clang::CoroutineSuspendExpr>(S)) {
      walk(Suspension->getOperand());
      Left |= !isStd(Suspension->getOperand()->getType()->getAsCXXRecordDecl(), "suspend_never");
      lendTo(Suspension->getOperand());
      return;
    }
    if (llvm::isa<clang::DeclRefExpr, clang::CXXThisExpr>(S)) return mention(llvm::cast<Expr>(S));
    bool Before = Left;
    for (const Stmt *Child : S->children()) walk(Child);
    // What one round mentions before the frame is left, the next one mentions after.
    if (!Before && Left && llvm::isa<clang::WhileStmt, clang::DoStmt, clang::ForStmt, clang::CXXForRangeStmt>(S))
      for (const Stmt *Child : S->children()) walk(Child);
  }

  void mention(const Expr *E) {
    if (!Left) return;
    const clang::ParmVarDecl *Parameter = nullptr;
    if (auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E); Name && !Name->refersToEnclosingVariableOrCapture()) {
      Parameter = llvm::dyn_cast<clang::ParmVarDecl>(Name->getDecl());
      if (!Parameter) return;
    }
    if (llvm::none_of(Found, [&](const Mention &Known) { return Known.Parameter == Parameter; }))
      Found.push_back({Parameter, E});
  }

  /// A coroutine that is awaited needs what it was lent as long as it is left itself.
  void lendTo(const Expr *Awaited) {
    auto *Call = llvm::dyn_cast<clang::CallExpr>(Awaited->IgnoreImplicit());
    const clang::FunctionDecl *Callee = Call ? Call->getDirectCallee() : nullptr;
    if (!Callee || !isTask(Call->getType())) return;
    auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(Callee);
    llvm::ArrayRef<const Expr *> Args(Call->getArgs(), Call->getNumArgs());
    if (auto *OfMember = llvm::dyn_cast<clang::CXXMemberCallExpr>(Call)) {
      mentionOwner(OfMember->getImplicitObjectArgument());
    } else if (llvm::isa<clang::CXXOperatorCallExpr>(Call) && Method && Method->isInstance()) {
      mentionOwner(Args.front());
      Args = Args.drop_front();
    }
    for (const auto &[Parameter, Arg] : llvm::zip(Callee->parameters(), Args))
      if (Parameter->getType()->isReferenceType()) mentionOwner(Arg);
  }

  void mentionOwner(const Expr *Lent) {
    Lent = Lent->IgnoreParenImpCasts();
    while (auto *Part = llvm::dyn_cast<clang::MemberExpr>(Lent)) Lent = Part->getBase()->IgnoreParenImpCasts();
    if (llvm::isa<clang::DeclRefExpr, clang::CXXThisExpr>(Lent)) mention(Lent);
  }
};

} // namespace

//===- The frame --------------------------------------------------------------------------------------------------===//

/// Where in the object \p Task the handle of its frame lies; the object itself if that is not to be seen.
PathId FunctionLowering::frameHandle(PathId Task, QualType T) {
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  for (unsigned Level = 0; Class && Class->hasDefinition() && Level != 4; ++Level) {
    const CXXRecordDecl *Base = nullptr;
    for (const clang::CXXBaseSpecifier &Each : Class->bases())
      if (const CXXRecordDecl *Of = Each.getType()->getAsCXXRecordDecl(); Of && Of->hasDefinition() && !Of->isEmpty())
        Base = Of;
    for (const clang::FieldDecl *Field : Class->fields())
      if (isCoroutineHandle(Field->getType())) return field(Task, Field);
    Class = Base;
  }
  return Task;
}

/// The cell that holds what the frame of the coroutine that is being lowered needs.
PathId FunctionLowering::frameOfThis() {
  QualType Result = D.Function->getReturnType();
  const CXXRecordDecl *Class = Result->getAsCXXRecordDecl();
  bool Detached = !Class || !Class->hasDefinition() || Class->isEmpty();
  return inlined(Detached ? B.named(RootKind::Global, U.Out.Symbols.intern("detached_coroutines"))
                          : frameHandle(B.root(RootKind::Ret), Result));
}

/// The promise lies in the frame, which ends when somebody who has the handle destroys it.
void FunctionLowering::promise(const clang::CoroutineBodyStmt &Code) {
  const clang::VarDecl *Promise = Code.getPromiseDecl();
  PathId Result = B.root(RootKind::Ret);
  PathId Handle = frameHandle(Result, D.Function->getReturnType());
  if (Handle == Result) return statement(Code.getPromiseDeclStmt());
  Span At = U.Where.token(Promise->getLocation());
  PathId Object = Variables[Promise] = B.newHeap();
  live(Object, Promise->getType(), At);
  initialiseDeclared(Promise, Object, Reason::Init);
  borrow(Handle, Object, LoanKind::Ref, Reason::New, At);
}

void FunctionLowering::coroutine(const clang::CoroutineBodyStmt &Code) {
  const auto *Init = llvm::dyn_cast_or_null<Expr>(Code.getInitSuspendStmt());
  auto *Suspend = Init ? llvm::dyn_cast<clang::CoawaitExpr>(Init->IgnoreImplicit()) : nullptr;
  bool Lazy = Suspend && isStd(Suspend->getOperand()->getType()->getAsCXXRecordDecl(), "suspend_always");
  promise(Code);
  PathId Frame = frameOfThis();
  for (const NeededLater::Mention &Each : NeededLater(Code, Lazy).Found) {
    Span At = at(Each.First);
    if (!Each.Parameter) {
      borrow(Frame, deref(B.root(RootKind::This)), LoanKind::Ref, Reason::Frame, At);
    } else if (Each.Parameter->getType()->isReferenceType()) {
      borrow(Frame, deref(Variables.lookup(Each.Parameter)), LoanKind::Ref, Reason::Frame, At);
    } else if (U.Kinds.carryLoans(Each.Parameter->getType())) {
      copy(Frame, Variables.lookup(Each.Parameter), Reason::Frame, At);
    }
  }
  statement(Code.getBody());
}

const Expr *FunctionLowering::resumed(const clang::CoroutineSuspendExpr &E) {
  PathId Awaiter = place(E.getCommonExpr());
  OpaquePlaces[E.getOpaqueValue()] = Awaiter;
  Fact &Wait = B.add(FactKind::Use, at(&E));
  Wait.Src = inlined(frameHandle(Awaiter, E.getCommonExpr()->getType()));
  Wait.How = Access::Value;
  return E.getResumeExpr();
}

/// After a call of \p Callee on \p Object: a handle may have destroyed its frame. `await_suspend(h) { h.destroy(); }`
/// ends the awaiter, which lies in the frame ([expr.await]/3.4).
void FunctionLowering::endFrame(const Expr *Object, const clang::FunctionDecl &Callee, Span At) {
  auto isNamed = [](const clang::FunctionDecl *F, llvm::StringRef Name) {
    auto *Method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(F);
    return Method && Method->isInstance() && Method->getIdentifier() && Method->getName() == Name;
  };
  if (!Object || !isCoroutineHandle(Object->getType()) || !isNamed(&Callee, "destroy")) return;
  B.keepTests();
  auto *Handle = llvm::dyn_cast<clang::DeclRefExpr>(Object->IgnoreParenImpCasts());
  if (!isNamed(D.Function, "await_suspend") || !Handle || !llvm::isa<clang::ParmVarDecl>(Handle->getDecl())) return;
  Fact &Ends = B.add(FactKind::Expire, At);
  Ends.Src = deref(B.root(RootKind::This));
  Ends.Ending = End::Delete;
}

void FunctionLowering::coreturnStatement(const clang::CoreturnStmt *S) {
  size_t First = Temporaries.size();
  if (const Expr *Call = S->getPromiseCall()) discard(Call);
  endTemporaries(First);
  jumpTo(Return);
}
