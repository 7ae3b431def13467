#include "driver/LowerOne.h"
#include "frontend/Parse.h"
#include "lower/Lower.h"
#include "model/Models.h"

using namespace refleak;

struct UnitLowerer::State {
  State(const Models &Library, std::string Root) : Library(Library), Root(std::move(Root)), P(ParseOptions()) {}

  const Models &Library;
  std::string Root;
  Parser P;
};

UnitLowerer::UnitLowerer(const Models &Library, std::string Root)
    : S(std::make_unique<State>(Library, std::move(Root))) {}

UnitLowerer::~UnitLowerer() = default;

/// The first error, and how many more there were.
static std::string failure(const UnitResult &R, llvm::StringRef Root) {
  if (R.Errors.empty()) return "it could not be parsed";
  ParseError First = R.Errors.front();
  llvm::StringRef File = First.File;
  if (File.consume_front(Root) && File.consume_front("/")) First.File = File.str();
  std::string Text = toString(First);
  if (R.ErrorCount > 1) Text += " (and " + std::to_string(R.ErrorCount - 1) + " more)";
  return Text;
}

UnitFacts UnitLowerer::lower(const CompileUnit &U) {
  UnitFacts Out;
  Out.Facts.MainFile = U.File;
  LowerOptions Options;
  Options.Root = S->Root;
  UnitResult Result = S->P.parse(
      U, [&](clang::CompilerInstance &Compiler) { lowerUnit(syntaxTree(Compiler), S->Library, Out.Facts, Options); });
  Out.Skipped = Result.Result == UnitResult::Outcome::OtherLanguage;
  if (Result.failed()) Out.Failure = failure(Result, S->Root);
  return Out;
}
