#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

NameId FunctionLowering::constantText(const Expr *E) {
  E = E->IgnoreParenImpCasts();
  if (auto *Full = llvm::dyn_cast<clang::FullExpr>(E)) E = Full->getSubExpr()->IgnoreParenImpCasts();
  llvm::SmallString<32> Text;
  if (auto *String = llvm::dyn_cast<clang::StringLiteral>(E))
    Text = ("\"" + String->getBytes().take_front(64) + "\"").str();
  else if (auto *Integer = llvm::dyn_cast<clang::IntegerLiteral>(E))
    Integer->getValue().toString(Text, 10, Integer->getType()->isSignedIntegerType());
  else if (auto *Character = llvm::dyn_cast<clang::CharacterLiteral>(E))
    Text = llvm::utostr(Character->getValue());
  else if (auto *Bool = llvm::dyn_cast<clang::CXXBoolLiteralExpr>(E))
    Text = Bool->getValue() ? "true" : "false";
  else if (auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(E);
           auto *Enumerator = Name ? llvm::dyn_cast<clang::EnumConstantDecl>(Name->getDecl()) : nullptr)
    Text = (U.Kinds.plainName(Enumerator) + "=" + llvm::toString(Enumerator->getInitVal(), 10)).str();
  else if (auto *Minus = llvm::dyn_cast<clang::UnaryOperator>(E); Minus && Minus->getOpcode() == clang::UO_Minus) {
    NameId Positive = constantText(Minus->getSubExpr());
    if (!Positive) return NameId();
    Text = ("-" + U.Out.Symbols.text(Positive)).str();
  } else if (llvm::isa<clang::PredefinedExpr>(E))
    Text = "function name";
  else
    return NameId();
  return U.Out.Symbols.intern(Text);
}

/// The object that \p Call, a call of a member, is of; null if it is none.
static const Expr *objectOf(const Expr *Call) {
  if (auto *Member = llvm::dyn_cast_or_null<clang::CXXMemberCallExpr>(Call)) return Member->getImplicitObjectArgument();
  if (auto *Operator = llvm::dyn_cast_or_null<clang::CXXOperatorCallExpr>(Call)) return Operator->getArg(0);
  return nullptr;
}

/// Whether both name the same variable, or the same member of one.
static bool isSameObject(const Expr *A, const Expr *B) {
  A = A->IgnoreParenImpCasts(), B = B->IgnoreParenImpCasts();
  if (auto *Name = llvm::dyn_cast<clang::DeclRefExpr>(A)) {
    auto *Other = llvm::dyn_cast<clang::DeclRefExpr>(B);
    return Other && Other->getDecl() == Name->getDecl();
  }
  if (auto *Member = llvm::dyn_cast<clang::MemberExpr>(A)) {
    auto *Other = llvm::dyn_cast<clang::MemberExpr>(B);
    return Other && Other->getMemberDecl() == Member->getMemberDecl() &&
           isSameObject(Member->getBase(), Other->getBase());
  }
  return llvm::isa<clang::CXXThisExpr>(A) && llvm::isa<clang::CXXThisExpr>(B);
}

/// Whether \p Index, an argument of \p Call, is the number of the last element: `v[v.size() - 1]`.
static bool isLastIndex(const Expr *Index, const Expr *Call) {
  auto *Minus = llvm::dyn_cast<clang::BinaryOperator>(Index->IgnoreParenImpCasts());
  if (!Minus || Minus->getOpcode() != clang::BO_Sub) return false;
  auto *One = llvm::dyn_cast<clang::IntegerLiteral>(Minus->getRHS()->IgnoreParenImpCasts());
  auto *Size = llvm::dyn_cast<clang::CXXMemberCallExpr>(Minus->getLHS()->IgnoreParenImpCasts());
  if (!One || One->getValue() != 1 || !Size || !Size->getMethodDecl()) return false;
  const clang::IdentifierInfo *Name = Size->getMethodDecl()->getIdentifier();
  const Expr *Object = objectOf(Call);
  return Object && Name && (Name->isStr("size") || Name->isStr("length")) && isSameObject(Object, objectOf(Size));
}

PathId FunctionLowering::addressOf(PathId Storage, Reason Why, const Expr *E) {
  if (endsInDeref(Storage)) return U.Out.Storage.base(Storage);
  PathId Cell = B.newTemp();
  bool IsCode = U.Out.Storage.rootOf(Storage).Kind == RootKind::Code;
  borrow(Cell, Storage, IsCode ? LoanKind::Code : LoanKind::Ref, Why, at(E));
  return Cell;
}

/// Whether the callee may hand the reference it gets back to the caller: then a literal must be the temporary it is.
static bool mayGiveBack(const FunctionDecl *Callee, QualType Literal) {
  if (!Callee || Callee->isCXXInstanceMember()) return false;
  QualType R = Callee->getReturnType();
  return R->isReferenceType() && Callee->getASTContext().hasSameUnqualifiedType(R.getNonReferenceType(), Literal);
}

/// Whether a container's key is a pointer to text. Compared by the text or by the address, it has to lead to one
/// ([basic.stc.general]/4).
static bool isKeyOfText(QualType Key, const FunctionDecl *Callee) {
  bool IsText = Key->isPointerType() && Key->getPointeeType()->isAnyCharacterType();
  return IsText && llvm::isa_and_nonnull<clang::CXXMethodDecl>(Callee);
}

/// Whether a function whose body is not seen looks at what a view shows that it takes by reference.
bool FunctionLowering::looksAtView(QualType Parameter, const FunctionDecl *Callee) {
  QualType Shown = Parameter.getNonReferenceType();
  if (!Shown.isConstQualified() || U.Kinds.kind(Shown) != TypeKind::View) return false;
  return Callee && !Callee->isDefined() && !U.Kinds.isLibrary(Callee);
}

