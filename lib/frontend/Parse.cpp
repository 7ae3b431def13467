//===- Parse.cpp --------------------------------------------------------------------------------------------------===//
#include "frontend/Parse.h"
#include "frontend/BuiltinHeaders.h"
#include "frontend/RegularFiles.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Driver/Types.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Rewrite/Frontend/Rewriters.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/Path.h"

namespace refleak {
namespace {

using clang::CompilerInstance;
using clang::CompilerInvocation;
using clang::DiagnosticsEngine;
using llvm::StringRef;
namespace types = clang::driver::types;

/// Recursion over deeply nested code needs room: a level takes about 4 KB to parse, as measured with unary operators.
constexpr unsigned StackSize = 1u << 30;
/// Clang's own limit of 256 is too low for generated code. StackSize has room for this many levels several times over.
constexpr unsigned BracketDepth = 4096;

/// Keeps the errors and forgets the rest.
class ErrorCollector : public clang::DiagnosticConsumer {
public:
  ErrorCollector(UnitResult &Result, unsigned Limit) : Result(Result), Limit(Limit) {}

  void HandleDiagnostic(DiagnosticsEngine::Level Level, const clang::Diagnostic &Info) override {
    DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < DiagnosticsEngine::Error || Result.ErrorCount++ >= Limit) return;
    ParseError &E = Result.Errors.emplace_back();
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    E.Text = Text.str().str();
    if (!Info.hasSourceManager() || Info.getLocation().isInvalid()) return;
    clang::PresumedLoc Place = Info.getSourceManager().getPresumedLoc(Info.getLocation());
    if (Place.isInvalid()) return;
    E.File = Place.getFilename();
    E.Line = Place.getLine();
    E.Column = Place.getColumn();
  }

private:
  UnitResult &Result;
  const unsigned Limit;
};

class Consumer : public clang::ASTConsumer {
public:
  Consumer(CompilerInstance &Compiler, const ParseOptions &Options, llvm::function_ref<void(CompilerInstance &)> Read)
      : Compiler(Compiler), Options(Options), Read(Read) {}

  bool shouldSkipFunctionBody(clang::Decl *D) override {
    if (Compiler.getSourceManager().isInSystemHeader(D->getLocation())) return true;
    return Options.MaySkipBody && Options.MaySkipBody(*D);
  }

  void HandleTranslationUnit(clang::ASTContext &) override { Read(Compiler); }

private:
  CompilerInstance &Compiler;
  const ParseOptions &Options;
  llvm::function_ref<void(CompilerInstance &)> Read;
};

class Action : public clang::ASTFrontendAction {
public:
  Action(const ParseOptions &Options, llvm::function_ref<void(CompilerInstance &)> Read)
      : Options(Options), Read(Read) {}

protected:
  bool BeginSourceFileAction(CompilerInstance &Compiler) override {
    if (Options.BeforeParsing) Options.BeforeParsing(Compiler);
    return true;
  }
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(CompilerInstance &Compiler, StringRef) override {
    return std::make_unique<Consumer>(Compiler, Options, Read);
  }

private:
  const ParseOptions &Options;
  llvm::function_ref<void(CompilerInstance &)> Read;
};

/// Replaces the includes.
class Flatten : public clang::PreprocessorFrontendAction {
public:
  Flatten(const ParseOptions &Options, llvm::raw_ostream &OS) : Options(Options), OS(OS) {}

protected:
  bool BeginSourceFileAction(CompilerInstance &Compiler) override {
    if (Options.BeforeParsing) Options.BeforeParsing(Compiler);
    return true;
  }
  void ExecuteAction() override {
    CompilerInstance &Compiler = getCompilerInstance();
    clang::RewriteIncludesInInput(Compiler.getPreprocessor(), &OS, Compiler.getPreprocessorOutputOpts());
  }

private:
  const ParseOptions &Options;
  llvm::raw_ostream &OS;
};

class FileList : public clang::DependencyCollector {
public:
  std::vector<ReadFile> Files;

