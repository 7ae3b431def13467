#include "lower/Types.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/Basic/SourceManager.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::QualType;

bool refleak::leavesNothing(const clang::CXXConstructorDecl &Constructor) {
  return Constructor.isDefaultConstructor() && (Constructor.isTrivial() || Constructor.getParent()->isLambda());
}

static bool isPointerSizedInteger(QualType T) {
  for (auto *Named = T->getAs<clang::TypedefType>(); Named;
       Named = Named->getDecl()->getUnderlyingType()->getAs<clang::TypedefType>()) {
    const clang::IdentifierInfo *Name = Named->getDecl()->getIdentifier();
    if (Name && (Name->isStr("uintptr_t") || Name->isStr("intptr_t"))) return true;
  }
  return false;
}

bool Types::carryLoans(QualType T) {
  T = AST.getBaseElementType(T);
  if (auto *Atomic = T->getAs<clang::AtomicType>()) return carryLoans(Atomic->getValueType());
  if (T->isReferenceType() || T->isAnyPointerType() || T->isBlockPointerType() || T->isFunctionType() ||
      T->isMemberFunctionPointerType())
    return true;
  if (const CXXRecordDecl *Class = T->getAsCXXRecordDecl()) {
    Class = Class->getDefinition();
    if (!Class) return false;
    auto [It, Fresh] = Carry.try_emplace(Class, false);
    if (!Fresh) return It->second;
    bool Answer = computeCarry(Class);
    return Carry[Class] = Answer;
  }
  return T->isIntegerType() && isPointerSizedInteger(T);
}

bool Types::computeCarry(const CXXRecordDecl *Class) {
  if (Class->isLambda() || model(Class)) return true;
  for (const clang::CXXBaseSpecifier &Base : Class->bases())
    if (carryLoans(Base.getType())) return true;
  for (const clang::FieldDecl *Field : Class->fields())
    if (carryLoans(Field->getType())) return true;
  return false;
}

/// Whether the end of a \p Class runs code. That of a union runs none for its members ([class.dtor]).
static bool runsCode(const CXXRecordDecl &Class) {
  if (Class.hasTrivialDestructor()) return false;
  const clang::CXXDestructorDecl *D = Class.getDestructor();
  return !Class.isUnion() || (D && D->isUserProvided());
}

bool Types::endMatters(QualType T) const {
  T = AST.getBaseElementType(T);
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  return Class && Class->hasDefinition() && runsCode(*Class);
}

bool Types::runsDestructor(const CXXRecordDecl *Class) {
  Class = Class ? Class->getDefinition() : nullptr;
  if (!Class || !runsCode(*Class)) return false;
  auto [It, Fresh] = Runs.try_emplace(Class, false);
  if (!Fresh) return It->second;
  bool Answer = computeRuns(Class);
  return Runs[Class] = Answer;
}

bool Types::computeRuns(const CXXRecordDecl *Class) {
  if (const ClassModel *Known = model(Class)) return Known->looksAround();
  if (isLibrary(Class)) return false;
  if (const clang::CXXDestructorDecl *D = Class->getDestructor(); D && D->isUserProvided()) return true;
  for (const clang::CXXBaseSpecifier &Base : Class->bases())
    if (runsDestructor(Base.getType()->getAsCXXRecordDecl())) return true;
  for (const clang::FieldDecl *Field : Class->fields())
    if (runsDestructor(Field->getType()->getAsCXXRecordDecl())) return true;
  return false;
}

/// Whether a copy or move by \p Whole, which the language defines, may copy or move a base or field by \p Part.
static bool mayBePartOf(const clang::CXXMethodDecl &Whole, const clang::CXXMethodDecl &Part) {
  auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&Whole);
  auto *PartConstructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&Part);
  if (Constructor && PartConstructor)
    return PartConstructor->isCopyConstructor() ||
           (PartConstructor->isMoveConstructor() && Constructor->isMoveConstructor());
  if (Constructor || PartConstructor) return false;
  return Part.isCopyAssignmentOperator() || (Part.isMoveAssignmentOperator() && Whole.isMoveAssignmentOperator());
}

bool Types::isOwnCode(const clang::CXXMethodDecl &M) {
  if (M.isUserProvided()) return !isLibrary(&M);
  auto [It, Fresh] = OwnCode.try_emplace(M.getCanonicalDecl(), false);
  if (!Fresh) return It->second;
  bool Answer = computeOwnCode(M);
  return OwnCode[M.getCanonicalDecl()] = Answer;
}

