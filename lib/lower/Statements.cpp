#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::Expr;
using clang::Stmt;

void FunctionLowering::statement(const Stmt *S) {
  ++Elements;
  if (overBudget()) return B.stop();
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  if (Depth > U.Options.MaxDepth) return giveUp("nested too deeply", S);
  switch (S->getStmtClass()) {
  case Stmt::CompoundStmtClass:
    return compound(llvm::cast<clang::CompoundStmt>(S));
  case Stmt::DeclStmtClass:
    return declaration(llvm::cast<clang::DeclStmt>(S));
  case Stmt::IfStmtClass:
    return ifStatement(llvm::cast<clang::IfStmt>(S));
  case Stmt::WhileStmtClass:
    return whileLoop(llvm::cast<clang::WhileStmt>(S));
  case Stmt::DoStmtClass:
    return doLoop(llvm::cast<clang::DoStmt>(S));
  case Stmt::ForStmtClass:
    return forLoop(llvm::cast<clang::ForStmt>(S));
  case Stmt::CXXForRangeStmtClass:
    return rangeFor(llvm::cast<clang::CXXForRangeStmt>(S));
  case Stmt::SwitchStmtClass:
    return switchStatement(llvm::cast<clang::SwitchStmt>(S));
  case Stmt::CaseStmtClass:
  case Stmt::DefaultStmtClass:
    return switchCase(llvm::cast<clang::SwitchCase>(S));
  case Stmt::ReturnStmtClass:
    return returnStatement(llvm::cast<clang::ReturnStmt>(S));
  case Stmt::CoreturnStmtClass:
    return coreturnStatement(llvm::cast<clang::CoreturnStmt>(S));
  case Stmt::BreakStmtClass:
    return jumpTo(Break);
  case Stmt::ContinueStmtClass:
    return jumpTo(Continue);
  case Stmt::GotoStmtClass:
    return gotoStatement(llvm::cast<clang::GotoStmt>(S));
  case Stmt::LabelStmtClass:
    return label(llvm::cast<clang::LabelStmt>(S));
  case Stmt::CXXTryStmtClass:
    return tryStatement(llvm::cast<clang::CXXTryStmt>(S));
  case Stmt::AttributedStmtClass:
    return statement(llvm::cast<clang::AttributedStmt>(S)->getSubStmt());
  case Stmt::NullStmtClass:
    return;
  case Stmt::IndirectGotoStmtClass:
    giveUp("computed goto", S);
    return B.stop();
  case Stmt::GCCAsmStmtClass:
  case Stmt::MSAsmStmtClass:
    return giveUp("inline assembly", S);
  default:
    break;
  }
  if (auto *E = llvm::dyn_cast<Expr>(S)) return fullExpression(E);
  giveUp(S->getStmtClassName(), S);
}

void FunctionLowering::statementInScope(const Stmt *S) {
  size_t Outside = Cleanups.size();
  llvm::SaveAndRestore End(ScopeEnd, S->getEndLoc());
  statement(S);
  pop(Outside);
}

void FunctionLowering::compound(const clang::CompoundStmt *S) {
  size_t Outside = Cleanups.size();
  llvm::SaveAndRestore End(ScopeEnd, S->getRBracLoc());
  for (const Stmt *One : S->body()) statement(One);
  pop(Outside);
}

void FunctionLowering::fullExpression(const Expr *E) {
  size_t First = Temporaries.size();
  discard(E);
  endTemporaries(First);
}

/// A chain of else-ifs is a loop here: it may be long.
void FunctionLowering::ifStatement(const clang::IfStmt *S) {
  size_t Outside = Cleanups.size();
  llvm::SaveAndRestore End(ScopeEnd, S->getEndLoc());
  BlockId After = B.newBlock();
  for (const Stmt *Next = S; Next;) {
    S = llvm::dyn_cast<clang::IfStmt>(Next);
    if (!S) {
      statementInScope(Next);
      break;
    }
    ++Elements;
    if (S->getInit()) statement(S->getInit());
    if (S->isConsteval()) {
      Next = S->isNonNegatedConsteval() ? S->getElse() : S->getThen();
      continue;
    }
    if (const clang::VarDecl *V = S->getConditionVariable()) variable(V, Reason::Init);
    if (S->isConstexpr())
      if (std::optional<const Stmt *> Taken = S->getNondiscardedCase(U.AST)) {
        Next = *Taken;
        continue;
      }
    BlockId Then = B.newBlock(), Else = B.newBlock();
    branch(S->getCond(), Then, Else);
    B.enter(Then);
    statementInScope(S->getThen());
    leave(Outside);
    B.jump(After);
    B.enter(Else);
    Next = S->getElse();
  }
  pop(Outside);
  B.jump(After);
  B.enter(After);
}

void FunctionLowering::switchStatement(const clang::SwitchStmt *S) {
  size_t Outside = Cleanups.size();
  llvm::SaveAndRestore End(ScopeEnd, S->getBody()->getEndLoc());
  if (S->getInit()) statement(S->getInit());
  if (const clang::VarDecl *V = S->getConditionVariable()) variable(V, Reason::Init);
  fullExpression(S->getCond());

  BlockId After = B.newBlock();
  SwitchTarget Here{B.current(), false, Cleanups.size()};
  llvm::SaveAndRestore OldSwitch(Switch, &Here);
  llvm::SaveAndRestore OldBreak(Break, JumpTarget{After, Cleanups.size()});
  B.stop();
  statementInScope(S->getBody());
  B.jump(After);
  if (!Here.HasDefault && !S->isAllEnumCasesCovered() && Here.Head) {
    B.enter(Here.Head);
    B.fork(After);
  }
  B.enter(After);
  pop(Outside);
}

