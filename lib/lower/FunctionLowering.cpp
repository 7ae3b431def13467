#include "lower/FunctionLowering.h"
#include "lower/Closures.h"
#include "lower/Owners.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::FunctionDecl;
using clang::QualType;

FunctionLowering::FunctionLowering(UnitLowering &U, const Definition &D) : U(U), D(D), B(U.Out) {}

bool FunctionLowering::overBudget() { return Elements > U.Options.MaxElements; }

static bool isCallOperator(const FunctionDecl &F) {
  auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F);
  return Method && clang::isLambdaCallOperator(Method);
}

static void addOverrides(std::vector<NameId> &Into, const clang::CXXMethodDecl &Method, Symbols &Named) {
  for (const clang::CXXMethodDecl *Base : Method.overridden_methods()) Into.push_back(Named.function(*Base));
}

void FunctionLowering::describe(const FunctionDecl &F) {
  B.F.Symbol = U.Named.function(F);
  B.F.Display = U.Named.display(F);
  B.F.At = U.Where.token(F.getLocation());
  B.F.Parent = D.Parent;
  auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F);
  B.F.IsMethod = Method && Method->isImplicitObjectMemberFunction();
  B.F.IsLambda = InClosure = isCallOperator(F);
  B.F.IsConstructor = llvm::isa<clang::CXXConstructorDecl>(F);
  B.F.IsDestructor = llvm::isa<clang::CXXDestructorDecl>(F);
  if (Method) addOverrides(B.F.Overrides, *Method, U.Named);
}

Passing FunctionLowering::passing(QualType T) {
  if (T->isRValueReferenceType()) return Passing::Rvalue;
  if (T->isReferenceType()) return Passing::Reference;
  return T->isAnyPointerType() ? Passing::Pointer : Passing::Value;
}

void FunctionLowering::enterParameters(const FunctionDecl &F) {
  for (const clang::ParmVarDecl *P : F.parameters()) {
    PathId Cell = B.root(RootKind::Arg, uint32_t(B.F.Parameters.size()));
    B.F.Parameters.push_back({P->getNameAsString(), passing(P->getType()), U.Where.token(P->getLocation())});
    Variables[P] = Cell;
    if (P->getType()->isIntegralOrEnumerationType()) B.declareFlag(Cell);
    if (P->getType()->isPointerType() && U.Kinds.carryLoans(P->getType()->getPointeeType())) B.declareWayToCells(Cell);
    // An owner's object goes with it; which element an iterator leads to is known to whom the function passes it.
    TypeKind Kind = U.Kinds.kind(P->getType());
    if (passing(P->getType()) == Passing::Value && (Kind == TypeKind::Own || Kind == TypeKind::Iterator))
      borrow(Cell, deref(Cell), Kind == TypeKind::Own ? LoanKind::Own : LoanKind::Iterator, Reason::Argument,
             B.F.Parameters.back().At);
    pushCleanup(Cell, P->getType(), End::Scope, F.getBodyRBrace());
  }
  declareOwners(U, F.parameters(), B.F.Symbol);
}

void FunctionLowering::initialiseMember(const clang::CXXCtorInitializer &Init) {
  const clang::Expr *E = Init.getInit();
  if (!E) return;
  PathId Object = deref(B.root(RootKind::This));
  size_t First = Temporaries.size();
  if (const clang::FieldDecl *Field = Init.getMember()) {
    initialise(field(Object, Field), Field->getType(), E, Reason::Field);
  } else if (const clang::IndirectFieldDecl *Indirect = Init.getIndirectMember()) {
    for (const clang::NamedDecl *Step : Indirect->chain())
      if (auto *Part = llvm::dyn_cast<clang::FieldDecl>(Step)) Object = field(Object, Part);
    initialise(Object, Indirect->getAnonField()->getType(), E, Reason::Field);
  } else {
    construct(Object, E, Reason::Field);
  }
  endTemporaries(First);
}

void FunctionLowering::initialiseMembers(const clang::CXXConstructorDecl &Constructor) {
  for (const clang::CXXCtorInitializer *Init : Constructor.inits()) initialiseMember(*Init);
}

/// What a destructor does after its body: the destructors of the fields and of what they own, in reverse, then of the
/// bases.
void FunctionLowering::destroyParts(const CXXRecordDecl &Class, PathId Object, Span At) {
  llvm::SmallVector<const clang::FieldDecl *, 8> Fields(Class.fields());
  for (const clang::FieldDecl *Field : llvm::reverse(Fields)) {
    runInside(field(Object, Field), Field->getType(), At);
    if (U.Kinds.runsDestructor(Field->getType()->getAsCXXRecordDecl()))
      runDestructor(field(Object, Field), Field->getType(), At);
  }
  llvm::SmallVector<const clang::CXXBaseSpecifier *, 4> Bases;
  for (const clang::CXXBaseSpecifier &Base : Class.bases()) Bases.push_back(&Base);
  for (const clang::CXXBaseSpecifier *Base : llvm::reverse(Bases))
    if (U.Kinds.runsDestructor(Base->getType()->getAsCXXRecordDecl())) runDestructor(Object, Base->getType(), At);
}

void FunctionLowering::functionBody(const FunctionDecl &F) {
  const clang::Stmt *Code = F.getBody();
  ScopeEnd = F.getBodyRBrace();
  auto *Destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(&F);
  Return = {Destructor ? B.newBlock() : B.exit(), 0};
  if (Destructor) Return.Depth = Cleanups.size();
  if (F.getReturnType()->isIntegralOrEnumerationType() && !U.Kinds.carryLoans(F.getReturnType()))
    B.declareFlag(B.root(RootKind::Ret));

  if (auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&F)) initialiseMembers(*Constructor);
  if (auto *Frame = llvm::dyn_cast<clang::CoroutineBodyStmt>(Code))
    coroutine(*Frame);
  else
    statement(Code);
  if (Destructor) {
    B.jump(Return.To);
    B.enter(Return.To);
    destroyParts(*Destructor->getParent(), deref(B.root(RootKind::This)), U.Where.token(F.getBodyRBrace()));
  }
  leave(0);
  B.jump(B.exit());
}

