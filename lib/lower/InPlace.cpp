#include "lower/FunctionLowering.h"
#include "lower/Instances.h"
#include "lower/Objects.h"
#include "lower/Parts.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclTemplate.h"

using namespace refleak;
using clang::CXXConstructorDecl;
using clang::CXXMethodDecl;
using clang::Expr;
using clang::FunctionDecl;
using clang::QualType;

/// The storage that a formal path of the callee names here.
PathId FunctionLowering::actual(PathId Formal, const Call &Site) {
  Paths &S = U.Out.Storage;
  if (!S.isRoot(Formal)) {
    PathId Base = actual(S.base(Formal), Site);
    return Base ? S.extend(Base, S.last(Formal)) : PathId();
  }
  const Root &R = S.rootOf(Formal);
  switch (R.Kind) {
  case RootKind::This:
    return Site.This;
  case RootKind::Ret:
    return Site.Result;
  case RootKind::Arg:
    return R.Index < Site.Args.size() ? Site.Args[R.Index] : PathId();
  default:
    return Formal;
  }
}

static QualType templateArgument(const clang::TemplateArgumentList *List, unsigned Index) {
  if (!List || Index >= List->size() || List->get(Index).getKind() != clang::TemplateArgument::Type) return {};
  return List->get(Index).getAsType();
}

/// The type that \p C constructs in the call \p E of \p Callee. A model speaks of the class of the object, which may
/// have inherited the function.
static QualType constructedType(const Construction &C, const FunctionDecl &Callee, const Expr *E) {
  if (C.From == Construction::OfArgument)
    return Callee.getParamDecl(C.FirstArgument)->getType().getNonReferenceType().getUnqualifiedType();
  if (C.From == Construction::OfFunction)
    return templateArgument(Callee.getTemplateSpecializationArgs(), C.TemplateArgument);
  auto *Method = llvm::dyn_cast<CXXMethodDecl>(&Callee);
  const clang::CXXRecordDecl *Of = Method ? Method->getParent() : nullptr;
  if (auto *OnObject = llvm::dyn_cast<clang::CXXMemberCallExpr>(E)) {
    const Expr *Object = OnObject->getImplicitObjectArgument()->IgnoreParenBaseCasts();
    QualType T = Object->getType();
    Of = T->isPointerType() ? T->getPointeeCXXRecordDecl() : T->getAsCXXRecordDecl();
  }
  auto *Class = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(Of);
  return Class ? templateArgument(&Class->getTemplateArgs(), C.TemplateArgument) : QualType();
}

void FunctionLowering::constructInPlace(const Call &Site, llvm::ArrayRef<Construction> All, const FunctionDecl *Callee,
                                        const Expr *E) {
  if (All.empty()) return;
  llvm::SmallVector<const Expr *, 8> Args;
  if (auto *C = llvm::dyn_cast<clang::CallExpr>(E))
    Args.append(C->arg_begin() + (llvm::isa<clang::CXXOperatorCallExpr>(C) ? 1 : 0), C->arg_end());
  else if (auto *Made = llvm::dyn_cast<clang::CXXConstructExpr>(E))
    Args.append(Made->arg_begin(), Made->arg_end());
  for (const Construction &C : All) {
    QualType T = constructedType(C, *Callee, E);
    PathId Into = actual(C.Into, Site);
    if (T.isNull() || !Into) continue;
    PathId Object = Into;
    if (C.Heap) {
      Object = B.newHeap();
      B.add(FactKind::Live, at(E)).Dst = Object;
      if (T->isArrayType()) Object = inlined(Object);
    }
    size_t First = std::min<size_t>(C.FirstArgument, Site.Args.size());
    size_t Last = C.LastArgument == ~0u ? Site.Args.size() : std::min<size_t>(C.LastArgument + 1, Site.Args.size());
    Last = std::min(Last, Args.size());
    First = std::min(First, Last);
    constructFromCells(Object, T, llvm::ArrayRef(Site.Args).slice(First, Last - First),
                       llvm::ArrayRef<const Expr *>(Args).slice(First, Last - First), E);
    if (C.Heap) borrow(Into, Object, C.Loan, Reason::New, at(E));
  }
}

/// What a view of the type \p To shows that is made of an owner of the type \p From, to which \p Cell refers; an
/// invalid path if they are something else.
PathId FunctionLowering::shown(PathId Cell, QualType From, QualType To) {
  const clang::CXXRecordDecl *Class = From.getNonReferenceType()->getAsCXXRecordDecl();
  const ClassModel *Owner = Class ? U.Kinds.model(Class) : nullptr;
  bool IsView = !To->isReferenceType() && U.Kinds.kind(To) == TypeKind::View;
  if (!Cell || !IsView || !Owner || Owner->kind() != TypeKind::Owner || !Owner->content()) return PathId();
  return U.Out.Storage.extend(deref(Cell), {*Owner->content(), NameId()});
}

