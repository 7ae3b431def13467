#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"

using namespace refleak;

void FunctionLowering::jumpTo(JumpTarget Target) {
  leave(Target.Depth);
  B.jump(Target.To);
}

/// How many of the cleanups \p Open stand at the label too.
static size_t commonDepth(llvm::ArrayRef<Cleanup> Open, llvm::ArrayRef<uint32_t> AtLabel) {
  size_t Same = 0;
  while (Same < Open.size() && Same < AtLabel.size() && Open[Same].Number == AtLabel[Same]) ++Same;
  return Same;
}

void FunctionLowering::gotoStatement(const clang::GotoStmt *S) {
  if (!B.reachable()) return;
  Label &L = Labels[S->getLabel()];
  if (L.Placed) return jumpTo({L.To, commonDepth(Cleanups, L.Open)});
  L.Pending.push_back({B.current(), Cleanups});
  B.stop();
}

void FunctionLowering::label(const clang::LabelStmt *S) {
  Label L = std::move(Labels[S->getDecl()]);
  L.To = B.newBlock();
  L.Placed = true;
  for (const Cleanup &C : Cleanups) L.Open.push_back(C.Number);
  B.jump(L.To);
  for (PendingGoto &From : L.Pending) {
    std::swap(Cleanups, From.Open);
    B.enter(From.From);
    jumpTo({L.To, commonDepth(Cleanups, L.Open)});
    std::swap(Cleanups, From.Open);
  }
  L.Pending.clear();
  BlockId To = L.To;
  Labels[S->getDecl()] = std::move(L);
  B.enter(To);
  statement(S->getSubStmt());
}

/// Where an exception goes that is thrown while the first \p Open cleanups stand: their ends down to the
/// innermost try block, then its handlers.
BlockId FunctionLowering::landing(size_t Open) {
  if (Open <= Tries.back().Depth) return Tries.back().Dispatch;
  if (Cleanups[Open - 1].Landing) return Cleanups[Open - 1].Landing;
  BlockId Before = B.current(), Here = B.newBlock();
  Cleanups[Open - 1].Landing = Here;
  B.enter(Here);
  destroy(Cleanup(Cleanups[Open - 1]));
  if (B.reachable()) {
    BlockId End = B.current();
    BlockId Next = landing(Open - 1);
    B.enter(End);
    B.jump(Next);
  }
  B.enter(Before);
  return Here;
}

void FunctionLowering::mayThrow() {
  if (Tries.empty() || !B.reachable()) return;
  BlockId Handler = landing(Cleanups.size());
  BlockId Next = B.newBlock();
  B.fork(Handler);
  B.jump(Next);
  B.enter(Next);
}

void FunctionLowering::tryStatement(const clang::CXXTryStmt *S) {
  BlockId Dispatch = B.newBlock(), After = B.newBlock(), Start = B.newBlock();
  B.fork(Dispatch);
  B.jump(Start);
  B.enter(Start);
  Tries.push_back({Dispatch, Cleanups.size()});
  statement(S->getTryBlock());
  Tries.pop_back();
  B.jump(After);

  bool CatchesAll = false;
  for (unsigned I = 0; I != S->getNumHandlers(); ++I) {
    const clang::CXXCatchStmt *Handler = S->getHandler(I);
    CatchesAll |= !Handler->getExceptionDecl();
    BlockId Body = B.newBlock();
    B.enter(Dispatch);
    B.fork(Body);
    B.enter(Body);
    size_t Outside = Cleanups.size();
    clang::SourceLocation OldEnd = std::exchange(ScopeEnd, Handler->getEndLoc());
    if (const clang::VarDecl *V = Handler->getExceptionDecl()) variable(V, Reason::Init);
    statement(Handler->getHandlerBlock());
    pop(Outside);
    ScopeEnd = OldEnd;
    B.jump(After);
  }
  if (!CatchesAll && !Tries.empty()) {
    B.enter(Dispatch);
    B.fork(landing(Cleanups.size()));
  }
  B.enter(After);
}

void FunctionLowering::throwObject(const clang::CXXThrowExpr *E) {
  if (const clang::Expr *Operand = E->getSubExpr()) {
    PathId Exception = B.newTemp();
    live(Exception, Operand->getType(), at(E));
    initialise(Exception, Operand->getType(), Operand, Reason::Init);
  }
  mayThrow();
  B.stop();
}
