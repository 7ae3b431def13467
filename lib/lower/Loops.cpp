#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;

void FunctionLowering::whileLoop(const clang::WhileStmt *S) {
  BlockId Head = B.newBlock(), Body = B.newBlock(), After = B.newBlock();
  JumpTarget OldBreak = std::exchange(Break, {After, Cleanups.size()});
  JumpTarget OldContinue = std::exchange(Continue, {Head, Cleanups.size()});
  clang::SourceLocation OldEnd = std::exchange(ScopeEnd, S->getBody()->getEndLoc());
  size_t Outside = Cleanups.size();
  B.jump(Head);
  B.enter(Head);
  if (const clang::VarDecl *V = S->getConditionVariable()) {
    BlockId Leaving = B.newBlock();
    variable(V, Reason::Init);
    branch(S->getCond(), Body, Leaving);
    B.enter(Leaving);
    leave(Outside);
    B.jump(After);
  } else {
    branch(S->getCond(), Body, After);
  }
  B.enter(Body);
  statementInScope(S->getBody());
  pop(Outside);
  B.jump(Head);
  B.enter(After);
  Break = OldBreak, Continue = OldContinue, ScopeEnd = OldEnd;
}

void FunctionLowering::doLoop(const clang::DoStmt *S) {
  BlockId Body = B.newBlock(), Test = B.newBlock(), After = B.newBlock();
  JumpTarget OldBreak = std::exchange(Break, {After, Cleanups.size()});
  JumpTarget OldContinue = std::exchange(Continue, {Test, Cleanups.size()});
  B.jump(Body);
  B.enter(Body);
  statementInScope(S->getBody());
  B.jump(Test);
  B.enter(Test);
  branch(S->getCond(), Body, After);
  B.enter(After);
  Break = OldBreak, Continue = OldContinue;
}

void FunctionLowering::forLoop(const clang::ForStmt *S) {
  size_t Outside = Cleanups.size();
  clang::SourceLocation OldEnd = std::exchange(ScopeEnd, S->getBody()->getEndLoc());
  if (S->getInit()) statement(S->getInit());
  size_t Inside = Cleanups.size();
  BlockId Head = B.newBlock(), Body = B.newBlock(), Step = B.newBlock(), Leaving = B.newBlock(), After = B.newBlock();
  JumpTarget OldBreak = std::exchange(Break, {After, Inside});
  JumpTarget OldContinue = std::exchange(Continue, {Step, Inside});
  B.jump(Head);
  B.enter(Head);
  if (const clang::VarDecl *V = S->getConditionVariable()) variable(V, Reason::Init);
  if (S->getCond())
    branch(S->getCond(), Body, Leaving);
  else
    B.jump(Body);
  B.enter(Leaving);
  leave(Inside);
  B.jump(After);
  B.enter(Body);
  statementInScope(S->getBody());
  pop(Inside);
  B.jump(Step);
  B.enter(Step);
  if (S->getInc()) fullExpression(S->getInc());
  B.jump(Head);
  B.enter(After);
  Break = OldBreak, Continue = OldContinue, ScopeEnd = OldEnd;
  pop(Outside);
}

void FunctionLowering::rangeFor(const clang::CXXForRangeStmt *S) {
  size_t Outside = Cleanups.size();
  clang::SourceLocation OldEnd = std::exchange(ScopeEnd, S->getBody()->getEndLoc());
  if (S->getInit()) statement(S->getInit());
  for (const clang::DeclStmt *Hidden : {S->getRangeStmt(), S->getBeginStmt(), S->getEndStmt()})
    if (Hidden) variable(llvm::cast<clang::VarDecl>(Hidden->getSingleDecl()), Reason::RangeFor);
  size_t Inside = Cleanups.size();
  BlockId Head = B.newBlock(), Body = B.newBlock(), Step = B.newBlock(), After = B.newBlock();
  JumpTarget OldBreak = std::exchange(Break, {After, Inside});
  JumpTarget OldContinue = std::exchange(Continue, {Step, Inside});
  B.jump(Head);
  B.enter(Head);
  branch(S->getCond(), Body, After);
  B.enter(Body);
  variable(S->getLoopVariable(), Reason::Init);
  {
    llvm::SaveAndRestore Walking(Walked, S);
    statementInScope(S->getBody());
  }
  pop(Inside);
  B.jump(Step);
  B.enter(Step);
  fullExpression(S->getInc());
  B.jump(Head);
  B.enter(After);
  Break = OldBreak, Continue = OldContinue, ScopeEnd = OldEnd;
  pop(Outside);
}