PathId FunctionLowering::referenceArgument(const Expr *E, QualType Parameter, const FunctionDecl *Callee) {
  if (auto *Temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(E))
    if (NameId Text = constantText(Temporary->getSubExpr()); Text && !mayGiveBack(Callee, Temporary->getType())) {
      PathId Cell = B.newTemp();
      borrow(Cell, B.named(RootKind::Constant, Text), LoanKind::Ref, Reason::Argument, at(E));
      return Cell;
    }
  QualType Type = Parameter.getNonReferenceType();
  if (Type.isConstQualified()) E = copiedFromElement(E, objectOf(CallUnderWay));
  PathId Given = place(E);
  if (Type.isConstQualified() && isKeyOfText(Type, Callee) && U.Kinds.isLibrary(Callee))
    use(deref(Given), Access::Call, at(E));
  if (looksAtView(Parameter, Callee)) {
    Fact &Use = B.add(FactKind::Use, at(E));
    Use.Src = Given;
    Use.How = Access::Value;
  }
  return addressOf(Given, Reason::Argument, E);
}

/// An object passed by value is built in storage of its own, which ends with the callee.
PathId FunctionLowering::objectArgument(const Expr *E, QualType Parameter) {
  if (!U.Kinds.carryLoans(Parameter))
    if (auto *Copied = llvm::dyn_cast<clang::CXXConstructExpr>(E->IgnoreImplicit());
        Copied && Copied->getConstructor()->isCopyOrMoveConstructor() && Copied->getConstructor()->isTrivial()) {
      PathId P = place(Copied->getArg(0));
      use(P, Access::Read, at(E));
      return P;
    }
  PathId Cell = B.newTemp();
  live(Cell, Parameter, at(E));
  construct(Cell, E, Reason::Argument);
  if (!U.Kinds.carryLoans(Parameter)) return PathId();
  auto *Made = llvm::dyn_cast<clang::CXXConstructExpr>(E->IgnoreParenCasts()->IgnoreImplicit());
  bool MayLeadToItself = Made && U.Kinds.kind(Parameter) == TypeKind::Plain && isDescribed(Made->getConstructor());
  if (MayLeadToItself) passTemporary(Cell, Parameter, E->getEndLoc());
  return Cell;
}

PathId FunctionLowering::argument(const Expr *E, QualType Parameter, const FunctionDecl *Callee) {
  llvm::SaveAndRestore Inside(DefaultArgumentOf, DefaultArgumentOf);
  if (auto *Default = llvm::dyn_cast<clang::CXXDefaultArgExpr>(E)) {
    if (!DefaultArgumentOf) DefaultArgumentOf = CallUnderWay;
    E = Default->getExpr();
  }
  if (auto *Full = llvm::dyn_cast<clang::ExprWithCleanups>(E)) E = Full->getSubExpr();
  if (Parameter->isReferenceType()) return referenceArgument(E, Parameter, Callee);
  if (Parameter->isRecordType()) return objectArgument(E, Parameter);
  Value V = value(E);
  if (V) return cell(V, E);
  if (NameId Text = constantText(E)) return B.named(RootKind::Constant, Text);
  if (isLastIndex(E, CallUnderWay)) return B.named(RootKind::Constant, U.Out.Symbols.intern("back"));
  PathId Flag = Parameter->isBooleanType() ? flag(E) : PathId();
  return Flag && U.Out.Storage.rootOf(Flag).Kind == RootKind::Local ? Flag : PathId();
}

void FunctionLowering::argumentsFromTheRight(Call &Site, llvm::ArrayRef<const Expr *> Args,
                                             const FunctionDecl *Callee) {
  PathId Right = argument(Args[1], Callee->getParamDecl(1)->getType(), Callee);
  PathId Left = argument(Args[0], Callee->getParamDecl(0)->getType(), Callee);
  Site.Args = {Left, Right};
}

/// A library function looks at the texts among its variable arguments; of other pointers it may print the address.
void FunctionLowering::useTexts(const Call &Site, llvm::ArrayRef<const Expr *> Args, const FunctionDecl &Callee,
                                const Expr *E) {
  for (size_t Index = Callee.getNumParams(); Index < Args.size(); ++Index) {
    QualType T = Args[Index]->getType();
    if (Site.Args[Index] && T->isPointerType() && T->getPointeeType()->isAnyCharacterType())
      use(deref(Site.Args[Index]), Access::Call, at(E));
  }
}

void FunctionLowering::arguments(Call &Site, llvm::ArrayRef<const Expr *> Args, const FunctionDecl *Callee,
                                 const Expr *E) {
  llvm::SaveAndRestore Here(CallUnderWay, E);
  bool OfLibrary = Callee && U.Kinds.isLibrary(Callee);
  for (auto [Index, Arg] : llvm::enumerate(Args)) {
    if (OfLibrary && llvm::isa<clang::CXXDefaultArgExpr>(Arg)) { // an allocator, a comparison: nothing to follow
      Site.Args.emplace_back();
      continue;
    }
    QualType T = Callee && Index < Callee->getNumParams() ? Callee->getParamDecl(unsigned(Index))->getType()
                 : Arg->isGLValue()                       ? U.AST.getLValueReferenceType(Arg->getType())
                                                          : Arg->getType();
    Site.Args.push_back(argument(Arg, T, Callee));
  }
  if (Callee && Callee->isVariadic() && U.Calls.learn(*Callee).Model) useTexts(Site, Args, *Callee, E);
}
