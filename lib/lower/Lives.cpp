#include "lower/Lives.h"
#include "lower/FunctionLowering.h"
#include "lower/Parts.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXDestructorDecl;
using clang::CXXRecordDecl;
using clang::QualType;

namespace {

/// Objects in objects deeper than this are not looked into.
constexpr unsigned MaxNesting = 4;

/// A destructor that somebody wrote and that runs when an object ends.
struct Destruction {
  PathId Object; ///< that it destroys, or the cell of the owner that leads there
  const CXXDestructorDecl *Destructor;
  bool ByOwner;
};

/// Collects the destructions that the end of an object brings.
class Destructions {
public:
  explicit Destructions(UnitLowering &U) : U(U) {}

  std::vector<Destruction> Found;

  void of(PathId Place, QualType T) {
    forEachPart(U, Place, T, [&](PathId Part, QualType Of) { ofPart(Part, Of); });
  }

private:
  UnitLowering &U;
  unsigned Depth = 0;

  void ofPart(PathId Part, QualType T) {
    const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
    Class = Class ? Class->getDefinition() : nullptr;
    if (!Class) return;
    TypeKind Kind = U.Kinds.kind(T);
    if (Kind == TypeKind::Own || Kind == TypeKind::Share) return ofPointee(Part, *Class);
    if (U.Kinds.isLibrary(Class) || U.Kinds.model(Class) || Class->hasTrivialDestructor()) return;
    ofObject(Part, *Class);
  }

  void ofObject(PathId Object, const CXXRecordDecl &Class) {
    const CXXDestructorDecl *Destructor = Class.getDestructor();
    if (Destructor && Destructor->isUserProvided())
      Found.push_back({Object, Destructor, false});
    else
      ofPartsOf(Object, Class);
  }

  /// What a destructor does that nobody wrote.
  void ofPartsOf(PathId Object, const CXXRecordDecl &Class) {
    if (++Depth <= MaxNesting) {
      llvm::SmallVector<const clang::FieldDecl *, 8> Fields(Class.fields());
      for (const clang::FieldDecl *Field : llvm::reverse(Fields))
        of(U.Out.Storage.field(Object, U.Named.field(*Field)), Field->getType());
      llvm::SmallVector<const CXXRecordDecl *, 4> Bases;
      for (const clang::CXXBaseSpecifier &Base : Class.bases())
        Bases.push_back(Base.getType()->getAsCXXRecordDecl()->getDefinition());
      for (const CXXRecordDecl *Base : llvm::reverse(Bases))
        if (U.Kinds.runsDestructor(Base)) ofObject(Object, *Base);
    }
    --Depth;
  }

  /// A deleter that somebody wrote may do anything.
  void ofPointee(PathId Owner, const CXXRecordDecl &Class) {
    auto *Instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(&Class);
    if (!Instance) return;
    llvm::ArrayRef<clang::TemplateArgument> Args = Instance->getTemplateArgs().asArray();
    if (Args.empty() || Args[0].getKind() != clang::TemplateArgument::Type) return;
    for (const clang::TemplateArgument &Each : Args.drop_front()) {
      const CXXRecordDecl *Deleter =
          Each.getKind() == clang::TemplateArgument::Type ? Each.getAsType()->getAsCXXRecordDecl() : nullptr;
      if (!Deleter || !U.Kinds.isLibrary(Deleter)) return;
    }
    const CXXRecordDecl *Owned = Args[0].getAsType()->getAsCXXRecordDecl();
    Owned = Owned ? Owned->getDefinition() : nullptr;
    if (!Owned || !U.Kinds.runsDestructor(Owned)) return;
    const CXXDestructorDecl *Destructor = Owned->getDestructor();
    bool IsWritten = Destructor && Destructor->isUserProvided();
    if (IsWritten || (Destructor && Destructor->isVirtual())) Found.push_back({Owner, Destructor, true});
    if (!IsWritten) ofPartsOf(U.Out.Storage.deref(Owner), *Owned);
  }
};

} // namespace

bool refleak::beginsLife(UnitLowering &U, const CXXConstructorDecl &Constructor) {
  const CXXRecordDecl &Class = *Constructor.getParent();
  if (Constructor.isCopyOrMoveConstructor() || Constructor.isDelegatingConstructor() || Class.isUnion()) return false;
  const CXXDestructorDecl *Destructor = Class.getDestructor();
  if (!Destructor || Class.hasTrivialDestructor() || (Destructor->isUserProvided() && !Destructor->hasBody()))
    return false;
  PathId Object = U.Out.Storage.deref(U.Out.Storage.root({RootKind::This, 0, NameId()}));
  bool EndsByCode = llvm::any_of(Class.bases(), [&](const clang::CXXBaseSpecifier &Base) {
    return U.Kinds.runsDestructor(Base.getType()->getAsCXXRecordDecl());
  });
  for (const clang::FieldDecl *Field : Class.fields()) {
    if (EndsByCode && U.Kinds.endMatters(Field->getType())) return true;
    if (EndsByCode) continue;
    Destructions Ends(U);
    Ends.of(U.Out.Storage.field(Object, U.Named.field(*Field)), Field->getType());
    EndsByCode = !Ends.Found.empty();
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
    Destructions Ends(U);
    Ends.of(Member, Field->getType());
    for (const Destruction &Each : Ends.Found) {
      PathId Cell = Each.ByOwner ? Each.Object : B.newTemp();
      if (!Each.ByOwner) borrow(Cell, Each.Object, LoanKind::Ref, Reason::This, At);
      callDestructor(Cell, Each.Destructor, Each.ByOwner && Each.Destructor->isVirtual(), At);
    }
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
  if (const CXXDestructorDecl *Destructor = Class.getDestructor(); Destructor->isUserProvided()) {
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
