#include "lower/Symbols.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/GlobalDecl.h"
#include "clang/AST/Mangle.h"
#include "clang/AST/PrettyPrinter.h"

using namespace refleak;

Symbols::Symbols(clang::ASTContext &AST, Unit &Out, Positions &Where)
    : AST(AST), Out(Out), Where(Where), Mangler(clang::ItaniumMangleContext::create(AST, AST.getDiagnostics())) {}

Symbols::~Symbols() = default;

std::string Symbols::mangled(const clang::FunctionDecl &F) {
  clang::GlobalDecl Which;
  if (auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&F))
    Which = clang::GlobalDecl(Constructor, clang::Ctor_Complete);
  else if (auto *Destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(&F))
    Which = clang::GlobalDecl(Destructor, clang::Dtor_Complete);
  else
    Which = clang::GlobalDecl(&F);
  if (!Mangler->shouldMangleDeclName(&F)) return F.getNameAsString();
  std::string Name;
  llvm::raw_string_ostream OS(Name);
  Mangler->mangleName(Which, OS);
  return Name;
}

/// What stands in a header is the same in all units that include it; what was made here of a template is not.
llvm::StringRef Symbols::fileOf(const clang::FunctionDecl &F) {
  const clang::SourceManager &SM = AST.getSourceManager();
  return Where.fileName(F.isTemplateInstantiation() ? SM.getLocForStartOfFile(SM.getMainFileID()) : F.getLocation());
}

NameId Symbols::function(const clang::FunctionDecl &F) {
  auto *Canonical = F.getCanonicalDecl();
  auto [It, Fresh] = Cache.try_emplace(Canonical);
  if (!Fresh) return It->second;
  std::string Name = mangled(*Canonical);
  if (!F.isExternallyVisible()) Name = (fileOf(F) + ":" + Name).str();
  return Cache[Canonical] = Out.Symbols.intern(Name);
}

static clang::PrintingPolicy policy(const clang::ASTContext &AST) {
  clang::PrintingPolicy Policy(AST.getLangOpts());
  Policy.AnonymousTagLocations = false;
  Policy.SuppressUnwrittenScope = true;
  return Policy;
}

std::string Symbols::qualified(const clang::NamedDecl &D) const {
  std::string Name;
  llvm::raw_string_ostream OS(Name);
  D.printQualifiedName(OS, policy(AST));
  return Name;
}

std::string Symbols::display(const clang::FunctionDecl &F) const {
  auto *Method = llvm::dyn_cast<clang::CXXMethodDecl>(&F);
  if (Method && clang::isLambdaCallOperator(Method)) return "lambda";
  std::string Name = qualified(F);
  llvm::raw_string_ostream OS(Name);
  OS << '(';
  for (const clang::ParmVarDecl *P : F.parameters()) {
    if (P != F.getParamDecl(0)) OS << ", ";
    P->getType().print(OS, policy(AST));
  }
  if (F.isVariadic()) OS << (F.param_empty() ? "..." : ", ...");
  OS << ')';
  return Name;
}

NameId Symbols::global(const clang::VarDecl &V) {
  auto *Canonical = V.getCanonicalDecl();
  auto [It, Fresh] = Cache.try_emplace(Canonical);
  if (!Fresh) return It->second;
  std::string Name;
  auto *In = llvm::dyn_cast_or_null<clang::FunctionDecl>(V.getParentFunctionOrMethod());
  if (V.isStaticLocal() && In)
    Name = display(*In) + "::" + V.getNameAsString();
  else
    Name = qualified(V);
  if (!V.isExternallyVisible()) Name = (Where.fileName(V.getLocation()) + ":" + Name).str();
  return Cache[Canonical] = Out.Symbols.intern(Name);
}

NameId Symbols::field(const clang::FieldDecl &F) {
  auto [It, Fresh] = Cache.try_emplace(&F);
  if (!Fresh) return It->second;
  auto *Class = F.getParent();
  bool OfPair = Class->isInStdNamespace() && Class->getIdentifier() && Class->getName() == "pair";
  NameId Name = Out.Symbols.intern(OfPair ? F.getNameAsString() : qualified(F));
  return Cache[&F] = Name;
}
