#include "lower/Annotations.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::FunctionDecl;
using clang::QualType;

namespace {

/// Reads the attributes of one function.
class Annotations {
public:
  Annotations(const FunctionDecl &F, Types &Kinds, Unit &Out)
      : F(F), Method(llvm::dyn_cast<clang::CXXMethodDecl>(&F)), Kinds(Kinds), Out(Out) {}

  std::vector<Fact> read();

private:
  PathId root(RootKind Kind, uint32_t Index = 0) { return Out.Storage.root({Kind, Index, NameId()}); }
  PathId object() { return Out.Storage.deref(root(RootKind::This)); }
  /// Where what the function gives out goes: a constructor fills its object.
  PathId result() { return llvm::isa<clang::CXXConstructorDecl>(F) ? object() : root(RootKind::Ret); }
  void copy(PathId Dst, PathId Src, Reason Why = Reason::Lend);
  void borrow(PathId Dst, PathId Src, LoanKind Kind);

  void boundParameter(const clang::ParmVarDecl &P, PathId Cell);
  void boundObject();
  void capturedParameter(const clang::LifetimeCaptureByAttr &By, PathId Cell, QualType T);
  void ownerMethod(const CXXRecordDecl &Class);
  void pointerConstructor();
  bool keepsNothing() const;
  void usePointees();

  const FunctionDecl &F;
  const clang::CXXMethodDecl *Method;
  Types &Kinds;
  Unit &Out;
  std::vector<Fact> Facts;
};

} // namespace

void Annotations::copy(PathId Dst, PathId Src, Reason Why) {
  Fact New;
  New.Kind = FactKind::Copy;
  New.Why = Why;
  New.Dst = Dst;
  New.Src = Src;
  Facts.push_back(New);
}

void Annotations::borrow(PathId Dst, PathId Src, LoanKind Kind) {
  Fact New;
  New.Kind = FactKind::Borrow;
  New.Loan = Kind;
  New.Why = Reason::Lend;
  New.Dst = Dst;
  New.Src = Src;
  Facts.push_back(New);
}

template <class A> static const A *classAttribute(const CXXRecordDecl *Class) {
  if (!Class) return nullptr;
  if (auto *Found = Class->getAttr<A>()) return Found;
  return Class->getMostRecentDecl()->getAttr<A>();
}

/// The attribute on the function's type, which is where one about `this` is written.
static bool boundsObject(const FunctionDecl &F) {
  const clang::TypeSourceInfo *Written = F.getTypeSourceInfo();
  if (!Written) return false;
  clang::AttributedTypeLoc Attributed;
  for (clang::TypeLoc L = Written->getTypeLoc(); (Attributed = L.getAsAdjusted<clang::AttributedTypeLoc>());
       L = Attributed.getModifiedLoc())
    if (Attributed.getAttrAs<clang::LifetimeBoundAttr>()) return true;
  return false;
}

/// What `lifetimebound` means for an argument in \p Cell: the result may hold what it holds, or a loan on it.
void Annotations::boundParameter(const clang::ParmVarDecl &P, PathId Cell) {
  QualType T = P.getType();
  bool Refers = T->isReferenceType() || T->isPointerType();
  if (T->isReferenceType() && Kinds.kind(T) == TypeKind::View)
    copy(result(), Out.Storage.deref(Cell));
  else if (Refers && !F.getReturnType()->isReferenceType() && Kinds.kind(F.getReturnType()) == TypeKind::View)
    borrow(result(), Out.Storage.deref(Cell), LoanKind::View);
  else
    copy(result(), Cell);
}

void Annotations::boundObject() {
  bool View = Kinds.kind(F.getReturnType()) == TypeKind::View && !F.getReturnType()->isReferenceType();
  borrow(result(), object(), View ? LoanKind::View : LoanKind::Ref);
}

void Annotations::capturedParameter(const clang::LifetimeCaptureByAttr &By, PathId Cell, QualType) {
  for (int Index : By.params()) {
    if (Index == clang::LifetimeCaptureByAttr::Invalid || Index == clang::LifetimeCaptureByAttr::Unknown) continue;
    PathId Into;
    if (Index == clang::LifetimeCaptureByAttr::This)
      Into = object();
    else if (Index == clang::LifetimeCaptureByAttr::Global)
      Into = Out.Storage.root({RootKind::Global, 0, Out.Symbols.intern("captured")});
    else
      Into = Out.Storage.deref(root(RootKind::Arg, unsigned(Index) - (Method && Method->isInstance() ? 1 : 0)));
    copy(Into, Cell, Reason::Insert);
  }
}

