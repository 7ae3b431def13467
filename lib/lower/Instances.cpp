#include "lower/Instances.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Sema/EnterExpressionEvaluationContext.h"
#include "clang/Sema/Initialization.h"
#include "clang/Sema/Sema.h"
#include "llvm/Support/SaveAndRestore.h"
#include <utility>

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXRecordDecl;
using clang::Expr;
using clang::QualType;
using clang::SourceLocation;

namespace {

/// What does not compile here has been reported where it stands, or is not needed.
class Silence {
public:
  explicit Silence(clang::Sema &Semantics)
      : Diagnostics(Semantics.getDiagnostics()), Before(Diagnostics.getSuppressAllDiagnostics()) {
    Diagnostics.setSuppressAllDiagnostics(true);
  }
  ~Silence() { Diagnostics.setSuppressAllDiagnostics(Before); }
  Silence(const Silence &) = delete;
  Silence &operator=(const Silence &) = delete;

private:
  clang::DiagnosticsEngine &Diagnostics;
  bool Before;
};

} // namespace

clang::ASTContext &Instances::syntaxTree() const { return Semantics.getASTContext(); }

const CXXRecordDecl *Instances::classOf(QualType T, SourceLocation At) {
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class) return nullptr;
  if (const CXXRecordDecl *Definition = Class->getDefinition()) return Definition;
  Silence Quiet(Semantics);
  return Semantics.isCompleteType(At, T) ? Class->getDefinition() : nullptr;
}

const CXXConstructorDecl *Instances::constructorOf(QualType T, llvm::ArrayRef<const Expr *> Args, SourceLocation At) {
  const CXXRecordDecl *Class = classOf(T, At);
  if (!Class || Class->isInvalidDecl()) return nullptr;
  Silence Quiet(Semantics);
  clang::EnterExpressionEvaluationContext Evaluated(Semantics,
                                                    clang::Sema::ExpressionEvaluationContext::PotentiallyEvaluated);
  llvm::SmallVector<Expr *, 8> Forwarded;
  for (const Expr *Each : Args) {
    auto *Value = new (syntaxTree()) clang::OpaqueValueExpr(At, Each->getType().getNonReferenceType(),
                                                            Each->isLValue() ? clang::VK_LValue : clang::VK_XValue);
    Forwarded.push_back(Value);
  }
  clang::InitializedEntity Entity = clang::InitializedEntity::InitializeTemporary(T);
  clang::InitializationKind Kind = clang::InitializationKind::CreateDirect(At, At, At);
  clang::InitializationSequence Sequence(Semantics, Entity, Kind, Forwarded);
  if (!Sequence) return nullptr;
  clang::ExprResult Made = Sequence.Perform(Semantics, Entity, Kind, Forwarded);
  if (!Made.isUsable()) return nullptr;
  auto *Call = llvm::dyn_cast<clang::CXXConstructExpr>(Made.get()->IgnoreImplicit());
  if (!Call) return nullptr;
  if (clang::CXXDestructorDecl *Destructor = Semantics.LookupDestructor(const_cast<CXXRecordDecl *>(Class)))
    Semantics.MarkFunctionReferenced(At, Destructor);
  const CXXConstructorDecl *Constructor = Call->getConstructor();
  if (Constructor->isDefaulted() && Constructor->doesThisDeclarationHaveABody())
    HasNew |= Implicit.insert(Constructor).second;
  return Constructor;
}

bool Instances::define() {
  bool Defined = std::exchange(HasNew, false);
  if (Semantics.PendingInstantiations.empty() && Semantics.VTableUses.empty()) return Defined;
  Silence Quiet(Semantics);
  Semantics.DefineUsedVTables();
  bool Pending = !Semantics.PendingInstantiations.empty();
  Semantics.PerformPendingInstantiations();
  return Pending || Defined;
}
