#include "filter/Configuration.h"
#include "filter/Glob.h"
#include "support/Error.h"
#include "support/Json.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace refleak;
using Type = JsonValue::Type;

namespace path = llvm::sys::path;

static std::string absolute(llvm::StringRef Path, llvm::StringRef From = "") {
  llvm::SmallString<256> Result(Path);
  if (From.empty())
    (void)llvm::sys::fs::make_absolute(Result);
  else
    path::make_absolute(From, Result);
  path::remove_dots(Result, /*remove_dot_dot=*/true);
  return std::string(Result);
}

static bool isBelow(llvm::StringRef Path, llvm::StringRef Directory) {
  return Path.consume_front(Directory) && (Path.starts_with("/") || Directory.ends_with("/"));
}

/// Whether \p Path is below \p Directory, and leads to a regular file there if it leads anywhere.
static bool staysBelow(llvm::StringRef Path, llvm::StringRef Directory) {
  llvm::SmallString<256> Target, Folder;
  if (!isBelow(Path, Directory)) return false;
  if (llvm::sys::fs::real_path(Path, Target) || llvm::sys::fs::real_path(Directory, Folder)) return true;
  return isBelow(Target, Folder) && llvm::sys::fs::is_regular_file(Target);
}

namespace {

/// Turns a document into a configuration, key by key. The first problem ends it.
class Reader {
public:
  Reader(const JsonDocument &Doc, llvm::ArrayRef<Rule> Rules, Configuration &Out) : Doc(Doc), Rules(Rules), Out(Out) {}

  llvm::Error read() {
    if (auto E = Doc.expect(Doc.Root, Type::Object, "a configuration")) return E;
    for (const JsonMember &M : Doc.Root.Members)
      if (auto E = member(M)) return E;
    return Doc.rejectUnknownKeys(
        Doc.Root, {"$schema", "exclude", "rules", "models", "baseline", "fail-on", "confidence", "max-depth"});
  }

private:
  llvm::Error member(const JsonMember &M) {
    if (M.Key == "exclude") return strings(M, Out.Exclude);
    if (M.Key == "rules") return rules(M.Value);
    if (M.Key == "models") return models(M);
    if (M.Key == "baseline") return baseline(M);
    if (M.Key == "fail-on") return word(M, severityNamed, {"note", "warning", "error"}, Out.FailOn);
    if (M.Key == "confidence") return word(M, confidenceNamed, {"possible", "likely", "definite"}, Out.LeastSure);
    if (M.Key == "max-depth") return number(M, Out.MaxDepth);
    return llvm::Error::success();
  }

  llvm::Error strings(const JsonMember &M, std::vector<std::string> &Result) {
    if (auto E = Doc.expect(M.Value, Type::Array, "'" + M.Key + "'")) return E;
    for (const JsonValue &Item : M.Value.Items) {
      if (auto E = Doc.expect(Item, Type::String, "an item of '" + M.Key + "'")) return E;
      Result.push_back(Item.String);
    }
    return llvm::Error::success();
  }

  /// What a stranger's configuration names is read only where the configuration itself lies, links followed.
  llvm::Error file(const JsonMember &M, const JsonValue &V, std::string &Result) {
    Result = absolute(V.String, Out.Directory);
    if (staysBelow(Result, Out.Directory)) return llvm::Error::success();
    return Doc.error(V, "'" + M.Key + "' must be " + (M.Value.is(Type::Array) ? "files" : "a file") +
                            " in the configuration's folder or below; --" + M.Key + " takes any");
  }

  llvm::Error models(const JsonMember &M) {
    if (auto E = strings(M, Out.Models)) return E;
    for (size_t I = 0; I != Out.Models.size(); ++I)
      if (auto E = file(M, M.Value.Items[I], Out.Models[I])) return E;
    return llvm::Error::success();
  }

  llvm::Error baseline(const JsonMember &M) {
    if (auto E = Doc.expect(M.Value, Type::String, "'baseline'")) return E;
    return file(M, M.Value, Out.Accepted);
  }

