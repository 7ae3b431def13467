//===- Text.h - Facts as text, and back ---------------------------------------------------------------------------===//
//
// One fact a line; what is printed reads back to the same facts. The grammar stands in docs/formats/facts.md.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace refleak {

/// Prints \p P as it is written in facts text, for instance `this*.items[]`.
void printPath(llvm::raw_ostream &OS, const Unit &U, PathId P);
void printPath(llvm::raw_ostream &OS, const Names &Symbols, const Paths &Storage, PathId P);
/// Prints one fact of \p F without its indentation and line end.
void printFact(llvm::raw_ostream &OS, const Unit &U, llvm::ArrayRef<Call> Calls, const Fact &F);
void printFacts(llvm::raw_ostream &OS, const Unit &U);

/// Reads what printFacts wrote. An error names \p BufferName, line and column, and what was expected there.
llvm::Expected<Unit> parseFacts(llvm::StringRef Text, llvm::StringRef BufferName);

/// Reads a path such as `this*[].second`; only formal roots (this, argN, ret, @"global") are allowed. Used by models.
llvm::Expected<PathId> parseFormalPath(llvm::StringRef Text, Names &Symbols, Paths &Storage);

} // namespace refleak
