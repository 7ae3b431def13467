#include "lower/Destructions.h"
#include "lower/Parts.h"
#include "lower/UnitLowering.h"
#include "clang/AST/DeclTemplate.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace refleak;
using clang::CXXDestructorDecl;
using clang::CXXRecordDecl;
using clang::QualType;

namespace {

/// Objects in objects deeper than this are not looked into.
constexpr unsigned MaxNesting = 4;

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
  PathId Owner; ///< that leads to what is looked into

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
      Found.push_back({Object, Destructor, Owner});
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
        if (!Base->hasTrivialDestructor() && !U.Kinds.isLibrary(Base)) ofObject(Object, *Base);
    }
    --Depth;
  }

  /// A deleter that somebody wrote may do anything.
  void ofPointee(PathId Cell, const CXXRecordDecl &Class) {
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
    if (!Owned || Owned->hasTrivialDestructor()) return;
    const CXXDestructorDecl *Destructor = Owned->getDestructor();
    bool IsWritten = Destructor && Destructor->isUserProvided();
    if (IsWritten || (Destructor && Destructor->isVirtual())) Found.push_back({Cell, Destructor, Cell});
    if (IsWritten) return;
    llvm::SaveAndRestore Below(Owner, Cell);
    ofPartsOf(U.Out.Storage.deref(Cell), *Owned);
  }
};

} // namespace

std::vector<Destruction> refleak::destructionsOf(UnitLowering &U, PathId Place, QualType T) {
  Destructions Ends(U);
  Ends.of(Place, T);
  return std::move(Ends.Found);
}