  bool needSystemDependencies() override { return true; }
  bool sawDependency(StringRef Name, bool FromModule, bool IsSystem, bool IsModuleFile, bool IsMissing) override {
    if (!IsMissing && !Name.starts_with(builtinResourceDirectory()) && Known.insert(Name).second)
      Files.push_back({Name.str(), IsSystem});
    return false;
  }

private:
  llvm::StringSet<> Known;
};

/// The language that the command says the unit is in, or that its name implies.
types::ID languageOf(const CompileUnit &U) {
  StringRef Extension = llvm::sys::path::extension(U.File);
  Extension.consume_front(".");
  types::ID Type = types::lookupTypeForExtension(Extension);
  for (StringRef Word : U.Arguments) {
    if (Word == "--") break;
    if (Word == "/TP") Type = types::TY_CXX;
    if (Word.consume_front("-x")) Type = types::lookupTypeForTypeSpecifier(Word.str().c_str());
  }
  return Type;
}

void adjust(CompilerInvocation &Invocation) {
  clang::FrontendOptions &Frontend = Invocation.getFrontendOpts();
  Frontend.ProgramAction = clang::frontend::ParseSyntaxOnly;
  Frontend.SkipFunctionBodies = true;
  Frontend.DisableFree = false;
  // Nothing that a command names is written.
  for (std::string *Output :
       {&Frontend.OutputFile, &Frontend.StatsFile, &Frontend.TimeTracePath, &Frontend.SymbolGraphOutputDir,
        &Frontend.ModuleOutputPath, &Frontend.DumpMinimizationHintsPath})
    Output->clear();
  Frontend.EmitSymbolGraph = false;
  Frontend.Plugins.clear();
  Invocation.getHeaderSearchOpts().ModuleCachePath.clear();

  // Only errors are shown. Clang's analyses that serve warnings alone do not run then.
  clang::DiagnosticOptions &Diagnostics = Invocation.getDiagnosticOpts();
  Diagnostics.IgnoreWarnings = true;
  Diagnostics.Warnings = {"no-everything"};
  Diagnostics.PedanticErrors = false;
  Diagnostics.ShowCarets = false; // or the number of errors is printed
  Diagnostics.ErrorLimit = 0;
  Diagnostics.VerifyDiagnostics = false;
  Diagnostics.DiagnosticLogFile.clear();
  Diagnostics.DiagnosticSerializationFile.clear();

  clang::LangOptions &Language = Invocation.getLangOpts();
  Language.BracketDepth = std::max<unsigned>(Language.BracketDepth, BracketDepth);
  Language.SpellChecking = false;
  Language.ImplicitModules = false; // each would be written into a cache
  Language.CommentOpts.ParseAllComments = false;
  Language.RetainCommentsFromSystemHeaders = false;

  clang::PreprocessorOptions &Preprocessor = Invocation.getPreprocessorOpts();
  Preprocessor.ImplicitPCHInclude.clear();
  Preprocessor.DetailedRecord = false;

  Invocation.getDependencyOutputOpts() = clang::DependencyOutputOptions();
  useBuiltinHeaders(Invocation.getHeaderSearchOpts());
}

} // namespace

std::string toString(const ParseError &Error) {
  std::string Place = Error.File;
  if (Error.Line) Place += (":" + llvm::Twine(Error.Line) + ":" + llvm::Twine(Error.Column)).str();
  if (!Place.empty()) Place += ": ";
  return Place + "error: " + Error.Text;
}

struct Parser::State {
  ParseOptions Options;
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files;
  /// What is known of the files, for each working directory, since names may be relative.
  llvm::StringMap<llvm::IntrusiveRefCntPtr<clang::FileManager>> Known;

  clang::FileManager &knownFrom(StringRef Directory);
  bool prepare(const CompileUnit &U, UnitResult &Result);
  void run(const CompileUnit &U, UnitResult &Result, clang::FrontendAction &Do);
  UnitResult runSafely(const CompileUnit &U, llvm::function_ref<void(UnitResult &)> Do);
  std::unique_ptr<CompilerInvocation> invocation(const CompileUnit &U, DiagnosticsEngine &Diagnostics);
};

clang::FileManager &Parser::State::knownFrom(StringRef Directory) {
  auto &Entry = Known[Directory];
  if (!Entry) Entry = llvm::makeIntrusiveRefCnt<clang::FileManager>(clang::FileSystemOptions(), Files);
  return *Entry;
}

/// Checks what can be checked before Clang is asked; false when there is nothing to parse.
bool Parser::State::prepare(const CompileUnit &U, UnitResult &Result) {
  auto Fail = [&](const llvm::Twine &Text) {
    Result.ErrorCount = 1;
    Result.Errors.push_back({U.File, 0, 0, Text.str()});
    return false;
  };
  types::ID Type = languageOf(U);
  if (Files->setCurrentWorkingDirectory(U.Directory))
    return Fail("the folder '" + U.Directory + "' it is compiled in is gone (" + U.Source + "); build it again");
  auto Status = Files->status(U.File);
  if (!Status)
    return Fail(Status.getError() == std::errc::no_such_file_or_directory
                    ? "no such file (" + U.Source + "); build it again, or make the compilation database anew"
                    : Status.getError().message());
  if (Status->isDirectory()) return Fail("is a folder, not a C++ file");
  if (!RegularFiles::isReadable(*Status)) return Fail("is a pipe or a device, not a C++ file");
  if (Type == types::TY_INVALID || Type == types::TY_Object)
    return Fail("not a C++ file by its name; if it is one, say so with '-x c++' among the compiler's flags");
  if (!types::isCXX(Type) && Type != types::TY_CUDA) {
    Result.Result = UnitResult::Outcome::OtherLanguage;
    Result.Errors.push_back({U.File, 0, 0, ("not C++ but '" + llvm::Twine(types::getTypeName(Type)) + "'").str()});
    return false;
  }
  return true;
}

