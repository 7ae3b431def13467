//===- Definitions.cpp - What a unit defines outside system headers -----------------------------------------------===//
#include "lower/Lives.h"
#include "lower/UnitLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::Decl;
using clang::FunctionDecl;

namespace {

/// Walks declarations and collects those that have something to lower.
class Collector {
public:
  explicit Collector(UnitLowering &U) : U(U) {}
  void context(const clang::DeclContext &In);
  void declaration(const Decl &D);

private:
  void function(const FunctionDecl &F);
  bool isWorthLowering(const FunctionDecl &F);
  void variable(const clang::VarDecl &V);

  UnitLowering &U;
};

} // namespace

/// Of the bodies that the compiler wrote, those of default constructors are of interest, and those that copy or move
/// parts by what somebody wrote; the rest are facts at their use.
bool Collector::isWorthLowering(const FunctionDecl &F) {
  if (F.isTrivial() || F.isDeleted()) return false;
  if (!F.isDefaulted() && !F.isImplicit()) return true;
  auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&F);
  if (Constructor && Constructor->isDefaultConstructor()) return true;
  auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F);
  return Method && U.Kinds.isOwnCode(*Method);
}

void Collector::function(const FunctionDecl &F) {
  if (!F.doesThisDeclarationHaveABody() || F.isDependentContext() || F.isInvalidDecl()) return;
  auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F);
  if (Method && U.Kinds.model(Method->getParent())) return; // models know better
  if (!isWorthLowering(F)) return;
  U.Waiting.push_back({&F, nullptr, NameId()});
  auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&F);
  if (Constructor && beginsLife(U, *Constructor)) U.Waiting.push_back({&F, nullptr, NameId(), true});
}

void Collector::variable(const clang::VarDecl &V) {
  if (!V.hasGlobalStorage() || !V.hasInit() || V.isInvalidDecl() ||
      V.isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly)
    return;
  const clang::Expr *Init = V.getInit();
  if (V.isConstexpr() || Init->isValueDependent() || Init->isTypeDependent() || V.getType()->isDependentType()) return;
  if (V.getDeclContext()->isDependentContext()) return;
  U.Waiting.push_back({nullptr, &V, NameId()});
}

void Collector::declaration(const Decl &D) {
  if (auto *F = llvm::dyn_cast<FunctionDecl>(&D)) return function(*F);
  if (auto *V = llvm::dyn_cast<clang::VarDecl>(&D)) return variable(*V);
  if (auto *Class = llvm::dyn_cast<CXXRecordDecl>(&D)) {
    if (Class->isThisDeclarationADefinition() && !Class->isDependentContext() && !Class->isLambda()) context(*Class);
    return;
  }
  if (auto *Template = llvm::dyn_cast<clang::FunctionTemplateDecl>(&D)) {
    if (!Template->isThisDeclarationADefinition() && Template->getCanonicalDecl() != Template) return;
    for (const FunctionDecl *Instance : Template->specializations())
      if (Instance->getTemplateSpecializationKind() != clang::TSK_ExplicitSpecialization)
        if (const FunctionDecl *Body = Instance->getDefinition()) function(*Body);
    return;
  }
  if (auto *Template = llvm::dyn_cast<clang::ClassTemplateDecl>(&D)) {
    if (!Template->isThisDeclarationADefinition() && Template->getCanonicalDecl() != Template) return;
    for (const clang::ClassTemplateSpecializationDecl *Instance : Template->specializations())
      if (Instance->getSpecializationKind() != clang::TSK_ExplicitSpecialization)
        if (const CXXRecordDecl *Class = Instance->getDefinition(); Class && !Class->isDependentContext())
          context(*Class);
    return;
  }
  if (auto *Template = llvm::dyn_cast<clang::VarTemplateDecl>(&D)) {
    if (Template->getCanonicalDecl() != Template) return;
    for (const clang::VarDecl *Instance : Template->specializations()) variable(*Instance);
    return;
  }
  if (auto *Friend = llvm::dyn_cast<clang::FriendDecl>(&D)) {
    if (const clang::NamedDecl *Named = Friend->getFriendDecl();
        Named && Named->getLexicalDeclContext() == Friend->getLexicalDeclContext())
      declaration(*Named);
    return;
  }
  if (llvm::isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl>(D))
    context(*llvm::cast<clang::DeclContext>(&D));
}

void Collector::context(const clang::DeclContext &In) {
  for (const Decl *D : In.decls()) declaration(*D);
}

void refleak::collectDefinitions(UnitLowering &U, const clang::DeclContext &In) { Collector(U).context(In); }

void refleak::collectUnit(UnitLowering &U) {
  Collector All(U);
  for (const Decl *D : U.AST.getTranslationUnitDecl()->decls())
    if (!D->isImplicit() && !U.Kinds.isLibrary(D)) All.declaration(*D);
}
