#include "lower/Lives.h"
#include "lower/Destructions.h"
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXDestructorDecl;
using clang::CXXRecordDecl;
using clang::QualType;

/// Whether the end of a \p T, of which a model tells, may wait for code.
static bool endsByModel(UnitLowering &U, QualType T) {
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  return Class && U.Kinds.model(Class) && U.Kinds.runsDestructor(Class);
}

bool refleak::beginsLife(UnitLowering &U, const CXXConstructorDecl &Constructor) {
  const CXXRecordDecl &Class = *Constructor.getParent();
  if (Constructor.isCopyOrMoveConstructor() || Constructor.isDelegatingConstructor() || Class.isUnion()) return false;
  const CXXDestructorDecl *Destructor = Class.getDestructor(); // one that nobody wrote need not have been declared yet
  if (Class.hasTrivialDestructor() || (Destructor && Destructor->isUserProvided() && !Destructor->hasBody()))
    return false;
  PathId Object = U.Out.Storage.deref(U.Out.Storage.root({RootKind::This, 0, NameId()}));
  bool EndsByCode = llvm::any_of(Class.bases(), [&](const clang::CXXBaseSpecifier &Base) {
    return U.Kinds.runsDestructor(Base.getType()->getAsCXXRecordDecl());
  });
  for (const clang::FieldDecl *Field : Class.fields()) {
    if (EndsByCode && U.Kinds.endMatters(Field->getType())) return true;
    if (EndsByCode) continue;
    EndsByCode = !destructionsOf(U, U.Out.Storage.field(Object, U.Named.field(*Field)), Field->getType()).empty() ||
                 endsByModel(U, Field->getType());
  }
  return false;
}

/// What a destructor does behind its body, and the language without one.
void FunctionLowering::endMembers(const CXXRecordDecl &Class, PathId Object) {
  llvm::SmallVector<const clang::FieldDecl *, 8> Fields(Class.fields());
  for (const clang::FieldDecl *Field : llvm::reverse(Fields)) {
    if (!U.Kinds.endMatters(Field->getType())) continue;
    Span At = U.Where.token(Field->getLocation());
    PathId Member = field(Object, Field);
    for (const Destruction &Each : destructionsOf(U, Member, Field->getType())) run(Each, At);
    if (endsByModel(U, Field->getType())) runDestructor(Member, Field->getType(), At);
    Fact &End = B.add(FactKind::Expire, At);
    End.Src = Member;
  }
  llvm::SmallVector<const clang::CXXBaseSpecifier *, 4> Bases;
  for (const clang::CXXBaseSpecifier &Base : Class.bases()) Bases.push_back(&Base);
  for (const clang::CXXBaseSpecifier *Base : llvm::reverse(Bases))
    if (U.Kinds.runsDestructor(Base->getType()->getAsCXXRecordDecl()))
      runDestructor(Object, Base->getType(), U.Where.token(Base->getBeginLoc()));
}

void FunctionLowering::life(const CXXConstructorDecl &Constructor) {
  const CXXRecordDecl &Class = *Constructor.getParent();
  describe(Constructor);
  B.F.Symbol = U.Out.Symbols.intern("life:" + U.Out.Symbols.text(B.F.Symbol).str());
  B.F.IsLife = true;
  B.F.IsMethod = B.F.IsConstructor = false;
  PathId Object = B.newLocal("this", B.F.At), This = B.root(RootKind::This);
  live(Object, Constructor.getThisType()->getPointeeType(), B.F.At);
  borrow(This, Object, LoanKind::Ref, Reason::This, B.F.At);
  Call Made;
  Made.Callee = U.Named.function(Constructor);
  Made.This = This;
  for (const clang::ParmVarDecl *P : Constructor.parameters()) {
    PathId Cell = B.root(RootKind::Arg, uint32_t(B.F.Parameters.size()));
    B.F.Parameters.push_back({P->getNameAsString(), passing(P->getType()), U.Where.token(P->getLocation())});
    Made.Args.push_back(U.Kinds.carryLoans(P->getType()) ? Cell : PathId());
  }
  B.add(std::move(Made), B.F.At);
  if (const CXXDestructorDecl *Destructor = Class.getDestructor(); Destructor && Destructor->isUserProvided()) {
    const clang::FunctionDecl *Definition = Destructor;
    const clang::Stmt *Code = Destructor->getBody(Definition);
    ScopeEnd = Definition->getBodyRBrace();
    Return = {B.newBlock(), 0};
    statement(Code);
    B.jump(Return.To);
    B.enter(Return.To);
  }
  endMembers(Class, deref(This));
  B.jump(B.exit());
}
