//===- Conditions.cpp - Where control goes, and what is known there -----------------------------------------------===//
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::Expr;

void FunctionLowering::branch(const Expr *Condition, BlockId True, BlockId False) {
  size_t First = Temporaries.size();
  BlockId WhenTrue = B.newBlock(), WhenFalse = B.newBlock();
  branchWithin(Condition, WhenTrue, WhenFalse);
  for (auto [From, To] : {std::pair(WhenTrue, True), std::pair(WhenFalse, False)}) {
    B.enter(From);
    expireTemporaries(First);
    B.jump(To);
  }
  Temporaries.truncate(First);
}

/// The enumerator that \p E names, if any.
static const clang::EnumConstantDecl *enumerator(const Expr *E) {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E);
  return Name ? llvm::dyn_cast<clang::EnumConstantDecl>(Name->getDecl()) : nullptr;
}

static std::optional<bool> constantCondition(const Expr *E, const clang::ASTContext &AST) {
  if (auto *Named = enumerator(E)) return Named->getInitVal().getBoolValue();
  if (auto *Literal = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(E)) return Literal->getValue();
  if (auto *Literal = llvm::dyn_cast<clang::IntegerLiteral>(E)) return Literal->getValue().getBoolValue();
  if (auto *Constant = llvm::dyn_cast<clang::ConstantExpr>(E))
    if (Constant->hasAPValueResult() && Constant->getAPValueResult().isInt())
      return Constant->getAPValueResult().getInt().getBoolValue();
  if (auto *Replaced = llvm::dyn_cast<clang::SubstNonTypeTemplateParmExpr>(E))
    return constantCondition(Replaced->getReplacement()->IgnoreParenImpCasts(), AST);
  bool Result;
  if (llvm::isa<clang::TypeTraitExpr, clang::UnaryExprOrTypeTraitExpr>(E) && !E->isValueDependent() &&
      E->EvaluateAsBooleanCondition(Result, AST))
    return Result;
  return std::nullopt;
}

/// Whether \p E depends on nothing but the value of one variable or member.
static bool looksAtOneValue(const Expr *E, const clang::ASTContext &AST) {
  E = E->IgnoreParenImpCasts();
  if (auto *Compared = llvm::dyn_cast<clang::BinaryOperator>(E); Compared && Compared->isComparisonOp()) {
    const Expr *Left = Compared->getLHS()->IgnoreParenImpCasts(), *Right = Compared->getRHS();
    if (!Right->isValueDependent() && Right->isEvaluatable(AST)) E = Left;
  }
  while (auto *Member = llvm::dyn_cast<clang::MemberExpr>(E))
    if (Member->isArrow())
      return false;
    else
      E = Member->getBase()->IgnoreParenImpCasts();
  return llvm::isa<clang::DeclRefExpr>(E);
}

void FunctionLowering::branchWithin(const Expr *E, BlockId True, BlockId False) {
  llvm::SaveAndRestore Deeper(Depth, Depth + 1);
  const Expr *Bare = E->IgnoreParenImpCasts();
  if (auto *Full = llvm::dyn_cast<clang::ExprWithCleanups>(Bare)) Bare = Full->getSubExpr()->IgnoreParenImpCasts();
  if (std::optional<bool> Constant = constantCondition(Bare, U.AST)) return B.jump(*Constant ? True : False);
  if (auto *Not = llvm::dyn_cast<clang::UnaryOperator>(Bare); Not && Not->getOpcode() == clang::UO_LNot)
    return branchWithin(Not->getSubExpr(), False, True);
  auto *Binary = llvm::dyn_cast<clang::BinaryOperator>(Bare);
  if (Binary && Binary->isLogicalOp() && Depth < U.Options.MaxDepth) {
    BlockId Right = B.newBlock();
    bool And = Binary->getOpcode() == clang::BO_LAnd;
    branchWithin(Binary->getLHS(), And ? Right : True, And ? False : Right);
    B.enter(Right);
    return branch(Binary->getRHS(), True, False); // nothing after it can refer to its temporaries
  }
  if (Binary && branchOnAddresses(Binary, True, False)) return;
  llvm::SaveAndRestore Asking(Asked, askedCall(Bare));
  {
    llvm::SaveAndRestore Deciding(DecidesLoop, Continue.To.valid() && looksAtOneValue(Bare, U.AST));
    discard(E);
  }
  std::optional<Test> Known = testOfOwner(Bare);
  if (!Known) Known = test(Bare);
  if (!Known) {
    B.fork(True);
    return B.jump(False);
  }
  BlockId When[] = {B.newBlock(), B.newBlock()};
  B.fork(When[0]);
  B.jump(When[1]);
  for (auto [Is, From, To] : {std::tuple(Known->IfTrue, When[0], True), std::tuple(Known->IfFalse, When[1], False)}) {
    B.enter(From);
    if (Is != Truth::Unknown) B.assume(Known->Flag, Is, at(E));
    B.jump(To);
  }
}