  template <class T>
  llvm::Error word(const JsonMember &M, std::optional<T> (*Named)(llvm::StringRef),
                   llvm::ArrayRef<llvm::StringRef> Words, std::optional<T> &Result) {
    if (auto E = Doc.expect(M.Value, Type::String, "'" + M.Key + "'")) return E;
    Result = Named(M.Value.String);
    if (Result) return llvm::Error::success();
    return Doc.error(M.Value, "'" + M.Key + "' must be " + orList(Words) + ", not '" + M.Value.String + "'");
  }

  llvm::Error number(const JsonMember &M, std::optional<unsigned> &Result) {
    if (auto E = Doc.expect(M.Value, Type::Number, "'" + M.Key + "'")) return E;
    double N = M.Value.Number;
    if (N < 1 || N > 10 || N != double(unsigned(N)))
      return Doc.error(M.Value, "'" + M.Key + "' must be a whole number from 1 to 10");
    Result = unsigned(N);
    return llvm::Error::success();
  }

  llvm::Error rules(const JsonValue &V) {
    if (auto E = Doc.expect(V, Type::Object, "'rules'")) return E;
    llvm::SmallVector<llvm::StringRef> Ids;
    for (const Rule &R : Rules) Ids.push_back(R.Id);
    for (const JsonMember &M : V.Members) {
      if (!llvm::is_contained(Ids, llvm::StringRef(M.Key))) {
        std::string Advice = didYouMean(M.Key, Ids);
        if (Advice.empty()) Advice = "; 'refleak rules' lists them";
        return Doc.error(M, "there is no rule '" + M.Key + "'" + Advice);
      }
      if (auto E = rule(M, Out.Rules[M.Key])) return E;
    }
    return llvm::Error::success();
  }

  llvm::Error rule(const JsonMember &M, RuleSetting &Setting) {
    if (M.Value.is(Type::String)) return severity(M.Value, Setting);
    if (!M.Value.is(Type::Object))
      return Doc.error(M.Value,
                       "'" + M.Key + "' must be off, note, warning or error, or an object with severity and exclude");
    if (auto E = Doc.rejectUnknownKeys(M.Value, {"severity", "exclude"})) return E;
    for (const JsonMember &Part : M.Value.Members) {
      if (Part.Key == "exclude") {
        if (auto E = strings(Part, Setting.Exclude)) return E;
        continue;
      }
      if (auto E = Doc.expect(Part.Value, Type::String, "'severity'")) return E;
      if (auto E = severity(Part.Value, Setting)) return E;
    }
    return llvm::Error::success();
  }

  llvm::Error severity(const JsonValue &V, RuleSetting &Setting) {
    Setting.On = V.String != "off";
    Setting.Level = severityNamed(V.String);
    if (!Setting.On || Setting.Level) return llvm::Error::success();
    return Doc.error(V, "a rule must be off, note, warning or error, not '" + V.String + "'");
  }

  const JsonDocument &Doc;
  llvm::ArrayRef<Rule> Rules;
  Configuration &Out;
};

} // namespace

/// The first of \p Patterns that \p File, in or outside of \p Directory, is excluded by; null if none.
static const std::string *excluding(const std::vector<std::string> &Patterns, llvm::StringRef File,
                                    llvm::StringRef Directory) {
  llvm::StringRef Relative = File;
  if (Relative.consume_front(Directory)) Relative.consume_front("/");
  for (const std::string &Pattern : Patterns)
    if (matchesPath(Pattern, path::is_absolute(Pattern) ? File : Relative)) return &Pattern;
  return nullptr;
}

std::string Configuration::exclusion(llvm::StringRef Rule, llvm::StringRef SourceFile) const {
  if (File.empty()) return "";
  std::string Name = path::filename(File).str();
  if (const std::string *Pattern = excluding(Exclude, SourceFile, Directory))
    return Name + " excludes '" + *Pattern + "'";
  auto It = Rules.find(Rule.str());
  if (It == Rules.end()) return "";
  if (!It->second.On) return (Name + ": " + Rule + " is off").str();
  if (const std::string *Pattern = excluding(It->second.Exclude, SourceFile, Directory))
    return (Name + " excludes '" + *Pattern + "' from " + Rule).str();
  return "";
}