/// `case 1: case 2: ...` is a loop here, too.
void FunctionLowering::switchCase(const clang::SwitchCase *S) {
  BlockId To = B.newBlock();
  B.jump(To);
  for (;;) {
    ++Elements;
    if (llvm::isa<clang::DefaultStmt>(S)) Switch->HasDefault = true;
    auto *Next = llvm::dyn_cast<clang::SwitchCase>(S->getSubStmt());
    if (!Next) break;
    S = Next;
  }
  if (Switch->Head) {
    B.enter(Switch->Head);
    B.fork(To);
  }
  B.enter(To);
  statement(S->getSubStmt());
}

void FunctionLowering::returnStatement(const clang::ReturnStmt *S) {
  size_t First = Temporaries.size();
  const auto *F = D.Function;
  PathId Elided;
  Reason Why = Reason::Return;
  if (const clang::VarDecl *V = S->getNRVOCandidate()) {
    Elided = Variables.lookup(V);
    if (isReturnedInMemory(V->getType())) Why = Reason::Elided;
  }
  if (const Expr *E = S->getRetValue()) {
    if (Elided) // the variable may be the result itself: nothing is called
      copy(B.root(RootKind::Ret), Elided, Why, at(E), FactKind::Move);
    else if (!F || F->getReturnType()->isVoidType() || llvm::isa<clang::CXXConstructorDecl>(F))
      discard(E);
    else if (B.isFlag(B.root(RootKind::Ret)))
      returnFlag(E);
    else
      initialise(B.root(RootKind::Ret), F->getReturnType(), E, Reason::Return);
  }
  endTemporaries(First);
  llvm::SaveAndRestore Same(NrvoObject, Elided);
  jumpTo(Return);
}

//===- Declarations -----------------------------------------------------------------------------------------------===//

void FunctionLowering::declaration(const clang::DeclStmt *S) {
  for (const clang::Decl *One : S->decls()) {
    if (auto *V = llvm::dyn_cast<clang::VarDecl>(One))
      variable(V, Reason::Init);
    else if (auto *Class = llvm::dyn_cast<clang::CXXRecordDecl>(One))
      collectDefinitions(U, *Class);
  }
}

void FunctionLowering::variable(const clang::VarDecl *V, Reason Why) {
  Span At = U.Where.token(V->getLocation());
  if (V->isInvalidDecl()) return giveUp("invalid declaration", At);
  if (!V->hasLocalStorage()) return staticLocal(V);
  PathId Storage = B.newLocal(V->isImplicit() ? std::string() : V->getNameAsString(), At);
  Variables[V] = Storage;
  live(Storage, V->getType(), At);
  if (V->getType()->isIntegralOrEnumerationType()) B.declareFlag(Storage, At);
  initialiseDeclared(V, Storage, Why);
  pushCleanup(Storage, V->getType(), End::Scope, ScopeEnd);
  if (auto *Whole = llvm::dyn_cast<clang::DecompositionDecl>(V)) bindings(Whole);
}

void FunctionLowering::initialiseDeclared(const clang::VarDecl *V, PathId Storage, Reason Why) {
  const Expr *Init = V->getInit();
  if (!Init) return;
  size_t First = Temporaries.size();
  if (!setFlagByAddresses(Storage, Init)) {
    llvm::SaveAndRestore Asking(Asked, callInto(Storage, Init));
    initialise(Storage, V->getType(), Init, Why);
    setFlag(Storage, Init);
  }
  endTemporaries(First);
}

/// Initialised the first time only.
void FunctionLowering::staticLocal(const clang::VarDecl *V) {
  if (!V->getInit() || !V->isStaticLocal()) return;
  BlockId First = B.newBlock(), After = B.newBlock();
  B.fork(First);
  B.fork(After);
  B.enter(First);
  PathId Storage = B.named(RootKind::Global, U.Named.global(*V));
  if (U.Kinds.carryLoans(V->getType())) live(Storage, V->getType(), U.Where.token(V->getLocation()));
  initialiseDeclared(V, Storage, Reason::Init);
  B.jump(After);
  B.enter(After);
}

/// The names of a structured binding are paths into its hidden variable. Only for tuple-like types the standard makes
/// variables of them, each bound to what get returns; those of std::pair are its members all the same.
void FunctionLowering::bindings(const clang::DecompositionDecl *Parts) {
  PathId Whole = placeOfVariable(Parts, false);
  const clang::CXXRecordDecl *Class = Parts->getType().getNonReferenceType()->getAsCXXRecordDecl();
  bool OfPair = Class && Class->isInStdNamespace() && Class->getIdentifier() && Class->getName() == "pair";
  unsigned Index = 0;
  for (const clang::BindingDecl *One : Parts->flat_bindings()) {
    const clang::VarDecl *Variable = One->getHoldingVar();
    unsigned Here = Index++;
    if (!Variable) continue;
    if (OfPair)
      Bindings[One] = member(Whole, *std::next(Class->field_begin(), Here));
    else
      variable(Variable, Reason::Bind);
  }
}
