#include "driver/Commands.h"
#include "driver/Confined.h"
#include "driver/Session.h"
#include "driver/Workers.h"
#include "frontend/CompilerCall.h"
#include "frontend/Flags.h"
#include "output/Format.h"
#include "support/Error.h"
#include "support/Escape.h"
#include "support/OutputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cerrno>
#include <cstring>
#include <unistd.h>

using namespace refleak;
namespace path = llvm::sys::path;

namespace {

/// One source file, the compiler's command for it, and what is to be made of it.
struct IndexRequest {
  CompilerCall Call;
  std::vector<std::string> Command; ///< with the compiler's name
  std::string Input;
  std::string Output;
  std::optional<std::string> Text; ///< of standard input
  CompileUnit Unit;
};

} // namespace

/// The command with the compiler's name in front. Only a launcher is always given one.
static std::vector<std::string> namedCommand(const Options &O) {
  std::vector<std::string> Words = *O.Flags;
  bool Named = O.Launch;
  if (!Named && !Words.empty() && !llvm::StringRef(Words.front()).starts_with("-"))
    Named = readCompilerCall(Words).Inputs.size() > 1;
  if (!Named) Words.insert(Words.begin(), "clang++");
  return Words;
}

static std::string withExtension(llvm::StringRef Name, llvm::StringRef Extension) {
  llvm::SmallString<256> Changed(Name);
  path::replace_extension(Changed, Extension);
  return std::string(Changed);
}

/// What -E wrote holds macros and comments still: it is C++ like any other, not the output of a preprocessor.
static std::vector<std::string> unflattened(std::vector<std::string> Command, llvm::StringRef Input) {
  bool Said = false;
  for (size_t I = 0; I != Command.size(); ++I) {
    llvm::StringRef Word = Command[I];
    Said |= Word.starts_with("-x");
    if (Word == "-xc++-cpp-output" || (I && Word == "c++-cpp-output" && Command[I - 1] == "-x"))
      Command[I].resize(Command[I].size() - llvm::StringRef("-cpp-output").size());
  }
  if (!Said && path::extension(Input) == ".ii") Command.insert(Command.begin() + 1, "-xc++");
  return Command;
}

static llvm::Expected<IndexRequest> requestOf(const Options &O) {
  IndexRequest R;
  R.Command = namedCommand(O);
  R.Call = readCompilerCall(llvm::ArrayRef(R.Command).drop_front());
  if (R.Call.Inputs.size() != 1)
    return userError(R.Call.Inputs.empty() ? "no source file; write: refleak index -c FILE -o FACTS FLAGS"
                                           : "index takes one source file; call it once for each");
  R.Input = R.Call.Inputs.front();
  R.Output = R.Call.Output;
  if (R.Output.empty() && R.Call.Preprocess) R.Output = "-";
  if (R.Output.empty()) R.Output = withExtension(R.Input == "-" ? "stdin" : path::filename(R.Input), "facts");
  if (R.Input == "-") {
    auto Buffer = llvm::MemoryBuffer::getSTDIN();
    if (!Buffer) return userError("cannot read standard input: " + Buffer.getError().message());
    R.Text = (*Buffer)->getBuffer().str();
  }
  std::string Name = R.Text ? "<stdin>" : R.Input;
  R.Unit.File = absolutePath(Name);
  R.Unit.Directory = workingDirectory();
  R.Unit.Arguments = adjustFlags(unflattened(R.Command, R.Input), Name);
  R.Unit.Source = "command line";
  return R;
}

/// Writes to \p Name, or to standard output if that is `-`.
static llvm::Error writeTo(llvm::StringRef Name, llvm::StringRef Bytes) {
  auto Write = [&](llvm::raw_ostream &OS) { OS << Bytes; };
  return Name == "-" ? writeOutputStream(llvm::outs(), "to standard output", Write) : writeOutputFile(Name, Write);
}

static llvm::Expected<ExitStatus> preprocess(const IndexRequest &R) {
  forbidPrograms();
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  UnitResult Result = preprocessUnit(R.Unit, R.Text ? &*R.Text : nullptr, OS);
  for (const ParseError &E : Result.Errors) llvm::errs() << escapeFileName(toString(E)) << '\n';
  if (Result.Result == UnitResult::Outcome::Failed) return NotAnalysed;
  if (auto E = writeTo(R.Output, Text)) return E;
  return NothingFound;
}

