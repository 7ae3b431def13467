//===- FunctionLowering.h - One function's facts ------------------------------------------------------------------===//
//
// The walk over one body. What it knows is split by verb: statements (Statements.cpp, Loops.cpp, Jumps.cpp), the
// choice of where control goes on (Conditions.cpp), the storage that glvalues name (Places.cpp), the loans that scalar
// prvalues hold (Values.cpp, Atomics.cpp), objects that are initialised (Construction.cpp), calls (Calls.cpp,
// Arguments.cpp), closures (Closures.cpp), coroutines (Coroutines.cpp), and ends (Cleanups.cpp,
// Lives.cpp, Removals.cpp, Sweeps.cpp).
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "lower/Body.h"
#include "lower/Cleanups.h"
#include "lower/UnitLowering.h"
#include "lower/Value.h"
#include "clang/AST/ExprCXX.h"
#include "clang/AST/StmtCXX.h"

namespace refleak {

struct Destruction;

class FunctionLowering {
public:
  FunctionLowering(UnitLowering &U, const Definition &D);
  /// The facts of the definition; empty if the initialiser of a variable has none.
  std::optional<Function> lower();

private:
  //===- The function (FunctionLowering.cpp)
  //---------------------------------------------------------------------------===//
  void describe(const clang::FunctionDecl &F);
  static Passing passing(clang::QualType T);
  void enterParameters(const clang::FunctionDecl &F);
  void initialiseMembers(const clang::CXXConstructorDecl &Constructor);
  void initialiseMember(const clang::CXXCtorInitializer &Init);
  void destroyParts(const clang::CXXRecordDecl &Class, PathId Object, Span At);
  void functionBody(const clang::FunctionDecl &F);
  void initialiseVariable(const clang::VarDecl &V);
  void life(const clang::CXXConstructorDecl &Constructor);
  void endMembers(const clang::CXXRecordDecl &Class, PathId Object);
  bool overBudget();

  //===- Statements
  //----------------------------------------------------------------------------------------------------===//
  void statement(const clang::Stmt *S);
  void statementInScope(const clang::Stmt *S);
  void compound(const clang::CompoundStmt *S);
  void ifStatement(const clang::IfStmt *S);
  void whileLoop(const clang::WhileStmt *S);
  void doLoop(const clang::DoStmt *S);
  void forLoop(const clang::ForStmt *S);
  void rangeFor(const clang::CXXForRangeStmt *S);
  void switchStatement(const clang::SwitchStmt *S);
  void switchCase(const clang::SwitchCase *S);
  void returnStatement(const clang::ReturnStmt *S);
  void tryStatement(const clang::CXXTryStmt *S);
  void declaration(const clang::DeclStmt *S);
  void variable(const clang::VarDecl *V, Reason Why);
  void staticLocal(const clang::VarDecl *V);
  void initialiseDeclared(const clang::VarDecl *V, PathId Storage, Reason Why);
  void bindings(const clang::DecompositionDecl *Parts);
  void fullExpression(const clang::Expr *E);
  /// Control goes on in \p True or \p False by the value of \p Condition, whose temporaries have ended then.
  void branch(const clang::Expr *Condition, BlockId True, BlockId False);
  void branchWithin(const clang::Expr *Condition, BlockId True, BlockId False);
  /// A call, or an atomic operation, that is asked what it did, and the flag that its result is.
  struct AskedCall {
    const clang::Expr *Site = nullptr;
    PathId Result;
  };
  AskedCall askedCall(const clang::Expr *Condition);
  AskedCall callInto(PathId Flag, const clang::Expr *E);
  /// What the two outcomes of a condition say of a flag, or of an owner.
  struct Test {
    PathId Flag;
    Truth IfTrue, IfFalse;
  };
  std::optional<Test> test(const clang::Expr *Condition);
  std::optional<Test> testOfOwner(const clang::Expr *Condition);
  bool branchOnAddresses(const clang::BinaryOperator *E, BlockId True, BlockId False);
  PathId flag(const clang::Expr *E);
  PathId testedPointer(const clang::Expr *E);
  /// The flag \p Flag got the value of \p E.
  void setFlag(PathId Flag, const clang::Expr *E);
  bool setFlagByAddresses(PathId Flag, const clang::Expr *E);
  void setFlagInCases(PathId Flag, const clang::Expr *E);
  void returnFlag(const clang::Expr *E);