/// The flag that \p E names: a variable of this function's own, whose value only this function can change. Invalid if
/// it names none.
PathId FunctionLowering::flag(const Expr *E) {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreParenImpCasts());
  auto *V = Name ? llvm::dyn_cast<clang::VarDecl>(Name->getDecl()) : nullptr;
  if (!V || !(V->getType()->isIntegralOrEnumerationType() || V->getType()->isPointerType())) return PathId();
  if (V->getType().isVolatileQualified() || Captures.contains(V)) return PathId();
  return Variables.lookup(V);
}

/// The call that \p E is, if it may tell by its result what it did.
static const Expr *tellingCall(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (auto *Atomic = llvm::dyn_cast<clang::AtomicExpr>(E)) return Atomic->isCmpXChg() ? E : nullptr;
  auto *Site = llvm::dyn_cast<clang::CallExpr>(E);
  if (!Site || Site->isGLValue() || !Site->getType()->isIntegralOrEnumerationType()) return nullptr;
  auto *Method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(Site->getDirectCallee());
  return Site->getDirectCallee() && !(Method && Method->isVirtual()) ? Site : nullptr;
}

/// \p E, if it is such a call, whose result is the flag \p Flag.
FunctionLowering::AskedCall FunctionLowering::callInto(PathId Flag, const Expr *E) {
  const Expr *Site = B.isFlag(Flag) ? tellingCall(E) : nullptr;
  return Site && !U.Kinds.carryLoans(Site->getType()) ? AskedCall{Site, Flag} : AskedCall();
}

/// The call whose result the condition \p E is, or compares with a constant.
FunctionLowering::AskedCall FunctionLowering::askedCall(const Expr *E) {
  const Expr *Site = tellingCall(E);
  auto *Compared = llvm::dyn_cast<clang::BinaryOperator>(E);
  if (!Site && Compared && Compared->isEqualityOp())
    for (const Expr *Side : {Compared->getLHS(), Compared->getRHS()})
      if (!Site) Site = tellingCall(Side);
  if (!Site || U.Kinds.carryLoans(Site->getType())) return {};
  AskedCall Found{Site, B.newTemp()};
  B.declareFlag(Found.Result);
  return Found;
}

/// The cell of the pointer that \p E names: a variable as flag() has it, or a member of one object at hand.
PathId FunctionLowering::testedPointer(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  auto *Member = llvm::dyn_cast<clang::MemberExpr>(E);
  if (!Member || !llvm::isa<clang::FieldDecl>(Member->getMemberDecl())) return flag(E);
  const Expr *Object = Member->getBase()->IgnoreParenImpCasts();
  bool AtHand = llvm::isa<clang::CXXThisExpr, clang::DeclRefExpr>(Object);
  return AtHand && !E->getType().isVolatileQualified() ? place(Member) : PathId();
}

/// Whether \p E is a null pointer or a zero.
static bool isNull(const Expr *E, clang::ASTContext &AST) {
  return E->getType()->isNullPtrType() || E->isNullPointerConstant(AST, Expr::NPC_NeverValueDependent);
}

/// Whether \p E names the enumerator of an enumeration of two that is not 0, where the other one is.
static bool isOtherThanZero(const Expr *E) {
  const clang::EnumConstantDecl *Named = enumerator(E);
  if (!Named || Named->getInitVal() == 0) return false;
  auto All = llvm::cast<clang::EnumDecl>(Named->getDeclContext())->enumerators();
  return std::distance(All.begin(), All.end()) == 2 &&
         llvm::any_of(All, [](const clang::EnumConstantDecl *Each) { return Each->getInitVal() == 0; });
}

/// What each outcome of the condition \p E says of a flag.
std::optional<FunctionLowering::Test> FunctionLowering::test(const Expr *E) {
  if (auto *Compared = llvm::dyn_cast<clang::BinaryOperator>(E); Compared && Compared->isEqualityOp()) {
    const Expr *Left = Compared->getLHS(), *Right = Compared->getRHS();
    auto isZero = [&](const Expr *Each) {
      Each = Each->IgnoreParenImpCasts();
      return isNull(Each, U.AST) || (enumerator(Each) && enumerator(Each)->getInitVal() == 0);
    };
    auto isOther = [&](const Expr *Each) { return isOtherThanZero(Each->IgnoreParenImpCasts()); };
    if (isZero(Left) || isOther(Left)) std::swap(Left, Right);
    if (!isZero(Right) && !isOther(Right)) return std::nullopt;
    std::optional<Test> Found = test(Left->IgnoreParenImpCasts());
    if (Found && isZero(Right) == (Compared->getOpcode() == clang::BO_EQ)) std::swap(Found->IfTrue, Found->IfFalse);
    return Found;
  }
  if (E->getType()->isPointerType()) {
    PathId Cell = testedPointer(E);
    return Cell ? std::optional<Test>({Cell, Truth::Unknown, Truth::Null}) : std::nullopt;
  }
  PathId Flag = E == Asked.Site ? Asked.Result : flag(E);
  if (!Flag) return std::nullopt;
  return Test{Flag, Truth::True, Truth::False};
}

