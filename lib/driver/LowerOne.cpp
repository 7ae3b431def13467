#include "driver/LowerOne.h"
#include "lower/Lower.h"
#include "model/Models.h"
#include "llvm/Support/MemoryBuffer.h"
#include <optional>

using namespace refleak;

using FileSystem = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;

struct UnitLowerer::State {
  const Models &Library;
  LowerSettings Settings;
  std::optional<Parser> Kept; ///< knows the files that earlier units have read

  ParseOptions parseOptions() const {
    ParseOptions Options;
    Options.ListFiles = Settings.ListFiles;
    return Options;
  }
  UnitResult parse(Parser &P, const CompileUnit &U, Unit &Out) const;
};

UnitLowerer::UnitLowerer(const Models &Library, LowerSettings Settings)
    : S(new State{Library, std::move(Settings), std::nullopt}) {}

UnitLowerer::~UnitLowerer() = default;

static llvm::StringRef nameBelow(llvm::StringRef Root, llvm::StringRef File) {
  llvm::StringRef Name = File;
  return Name.consume_front(Root) && Name.consume_front("/") ? Name : File;
}

/// The first error, and how many more there were.
static std::string failure(const UnitResult &R, llvm::StringRef Root) {
  if (R.Errors.empty()) return "it could not be parsed";
  ParseError First = R.Errors.front();
  First.File = nameBelow(Root, First.File).str();
  std::string Text = toString(First);
  if (R.ErrorCount > 1) Text += " (and " + std::to_string(R.ErrorCount - 1) + " more)";
  return Text;
}

/// The files of the disk, and the main file if it is not among them.
static FileSystem files(const CompileUnit &U, const std::string *Text) {
  FileSystem Disk = llvm::vfs::createPhysicalFileSystem();
  if (!Text) return Disk;
  auto Memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  Memory->addFile(U.File, 0, llvm::MemoryBuffer::getMemBuffer(*Text, U.File));
  auto Both = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(Disk);
  Both->pushOverlay(Memory);
  return Both;
}

UnitResult UnitLowerer::State::parse(Parser &P, const CompileUnit &U, Unit &Out) const {
  LowerOptions Options;
  Options.Root = Settings.Root;
  return P.parse(U, [&](clang::CompilerInstance &Compiler) { lowerUnit(semantics(Compiler), Library, Out, Options); });
}

LoweredUnit UnitLowerer::lower(const CompileUnit &U) {
  LoweredUnit Out;
  Out.Began = fileTimeNow();
  UnitResult Parsed;
  if (S->Settings.Watch) {
    // A parser asks for what it knows already only once, so each unit that is watched gets its own.
    auto Watched = llvm::makeIntrusiveRefCnt<WatchedFiles>(files(U, S->Settings.Text));
    Parser Fresh(S->parseOptions(), Watched);
    Parsed = S->parse(Fresh, U, Out.Result.Facts);
    Out.Depends = Watched->take();
  } else {
    if (!S->Kept) S->Kept.emplace(S->parseOptions(), files(U, S->Settings.Text));
    Parsed = S->parse(*S->Kept, U, Out.Result.Facts);
  }
  if (Out.Result.Facts.MainFile.empty()) Out.Result.Facts.MainFile = nameBelow(S->Settings.Root, U.File).str();
  Out.Result.Skipped = Parsed.Result == UnitResult::Outcome::OtherLanguage;
  if (Parsed.failed()) Out.Result.Failure = failure(Parsed, S->Settings.Root);
  Out.Files = std::move(Parsed.Files);
  return Out;
}

UnitResult refleak::preprocessUnit(const CompileUnit &U, const std::string *Text, llvm::raw_ostream &OS) {
  return Parser(ParseOptions(), files(U, Text)).preprocess(U, OS);
}