std::unique_ptr<CompilerInvocation> Parser::State::invocation(const CompileUnit &U, DiagnosticsEngine &Diagnostics) {
  // The driver looks for the libraries of a compiler beside that compiler.
  std::string Program = U.Arguments.front();
  if (!llvm::sys::path::has_parent_path(Program)) Program = "/usr/bin/" + Program;
  std::vector<const char *> Words{Program.c_str(), "-resource-dir", builtinResourceDirectory().data()};
  for (const std::string &Word : llvm::drop_begin(U.Arguments)) Words.push_back(Word.c_str());
  clang::CreateInvocationOptions Creation;
  Creation.Diags = &Diagnostics;
  Creation.VFS = Files;
  Creation.RecoverOnError = true;
  return clang::createInvocation(Words, Creation);
}

/// Tells of response files that could not be read (see adjustFlags): the rest is parsed without their flags.
static void findMissingFlags(const CompileUnit &U, UnitResult &Result) {
  for (StringRef Word : U.Arguments) {
    if (Word == "--") break;
    if (!Word.consume_front("@")) continue;
    ++Result.ErrorCount;
    Result.Errors.push_back({"", 0, 0, ("cannot read the flags in '" + Word + "'").str()});
  }
}

void Parser::State::run(const CompileUnit &U, UnitResult &Result, clang::FrontendAction &Do) {
  findMissingFlags(U, Result);
  ErrorCollector Errors(Result, Options.ErrorLimit);
  clang::DiagnosticOptions DriverOptions;
  DriverOptions.IgnoreWarnings = true;
  auto DriverDiagnostics =
      CompilerInstance::createDiagnostics(*Files, DriverOptions, &Errors, /*ShouldOwnClient=*/false);
  std::shared_ptr<CompilerInvocation> Invocation = invocation(U, *DriverDiagnostics);
  if (!Invocation) {
    if (!Result.ErrorCount++)
      Result.Errors.push_back({U.File, 0, 0, "Clang finds nothing to parse in its command (" + U.Source + ")"});
    return;
  }
  adjust(*Invocation);

  CompilerInstance Compiler(Invocation);
  Compiler.setVirtualFileSystem(Files);
  Compiler.createDiagnostics(&Errors, /*ShouldOwnClient=*/false);
  // A header that is missing must not stop the instantiation of templates in the rest.
  Compiler.getDiagnostics().setFatalsAsError(true);
  Compiler.setFileManager(&knownFrom(U.Directory));
  auto List = std::make_shared<FileList>();
  if (Options.ListFiles) Compiler.addDependencyCollector(List);

  Compiler.ExecuteAction(Do);
  Result.Files = std::move(List->Files);
}

Parser::Parser(ParseOptions Options) : Parser(std::move(Options), llvm::vfs::createPhysicalFileSystem()) {}

Parser::Parser(ParseOptions Options, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base) : S(new State) {
  S->Options = std::move(Options);
  S->Files = withBuiltinHeaders(llvm::makeIntrusiveRefCnt<RegularFiles>(std::move(Base)));
}

Parser::~Parser() = default;

UnitResult Parser::State::runSafely(const CompileUnit &U, llvm::function_ref<void(UnitResult &)> Do) {
  UnitResult Result;
  if (!prepare(U, Result)) return Result;
  llvm::CrashRecoveryContext::Enable();
  llvm::CrashRecoveryContext Recovery;
  if (!Recovery.RunSafelyOnThread([&] { Do(Result); }, StackSize)) {
    // Nothing that was touched during the crash can be trusted.
    Known.clear();
    Result.Result = UnitResult::Outcome::Failed;
    ++Result.ErrorCount;
    Result.Errors.insert(Result.Errors.begin(),
                         {U.File, 0, 0, "the analysis crashed in this unit; the others are not affected"});
  }
  return Result;
}

UnitResult Parser::parse(const CompileUnit &U, llvm::function_ref<void(CompilerInstance &)> Read) {
  return S->runSafely(U, [&](UnitResult &Result) {
    bool HandedOver = false;
    auto ReadOnce = [&](CompilerInstance &C) {
      HandedOver = true;
      Read(C);
    };
    Action Parse(S->Options, ReadOnce);
    S->run(U, Result, Parse);
    if (!HandedOver) return;
    Result.Result = Result.ErrorCount ? UnitResult::Outcome::ParsedWithErrors : UnitResult::Outcome::Parsed;
  });
}

UnitResult Parser::preprocess(const CompileUnit &U, llvm::raw_ostream &OS) {
  return S->runSafely(U, [&](UnitResult &Result) {
    Flatten Do(S->Options, OS);
    S->run(U, Result, Do);
    if (!Result.ErrorCount) Result.Result = UnitResult::Outcome::Parsed;
  });
}

clang::Sema &semantics(clang::CompilerInstance &Compiler) { return Compiler.getSema(); }

} // namespace refleak