/// Whether \p Method tells by its name and type whether there is nothing in the object ([container.reqmts]).
static bool asksWhetherEmpty(const clang::CXXMethodDecl &Method) {
  llvm::StringRef Name = Method.getIdentifier() ? Method.getName() : "";
  bool Named = Name == "empty" || Name == "Empty" || Name == "isEmpty" || Name == "IsEmpty";
  return Named && Method.isConst() && Method.getNumParams() == 0 && Method.getReturnType()->isBooleanType();
}

/// Whether \p Class has a beginning and an end, as a container has.
static bool isRange(const clang::CXXRecordDecl &Class) {
  clang::IdentifierTable &Names = Class.getASTContext().Idents;
  return Class.hasMemberName(&Names.get("begin")) && Class.hasMemberName(&Names.get("end"));
}

/// What each outcome of the condition \p E, which has been read, says of a smart pointer or a container: whether it is
/// empty.
std::optional<FunctionLowering::Test> FunctionLowering::testOfOwner(const Expr *E) {
  auto isOwner = [&](const Expr *Object) {
    TypeKind Kind = U.Kinds.kind(Object->getType());
    return Kind == TypeKind::Own || Kind == TypeKind::Share || isCoroutineHandle(Object->getType());
  };
  if (auto *Converted = llvm::dyn_cast<clang::CXXMemberCallExpr>(E)) {
    const clang::CXXMethodDecl *Method = Converted->getMethodDecl();
    PathId Object = Method && !B.F.Calls.empty() ? B.F.Calls.back().This : PathId();
    if (!Object.valid()) return std::nullopt;
    if (asksWhetherEmpty(*Method)) {
      const ClassModel *Container = U.Kinds.model(Method->getParent());
      bool Owns = Container ? Container->kind() == TypeKind::Owner && Container->content() == ProjectionKind::Elem
                            : isRange(*Method->getParent());
      if (!Owns) return std::nullopt;
      return Test{U.Out.Storage.extend(deref(Object), {ProjectionKind::Elem, NameId()}), Truth::Null, Truth::Unknown};
    }
    if (!llvm::isa<clang::CXXConversionDecl>(Method) || !isOwner(Converted->getImplicitObjectArgument()))
      return std::nullopt;
    return Test{deref(Object), Truth::Unknown, Truth::Null};
  }
  auto *Compared = llvm::dyn_cast<clang::CXXOperatorCallExpr>(E);
  if (!Compared || Compared->getNumArgs() != 2 || B.F.Calls.empty()) return std::nullopt;
  bool Equal = Compared->getOperator() == clang::OO_EqualEqual;
  if (!Equal && Compared->getOperator() != clang::OO_ExclaimEqual) return std::nullopt;
  const std::vector<PathId> &Args = B.F.Calls.back().Args;
  for (unsigned I : {0u, 1u})
    if (isOwner(Compared->getArg(I)) && Compared->getArg(1 - I)->getType()->isNullPtrType() && Args.size() == 2 &&
        Args[I].valid())
      return Equal ? Test{deref(Args[I]), Truth::Null, Truth::Unknown}
                   : Test{deref(Args[I]), Truth::Unknown, Truth::Null};
  return std::nullopt;
}

/// What a pointer that is compared says of another one.
struct Comparand {
  PathId Cell;    ///< that holds the pointer; invalid when none does
  PathId Storage; ///< that it leads to
};

static Comparand comparand(const Value &V, Paths &Storage) {
  if (V.What == Value::Held) return {V.Path, Storage.deref(V.Path)};
  PathId Lent = V.Path;
  // The address of an array is that of its first element.
  if (V.Why == Reason::Decay && !Storage.isRoot(Lent) && Storage.last(Lent).Kind == ProjectionKind::Inline)
    Lent = Storage.base(Lent);
  bool Read = !Storage.isRoot(Lent) && Storage.last(Lent).Kind == ProjectionKind::Deref;
  return {Read ? Storage.base(Lent) : PathId(), Lent};
}

/// Whether \p E names a variable that the language made, such as the iterator of a range-for.
static bool isHidden(const Expr *E) {
  auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E->IgnoreParenImpCasts());
  return Name && Name->getDecl()->isImplicit();
}

