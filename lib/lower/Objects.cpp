#include "lower/Objects.h"
#include "lower/UnitLowering.h"
#include "clang/AST/CXXInheritance.h"
#include "clang/AST/DeclCXX.h"

using namespace refleak;

void refleak::declareObject(UnitLowering &U, const clang::CXXConstructorDecl &Constructor) {
  const clang::CXXRecordDecl &Class = *Constructor.getParent();
  if (!Class.isPolymorphic() || Class.isAbstract() || U.Kinds.isLibrary(&Class)) return;
  if (!U.Declared.insert(Constructor.getCanonicalDecl()).second) return;
  Effects Run;
  Run.Source = EffectSource::Annotation;
  Run.Display = "object of " + Class.getQualifiedNameAsString();
  Run.Symbol = U.Out.Symbols.intern(("object by " + U.Out.Symbols.text(U.Named.function(Constructor))).str());
  clang::CXXFinalOverriderMap Final;
  Class.getFinalOverriders(Final);
  for (const auto &[Declared, Subobjects] : Final)
    for (const auto &[Subobject, Overriders] : Subobjects)
      for (const clang::UniqueVirtualMethod &Each : Overriders) {
        Fact Call;
        Call.Kind = FactKind::Call;
        Call.Call = uint32_t(Run.Calls.size());
        Run.Facts.push_back(Call);
        Run.Calls.emplace_back().Callee = U.Named.function(*Each.Method);
      }
  U.Out.Known.push_back(std::move(Run));
}
