#include "driver/Commands.h"
#include "driver/Session.h"
#include "support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <numeric>

using namespace refleak;

namespace {

/// The facts files of a program in the order in which they are linked, whatever the order they were named in.
struct LinkInputs {
  FactsFiles Files;
  std::vector<std::string> MainFiles; ///< of each, absolute
  Coverage Covered;
};

} // namespace

static llvm::Expected<LinkInputs> readInputs(const Options &O, llvm::StringRef Root) {
  FactsFiles Files;
  std::vector<std::string> MainFiles, Failures;
  LinkInputs In;
  for (const std::string &Name : O.Paths) {
    auto Buffer = llvm::MemoryBuffer::getFile(Name, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                              /*IsVolatile=*/true);
    if (!Buffer) return userError("cannot read '" + Name + "': " + Buffer.getError().message());
    llvm::Expected<FactsFileHead> Head = checkFactsFile((*Buffer)->getBuffer(), Name);
    if (!Head) return Head.takeError();
    if (Head->Skipped) {
      ++In.Covered.SkippedUnits;
      continue;
    }
    llvm::SmallString<256> Main(Head->MainFile);
    llvm::sys::path::make_absolute(Root, Main);
    Files.push_back(std::move(*Buffer));
    MainFiles.push_back(std::string(Main));
    // Why it failed stands with the positions.
    Failures.push_back(Head->Numbered && !Head->Failure.empty() ? numberedFile(Head->Meaning) : Head->Failure);
    if (Head->Numbered && !O.WriteVerdict)
      return userError("'" + Name + "' has no positions; link it with --verdict, and give both to 'refleak report'");
  }
  In.Covered.Units = Files.size();
  std::vector<size_t> Order(Files.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](size_t A, size_t B) { return std::tie(MainFiles[A], A) < std::tie(MainFiles[B], B); });
  for (size_t I : Order) {
    if (!Failures[I].empty()) In.Covered.FailedUnits.push_back({shownPath(MainFiles[I]), Failures[I]});
    In.Files.push_back(std::move(Files[I]));
    In.MainFiles.push_back(std::move(MainFiles[I]));
  }
  return In;
}

/// Names in facts are relative to the root: makes it the working directory, and absolute what was relative to the
/// former.
static llvm::Error enterRoot(Options &O) {
  if (O.Root.empty()) return llvm::Error::success();
  std::string Root = absolutePath(O.Root);
  for (std::string &Path : O.Paths) Path = absolutePath(Path);
  for (std::string *File : {&O.Output, &O.CacheDirectory})
    if (!File->empty()) *File = absolutePath(*File);
  for (std::optional<std::string> *File : {&O.ConfigurationFile, &O.BaselineFile})
    if (*File && !(*File)->empty()) *File = absolutePath(**File);
  if (std::error_code Problem = llvm::sys::fs::set_current_path(Root))
    return userError("cannot use '" + O.Root + "' as the root: " + Problem.message());
  return llvm::Error::success();
}

llvm::Expected<ExitStatus> refleak::linkFacts(const Options &Asked) {
  Options O = Asked;
  if (auto E = enterRoot(O)) return E;
  Statistics Stats;
  Stopwatch Reading(Stats, "read");
  llvm::Expected<LinkInputs> In = readInputs(O, workingDirectory());
  if (!In) return In.takeError();
  Reading.stop();
  llvm::Expected<Configurations> Settings = openSettings(O);
  if (!Settings) return Settings.takeError();
  llvm::Expected<SolveLimits> Limits = limitsFor(O, *Settings, In->MainFiles);
  if (!Limits) return Limits.takeError();
  if (auto E = readBaselines(*Settings, In->MainFiles)) return E;
  std::optional<Cache> Kept;
  if (!O.CacheDirectory.empty()) {
    llvm::Expected<std::optional<Cache>> Opened = openCache(O);
    if (!Opened) return Opened.takeError();
    Kept = std::move(*Opened);
  }
  llvm::Expected<Verdict> V = judge(In->Files, *Limits, judgeLimits(O), Kept ? &*Kept : nullptr, Stats);
  if (!V) return V.takeError();
  if (O.WriteVerdict) {
    std::string Bytes = writeVerdictFile({std::move(*V), std::move(In->Covered)});
    if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { OS << Bytes; })) return E;
    if (O.ShowStatistics) Stats.print(llvm::errs());
    return NothingFound;
  }
  llvm::Expected<ExitStatus> Status = report(O, *Settings, std::move(In->Covered), std::move(*V));
  if (O.ShowStatistics) Stats.print(llvm::errs());
  return Status;
}

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> contents(const std::string &File) {
  auto Buffer = llvm::MemoryBuffer::getFile(File, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer) return userError("cannot read '" + File + "': " + Buffer.getError().message());
  return std::move(*Buffer);
}

llvm::Expected<ExitStatus> refleak::reportVerdict(const Options &Asked) {
  Options O = Asked;
  if (auto E = enterRoot(O)) return E;
  auto Buffer = contents(O.Paths.front());
  if (!Buffer) return Buffer.takeError();
  llvm::Expected<JudgedProgram> Program = readVerdictFile((*Buffer)->getBuffer(), O.Paths.front());
  if (!Program) return Program.takeError();
  PlaceTable Places;
  for (const std::string &File : llvm::drop_begin(O.Paths)) {
    auto Positions = contents(File);
    if (!Positions) return Positions.takeError();
    llvm::Expected<UnitPositions> P = readPositionsFile((*Positions)->getBuffer(), File);
    if (!P) return P.takeError();
    Places.add(std::move(*P));
  }
  if (auto E = Places.place(*Program)) return E;
  llvm::Expected<Configurations> Settings = openSettings(O);
  if (!Settings) return Settings.takeError();
  return report(O, *Settings, std::move(Program->Covered), std::move(Program->Said));
}