/// A class that owns what its members give out, without a model to say what exactly.
void Annotations::ownerMethod(const CXXRecordDecl &Class) {
  QualType R = F.getReturnType();
  const CXXRecordDecl *Given = R.getNonReferenceType()->getAsCXXRecordDecl();
  if (Given && Given->getCanonicalDecl() == Class.getCanonicalDecl()) return;
  PathId Elements = Out.Storage.extend(object(), {ProjectionKind::Elem, NameId()});
  if (R->isReferenceType() || R->isPointerType())
    borrow(result(), Elements, LoanKind::Ref);
  else if (Kinds.kind(R) == TypeKind::Iterator)
    borrow(result(), Elements, LoanKind::Iterator);
  else if (Kinds.kind(R) == TypeKind::View || classAttribute<clang::PointerAttr>(Given))
    borrow(result(), Elements, LoanKind::View);
}

/// A view made from an owner reads what the owner holds; made from another view or pointer, it holds the same.
void Annotations::pointerConstructor() {
  if (F.getNumParams() == 0) return;
  QualType T = F.getParamDecl(0)->getType();
  PathId Cell = root(RootKind::Arg);
  if (classAttribute<clang::OwnerAttr>(T.getNonReferenceType()->getAsCXXRecordDecl()))
    borrow(object(), Out.Storage.extend(Out.Storage.deref(Cell), {ProjectionKind::Elem, NameId()}), LoanKind::View);
  else if (T->isReferenceType() && Kinds.carryLoans(T.getNonReferenceType()))
    copy(object(), Out.Storage.deref(Cell));
  else if (Kinds.carryLoans(T))
    copy(object(), Cell);
}

/// Whether an attribute says of each pointer that it is not kept.
bool Annotations::keepsNothing() const {
  bool Any = false;
  for (const clang::ParmVarDecl *P : F.parameters()) {
    bool Told = P->hasAttr<clang::NoEscapeAttr>();
    Any |= Told;
    if (!Told && Kinds.carryLoans(P->getType())) return false;
  }
  return Any && !(Method && Method->isInstance());
}

void Annotations::usePointees() {
  for (const clang::ParmVarDecl *P : F.parameters()) {
    if (!P->hasAttr<clang::NoEscapeAttr>()) continue;
    Fact New;
    New.Kind = FactKind::Use;
    New.How = Access::Call;
    New.Src = Out.Storage.deref(root(RootKind::Arg, P->getFunctionScopeIndex()));
    Facts.push_back(New);
  }
}

std::vector<Fact> Annotations::read() {
  for (const clang::ParmVarDecl *P : F.parameters()) {
    PathId Cell = root(RootKind::Arg, P->getFunctionScopeIndex());
    if (P->hasAttr<clang::LifetimeBoundAttr>()) boundParameter(*P, Cell);
    if (auto *By = P->getAttr<clang::LifetimeCaptureByAttr>()) capturedParameter(*By, Cell, P->getType());
  }
  if (Method && Method->isInstance() && boundsObject(F)) boundObject();
  if (keepsNothing()) usePointees();
  if (Facts.empty() && Method && Method->isInstance()) {
    if (classAttribute<clang::OwnerAttr>(Method->getParent()) && !llvm::isa<clang::CXXConstructorDecl>(F))
      ownerMethod(*Method->getParent());
    if (classAttribute<clang::PointerAttr>(Method->getParent()) && llvm::isa<clang::CXXConstructorDecl>(F))
      pointerConstructor();
  }
  return std::move(Facts);
}

std::optional<Effects> refleak::annotatedEffects(const FunctionDecl &F, Types &Kinds, Symbols &Named, Unit &Out) {
  if (F.hasBody()) return std::nullopt;
  std::vector<Fact> Facts = Annotations(F, Kinds, Out).read();
  if (Facts.empty()) return std::nullopt;
  Effects E;
  E.Symbol = Named.function(F);
  E.Display = Named.display(F);
  E.Source = EffectSource::Annotation;
  E.Facts = std::move(Facts);
  return E;
}