llvm::Expected<Configuration> refleak::readConfiguration(llvm::StringRef File, llvm::ArrayRef<Rule> Rules) {
  llvm::Expected<JsonDocument> Doc = readJson(File);
  if (!Doc) return Doc.takeError();
  Configuration Result;
  Result.File = File.str();
  Result.Directory = path::parent_path(absolute(File)).str();
  if (auto E = Reader(*Doc, Rules, Result).read()) return E;
  return Result;
}

/// What holds where there is no file.
static const Configuration *noConfiguration() {
  static const Configuration None;
  return &None;
}

llvm::Error Configurations::useOnly(llvm::StringRef File) {
  Only = noConfiguration();
  if (File.empty()) return llvm::Error::success();
  llvm::Expected<Configuration> C = readConfiguration(File, Rules);
  if (!C) return C.takeError();
  Only = Read.emplace_back(std::make_unique<Configuration>(std::move(*C))).get();
  return llvm::Error::success();
}

bool Configurations::isOn(llvm::StringRef Id, const Configuration &C) const {
  const Rule *Known = llvm::find_if(Rules, [&](const Rule &R) { return R.Id == Id; });
  auto It = C.Rules.find(Id.str());
  return Known == Rules.end() || Known->OnByDefault || llvm::is_contained(Enabled, Id) ||
         (It != C.Rules.end() && It->second.Level);
}

llvm::Expected<const Configuration *> Configurations::of(llvm::StringRef SourceFile) {
  if (Only) return Only;
  return ofDirectory(path::parent_path(absolute(SourceFile)));
}

llvm::Expected<const Configuration *> Configurations::ofDirectory(llvm::StringRef Directory) {
  if (Directory.empty()) return noConfiguration();
  if (auto It = ByDirectory.find(Directory); It != ByDirectory.end()) return It->second;
  llvm::SmallString<256> File(Directory);
  path::append(File, Configuration::FileName);
  const Configuration *Found = nullptr;
  if (llvm::sys::fs::exists(File)) {
    if (!llvm::sys::fs::is_regular_file(File))
      return userError("'" + File + "' is no regular file; --no-config leaves it aside");
    llvm::Expected<Configuration> C = readConfiguration(File, Rules);
    if (!C) return C.takeError();
    Found = Read.emplace_back(std::make_unique<Configuration>(std::move(*C))).get();
  } else {
    llvm::Expected<const Configuration *> Above = ofDirectory(path::parent_path(Directory));
    if (!Above) return Above.takeError();
    Found = *Above;
  }
  ByDirectory[Directory] = Found;
  return Found;
}

llvm::Error Configurations::acceptOnly(llvm::StringRef File) {
  OnlyBaseline = File.str();
  if (File.empty()) return llvm::Error::success();
  return baseline(*OnlyBaseline).takeError();
}

llvm::Expected<Baseline *> Configurations::baselineOf(llvm::StringRef SourceFile) {
  if (OnlyBaseline) return baseline(*OnlyBaseline);
  llvm::Expected<const Configuration *> C = of(SourceFile);
  if (!C) return C.takeError();
  return baseline((*C)->Accepted);
}

llvm::Expected<Baseline *> Configurations::baseline(const std::string &File) {
  if (File.empty()) return nullptr;
  if (auto It = Baselines.find(File); It != Baselines.end()) return It->second.get();
  llvm::Expected<Baseline> B = Baseline::read(File);
  if (!B) return B.takeError();
  return (Baselines[File] = std::make_unique<Baseline>(std::move(*B))).get();
}

std::vector<Finding> Configurations::unusedBaselineEntries(llvm::ArrayRef<std::string> Files) const {
  std::vector<Finding> Found;
  for (const auto &[File, B] : Baselines) llvm::append_range(Found, B->unused(Files));
  return Found;
}
