//===- Parse.h - From a translation unit to its syntax tree -------------------------------------------------------===//
#pragma once

#include "frontend/Unit.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <memory>

namespace clang {
class Sema;
class CompilerInstance;
class Decl;
} // namespace clang

namespace refleak {

/// An error of the compiler, or of what was handed to it.
struct ParseError {
  /// As the compiler spells it; empty if the error is about no file. Line 0: the file as a whole.
  std::string File;
  unsigned Line = 0;
  unsigned Column = 0;
  std::string Text;
};

/// "file:line:column: error: text", without what is not known of the place.
std::string toString(const ParseError &Error);

/// A file that a unit was made from.
struct ReadFile {
  std::string Name;    ///< as found
  bool System = false; ///< as a system header

  friend bool operator==(const ReadFile &, const ReadFile &) = default;
};

/// What became of a unit.
struct UnitResult {
  enum class Outcome {
    /// Without errors.
    Parsed,
    /// Errors; the syntax tree was handed over as far as it goes.
    ParsedWithErrors,
    /// No syntax tree at all: the file is gone, the command makes no sense, or Clang gave up on it.
    Failed,
    /// The command compiles another language: C, assembler, ... Nothing was parsed.
    OtherLanguage,
  };
  Outcome Result = Outcome::Failed;
  /// The first errors, at most ParseOptions::ErrorLimit.
  std::vector<ParseError> Errors;
  /// All errors.
  unsigned ErrorCount = 0;
  /// Every file that was read, the main file first. For dependency files.
  std::vector<ReadFile> Files;

  /// Whether the unit counts as failed: not (wholly) analysed although it should have been.
  bool failed() const { return Result == Outcome::ParsedWithErrors || Result == Outcome::Failed; }
};

struct ParseOptions {
  /// How many errors to keep.
  unsigned ErrorLimit = 20;
  /// Names the functions outside system headers whose bodies are not needed, and are skipped unless Clang needs them
  /// itself. Bodies in system headers always are. The declaration is complete but for its body.
  std::function<bool(const clang::Decl &)> MaySkipBody;
  /// Sees the compiler before the first token, to hang on its preprocessor.
  std::function<void(clang::CompilerInstance &)> BeforeParsing;
  /// Fill UnitResult::Files.
  bool ListFiles = false;
};

/// Parses units one after another. What it learns about the file system is kept from unit to unit, so files must
/// not change during its life. One thread at a time may use a parser; several parsers are independent.
class Parser {
public:
  explicit Parser(ParseOptions Options = {});
  Parser(ParseOptions Options, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base);
  ~Parser();
  Parser(const Parser &) = delete;
  Parser &operator=(const Parser &) = delete;

  /// Parses \p U and calls \p Read once with the compiler, after the whole unit was parsed and while syntax tree
  /// (getASTContext), preprocessor and semantic analysis (getSema) are alive; also if there were errors. \p Read runs
  /// on a thread of its own with a large stack, so it may recurse over the tree.
  UnitResult parse(const CompileUnit &U, llvm::function_ref<void(clang::CompilerInstance &)> Read);

  /// Writes \p U as one text in which only includes are replaced, by what they include: it can be parsed elsewhere and
  /// still says for everything in which file, line and column it stands. Comments and macros are kept.
  UnitResult preprocess(const CompileUnit &U, llvm::raw_ostream &OS);

private:
  struct State;
  std::unique_ptr<State> S;
};

/// The semantic analysis of what \p Compiler has parsed, for those who only hand it on.
clang::Sema &semantics(clang::CompilerInstance &Compiler);

} // namespace refleak