bool Types::computeOwnCode(const clang::CXXMethodDecl &M) {
  auto *Constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(&M);
  bool Copies = Constructor ? Constructor->isCopyOrMoveConstructor()
                            : M.isCopyAssignmentOperator() || M.isMoveAssignmentOperator();
  const CXXRecordDecl *Class = M.getParent();
  if (!Copies || M.isTrivial() || M.isDeleted() || !M.hasBody() || Class->isLambda() || Class->isUnion()) return false;
  auto hasOwnCode = [&](QualType T) {
    const CXXRecordDecl *Part = AST.getBaseElementType(T)->getAsCXXRecordDecl();
    if (!Part || !Part->hasDefinition() || isLibrary(Part) || model(Part)) return false;
    return llvm::any_of(Part->methods(),
                        [&](const clang::CXXMethodDecl *Each) { return mayBePartOf(M, *Each) && isOwnCode(*Each); });
  };
  return llvm::any_of(Class->bases(), [&](const clang::CXXBaseSpecifier &B) { return hasOwnCode(B.getType()); }) ||
         llvm::any_of(Class->fields(), [&](const clang::FieldDecl *F) { return hasOwnCode(F->getType()); });
}

bool Types::isLibrary(const clang::Decl *D) const { return AST.getSourceManager().isInSystemHeader(D->getLocation()); }

bool Types::keepsSmallInside(const clang::RecordDecl &Union) const {
  if (!Union.isUnion()) return false;
  auto has = [](const clang::FieldDecl *Alternative, auto Wanted) {
    const clang::RecordDecl *Parts = Alternative->getType()->getAsRecordDecl();
    if (!Parts) return Wanted(Alternative->getType());
    return llvm::any_of(Parts->fields(), [&](const clang::FieldDecl *Part) { return Wanted(Part->getType()); });
  };
  auto isPointer = [](QualType T) { return T->isPointerType(); };
  auto isRoom = [&](QualType T) {
    auto *Array = AST.getAsConstantArrayType(T);
    return Array && Array->getElementType()->isArithmeticType();
  };
  return llvm::any_of(Union.fields(), [&](const clang::FieldDecl *F) { return has(F, isPointer); }) &&
         llvm::any_of(Union.fields(), [&](const clang::FieldDecl *F) { return has(F, isRoom) && !has(F, isPointer); });
}

TypeKind Types::kind(QualType T) {
  T = T.getNonReferenceType();
  if (T->isFunctionType() || T->isFunctionPointerType() || T->isBlockPointerType()) return TypeKind::Callable;
  if (T->isAnyPointerType() || T->isNullPtrType() || T->isArrayType()) return TypeKind::Pointer;
  if (T->isArithmeticType() && !T->isEnumeralType()) return TypeKind::Number;
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class) return TypeKind::Plain;
  if (Class->isLambda()) return TypeKind::Callable;
  const ClassModel *Model = model(Class);
  return Model ? Model->kind() : TypeKind::Plain;
}

const ClassModel *Types::model(const CXXRecordDecl *Class) {
  auto [It, Fresh] = ModelOf.try_emplace(Class->getCanonicalDecl(), nullptr);
  if (!Fresh) return It->second;
  const ClassModel *Found = Class->getIdentifier() ? Library.findClass(plainName(Class)) : nullptr;
  return ModelOf[Class->getCanonicalDecl()] = Found;
}

llvm::StringRef Types::plainName(const clang::NamedDecl *D) {
  auto *Key = llvm::cast<clang::NamedDecl>(D->getCanonicalDecl());
  auto It = PlainNames.find(Key);
  if (It != PlainNames.end()) return It->second;
  std::string Name;
  const clang::DeclContext *In = D->getDeclContext();
  while (In && !llvm::isa<clang::TranslationUnitDecl>(In) && (In->isInlineNamespace() || In->isTransparentContext()))
    In = In->getParent();
  if (auto *Outer = llvm::dyn_cast_or_null<clang::NamedDecl>(In); Outer && (In->isNamespace() || In->isRecord()))
    Name = (plainName(Outer) + "::").str();
  Name += D->getNameAsString();
  return PlainNames[Key] = llvm::StringRef(Name).copy(Texts);
}
