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
        QualType Given = Each.getKind() == clang::TemplateArgument::Type ? Each.getAsType() : QualType();
        const CXXRecordDecl *GivenClass = Given.isNull() ? nullptr : Given->getAsCXXRecordDecl();
        if (GivenClass)
          Q.TemplateArguments.push_back(Kinds.plainName(GivenClass));
        else
          Q.TemplateArguments.push_back(!Given.isNull() && Given->isReferenceType() ? "&" : "");
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

/// Whether the program itself says how an object is made of \p From, another one of its class.
bool Library::copiesItself(QualType From) {
  const CXXRecordDecl *Class = From->isReferenceType() ? From.getNonReferenceType()->getAsCXXRecordDecl() : nullptr;
  if (!Class || !Class->hasDefinition() || Kinds.isLibrary(Class) || Kinds.model(Class)) return false;
  bool Move = From->isRValueReferenceType() && Class->hasMoveConstructor();
  return llvm::any_of(Class->ctors(), [&](const clang::CXXConstructorDecl *C) {
    return (Move ? C->isMoveConstructor() : C->isCopyConstructor()) && Kinds.isOwnCode(*C);
  });
}

/// What a container keeps of an argument is copied by the constructor of its class, if the program has one.
void Library::constructCopies(const FunctionDecl &F, Effects &Said, llvm::SmallVectorImpl<Construction> &Constructed) {
  for (Fact &Each : Said.Facts) {
    bool Copies = (Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move) && Each.Why == Reason::Insert;
    if (!Copies || Out.Storage.isRoot(Each.Src) || Out.Storage.last(Each.Src).Kind != ProjectionKind::Deref) continue;
    PathId Argument = Out.Storage.base(Each.Src);
    if (!Out.Storage.isRoot(Argument) || Out.Storage.rootOf(Argument).Kind != RootKind::Arg) continue;
    uint32_t Index = Out.Storage.rootOf(Argument).Index;
    if (Index >= F.getNumParams() || !copiesItself(F.getParamDecl(Index)->getType())) continue;
    Construction Copy;
    Copy.From = Construction::OfArgument;
    Copy.FirstArgument = Copy.LastArgument = Index;
    Copy.Into = Each.Dst;
    Constructed.push_back(Copy);
    Each.Kind = FactKind::Use;
    Each.Dst = PathId();
  }
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
    E.EndsWithResult = llvm::any_of(Out.Known.back().Facts, [&](const Fact &Each) {
      return Each.Kind == FactKind::Expire && Each.If && Out.Storage.rootOf(Each.If).Kind == RootKind::Ret;
    });
    E.EndsOwned = llvm::any_of(Out.Known.back().Facts, [&](const Fact &Each) {
      return Each.Kind == FactKind::Expire && Out.Storage.rootOf(Each.Src).Kind == RootKind::This &&
             (Each.Ending == End::Reset || Each.Ending == End::Release);
    });
    auto endsOne = [&](const Fact &Each) {
      return Each.Kind == FactKind::Invalidate && Each.Which == Extent::One && Each.Elements == Fate::Destroyed &&
             Each.By && Out.Storage.rootOf(Each.Src).Kind == RootKind::This;
    };
    auto Ends = llvm::find_if(Out.Known.back().Facts, endsOne);
    if (Ends != Out.Known.back().Facts.end()) E.EndsOne = *Ends;
    E.Constructed = E.Model->constructions(Out, Q);
    constructCopies(F, Out.Known.back(), E.Constructed);
    E.Idle = E.Model->pure() && E.Constructed.empty();
    E.Known = true;
  } else if (std::optional<Effects> Annotated = annotatedEffects(F, Kinds, Named, Out)) {
    Out.Known.push_back(std::move(*Annotated));
    E.Known = true;
  }
  return Entries[Canonical] = std::move(E);
}
