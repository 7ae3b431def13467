#include "lower/Library.h"
#include "lower/Annotations.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Expr.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::FunctionDecl;
using clang::QualType;

Argument Library::argument(QualType T, const CXXRecordDecl *Class) {
  Argument A;
  if (T->isLValueReferenceType()) A.How = Argument::ByLvalue;
  if (T->isRValueReferenceType()) A.How = Argument::ByRvalue;
  A.What = Kinds.kind(T);
  const CXXRecordDecl *Of = T.getNonReferenceType()->getAsCXXRecordDecl();
  A.Self = Class && Of && Of->getCanonicalDecl() == Class->getCanonicalDecl();
  if (Of) A.Class = Kinds.plainName(Of);
  if (const ClassModel *Model = Of ? Kinds.model(Of) : nullptr)
    A.Content = Model->content();
  else if (T.getNonReferenceType()->isArrayType())
    A.Content = ProjectionKind::Inline;
  return A;
}

/// The name under which a model lists the conversion to \p To.
static std::string conversionName(QualType To) {
  if (To->isReferenceType()) return "operator reference";
  if (To->isBooleanType()) return "operator bool";
  if (To->isPointerType()) return "operator pointer";
  if (To->isArithmeticType()) return "operator number";
  const CXXRecordDecl *Class = To->getAsCXXRecordDecl();
  return Class ? "operator " + Class->getNameAsString() : "operator value";
}

static std::string memberName(const clang::CXXMethodDecl &M) {
  if (llvm::isa<clang::CXXConstructorDecl>(M)) return "constructor";
  if (llvm::isa<clang::CXXDestructorDecl>(M)) return "destructor";
  if (auto *Conversion = llvm::dyn_cast<clang::CXXConversionDecl>(&M))
    return conversionName(Conversion->getConversionType());
  return M.getNameAsString();
}

/// The classes on the way from the object's class \p From to the member's class \p To.
bool Library::nameClasses(Query &Q, const CXXRecordDecl *From, const CXXRecordDecl *To) {
  Q.Classes.push_back(Kinds.plainName(From));
  if (From->getCanonicalDecl() == To->getCanonicalDecl()) return true;
  if (From->hasDefinition())
    for (const clang::CXXBaseSpecifier &Base : From->bases())
      if (const CXXRecordDecl *Class = Base.getType()->getAsCXXRecordDecl(); Class && nameClasses(Q, Class, To))
        return true;
  Q.Classes.pop_back();
  return false;
}

Query Library::query(const FunctionDecl &F, const CXXRecordDecl *Of, std::string &Name) {
  Query Q;
  const CXXRecordDecl *Class = nullptr;
  if (auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F)) {
    Class = Method->getParent();
    if (!Of || !nameClasses(Q, Of, Class)) Q.Classes = {Kinds.plainName(Class)};
    Name = memberName(*Method);
    Q.Name = Name;
    Q.Const = Method->isConst();
    Q.Static = Method->isStatic();
    if (auto *Instance = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(Class))
      for (const clang::TemplateArgument &Each : Instance->getTemplateArgs().asArray()) {
        const CXXRecordDecl *Given =
            Each.getKind() == clang::TemplateArgument::Type ? Each.getAsType()->getAsCXXRecordDecl() : nullptr;
        Q.TemplateArguments.push_back(Given ? Kinds.plainName(Given) : llvm::StringRef());
      }
  } else {
    Q.Name = Kinds.plainName(&F);
  }
  for (const clang::ParmVarDecl *P : F.parameters()) Q.Arguments.push_back(argument(P->getType(), Class));
  return Q;
}

static const CXXRecordDecl *classOf(const clang::Expr *Object) {
  if (!Object) return nullptr;
  QualType T = Object->IgnoreParenBaseCasts()->getType();
  return T->isPointerType() ? T->getPointeeCXXRecordDecl() : T->getAsCXXRecordDecl();
}

const Library::Entry &Library::learn(const FunctionDecl &F, const clang::Expr *Object) {
  const FunctionDecl *Canonical = F.getCanonicalDecl();
  const CXXRecordDecl *Of = classOf(Object);
  auto [It, Fresh] = Entries.try_emplace(Canonical);
  if (!Fresh && (It->second.Known || !Of || Of == It->second.AskedFor)) return It->second;
  Entry E;
  E.AskedFor = Of;
  std::string Name;
  Query Q = query(F, Of, Name);
  E.Model = Known.find(Q);
  if (E.Model) {
    Out.Known.push_back(E.Model->instantiate(Out, Named.function(F), Q));
    E.Destroys = llvm::any_of(Out.Known.back().Facts, [](const Fact &Each) {
      return Each.Kind == FactKind::Expire || (Each.Kind == FactKind::Invalidate && Each.Elements == Fate::Destroyed);
    });
    E.Constructed = E.Model->constructions(Out, Q);
    E.Idle = E.Model->pure() && E.Constructed.empty();
    E.Known = true;
  } else if (std::optional<Effects> Annotated = annotatedEffects(F, Kinds, Named, Out)) {
    Out.Known.push_back(std::move(*Annotated));
    E.Known = true;
  }
  return Entries[Canonical] = std::move(E);
}