  //===- Jumps
  //---------------------------------------------------------------------------------------------------------===//
  void jumpTo(JumpTarget Target);
  void gotoStatement(const clang::GotoStmt *S);
  void label(const clang::LabelStmt *S);
  /// Before something that may throw: in a try block, control may go from here to the handlers.
  void mayThrow();
  BlockId landing(size_t Open);

  //===- Places: the storage that a glvalue names
  //----------------------------------------------------------------------===//
  PathId place(const clang::Expr *E);
  PathId placeOfName(const clang::DeclRefExpr *E);
  PathId placeOfVariable(const clang::VarDecl *V, bool Captured);
  PathId placeOfMember(const clang::MemberExpr *E);
  PathId placeOfSubscript(const clang::ArraySubscriptExpr *E);
  PathId placeOfUnary(const clang::UnaryOperator *E);
  PathId placeOfBinary(const clang::BinaryOperator *E);
  PathId placeOfCast(const clang::CastExpr *E);
  PathId placeOfConditional(const clang::AbstractConditionalOperator *E);
  PathId placeOfTemporary(const clang::MaterializeTemporaryExpr *E);
  PathId placeOfObject(const clang::Expr *Object, bool Arrow);
  PathId field(PathId Object, const clang::FieldDecl *F);
  bool isAlternative(PathId P) const;
  PathId alongArray(PathId P, clang::QualType T, const clang::Expr *Distance = nullptr);
  /// What the member denotes: the field, or what it refers to.
  PathId member(PathId Object, const clang::FieldDecl *F);
  PathId pointee(const clang::Expr *Pointer);
  PathId temporary(const clang::Expr *E);

  //===- Values: the loans that a scalar prvalue holds
  //-----------------------------------------------------------------===//
  Value value(const clang::Expr *E);
  bool isTable(const clang::Expr *E);
  bool isNotYetOrAnyMore(const clang::CastExpr *E) const;
  const clang::Expr *keyOf(const Fact &Ends, llvm::ArrayRef<const clang::Expr *> Args) const;
  bool takesOutNothing(llvm::ArrayRef<const clang::Expr *> Args, const clang::FunctionDecl &Callee,
                       const clang::Expr *Object);
  Value valueOfCast(const clang::CastExpr *E);
  Value valueOfUnary(const clang::UnaryOperator *E);
  Value valueOfBinary(const clang::BinaryOperator *E);
  Value valueOfConditional(const clang::AbstractConditionalOperator *E);
  Value valueOfNew(const clang::CXXNewExpr *E);
  Value valueOfStatements(const clang::StmtExpr *E);
  Value valueOfAtomic(const clang::AtomicExpr *E);
  void deleteObject(const clang::CXXDeleteExpr *E);
  void throwObject(const clang::CXXThrowExpr *E);
  PathId assign(const clang::BinaryOperator *E);
  void endOtherMembers(const clang::Expr *E, PathId Place);
  /// A cell that holds \p V; a new one if none does yet. Invalid if there is nothing to hold.
  PathId cell(Value V, const clang::Expr *E);
  void store(PathId Dst, clang::QualType T, Value V, Reason Why, Span At);
  void discard(const clang::Expr *E);
  void discardChildren(const clang::Expr *E);

  //===- Construction: objects that a prvalue initialises
  //--------------------------------------------------------------===//
  void initialise(PathId Dst, clang::QualType T, const clang::Expr *Init, Reason Why);
  void bind(PathId Reference, const clang::Expr *E, Reason Why);
  void construct(PathId Dst, const clang::Expr *E, Reason Why);
  void constructArray(PathId Dst, const clang::Expr *E, Reason Why);
  void addElement(PathId Element, const clang::Expr *Init, Reason Why);
  void constructByCall(PathId Dst, const clang::CXXConstructExpr *E, Reason Why);
  void constructFields(PathId Dst, llvm::ArrayRef<clang::Expr *> Inits, const clang::CXXRecordDecl *Class, Reason Why,
                       const clang::FieldDecl *UnionField);
  void constructConditional(PathId Dst, const clang::AbstractConditionalOperator *E, Reason Why);
  /// Whether an object comes to be as the language itself defines copies and moves, or as a library class that nothing
  /// describes: then that is a fact and not a call.
  bool isDescribed(const clang::CXXMethodDecl *Method);
  void copyObject(PathId Dst, clang::QualType T, const clang::Expr *From, bool Move, Reason Why, Span At);
  void closure(PathId Dst, const clang::LambdaExpr *E, Reason Why);

  //===- Removals, sweeps

