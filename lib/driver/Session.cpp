#include "driver/Session.h"
#include "Registry.h"
#include "driver/Progress.h"
#include "driver/Workers.h"
#include "facts/Bytes.h"
#include "frontend/CompileCommands.h"
#include "support/OutputFile.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <thread>

using namespace refleak;

std::string refleak::workingDirectory() {
  llvm::SmallString<256> Directory;
  (void)llvm::sys::fs::current_path(Directory);
  return std::string(Directory);
}

std::string refleak::absolutePath(llvm::StringRef Path) {
  llvm::SmallString<256> Name(Path);
  (void)llvm::sys::fs::make_absolute(Name);
  llvm::sys::path::remove_dots(Name, /*remove_dot_dot=*/true);
  return std::string(Name);
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

/// Reads the configuration of each file. Models add up; the greatest depth holds.
static llvm::Expected<RunSettings> readSettings(Configurations &Settings, llvm::ArrayRef<std::string> Files) {
  RunSettings Result;
  llvm::StringSet<> Seen;
  for (const std::string &File : Files) {
    llvm::Expected<const Configuration *> C = Settings.of(File);
    if (!C) return C.takeError();
    for (const std::string &Model : (*C)->Models)
      if (Seen.insert(Model).second) Result.Models.push_back(Model);
    if ((*C)->MaxDepth) Result.MaxDepth = std::max(Result.MaxDepth.value_or(0), *(*C)->MaxDepth);
  }
  return Result;
}

llvm::Expected<Configurations> refleak::openSettings(const Options &O) {
  Configurations Settings(allRules());
  Settings.enable(O.Enabled);
  if (O.ConfigurationFile)
    if (auto E = Settings.useOnly(*O.ConfigurationFile)) return E;
  if (O.BaselineFile)
    if (auto E = Settings.acceptOnly(*O.BaselineFile)) return E;
  return std::move(Settings);
}

llvm::Error refleak::readBaselines(Configurations &Settings, llvm::ArrayRef<std::string> Files) {
  for (const std::string &File : Files)
    if (auto E = Settings.baselineOf(File).takeError()) return E;
  return llvm::Error::success();
}

static SolveLimits limits(const Options &O, const RunSettings &Asked) {
  SolveLimits Limits;
  Limits.MaxDerefs = O.MaxDepth.value_or(Asked.MaxDepth.value_or(Limits.MaxDerefs));
  return Limits;
}

llvm::Expected<SolveLimits> refleak::limitsFor(const Options &O, Configurations &Settings,
                                               llvm::ArrayRef<std::string> Files) {
  llvm::Expected<RunSettings> Asked = readSettings(Settings, Files);
  if (!Asked) return Asked.takeError();
  return limits(O, *Asked);
}

JudgeLimits refleak::judgeLimits(const Options &O) { return {O.UnitTimeout, O.LinkMemory}; }

static Digest digestOfFiles(llvm::ArrayRef<std::string> Files) {
  Contents Now;
  std::string All;
  for (const std::string &File : Files) All += toHex(Now.file(File).value_or(Digest()));
  return digestOf(All);
}

llvm::Expected<std::optional<Cache>> refleak::openCache(const Options &O) {
  if (!O.UseCache || O.What == Verb::Index) return std::nullopt;
  if (!O.CacheDirectory.empty()) return Cache::open(O.CacheDirectory);
  std::optional<std::string> Asked = llvm::sys::Process::GetEnv("REFLEAK_CACHE_DIR");
  if (Asked && Asked->empty()) return std::nullopt;
  return Cache::open(Asked.value_or(""));
}

llvm::Expected<Session> refleak::openSession(const Options &O) {
  llvm::Expected<std::vector<CompileUnit>> Units = findUnits(O);
  if (!Units) return Units.takeError();
  return openSession(O, std::move(*Units));
}

llvm::Expected<Session> refleak::openSession(const Options &O, std::vector<CompileUnit> Units) {
  llvm::Expected<Configurations> Settings = openSettings(O);
  if (!Settings) return Settings.takeError();
  std::vector<std::string> Files;
  for (const CompileUnit &U : Units) Files.push_back(U.File);
  llvm::Expected<RunSettings> Asked = readSettings(*Settings, Files);
  if (!Asked) return Asked.takeError();
  Asked->Models.insert(Asked->Models.end(), O.Models.begin(), O.Models.end());
  llvm::Expected<Models> Library = Models::load(Asked->Models);
  if (!Library) return Library.takeError();
  llvm::Expected<std::optional<Cache>> Kept = openCache(O);
  if (!Kept) return Kept.takeError();
  return Session{O,
                 O.Root.empty() ? workingDirectory() : absolutePath(O.Root),
                 std::move(Units),
                 std::move(*Settings),
                 std::move(*Library),
                 digestOfFiles(Asked->Models),
                 limits(O, *Asked),
                 std::move(*Kept),
                 {}};
}

/// Whether the user named \p File, rather than a folder or a build that it belongs to.
static bool isNamed(const Options &O, llvm::StringRef File) {
  return llvm::any_of(O.Paths, [&](llvm::StringRef Path) { return absolutePath(Path) == File; });
}

/// Everything that a unit's facts depend on but the files that are read for it.
static Digest keyOf(const Session &S, const CompileUnit &U) {
  ByteSink Key;
  Key.text("unit");
  Key.text(toHex(programDigest()));
  Key.text(toHex(S.LibraryDigest));
  for (const std::string *Text : {&S.Root, &U.File, &U.Directory}) Key.text(*Text);
  for (const std::string &Word : U.Arguments) Key.text(Word);
  for (const char *Name : {"CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "CCC_OVERRIDE_OPTIONS"})
    Key.text(llvm::sys::Process::GetEnv(Name).value_or(""));
  return digestOf(Key.Bytes);
}

namespace {

/// The units of a session that must be parsed.
struct ToParse {
  std::vector<CompileUnit> Units;
  std::vector<size_t> Numbers; ///< in the session
  std::vector<Digest> Keys;
};

} // namespace

/// Takes from \p Results what is known already.
static ToParse findKept(const Session &S, std::vector<UnitBytes> &Results) {
  ToParse Rest;
  Contents Now;
  for (size_t I = 0; I != S.Units.size(); ++I) {
    Digest Key{};
    if (S.Kept) {
      Key = keyOf(S, S.Units[I]);
      std::optional<std::string> Facts = S.Kept->unit(Key, Now);
      if (Facts && llvm::expectedToOptional(checkFactsFile(*Facts, ""))) {
        Results[I].Facts = std::move(*Facts);
        continue;
      }
    }
    Rest.Units.push_back(S.Units[I]);
    Rest.Numbers.push_back(I);
    Rest.Keys.push_back(Key);
  }
  return Rest;
}

static std::vector<UnitBytes> parse(const Session &S, const ToParse &Rest) {
  const Options &O = S.Asked;
  WorkerOptions Workers;
  Workers.Jobs = O.Jobs ? O.Jobs : std::max(1u, std::thread::hardware_concurrency());
  Workers.UnitTimeout = O.UnitTimeout;
  Workers.UnitMemory = O.UnitMemory;
  Workers.Lowering.Root = S.Root;
  Workers.Lowering.Watch = S.Kept.has_value();
  if (S.Kept) {
    Workers.WritableFolder = S.Kept->folder().handle();
    Workers.Keep = [&](size_t Number, const LoweredUnit &U, llvm::StringRef Facts) {
      if (U.Result.Failure.empty() && !U.Result.Skipped) S.Kept->keepUnit(Rest.Keys[Number], Facts, U.Depends, U.Began);
    };
  }
  Progress Line(Rest.Units.size(), O.Progress);
  return lowerUnits(Rest.Units, S.Library, Workers, [&](size_t Done) { Line.show(Done); });
}

/// The facts of all units, from the cache as far as it goes.
static std::vector<UnitBytes> lowerOrRecall(Session &S) {
  std::vector<UnitBytes> Results(S.Units.size());
  Stopwatch Recalling(S.Stats, "look up");
  ToParse Rest = findKept(S, Results);
  Recalling.stop();
  Stopwatch Parsing(S.Stats, "parse", Stopwatch::Workers);
  std::vector<UnitBytes> Parsed = parse(S, Rest);
  for (size_t I = 0; I != Parsed.size(); ++I) Results[Rest.Numbers[I]] = std::move(Parsed[I]);
  S.Stats.count("units", S.Units.size());
  S.Stats.count("parsed", Rest.Units.size());
  S.Stats.count("from the cache", S.Units.size() - Rest.Units.size());
  if (S.Kept && !Rest.Units.empty()) S.Kept->tidy();
  return Results;
}

FactsFiles refleak::lowerAll(Session &S, Coverage &C) {
  FactsFiles Facts;
  std::vector<UnitBytes> Results = lowerOrRecall(S);
  for (size_t I = 0; I != Results.size(); ++I) {
    UnitBytes &R = Results[I];
    if (R.Skipped && isNamed(S.Asked, S.Units[I].File))
      R.Failure = "it is not C++: its name or its flags say another language";
    if (R.Skipped && R.Failure.empty()) {
      ++C.SkippedUnits;
      continue;
    }
    ++C.Units;
    if (!R.Failure.empty()) C.FailedUnits.push_back({shownPath(S.Units[I].File), R.Failure});
    Facts.push_back(llvm::MemoryBuffer::getMemBufferCopy(std::exchange(R.Facts, {}), S.Units[I].File));
  }
  return Facts;
}

llvm::Expected<std::vector<Unit>> refleak::lowerAllAndRead(Session &S, Coverage &C) {
  std::vector<Unit> Units;
  for (const auto &Facts : lowerAll(S, C)) {
    llvm::Expected<UnitFacts> U = readFactsFile(Facts->getBuffer(), Facts->getBufferIdentifier());
    if (!U) return U.takeError();
    Units.push_back(std::move(U->Facts));
  }
  return Units;
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