/// Whether \p E compares two pointers that the program names, neither of which is null.
static bool comparesAddresses(const clang::BinaryOperator *E, clang::ASTContext &AST) {
  auto isAddress = [&](const Expr *Side) {
    return Side->getType()->isPointerType() && !isNull(Side->IgnoreParenImpCasts(), AST);
  };
  return E->isEqualityOp() && isAddress(E->getLHS()) && isAddress(E->getRHS()) && !isHidden(E->getLHS());
}

/// If \p E compares two pointers, goes on with what each outcome says of them.
bool FunctionLowering::branchOnAddresses(const clang::BinaryOperator *E, BlockId True, BlockId False) {
  if (!comparesAddresses(E, U.AST)) return false;
  Value Left = value(E->getLHS()), Right = value(E->getRHS());
  BlockId When[] = {B.newBlock(), B.newBlock()};
  B.fork(When[0]);
  B.jump(When[1]);
  bool Equal = E->getOpcode() == clang::BO_EQ;
  for (auto [Is, From, To] : {std::tuple(Equal ? Truth::On : Truth::Off, When[0], True),
                              std::tuple(Equal ? Truth::Off : Truth::On, When[1], False)}) {
    B.enter(From);
    if (Left && Right) {
      Comparand One = comparand(Left, U.Out.Storage), Other = comparand(Right, U.Out.Storage);
      if (One.Cell) B.assume(One.Cell, Is, at(E), Other.Storage);
      if (Other.Cell) B.assume(Other.Cell, Is, at(E), One.Storage);
    }
    B.jump(To);
  }
  return true;
}

void FunctionLowering::setFlag(PathId Flag, const Expr *E) {
  if (!B.isFlag(Flag)) return;
  if (std::optional<bool> Is = constantCondition(E->IgnoreParenImpCasts(), U.AST))
    B.assume(Flag, *Is ? Truth::True : Truth::False, at(E));
}

/// `return !failed() && take(x);`. Goes on in the two cases in which \p E is true and false, which \p Flag tells apart.
void FunctionLowering::setFlagInCases(PathId Flag, const Expr *E) {
  BlockId Cases[] = {B.newBlock(), B.newBlock()}, After = B.newBlock();
  branchWithin(E, Cases[0], Cases[1]);
  for (auto [Block, Is] : {std::pair(Cases[0], Truth::True), std::pair(Cases[1], Truth::False)}) {
    B.enter(Block);
    B.give(Flag, Is, at(E));
    B.jump(After);
  }
  B.enter(After);
}

/// Whether the outcome of \p E may tell what a call in it did, or that two pointers are equal.
static bool mayTell(const Expr *E, clang::ASTContext &AST) {
  E = E->IgnoreParenImpCasts();
  if (tellingCall(E)) return true;
  if (auto *Not = llvm::dyn_cast<clang::UnaryOperator>(E))
    return Not->getOpcode() == clang::UO_LNot && mayTell(Not->getSubExpr(), AST);
  auto *Binary = llvm::dyn_cast<clang::BinaryOperator>(E);
  if (!Binary || !(Binary->isLogicalOp() || Binary->isEqualityOp())) return false;
  const Expr *Left = Binary->getLHS()->IgnoreParenImpCasts(), *Right = Binary->getRHS()->IgnoreParenImpCasts();
  bool OfPointers = Binary->isEqualityOp() && Left->getType()->isPointerType() && Right->getType()->isPointerType();
  if (OfPointers) return !isNull(Left, AST) && !isNull(Right, AST);
  return mayTell(Left, AST) || mayTell(Right, AST);
}

/// The result of the function, a flag, is \p E.
void FunctionLowering::returnFlag(const Expr *E) {
  PathId Result = B.root(RootKind::Ret);
  const Expr *Bare = E->IgnoreParenImpCasts();
  if (auto *Full = llvm::dyn_cast<clang::ExprWithCleanups>(Bare)) Bare = Full->getSubExpr()->IgnoreParenImpCasts();
  if (!tellingCall(Bare) && mayTell(Bare, U.AST)) return setFlagInCases(Result, Bare);
  B.add(FactKind::Clear, at(E)).Dst = Result;
  llvm::SaveAndRestore Asking(Asked, callInto(Result, Bare));
  discard(E);
  setFlag(Result, Bare);
}

/// `bool inside = p == buffer;`. If \p E compares two pointers, goes on in two cases, which say of \p Flag and of the
/// pointers what belongs together.
bool FunctionLowering::setFlagByAddresses(PathId Flag, const Expr *E) {
  auto *Compared = llvm::dyn_cast<clang::BinaryOperator>(E->IgnoreParenImpCasts());
  if (!Compared || !B.isFlag(Flag) || !comparesAddresses(Compared, U.AST)) return false;
  setFlagInCases(Flag, E);
  return true;
}