  const clang::Expr *soughtByIdentity(const clang::FunctionDecl &Code);
  void removeByIdentity(const clang::CallExpr *E, const clang::FunctionDecl *Callee);
  bool isInElement(const clang::Expr *E) const;
  const clang::Expr *copiedFromElement(const clang::Expr *E, const clang::Expr *Container) const;
  void endAnyElement(const clang::CallExpr *E, const clang::Expr *Object, bool Arrow, PathId ObjectCell,
                     const clang::FunctionDecl *Callee);

  //===- Coroutines
  //----------------------------------------------------------------------------------------------------===//
  void promise(const clang::CoroutineBodyStmt &Code);
  void coroutine(const clang::CoroutineBodyStmt &Code);
  void endFrame(const clang::Expr *Object, const clang::FunctionDecl &Callee, Span At);
  void coreturnStatement(const clang::CoreturnStmt *S);
  /// Awaits; what \p E comes to when the frame goes on.
  const clang::Expr *resumed(const clang::CoroutineSuspendExpr &E);
  static bool isCoroutineHandle(clang::QualType T);
  PathId frameHandle(PathId Task, clang::QualType T);
  PathId frameOfThis();

  //===- Calls
  //---------------------------------------------------------------------------------------------------------===//
  /// What a call gave back: the storage \p Into, or a new cell.
  struct Outcome {
    PathId Cell; ///< invalid if the result holds no loans
    bool Reference = false;
  };
  Outcome call(const clang::CallExpr *E, PathId Into = PathId());
  Outcome callFunction(const clang::CallExpr *E, const clang::FunctionDecl *Callee, PathId Into);
  Outcome callValue(const clang::CallExpr *E, PathId Into);
  bool assignObject(const clang::CXXOperatorCallExpr *E, PathId &Left);
  bool isPlainForward(const clang::CallExpr *E) const;
  void callConstructor(PathId Object, const clang::CXXConstructorDecl *Constructor,
                       llvm::ArrayRef<const clang::Expr *> Args, const clang::Expr *At);
  void callInheritedConstructor(PathId Object, const clang::CXXInheritedCtorInitExpr *E);
  void callDestructor(PathId ObjectCell, const clang::CXXDestructorDecl *Destructor, bool Virtual, Span At);
  void finishCall(Call Site, const clang::FunctionDecl *Callee, const clang::Expr *E);
  //===- Objects that a library function makes of its arguments (InPlace.cpp)
  //------------------------------------------===//
  void constructInPlace(const Call &Site, llvm::ArrayRef<Construction> All, const clang::FunctionDecl *Callee,
                        const clang::Expr *E);
  void constructFromCells(PathId Object, clang::QualType T, llvm::ArrayRef<PathId> Cells,
                          llvm::ArrayRef<const clang::Expr *> Args, const clang::Expr *E);
  PathId shown(PathId Cell, clang::QualType From, clang::QualType To);
  PathId passedOn(PathId Cell, const clang::Expr *Arg, clang::QualType To, const clang::Expr *E);
  PathId weakened(PathId Cell, clang::QualType From, clang::QualType To, Span At);
  void weakenArguments(Call &Site, const clang::FunctionDecl &Constructor, const clang::Expr *E);
  void convertInside(const Call &Site, const clang::FunctionDecl &Constructor, const clang::Expr *E);
  void aggregateFromCells(PathId Object, const clang::CXXRecordDecl &Class, llvm::ArrayRef<PathId> Cells,
                          llvm::ArrayRef<const clang::Expr *> Args, const clang::Expr *E);
  PathId actual(PathId Formal, const Call &Site);
  PathId resultCell(clang::QualType T, PathId Into);
  PathId argument(const clang::Expr *E, clang::QualType Parameter, const clang::FunctionDecl *Callee);
  bool looksAtView(clang::QualType Parameter, const clang::FunctionDecl *Callee);
  PathId referenceArgument(const clang::Expr *E, clang::QualType Parameter, const clang::FunctionDecl *Callee);
  PathId objectArgument(const clang::Expr *E, clang::QualType Parameter);
  void arguments(Call &Site, llvm::ArrayRef<const clang::Expr *> Args, const clang::FunctionDecl *Callee,
                 const clang::Expr *E);
  void useTexts(const Call &Site, llvm::ArrayRef<const clang::Expr *> Args, const clang::FunctionDecl &Callee,
                const clang::Expr *E);
  /// The operands of an assignment operator that is no member.
  void argumentsFromTheRight(Call &Site, llvm::ArrayRef<const clang::Expr *> Args, const clang::FunctionDecl *Callee);
  /// The cell that holds the address of \p Storage.
  PathId addressOf(PathId Storage, Reason Why, const clang::Expr *E);
  NameId constantText(const clang::Expr *E);

