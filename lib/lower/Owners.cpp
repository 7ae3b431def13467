#include "lower/Owners.h"
#include "lower/Closures.h"
#include "lower/Parts.h"
#include "lower/UnitLowering.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::QualType;

namespace {

/// Says that \p Cell owns what it leads to.
void addOwner(Effects &Said, Paths &Storage, PathId Cell, LoanKind Kind) {
  Fact F;
  F.Kind = FactKind::Borrow;
  F.Loan = Kind;
  F.Dst = Cell;
  F.Src = Storage.deref(Cell);
  Said.Facts.push_back(F);
}

void tell(UnitLowering &U, Effects Said, const std::string &Name) {
  if (Said.Facts.empty()) return;
  Said.Source = EffectSource::Annotation;
  Said.Symbol = U.Out.Symbols.intern(Name);
  Said.Display = Name;
  U.Out.Known.push_back(std::move(Said));
}

/// What \p Place, of the type \p T, owns alone, and its elements do.
void addOwnersIn(UnitLowering &U, Effects &Said, PathId Place, QualType T) {
  forEachPart(U, Place, T, [&](PathId Cell, QualType Part) {
    if (U.Kinds.kind(Part) == TypeKind::Own) addOwner(Said, U.Out.Storage, Cell, LoanKind::Own);
  });
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
      forEachPart(U, U.Out.Storage.field(Object, Last), Field->getType(),
                  [&](PathId Cell, QualType T) { describe(Cell, T); });
    }
    if (!Said.Facts.empty()) tell(U, std::move(Said), name());
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

  void describe(PathId Cell, QualType T) {
    switch (U.Kinds.kind(T)) {
    case TypeKind::Share:
      return addOwner(Said, U.Out.Storage, Cell, LoanKind::Share);
    case TypeKind::Own:
      return addOwner(Said, U.Out.Storage, Cell, LoanKind::Own);
    case TypeKind::Thread: {
      Fact F;
      F.Kind = FactKind::Clear;
      F.Dst = Cell;
      return Said.Facts.push_back(F);
    }
    default: // the members of other classes are told with those
      return;
    }
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

void refleak::declareOwner(UnitLowering &U, const clang::VarDecl &Global, PathId Place) {
  if (!U.Declared.insert(Global.getCanonicalDecl()).second) return;
  Effects Said;
  addOwnersIn(U, Said, Place, Global.getType());
  tell(U, std::move(Said), ("global " + U.Out.Symbols.text(U.Out.Storage.rootOf(Place).Name)).str());
}

void refleak::declareOwners(UnitLowering &U, llvm::ArrayRef<const clang::ParmVarDecl *> Given, NameId Symbol) {
  Effects Said;
  for (auto [Index, Parameter] : llvm::enumerate(Given)) {
    PathId Place = U.Out.Storage.root({RootKind::Arg, uint32_t(Index), NameId()});
    QualType T = Parameter->getType();
    addOwnersIn(U, Said, T->isReferenceType() ? U.Out.Storage.deref(Place) : Place, T.getNonReferenceType());
  }
  tell(U, std::move(Said), ("parameters of " + U.Out.Symbols.text(Symbol)).str());
}

/// What a call gives belongs to the caller.
static void addOwnedResult(UnitLowering &U, Effects &Said, QualType T) {
  if (T->isReferenceType() || U.Kinds.kind(T) != TypeKind::Own) return;
  PathId Made = U.Out.Storage.root({RootKind::Heap, 0, NameId()});
  Fact New, Given;
  New.Kind = FactKind::Live;
  New.Dst = Made;
  Given.Kind = FactKind::Borrow;
  Given.Loan = LoanKind::Own;
  Given.Dst = U.Out.Storage.root({RootKind::Ret, 0, NameId()});
  Given.Src = Made;
  Said.Facts.insert(Said.Facts.end(), {New, Given});
}

namespace {

/// Arguments that may be shared by something that lives on, too: smart pointers, by value or reference, and what
/// objects given by value share. Each has a cell of its own, which the next such call overwrites.
class SharedArguments {
public:
  SharedArguments(UnitLowering &U, const clang::FunctionDecl &Called, Effects &Said)
      : U(U), Symbol(U.Named.function(Called)), Said(Said) {}

  void add(QualType T, uint32_t Index) {
    PathId Given = U.Out.Storage.root({RootKind::Arg, Index, NameId()});
    if (!T->isReferenceType()) return walk(Given, T, 0);
    QualType Referred = T.getNonReferenceType();
    const CXXRecordDecl *Class = Referred->getAsCXXRecordDecl();
    bool IsPointer = Class && Class->hasDefinition() &&
                     !Class->lookup(U.AST.DeclarationNames.getCXXOperatorName(clang::OO_Arrow)).empty();
    if (IsPointer || U.Kinds.kind(Referred) == TypeKind::Share) walk(U.Out.Storage.deref(Given), Referred, 0);
  }

private:
  /// A smart pointer of the program's own around a shared_ptr, in an object.
  static constexpr unsigned MaxNesting = 2;

  UnitLowering &U;
  NameId Symbol;
  Effects &Said;

  void walk(PathId Place, QualType T, unsigned Depth) {
    forEachPart(U, Place, T, [&](PathId Cell, QualType Part) {
      if (U.Kinds.kind(Part) == TypeKind::Share) return keep(Cell);
      const CXXRecordDecl *Class = Part->getAsCXXRecordDecl();
      if (Class && Class->hasDefinition() && !Class->isUnion() && !U.Kinds.isLibrary(Class) && Depth < MaxNesting)
        walkFields(Cell, *Class->getDefinition(), Depth + 1);
    });
  }

  void walkFields(PathId Object, const CXXRecordDecl &Class, unsigned Depth) {
    for (const clang::FieldDecl *Field : Class.fields())
      if (Field->getIdentifier()) walk(U.Out.Storage.field(Object, U.Named.field(*Field)), Field->getType(), Depth);
  }

  void keep(PathId Cell) {
    std::string Name = ("unseen_share " + llvm::Twine(Said.Facts.size()) + " " + U.Out.Symbols.text(Symbol)).str();
    Fact Kept;
    Kept.Kind = FactKind::Copy;
    Kept.Dst = U.Out.Storage.root({RootKind::Global, 0, U.Out.Symbols.intern(Name)});
    Kept.Src = Cell;
    Said.Facts.push_back(Kept);
  }
};

} // namespace

void refleak::declareOwnersOfCall(UnitLowering &U, const clang::FunctionDecl &Called) {
  if (!U.Declared.insert(Called.getCanonicalDecl()).second) return;
  Effects Said;
  addOwnedResult(U, Said, Called.getReturnType());
  SharedArguments Shared(U, Called, Said);
  for (auto [Index, Parameter] : llvm::enumerate(Called.parameters())) Shared.add(Parameter->getType(), Index);
  tell(U, std::move(Said), ("call of " + U.Out.Symbols.text(U.Named.function(Called))).str());
}
