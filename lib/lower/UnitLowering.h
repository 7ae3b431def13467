//===- UnitLowering.h - What the functions of one unit share while they are lowered -------------------------------===//
#pragma once

#include "lower/Library.h"
#include "lower/Lower.h"
#include "lower/Positions.h"
#include "lower/Symbols.h"
#include "lower/Types.h"
#include "clang/AST/DeclBase.h"
#include "llvm/ADT/DenseSet.h"
#include <deque>

namespace refleak {

class Instances;

/// A definition that is waiting to be lowered.
struct Definition {
  const clang::FunctionDecl *Function = nullptr; ///< or
  const clang::VarDecl *Variable = nullptr;      ///< of static storage, with an initialiser
  NameId Parent;                                 ///< closures: the function they are written in
  bool IsLife = false;                           ///< the life of an object that Function, a constructor, makes
};

struct UnitLowering {
  UnitLowering(clang::ASTContext &AST, Instances &Made, const Models &Known, Unit &Out, const LowerOptions &Options)
      : AST(AST), Made(Made), Out(Out), Options(Options), Where(AST, Out, Options.Root), Named(AST, Out, Where),
        Kinds(AST, Known), Calls(Known, Kinds, Named, Out) {}

  clang::ASTContext &AST;
  Instances &Made;
  Unit &Out;
  const LowerOptions &Options;
  Positions Where;
  Symbols Named;
  Types Kinds;
  Library Calls;
  std::deque<Definition> Waiting;
  llvm::DenseSet<const clang::Decl *> Seen;  ///< definitions that have been taken from Waiting
  llvm::DenseSet<const clang::Decl *> Lives; ///< the same of constructors for the lives they begin
  llvm::DenseSet<const clang::Decl *>
      Declared;                        ///< what has been told: classes, globals (Owners.h), constructors (Objects.h)
  llvm::DenseSet<NameId> Alternatives; ///< of unions that keep small contents inside, those met so far
};

/// Adds the definitions of the whole unit to Waiting.
void collectUnit(UnitLowering &U);
/// Adds the definitions below \p In to Waiting.
void collectDefinitions(UnitLowering &U, const clang::DeclContext &In);
/// Lowers one definition and adds it to the unit; what is defined inside it is added to Waiting.
void lowerDefinition(UnitLowering &U, const Definition &D);

} // namespace refleak