/// What a parameter of type \p To gets of the argument \p Arg that \p Cell refers to: a view of an owner, an object of
/// its own made of one of another class, else what that holds.
PathId FunctionLowering::passedOn(PathId Cell, const Expr *Arg, QualType To, const Expr *E) {
  if (!U.Kinds.carryLoans(To)) return PathId();
  QualType From = Arg->getType().getNonReferenceType();
  if (PathId Shown = shown(Cell, From, To)) {
    PathId View = B.newTemp();
    borrow(View, Shown, LoanKind::View, Reason::Argument, at(E));
    return View;
  }
  if (!From->isRecordType() || !To->isRecordType() || U.AST.hasSameUnqualifiedType(From, To)) return deref(Cell);
  const CXXConstructorDecl *Conversion = U.Made.constructorOf(To, Arg, E->getExprLoc());
  if (!Conversion || Conversion->isCopyOrMoveConstructor() || !isDescribed(Conversion)) return deref(Cell);
  PathId Converted = B.newTemp();
  live(Converted, To, at(E));
  constructFromCells(Converted, To, Cell, Arg, E);
  return Converted;
}

/// What a std::pair or a std::tuple holds; empty for another class.
static llvm::ArrayRef<clang::TemplateArgument> partsOf(const clang::CXXRecordDecl *Class) {
  auto *Instance = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(Class);
  if (!Instance || !Instance->isInStdNamespace() || !Instance->getIdentifier()) return {};
  llvm::ArrayRef<clang::TemplateArgument> Parts = Instance->getTemplateArgs().asArray();
  if (pairOf(Instance)) return Parts;
  if (Instance->getName() != "tuple") return {};
  bool IsPack = Parts.size() == 1 && Parts[0].getKind() == clang::TemplateArgument::Pack;
  return IsPack ? Parts[0].getPackAsArray() : Parts;
}

static const clang::CXXRecordDecl *madeBy(const FunctionDecl &Constructor) {
  auto *Method = llvm::dyn_cast<CXXConstructorDecl>(&Constructor);
  return Method ? Method->getParent() : nullptr;
}

/// A reference to what a \p To gets of the \p From that \p Cell refers to: where the one shares an object, and the
/// other knows it weakly, alone or in a pair. Invalid if they are something else.
PathId FunctionLowering::weakened(PathId Cell, QualType From, QualType To, Span At) {
  From = From.getNonReferenceType();
  auto isWeakened = [&](QualType Share, QualType Weak) {
    return U.Kinds.kind(Share) == TypeKind::Share && U.Kinds.kind(Weak) == TypeKind::Weak;
  };
  if (!Cell) return PathId();
  PathId Made, Given = deref(Cell);
  if (isWeakened(From, To)) {
    Made = B.newTemp();
    borrow(Made, deref(Given), LoanKind::Weak, Reason::Insert, At);
  } else {
    const auto *Old = pairOf(From->getAsCXXRecordDecl()), *New = pairOf(To->getAsCXXRecordDecl());
    if (!Old || !New) return PathId();
    for (auto [Half, Name] : {std::pair(0, "first"), std::pair(1, "second")}) {
      if (!isWeakened(Old->getTemplateArgs()[Half].getAsType(), New->getTemplateArgs()[Half].getAsType())) continue;
      if (!Made) copy(Made = B.newTemp(), Given, Reason::Insert, At);
      NameId Field = U.Out.Symbols.intern(Name);
      borrow(U.Out.Storage.field(Made, Field), deref(U.Out.Storage.field(Given, Field)), LoanKind::Weak, Reason::Insert,
             At);
    }
    if (!Made) return PathId();
  }
  PathId Reference = B.newTemp();
  borrow(Reference, Made, LoanKind::Ref, Reason::Argument, At);
  return Reference;
}

/// What is shared and given to a pair or a tuple that knows it weakly is not shared there.
void FunctionLowering::weakenArguments(Call &Site, const FunctionDecl &Constructor, const Expr *E) {
  const clang::CXXRecordDecl *Class = madeBy(Constructor);
  llvm::ArrayRef<clang::TemplateArgument> Parts = partsOf(Class);
  if (Parts.empty() || Constructor.getNumParams() != Site.Args.size()) return;
  auto weaken = [&](unsigned Index, QualType To) {
    QualType From = Constructor.getParamDecl(Index)->getType();
    if (!From->isReferenceType()) return;
    if (PathId Weak = weakened(Site.Args[Index], From, To, at(E))) Site.Args[Index] = Weak;
  };
  if (Parts.size() == Site.Args.size())
    for (auto [Index, Part] : llvm::enumerate(Parts)) weaken(unsigned(Index), Part.getAsType());
  else if (Site.Args.size() == 1)
    weaken(0, U.AST.getCanonicalTagType(Class));
}

