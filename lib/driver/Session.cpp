#include "driver/Session.h"
#include "Registry.h"
#include "driver/Progress.h"
#include "driver/Workers.h"
#include "frontend/CompileCommands.h"
#include "support/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <thread>

using namespace refleak;

static std::string workingDirectory() {
  llvm::SmallString<256> Directory;
  llvm::sys::fs::current_path(Directory);
  return std::string(Directory);
}

std::string refleak::shownPath(llvm::StringRef File) {
  llvm::StringRef Relative = File;
  if (Relative.consume_front(workingDirectory()) && Relative.consume_front("/")) return Relative.str();
  return File.str();
}

static llvm::Expected<std::vector<CompileUnit>> findUnits(const Options &O) {
  UnitRequest Request;
  Request.BuildDirectory = O.BuildDirectory;
  Request.Flags = O.Flags;
  Request.Paths = O.Paths;
  return loadUnits(Request);
}

namespace {

/// What the configurations of all units ask for together.
struct RunSettings {
  std::vector<std::string> Models;
  std::optional<unsigned> MaxDepth;
};

} // namespace

/// Reads the configuration of each unit. Models add up; the greatest depth holds.
static llvm::Expected<RunSettings> readSettings(Configurations &Settings, llvm::ArrayRef<CompileUnit> Units) {
  RunSettings Result;
  llvm::StringSet<> Seen;
  for (const CompileUnit &U : Units) {
    llvm::Expected<const Configuration *> C = Settings.of(U.File);
    if (!C) return C.takeError();
    for (const std::string &Model : (*C)->Models)
      if (Seen.insert(Model).second) Result.Models.push_back(Model);
    if ((*C)->MaxDepth) Result.MaxDepth = std::max(Result.MaxDepth.value_or(0), *(*C)->MaxDepth);
  }
  return Result;
}

llvm::Expected<Session> refleak::openSession(const Options &O) {
  Configurations Settings(allRules());
  if (O.ConfigurationFile)
    if (auto E = Settings.useOnly(*O.ConfigurationFile)) return E;
  llvm::Expected<std::vector<CompileUnit>> Units = findUnits(O);
  if (!Units) return Units.takeError();
  llvm::Expected<RunSettings> Asked = readSettings(Settings, *Units);
  if (!Asked) return Asked.takeError();
  Asked->Models.insert(Asked->Models.end(), O.Models.begin(), O.Models.end());
  llvm::Expected<Models> Library = Models::load(Asked->Models);
  if (!Library) return Library.takeError();
  SolveLimits Limits;
  Limits.MaxDerefs = O.MaxDepth.value_or(Asked->MaxDepth.value_or(Limits.MaxDerefs));
  return Session{O, std::move(*Units), std::move(Settings), std::move(*Library), Limits};
}

/// Whether the user named \p File, rather than a folder or a build that it belongs to.
static bool isNamed(const Options &O, llvm::StringRef File) {
  return llvm::any_of(O.Paths, [&](llvm::StringRef Path) {
    llvm::SmallString<256> Name(Path);
    llvm::sys::fs::make_absolute(Name);
    llvm::sys::path::remove_dots(Name, /*remove_dot_dot=*/true);
    return Name == File;
  });
}

std::vector<Unit> refleak::lowerAll(const Session &S, Coverage &C) {
  const Options &O = S.Asked;
  unsigned Jobs = O.Jobs ? O.Jobs : std::max(1u, std::thread::hardware_concurrency());
  Progress Line(S.Units.size(), O.Progress);
  std::vector<UnitFacts> Results =
      lowerUnits(S.Units, S.Library, {Jobs, O.UnitTimeout, O.UnitMemory, workingDirectory()},
                 [&](size_t Done) { Line.show(Done); });
  std::vector<Unit> Facts;
  for (size_t I = 0; I != Results.size(); ++I) {
    UnitFacts &R = Results[I];
    if (R.Skipped && isNamed(O, S.Units[I].File))
      R.Failure = "it is not C++: its name or its flags say another language";
    if (R.Skipped && R.Failure.empty()) {
      ++C.SkippedUnits;
      continue;
    }
    ++C.Units;
    if (!R.Failure.empty()) C.FailedUnits.push_back({shownPath(S.Units[I].File), R.Failure});
    Facts.push_back(std::move(R.Facts));
  }
  return Facts;
}

static bool wantsColour(const Options &O) {
  if (O.Colour != ColourMode::Auto) return O.Colour == ColourMode::Always;
  auto Set = [](const char *Name) { return !llvm::sys::Process::GetEnv(Name).value_or("").empty(); };
  return O.Output.empty() && llvm::outs().is_displayed() && llvm::outs().has_colors() && !Set("NO_COLOR");
}

llvm::Error refleak::writeOutput(const Options &O, llvm::function_ref<void(llvm::raw_ostream &)> Write) {
  auto Coloured = [&](llvm::raw_ostream &OS) {
    OS.enable_colors(wantsColour(O));
    Write(OS);
  };
  if (!O.Output.empty()) return writeOutputFile(O.Output, Coloured);
  return writeOutputStream(llvm::outs(), "to standard output", Coloured);
}