void FunctionLowering::initialiseVariable(const clang::VarDecl &V) {
  NameId Name = U.Named.global(V);
  B.F.Symbol = U.Out.Symbols.intern("init:" + U.Out.Symbols.text(Name).str());
  B.F.Display = V.getNameAsString();
  B.F.At = U.Where.token(V.getLocation());
  Return = {B.exit(), 0};
  size_t First = Temporaries.size();
  initialise(B.named(RootKind::Global, Name), V.getType(), V.getInit(), Reason::Init);
  endTemporaries(First);
  B.jump(B.exit());
}

std::optional<Function> FunctionLowering::lower() {
  if (D.Variable) {
    initialiseVariable(*D.Variable);
  } else if (D.IsLife) {
    life(*llvm::cast<clang::CXXConstructorDecl>(D.Function));
  } else {
    describe(*D.Function);
    if (InClosure) {
      const CXXRecordDecl *Class = llvm::cast<clang::CXXMethodDecl>(D.Function)->getParent();
      for (const auto &[Index, Capture] : llvm::enumerate(Class->captures())) {
        if (Capture.capturesThis())
          CapturesThis = true, CapturesObject = Capture.getCaptureKind() == clang::LCK_StarThis;
        if (Capture.capturesVariable())
          Captures[Capture.getCapturedVar()] = {captureName(*Class, unsigned(Index), U.Out.Symbols),
                                                Capture.getCaptureKind() == clang::LCK_ByRef};
      }
    }
    enterParameters(*D.Function);
    functionBody(*D.Function);
  }
  if (overBudget()) {
    Function Whole = std::move(B.F);
    B = Body(U.Out);
    B.F.Symbol = Whole.Symbol;
    B.F.Display = std::move(Whole.Display);
    B.F.At = Whole.At;
    B.F.IsMethod = Whole.IsMethod;
    B.F.IsLambda = Whole.IsLambda;
    B.F.IsConstructor = Whole.IsConstructor;
    B.F.IsDestructor = Whole.IsDestructor;
    B.F.IsLife = Whole.IsLife;
    B.F.Parent = Whole.Parent;
    B.F.Overrides = std::move(Whole.Overrides);
    B.F.Parameters = std::move(Whole.Parameters);
    B.add(FactKind::GiveUp, B.F.At).Note = U.Out.Symbols.intern("too large");
    B.jump(B.exit());
  }
  Function Done = B.take();
  if (D.Variable && llvm::all_of(Done.Blocks, [](const Block &One) { return One.Facts.empty(); })) return std::nullopt;
  return Done;
}

void refleak::lowerDefinition(UnitLowering &U, const Definition &D) {
  if (std::optional<Function> F = FunctionLowering(U, D).lower()) U.Out.Functions.push_back(std::move(*F));
}

//===- Facts ------------------------------------------------------------------------------------------------------===//

Span FunctionLowering::at(const clang::Stmt *S) {
  if (DefaultArgumentOf) S = DefaultArgumentOf;
  return U.Where.span(S->getSourceRange());
}

bool FunctionLowering::endsInDeref(PathId P) const {
  const Paths &S = U.Out.Storage;
  return !S.isRoot(P) && S.last(P).Kind == ProjectionKind::Deref;
}

PathId FunctionLowering::inlined(PathId P) {
  Paths &S = U.Out.Storage;
  bool Already = !S.isRoot(P) && S.last(P).Kind == ProjectionKind::Inline;
  return Already ? P : S.extend(P, {ProjectionKind::Inline, NameId()});
}

void FunctionLowering::use(PathId P, Access How, Span At) {
  if (How == Access::Write && B.isFlag(P)) B.add(FactKind::Clear, At).Dst = P;
  bool ChangesKey = How == Access::Write && U.Out.Storage.isRoot(P);
  if (U.Out.Storage.derefs(P) == 0 && !((DecidesLoop || ChangesKey) && B.isOwn(P))) return;
  Fact &F = B.add(FactKind::Use, At);
  F.Src = P;
  F.How = How;
}

void FunctionLowering::borrow(PathId Dst, PathId Src, LoanKind Kind, Reason Why, Span At) {
  Fact &F = B.add(FactKind::Borrow, At);
  F.Dst = Dst;
  F.Src = Src;
  F.Loan = Kind;
  F.Why = Why;
  if (isAlternative(Dst) || isAlternative(Src)) F.Sure = Certainty::Assumed;
}

void FunctionLowering::copy(PathId Dst, PathId Src, Reason Why, Span At, FactKind Kind) {
  bool AmongElements = Dst == Src && U.Out.Storage.containers(Dst) != 0;
  if (Dst == Src && !AmongElements) return;
  Fact &F = B.add(AmongElements ? FactKind::Copy : Kind, At);
  F.Dst = Dst;
  F.Src = Src;
  F.Why = Why;
  if (isAlternative(Dst) || isAlternative(Src)) F.Sure = Certainty::Assumed;
}

void FunctionLowering::live(PathId P, QualType T, Span At) {
  if (U.Kinds.carryLoans(T)) B.keepBegin(P);
  B.add(FactKind::Live, At).Dst = P;
}

void FunctionLowering::giveUp(llvm::StringRef What, Span At) {
  B.add(FactKind::GiveUp, At).Note = U.Out.Symbols.intern(What);
}