/// What a pair or a tuple is made of it converts itself.
void FunctionLowering::convertInside(const Call &Site, const FunctionDecl &Constructor, const Expr *E) {
  const clang::CXXRecordDecl *Class = madeBy(Constructor);
  llvm::ArrayRef<clang::TemplateArgument> Parts = partsOf(Class);
  if (Parts.empty() || Parts.size() != Constructor.getNumParams() || Parts.size() != Site.Args.size()) return;
  for (auto [Index, Part] : llvm::enumerate(Parts)) {
    QualType From = Constructor.getParamDecl(unsigned(Index))->getType();
    PathId Shown = From->isReferenceType() ? shown(Site.Args[Index], From, Part.getAsType()) : PathId();
    if (!Shown) continue;
    PathId Object = deref(Site.This);
    PathId Into = pairOf(Class) ? U.Out.Storage.field(Object, U.Out.Symbols.intern(Index == 0 ? "first" : "second"))
                                : inlined(Object);
    borrow(Into, Shown, LoanKind::View, Reason::Insert, at(E));
  }
}

/// Constructs a T of arguments that have been passed by reference already.
void FunctionLowering::constructFromCells(PathId Object, QualType T, llvm::ArrayRef<PathId> Cells,
                                          llvm::ArrayRef<const Expr *> Args, const Expr *E) {
  if (T->isReferenceType() || !T->isRecordType()) {
    if (Cells.size() == 1 && Cells[0] && U.Kinds.carryLoans(T)) copy(Object, deref(Cells[0]), Reason::Insert, at(E));
    return;
  }
  if (PathId Shown = Cells.size() == 1 ? shown(Cells[0], Args[0]->getType(), T) : PathId())
    return borrow(Object, Shown, LoanKind::View, Reason::Insert, at(E));
  const clang::CXXRecordDecl *Class = U.Made.classOf(T, E->getExprLoc());
  if (!Class) return;
  const CXXConstructorDecl *Constructor = U.Made.constructorOf(T, Args, E->getExprLoc());
  if (Constructor) declareObject(U, *Constructor);
  if (!Constructor || leavesNothing(*Constructor)) return aggregateFromCells(Object, *Class, Cells, Args, E);
  bool Described = isDescribed(Constructor);
  if (Constructor->isCopyOrMoveConstructor() && !Described) {
    bool Move = Constructor->isMoveConstructor() && !Constructor->isTrivial();
    if (Cells[0] && U.Kinds.carryLoans(T))
      copy(Object, deref(Cells[0]), Reason::Insert, at(E), Move ? FactKind::Move : FactKind::Copy);
    return;
  }
  if (!Described && Cells.empty() && U.Kinds.isLibrary(Constructor)) return;
  Call Site;
  for (auto [Index, Cell] : llvm::enumerate(Cells)) {
    QualType P = Constructor->getParamDecl(unsigned(Index))->getType();
    Site.Args.push_back(P->isReferenceType() || !Cell ? Cell : passedOn(Cell, Args[Index], P, E));
  }
  Site.Args.resize(Constructor->getNumParams());
  Site.Callee = U.Named.function(*Constructor);
  Site.This = addressOf(Object, Reason::This, E);
  finishCall(std::move(Site), Constructor, E);
}

/// C++20 initialises an aggregate with parentheses field by field.
void FunctionLowering::aggregateFromCells(PathId Object, const clang::CXXRecordDecl &Class,
                                          llvm::ArrayRef<PathId> Cells, llvm::ArrayRef<const Expr *> Args,
                                          const Expr *E) {
  if (!Class.isAggregate() || Class.getNumBases()) return;
  for (auto [Field, Cell, Arg] : llvm::zip(Class.fields(), Cells, Args)) {
    if (!Cell) continue;
    if (PathId Shown = shown(Cell, Arg->getType(), Field->getType()))
      borrow(field(Object, Field), Shown, LoanKind::View, Reason::Field, at(E));
    else if (Field->getType()->isReferenceType())
      copy(field(Object, Field), Cell, Reason::Field, at(E));
    else if (U.Kinds.carryLoans(Field->getType()))
      copy(field(Object, Field), deref(Cell), Reason::Field, at(E));
  }
}
