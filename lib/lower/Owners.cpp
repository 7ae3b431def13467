#include "lower/Owners.h"
#include "lower/Closures.h"
#include "lower/UnitLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::QualType;

namespace {

/// Containers of containers deeper than this are not looked into.
constexpr unsigned MaxNesting = 4;

/// \p Class as an instance of std::pair, which need not be complete; null if it is none.
const clang::ClassTemplateSpecializationDecl *pairOf(const CXXRecordDecl *Class) {
  auto *Instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(Class);
  bool IsPair = Instance && Class->isInStdNamespace() && Class->getIdentifier() && Class->getName() == "pair";
  return IsPair ? Instance : nullptr;
}

class Declaration {
public:
  Declaration(UnitLowering &U, const CXXRecordDecl &Class) : U(U), Class(Class) {}

  void run() {
    PathId Object = U.Out.Storage.deref(U.Out.Storage.root({RootKind::This, 0, NameId()}));
    unsigned Capture = 0;
    for (const clang::FieldDecl *Field : Class.fields()) {
      if (!Class.isLambda() && !Field->getIdentifier()) continue;
      Last = Class.isLambda() ? captureName(Class, Capture++, U.Out.Symbols) : U.Named.field(*Field);
      describe(U.Out.Storage.field(Object, Last), Field->getType(), 0);
    }
    if (Said.Facts.empty()) return;
    Said.Source = EffectSource::Annotation;
    Said.Symbol = U.Out.Symbols.intern(name());
    Said.Display = name();
    U.Out.Known.push_back(std::move(Said));
  }

private:
  UnitLowering &U;
  const CXXRecordDecl &Class;
  Effects Said;
  NameId Last; ///< field described

  std::string name() {
    if (!Class.isLambda()) {
      llvm::StringRef Field = U.Out.Symbols.text(Last);
      return ("class " + Field.substr(0, Field.rfind("::"))).str();
    }
    const clang::FunctionDecl *Code = callOperator(Class);
    return ("closure " + (Code ? U.Out.Symbols.text(U.Named.function(*Code)) : "")).str();
  }

  void owns(PathId Cell, LoanKind Kind) {
    Fact F;
    F.Kind = FactKind::Borrow;
    F.Loan = Kind;
    F.Dst = Cell;
    F.Src = U.Out.Storage.deref(Cell);
    Said.Facts.push_back(F);
  }

  void describe(PathId Cell, QualType T, unsigned Depth) {
    if (T->isReferenceType() || Depth > MaxNesting) return;
    if (T->isArrayType()) {
      QualType Element = U.AST.getBaseElementType(T);
      return describe(U.Out.Storage.extend(Cell, {ProjectionKind::Inline, NameId()}), Element, Depth + 1);
    }
    const CXXRecordDecl *Of = T->getAsCXXRecordDecl();
    if (auto *Pair = pairOf(Of)) {
      for (auto [Half, Name] : {std::pair(0, "first"), std::pair(1, "second")})
        describe(U.Out.Storage.field(Cell, U.Out.Symbols.intern(Name)), Pair->getTemplateArgs()[Half].getAsType(),
                 Depth + 1);
      return;
    }
    switch (U.Kinds.kind(T)) {
    case TypeKind::Share:
      return owns(Cell, LoanKind::Share);
    case TypeKind::Own:
      return owns(Cell, LoanKind::Own);
    case TypeKind::Thread: {
      Fact F;
      F.Kind = FactKind::Clear;
      F.Dst = Cell;
      return Said.Facts.push_back(F);
    }
    case TypeKind::Owner: {
      if (!Of || !U.Kinds.model(Of)) return;
      if (std::optional<ProjectionKind> Content = U.Kinds.model(Of)->content())
        describeContent(U.Out.Storage.extend(Cell, {*Content, NameId()}), *Of, Depth + 1);
      return;
    }
    default: // the members of other classes are told with those
      return;
    }
  }

  /// What a container holds is its value_type.
  void describeContent(PathId Content, const CXXRecordDecl &Container, unsigned Depth) {
    if (!Container.hasDefinition()) return;
    clang::DeclarationName Name(&U.AST.Idents.get("value_type"));
    for (const clang::NamedDecl *Found : Container.lookup(Name))
      if (auto *Type = llvm::dyn_cast<clang::TypedefNameDecl>(Found))
        return describe(Content, Type->getUnderlyingType().getCanonicalType(), Depth);
  }
};

} // namespace

void refleak::declareOwners(UnitLowering &U, const CXXRecordDecl &Class) {
  const CXXRecordDecl *Definition = Class.getDefinition();
  if (!Definition || Definition->isUnion() || Definition->field_empty() || !U.Declared.insert(Definition).second)
    return;
  if (U.Kinds.isLibrary(Definition) || U.Kinds.model(Definition)) return;
  Declaration(U, *Definition).run();
}
