//===- Atomics.cpp - The compiler's own atomic operations: reads and writes of the storage a pointer leads to -----===//
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"

using namespace refleak;
using clang::AtomicExpr;

namespace {

enum class AtomicKind : uint8_t { Load, Store, Exchange, CompareExchange, Other };

struct AtomicForm {
  AtomicKind Kind = AtomicKind::Other;
  bool ByPointer = false; ///< operands and result are passed by address
};

} // namespace

static AtomicForm formOf(const AtomicExpr *E) {
  switch (E->getOp()) {
  case AtomicExpr::AO__atomic_load_n:
  case AtomicExpr::AO__scoped_atomic_load_n:
  case AtomicExpr::AO__c11_atomic_load:
    return {AtomicKind::Load};
  case AtomicExpr::AO__atomic_load:
  case AtomicExpr::AO__scoped_atomic_load:
    return {AtomicKind::Load, true};
  case AtomicExpr::AO__atomic_store_n:
  case AtomicExpr::AO__scoped_atomic_store_n:
  case AtomicExpr::AO__c11_atomic_init:
  case AtomicExpr::AO__c11_atomic_store:
    return {AtomicKind::Store};
  case AtomicExpr::AO__atomic_store:
  case AtomicExpr::AO__scoped_atomic_store:
    return {AtomicKind::Store, true};
  case AtomicExpr::AO__atomic_exchange_n:
  case AtomicExpr::AO__scoped_atomic_exchange_n:
  case AtomicExpr::AO__c11_atomic_exchange:
    return {AtomicKind::Exchange};
  case AtomicExpr::AO__atomic_exchange:
  case AtomicExpr::AO__scoped_atomic_exchange:
    return {AtomicKind::Exchange, true};
  case AtomicExpr::AO__atomic_compare_exchange_n:
  case AtomicExpr::AO__scoped_atomic_compare_exchange_n:
  case AtomicExpr::AO__c11_atomic_compare_exchange_strong:
  case AtomicExpr::AO__c11_atomic_compare_exchange_weak:
    return {AtomicKind::CompareExchange};
  case AtomicExpr::AO__atomic_compare_exchange:
  case AtomicExpr::AO__scoped_atomic_compare_exchange:
    return {AtomicKind::CompareExchange, true};
  default:
    return {};
  }
}

Value FunctionLowering::valueOfAtomic(const AtomicExpr *E) {
  AtomicForm Form = formOf(E);
  clang::QualType T = E->getValueType();
  PathId Object = pointee(E->getPtr());
  auto operand = [&](const clang::Expr *Sub) { return Form.ByPointer ? Value::held(pointee(Sub)) : value(Sub); };
  auto write = [&](PathId Dst, Value V) {
    use(Dst, Access::Write, at(E));
    store(Dst, T, V, Reason::Assign, at(E));
  };
  switch (Form.Kind) {
  case AtomicKind::Load:
    use(Object, Access::Read, at(E));
    if (!Form.ByPointer) return Value::held(Object);
    write(pointee(E->getVal1()), Value::held(Object));
    return {};
  case AtomicKind::Store:
    write(Object, operand(E->getVal1()));
    return {};
  case AtomicKind::Exchange: {
    Value New = operand(E->getVal1());
    PathId Old = Form.ByPointer ? pointee(E->getVal2()) : B.newTemp();
    store(Old, T, Value::held(Object), Reason::None, at(E));
    write(Object, New);
    return Form.ByPointer || !U.Kinds.carryLoans(T) ? Value() : Value::held(Old);
  }
  case AtomicKind::CompareExchange: {
    PathId Expected = pointee(E->getVal1());
    Value New = operand(E->getVal2());
    BlockId Exchanged = B.newBlock(), Differs = B.newBlock(), After = B.newBlock();
    auto tell = [&](Truth Is) {
      if (E == Asked.Site) B.give(Asked.Result, Is, at(E));
    };
    B.fork(Exchanged);
    B.jump(Differs);
    B.enter(Exchanged);
    write(Object, New);
    tell(Truth::True);
    B.jump(After);
    B.enter(Differs);
    write(Expected, Value::held(Object));
    tell(Truth::False);
    B.jump(After);
    B.enter(After);
    return {};
  }
  case AtomicKind::Other:
    for (const clang::Stmt *Child : llvm::drop_begin(E->children()))
      if (auto *Sub = llvm::dyn_cast_or_null<clang::Expr>(Child)) discard(Sub);
    use(Object, Access::Write, at(E));
    return E->getType()->isPointerType() ? Value::held(Object) : Value();
  }
  return {};
}