  //===- Ends
  //----------------------------------------------------------------------------------------------------------===//
  void pushCleanup(PathId Object, clang::QualType T, End Ending, clang::SourceLocation At);
  void pushTemporary(PathId Object, clang::QualType T, clang::SourceLocation At);
  void passTemporary(PathId Object, clang::QualType T, clang::SourceLocation At);
  /// Whether a variable that is returned by its name is the very object that the caller gets, and no copy of its bits.
  bool isReturnedInMemory(clang::QualType T) const;
  void destroy(const Cleanup &C);
  void run(const Destruction &Each, Span At);
  void runInside(PathId Object, clang::QualType T, Span At);
  void runDestructor(PathId Object, clang::QualType T, Span At);
  void destroyInPlace(PathId Object, clang::QualType T, Span At);
  /// Control leaves from here to where the first \p Open cleanups stand; what follows may still count on the others.
  void leave(size_t Open);
  /// Ends all but the first \p Open cleanups for good.
  void pop(size_t Open);
  /// Ends the temporaries made since \p First.
  void endTemporaries(size_t First);
  void expireTemporaries(size_t First);

  //===- Facts
  //---------------------------------------------------------------------------------------------------------===//
  Span at(const clang::Stmt *S);
  void use(PathId P, Access How, Span At);
  void borrow(PathId Dst, PathId Src, LoanKind Kind, Reason Why, Span At);
  void copy(PathId Dst, PathId Src, Reason Why, Span At, FactKind Kind = FactKind::Copy);
  void live(PathId P, clang::QualType T, Span At);
  void giveUp(llvm::StringRef What, Span At);
  void giveUp(llvm::StringRef What, const clang::Stmt *S) { giveUp(What, at(S)); }
  bool endsInDeref(PathId P) const;
  PathId deref(PathId P) { return U.Out.Storage.deref(P); }
  /// The elements of the array \p P; those of an array of arrays are one place too.
  PathId inlined(PathId P);

  UnitLowering &U;
  const Definition &D;
  Body B;
  /// Closures: the field that holds each captured variable, seen from the closure.
  struct CaptureField {
    NameId Name;
    bool ByReference;
  };
  llvm::DenseMap<const clang::ValueDecl *, CaptureField> Captures;
  bool InClosure = false, CapturesThis = false, CapturesObject = false;

  llvm::DenseMap<const clang::VarDecl *, PathId> Variables;
  llvm::DenseMap<const clang::BindingDecl *, PathId> Bindings;
  llvm::DenseMap<const clang::Expr *, PathId> OpaquePlaces;
  llvm::DenseMap<const clang::Expr *, Value> OpaqueValues;

  llvm::SmallVector<Cleanup, 16> Cleanups;
  llvm::SmallVector<Cleanup, 8> Temporaries;
  uint32_t CleanupCount = 0;
  clang::SourceLocation ScopeEnd;

  JumpTarget Break, Continue, Return;
  const clang::CXXForRangeStmt *Walked = nullptr; ///< the innermost range-for around what is lowered
  bool DecidesLoop = false;                       ///< what is being read decides alone, in a loop, where control goes
  struct SwitchTarget {
    BlockId Head;
    bool HasDefault = false;
    size_t Depth = 0;
  };
  SwitchTarget *Switch = nullptr;
  struct Handlers {
    BlockId Dispatch;
    size_t Depth = 0;
  };
  llvm::SmallVector<Handlers, 2> Tries;
  struct PendingGoto {
    BlockId From;
    llvm::SmallVector<Cleanup, 16> Open;
  };
  struct Label {
    BlockId To;
    bool Placed = false;
    llvm::SmallVector<uint32_t, 8> Open; ///< the numbers of the cleanups that stand there
    llvm::SmallVector<PendingGoto, 1> Pending;
  };
  llvm::DenseMap<const clang::LabelDecl *, Label> Labels;

  const clang::Expr *CallUnderWay = nullptr;
  AskedCall Asked;
  const clang::Expr *DefaultArgumentOf = nullptr; ///< the call whose default argument is being lowered
  PathId NrvoObject;                              ///< what the return under way turned into the result: it does not end
  unsigned Elements = 0;
  unsigned Depth = 0;
};

} // namespace refleak
