#include "lower/Destructions.h"
#include "lower/FunctionLowering.h"
#include "clang/AST/ASTContext.h"

using namespace refleak;
using clang::CXXRecordDecl;
using clang::QualType;

void FunctionLowering::pushCleanup(PathId Object, QualType T, End Ending, clang::SourceLocation At) {
  if (T->isReferenceType()) return;
  if (U.Kinds.endMatters(T)) B.keepEnd(Object);
  Cleanups.push_back({Object, T, Ending, At, CleanupCount++, BlockId()});
}

void FunctionLowering::pushTemporary(PathId Object, QualType T, clang::SourceLocation At) {
  if (U.Kinds.endMatters(T)) B.keepEnd(Object);
  Temporaries.push_back({Object, T, End::Temporary, At, CleanupCount++, BlockId()});
}

/// An argument by value that may lead to itself: after the call nobody may look at its storage.
void FunctionLowering::passTemporary(PathId Object, QualType T, clang::SourceLocation At) {
  Temporaries.push_back({Object, T, End::Temporary, At, CleanupCount++, BlockId(), true});
}

/// The destructors that somebody wrote or a model describes: that of the class, or of its fields and bases.
void FunctionLowering::runDestructor(PathId Object, QualType T, Span At) {
  const CXXRecordDecl *Class = U.AST.getBaseElementType(T)->getAsCXXRecordDecl();
  if (!Class || !U.Kinds.runsDestructor(Class)) return;
  Class = Class->getDefinition();
  if (T->isArrayType()) Object = inlined(Object);
  const clang::CXXDestructorDecl *Destructor = Class->getDestructor();
  bool IsCalled = Destructor && (Destructor->isUserProvided() || U.Kinds.model(Class));
  if (!IsCalled) return destroyParts(*Class, Object, At);
  PathId Cell = endsInDeref(Object) ? U.Out.Storage.base(Object) : B.newTemp();
  if (!endsInDeref(Object)) borrow(Cell, Object, LoanKind::Ref, Reason::This, At);
  callDestructor(Cell, Destructor, false, At);
}

/// `x->~T()`: the object ends, and its storage stays for what is made in it next, or goes back to an allocator.
void FunctionLowering::destroyInPlace(PathId Object, QualType T, Span At) {
  runDestructor(Object, T, At);
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  const ClassModel *Owner = Class ? U.Kinds.model(Class) : nullptr;
  if (!Owner || Owner->kind() != TypeKind::Owner || !Owner->content()) return;
  Fact &F = B.add(FactKind::Invalidate, At);
  F.Src = U.Out.Storage.extend(Object, {*Owner->content(), NameId()});
  F.Kinds = AllBorrows;
  F.Elements = Fate::Destroyed;
}

void FunctionLowering::callDestructor(PathId ObjectCell, const clang::CXXDestructorDecl *Destructor, bool Virtual,
                                      Span At) {
  U.Calls.learn(*Destructor);
  Call Site;
  Site.Callee = U.Named.function(*Destructor);
  Site.This = ObjectCell;
  Site.Virtual = Virtual;
  B.add(std::move(Site), At);
  if (Destructor->isNoReturn()) B.stop();
}

/// By the calling conventions of Itanium C++ ABI, System V and AAPCS64.
bool FunctionLowering::isReturnedInMemory(QualType T) const {
  constexpr int TwoRegisters = 16;
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  return Class && (!Class->canPassInRegisters() || U.AST.getTypeSizeInChars(T).getQuantity() > TwoRegisters);
}

void FunctionLowering::run(const Destruction &Each, Span At) {
  PathId Cell = Each.byOwner() ? Each.Object : B.newTemp();
  if (!Each.byOwner()) borrow(Cell, Each.Object, LoanKind::Ref, Reason::This, At);
  callDestructor(Cell, Each.Destructor, Each.byOwner() && Each.Destructor->isVirtual(), At);
}

/// What ends with a variable is what it contains, and what it owns if nothing else does.
void FunctionLowering::runInside(PathId Object, QualType T, Span At) {
  const CXXRecordDecl *Class = T->getAsCXXRecordDecl();
  if (!Class || !(U.Kinds.model(Class) || U.Kinds.isLibrary(Class))) return;
  for (const Destruction &Each : destructionsOf(U, Object, T)) {
    run(Each, At);
    if (B.reachable()) B.F.Calls.back().Through = Each.Owner;
  }
}

void FunctionLowering::destroy(const Cleanup &C) {
  if (!B.reachable() || (C.Object == NrvoObject && isReturnedInMemory(C.Type))) return;
  Span At = U.Where.token(C.At);
  if (C.Passed)
    B.add(FactKind::Clear, At).Dst = C.Object;
  else if (C.Object != NrvoObject) {
    runInside(C.Object, C.Type, At);
    runDestructor(C.Object, C.Type, At);
  }
  Fact &F = B.add(FactKind::Expire, At);
  F.Src = C.Object;
  F.Ending = C.Ending;
}

void FunctionLowering::leave(size_t Open) {
  for (size_t I = Cleanups.size(); I > Open && B.reachable(); --I) destroy(Cleanup(Cleanups[I - 1]));
}

void FunctionLowering::pop(size_t Open) {
  leave(Open);
  Cleanups.truncate(Open);
}

void FunctionLowering::expireTemporaries(size_t First) {
  for (size_t I = Temporaries.size(); I > First && B.reachable(); --I) destroy(Cleanup(Temporaries[I - 1]));
}

void FunctionLowering::endTemporaries(size_t First) {
  expireTemporaries(First);
  Temporaries.truncate(First);
}
