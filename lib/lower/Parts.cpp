#include "lower/Parts.h"
#include "lower/UnitLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::QualType;

const clang::ClassTemplateSpecializationDecl *refleak::pairOf(const CXXRecordDecl *Class) {
  auto *Instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(Class);
  bool IsPair = Instance && Class->isInStdNamespace() && Class->getIdentifier() && Class->getName() == "pair";
  return IsPair ? Instance : nullptr;
}

namespace {

/// Containers of containers deeper than this are not looked into.
constexpr unsigned MaxNesting = 4;

class PartWalk {
public:
  PartWalk(UnitLowering &U, llvm::function_ref<void(PathId, QualType)> Visit) : U(U), Visit(Visit) {}

  void walk(PathId Place, QualType T, unsigned Depth) {
    if (T->isReferenceType() || Depth > MaxNesting) return;
    if (T->isArrayType())
      return walk(U.Out.Storage.extend(Place, {ProjectionKind::Inline, NameId()}), U.AST.getBaseElementType(T),
                  Depth + 1);
    const CXXRecordDecl *Of = T->getAsCXXRecordDecl();
    if (auto *Pair = pairOf(Of)) {
      for (auto [Half, Name] : {std::pair(0, "first"), std::pair(1, "second")})
        walk(U.Out.Storage.field(Place, U.Out.Symbols.intern(Name)), Pair->getTemplateArgs()[Half].getAsType(),
             Depth + 1);
      return;
    }
    if (U.Kinds.kind(T) != TypeKind::Owner) return Visit(Place, T);
    if (!Of || !U.Kinds.model(Of)) return;
    if (std::optional<ProjectionKind> Content = U.Kinds.model(Of)->content())
      walkContent(U.Out.Storage.extend(Place, {*Content, NameId()}), *Of, Depth + 1);
  }

private:
  UnitLowering &U;
  llvm::function_ref<void(PathId, QualType)> Visit;

  /// What a container holds is its value_type.
  void walkContent(PathId Content, const CXXRecordDecl &Container, unsigned Depth) {
    if (!Container.hasDefinition()) return;
    clang::DeclarationName Name(&U.AST.Idents.get("value_type"));
    for (const clang::NamedDecl *Found : Container.lookup(Name))
      if (auto *Type = llvm::dyn_cast<clang::TypedefNameDecl>(Found))
        return walk(Content, Type->getUnderlyingType().getCanonicalType(), Depth);
  }
};

} // namespace

void refleak::forEachPart(UnitLowering &U, PathId Place, QualType T, llvm::function_ref<void(PathId, QualType)> Visit) {
  PartWalk(U, Visit).walk(Place, T, 0);
}