/// The dependency file: what the facts were made from, as make and ninja read it.
static std::string dependencies(const IndexRequest &R, llvm::ArrayRef<ReadFile> Files) {
  std::vector<std::string> Targets = R.Call.Targets;
  if (Targets.empty()) Targets.push_back(quotedForMake(R.Output));
  std::string Text = llvm::join(Targets, " ") + ":", Phony;
  for (const ReadFile &F : Files) {
    if (F.System && !R.Call.SystemDependencies) continue;
    bool Main = &F == Files.begin();
    if (Main && R.Text) continue;
    Text += " \\\n  " + quotedForMake(F.Name);
    if (!Main) Phony += quotedForMake(F.Name) + ":\n";
  }
  return Text + "\n" + (R.Call.PhonyTargets ? Phony : "");
}

static bool holds(llvm::StringRef File, llvm::StringRef Bytes) {
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return Buffer && (*Buffer)->getBuffer() == Bytes;
}

static llvm::Expected<ExitStatus> index(const Options &O, const IndexRequest &R) {
  llvm::Expected<Session> S = openSession(O, {R.Unit});
  if (!S) return S.takeError();
  WorkerOptions Workers;
  Workers.UnitTimeout = O.UnitTimeout;
  Workers.UnitMemory = O.UnitMemory;
  Workers.Lowering.Root = S->Root;
  Workers.Lowering.ListFiles = R.Call.Dependencies;
  Workers.Lowering.Text = R.Text ? &*R.Text : nullptr;
  UnitBytes Made = std::move(lowerUnits(S->Units, S->Library, Workers, [](size_t) {}).front());
  if (!Made.Failure.empty()) {
    writeFailedUnit(llvm::errs(), {R.Input, Made.Failure});
    if (!O.KeepGoing) {
      if (R.Output != "-") (void)llvm::sys::fs::remove(R.Output);
      return NotAnalysed;
    }
  }
  if (!O.Positions.empty()) {
    SplitFacts Parts = splitFactsFile(Made.Facts);
    if (auto E = writeTo(O.Positions, Parts.Positions)) return E;
    Made.Facts = std::move(Parts.Meaning);
  }
  if (!O.KeepUnchanged || !holds(R.Output, Made.Facts))
    if (auto E = writeTo(R.Output, Made.Facts)) return E;
  if (R.Call.Dependencies) {
    std::string File = R.Call.DependencyFile.empty() ? withExtension(R.Output, "d") : R.Call.DependencyFile;
    if (auto E = writeTo(File, dependencies(R, Made.Files))) return E;
  }
  return NothingFound;
}

/// Becomes the compiler.
static llvm::Error runCompiler(const std::vector<std::string> &Command) {
  std::vector<char *> Words;
  for (const std::string &Word : Command) Words.push_back(const_cast<char *>(Word.c_str()));
  Words.push_back(nullptr);
  execvp(Words[0], Words.data());
  return userError("cannot run '" + Command.front() + "': " + strerror(errno));
}

/// Indexes what the command compiles, if it compiles C++, and whatever comes of it becomes the compiler: a build must
/// not fail because of an analysis.
static llvm::Error launch(const Options &O) {
  if (O.Flags->empty()) return userError("no compiler to launch; write: refleak index --launch COMPILER FLAGS");
  if (CompilerCall Call = readCompilerCall(llvm::ArrayRef(*O.Flags).drop_front());
      Call.Compile && !Call.Preprocess && Call.Inputs.size() == 1 && Call.Inputs.front() != "-" && Call.Output != "-") {
    llvm::Expected<IndexRequest> R = requestOf(O);
    if (!R) return R.takeError();
    R->Output = withExtension(R->Output, "facts");
    R->Call.Dependencies = false;
    llvm::Expected<ExitStatus> Status = index(O, *R);
    if (!Status) complain("warning", Status.takeError());
  }
  return runCompiler(*O.Flags);
}

llvm::Expected<ExitStatus> refleak::indexSource(const Options &O) {
  if (O.Launch) return launch(O);
  llvm::Expected<IndexRequest> R = requestOf(O);
  if (!R) return R.takeError();
  return R->Call.Preprocess ? preprocess(*R) : index(O, *R);
}
