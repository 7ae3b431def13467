//===- Program.h - Many units' facts as one program ---------------------------------------------------------------===//
//
// Linking interns all names and paths in one table, keeps one body for each symbol (inline functions and template
// instances come from every unit that uses them), resolves calls and orders functions callees first.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include <memory>

namespace refleak {

using FunctionId = Id<struct FunctionTag>;

struct Program {
  std::vector<std::string> Files;
  Names Symbols;
  Paths Storage;
  std::vector<Function> Functions; ///< in the order of units and of their functions
  std::vector<Effects> Known;      ///< models and annotations, one for each symbol

  /// The body of \p Symbol, invalid when no unit has one.
  FunctionId body(NameId Symbol) const;
  /// What a model or annotation says of \p Symbol, or null.
  const Effects *known(NameId Symbol) const;
  /// The functions that override the virtual function \p Symbol, directly or not.
  llvm::ArrayRef<FunctionId> overriders(NameId Symbol) const;

  /// Whether \p Field is a data member of a class: its name carries the class. Captures and halves of pairs have plain
  /// ones.
  bool isMember(NameId Field) const { return Symbols.text(Field).contains("::"); }

  /// Strongly connected components of the call graph, callees first; in each, the order in which a walk along the calls
  /// leaves the functions.
  std::vector<std::vector<FunctionId>> Components;

  Table<NameId, FunctionId> BodyOf;
  Table<NameId, uint32_t> KnownOf;
  Table<NameId, std::vector<FunctionId>> OverridersOf;
};

/// Makes one program of units that come one after another, so that not all of them need to be in memory.
class Linker {
public:
  Linker();
  ~Linker();

  void add(Unit U);
  /// The program; nothing can be added any more.
  Program finish();

private:
  struct State;
  std::unique_ptr<State> S;
};

/// Makes one program of \p Units. The result depends on their order only in which of several equal bodies is kept.
Program link(std::vector<Unit> Units);

} // namespace refleak
