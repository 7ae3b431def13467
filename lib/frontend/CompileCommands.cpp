//===- CompileCommands.cpp ----------------------------------------------------------------------------------------===//
#include "frontend/CompileCommands.h"
#include "frontend/Flags.h"
#include "frontend/RegularFiles.h"
#include "support/Error.h"
#include "support/Json.h"
#include "clang/Driver/Types.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <map>

namespace refleak {
namespace {

namespace path = llvm::sys::path;
namespace types = clang::driver::types;
using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

using Units = std::vector<CompileUnit>;

const char DatabaseName[] = "compile_commands.json";
const char FlagsName[] = "compile_flags.txt";
const char HowToMakeOne[] = "; make one with 'cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON' or 'bear -- make' and name its "
                            "folder with -p, or give the compiler's flags after --";

//===- Names ------------------------------------------------------------------------------------------------------===//

std::string absolute(StringRef Name, StringRef Directory) {
  llvm::SmallString<256> Result(path::is_absolute(Name) ? "" : Directory);
  path::append(Result, Name);
  path::remove_dots(Result, /*remove_dot_dot=*/true);
  return Result.str().str();
}

bool isBelow(StringRef File, StringRef Folder) {
  return File.consume_front(Folder) && (File.empty() || Folder.ends_with("/") || File.starts_with("/"));
}

bool isCxxSource(StringRef File) {
  StringRef Extension = path::extension(File);
  if (!Extension.consume_front(".")) return false;
  types::ID Type = types::lookupTypeForExtension(Extension);
  return types::isCXX(Type) && !types::onlyPrecompileType(Type);
}

//===- Commands ---------------------------------------------------------------------------------------------------===//

/// The words of response files in place of their names.
std::vector<std::string> withoutResponseFiles(const std::vector<std::string> &Command, StringRef Directory,
                                              llvm::vfs::FileSystem &Files) {
  if (llvm::none_of(Command, [](StringRef Word) { return Word.starts_with("@"); })) return Command;
  llvm::BumpPtrAllocator Memory;
  llvm::SmallVector<const char *> Words;
  for (const std::string &Word : Command) Words.push_back(Word.c_str());
  RegularFiles Readable(&Files);
  llvm::cl::ExpansionContext Expansion(Memory, llvm::cl::TokenizeGNUCommandLine, &Readable);
  // A file that is gone leaves its name among the words.
  llvm::consumeError(Expansion.setCurrentDir(Directory).expandResponseFiles(Words));
  return {Words.begin(), Words.end()};
}

CompileUnit makeUnit(StringRef File, StringRef Directory, const std::vector<std::string> &Command, std::string Source,
                     llvm::vfs::FileSystem &Files) {
  std::vector<std::string> Words = withoutResponseFiles(Command, Directory, Files);
  std::string Name = absolute(File, Directory);
  return {Name, Directory.str(), adjustFlags(Words, Name), std::move(Source)};
}

//===- compile_commands.json --------------------------------------------------------------------------------------===//

class DatabaseReader {
public:
  DatabaseReader(const JsonDocument &Document, llvm::vfs::FileSystem &Files) : Document(Document), Files(Files) {}

  Expected<Units> read() {
    if (Error E = Document.expect(Document.Root, JsonValue::Type::Array, "a compilation database")) return std::move(E);
    if (Document.Root.Items.empty())
      return Document.error(Document.Root, "the compilation database has no entries; build the project's targets, or "
                                           "give the compiler's flags after --");
    Units Result;
    for (const JsonValue &Entry : Document.Root.Items) {
      Expected<CompileUnit> U = unit(Entry);
      if (!U) return U.takeError();
      Result.push_back(std::move(*U));
    }
    return Result;
  }

private:
  Expected<StringRef> field(const JsonValue &Entry, StringRef Name) {
    const JsonValue *Value = Entry.find(Name);
    if (!Value) return Document.error(Entry, "an entry needs the field '" + Name + "'");
    if (Error E = Document.expect(*Value, JsonValue::Type::String, "'" + Name + "'")) return std::move(E);
    if (Value->String.empty()) return Document.error(*Value, "'" + Name + "' must not be empty");
    return StringRef(Value->String);
  }

  Expected<std::vector<std::string>> command(const JsonValue &Entry) {
    if (const JsonValue *Arguments = Entry.find("arguments")) return arguments(*Arguments);
    if (!Entry.find("command")) return Document.error(Entry, "an entry needs the field 'command' or 'arguments'");
    Expected<StringRef> Line = field(Entry, "command");
    if (!Line) return Line.takeError();
    llvm::BumpPtrAllocator Memory;
    llvm::StringSaver Saver(Memory);
    llvm::SmallVector<const char *> Words;
    llvm::cl::TokenizeGNUCommandLine(*Line, Saver, Words);
    return std::vector<std::string>(Words.begin(), Words.end());
  }

  Expected<std::vector<std::string>> arguments(const JsonValue &Arguments) {
    if (Error E = Document.expect(Arguments, JsonValue::Type::Array, "'arguments'")) return std::move(E);
    std::vector<std::string> Words;
    for (const JsonValue &Word : Arguments.Items) {
      if (Error E = Document.expect(Word, JsonValue::Type::String, "each of 'arguments'")) return std::move(E);
      Words.push_back(Word.String);
    }
    if (Words.empty()) return Document.error(Arguments, "'arguments' must not be empty");
    return Words;
  }

  Expected<CompileUnit> unit(const JsonValue &Entry) {
    if (Error E = Document.expect(Entry, JsonValue::Type::Object, "an entry")) return std::move(E);
    Expected<StringRef> Directory = field(Entry, "directory");
    if (!Directory) return Directory.takeError();
    Expected<StringRef> File = field(Entry, "file");
    if (!File) return File.takeError();
    Expected<std::vector<std::string>> Command = command(Entry);
    if (!Command) return Command.takeError();
    std::string Source = (Document.File + ":" + llvm::Twine(Entry.Line) + ":" + llvm::Twine(Entry.Column)).str();
    return makeUnit(*File, absolute(*Directory, path::parent_path(Document.File)), *Command, std::move(Source), Files);
  }

  const JsonDocument &Document;
  llvm::vfs::FileSystem &Files;
};

Expected<Units> readDatabase(StringRef Name, llvm::vfs::FileSystem &Files) {
  RegularFiles Readable(&Files);
  auto Buffer = Readable.getBufferForFile(Name);
  if (!Buffer) return userError("cannot read '" + Name + "': " + Buffer.getError().message());
  Expected<JsonDocument> Document = parseJson((*Buffer)->getBuffer(), Name);
  if (!Document) return Document.takeError();
  return DatabaseReader(*Document, Files).read();
}

/// A database as Clang's interpolation wants it, to infer commands for files without an entry.
class KnownCommands : public clang::tooling::CompilationDatabase {
public:
  explicit KnownCommands(const Units &All) {
    for (const CompileUnit &U : All)
      if (isCxxSource(U.File)) Commands.try_emplace(U.File, U.Directory, U.File, U.Arguments, "");
  }
  std::vector<clang::tooling::CompileCommand> getCompileCommands(StringRef File) const override {
    auto It = Commands.find(File.str());
    return It == Commands.end() ? std::vector<clang::tooling::CompileCommand>() : std::vector{It->second};
  }
  std::vector<std::string> getAllFiles() const override {
    std::vector<std::string> Result;
    for (const auto &Entry : Commands) Result.push_back(Entry.first);
    return Result;
  }

private:
  std::map<std::string, clang::tooling::CompileCommand> Commands;
};

//===- Requests ---------------------------------------------------------------------------------------------------===//

/// A path of the request, made absolute.
struct AskedPath {
  std::string Name;
  bool IsFolder;
};

/// Where the commands for a path are written.
struct CommandSource {
  enum class Form { Nothing, Database, Flags };
  Form Is = Form::Nothing;
  std::string Name;
  friend auto operator<=>(const CommandSource &, const CommandSource &) = default;
};

class Loader {
public:
  Loader(const UnitRequest &Request, llvm::vfs::FileSystem &Files) : Request(Request), Files(Files) {}

  Expected<Units> load();

private:
  Expected<std::vector<AskedPath>> askedPaths();
  Expected<CommandSource> sourceFor(StringRef Folder);
  Expected<CommandSource> sourceInBuildDirectory();
  bool isFile(const llvm::Twine &Name) {
    auto Status = Files.status(Name);
    return Status && Status->isRegularFile();
  }

  Error addFrom(const CommandSource &Source, llvm::ArrayRef<AskedPath> Paths);
  Error addFromDatabase(StringRef Database, llvm::ArrayRef<AskedPath> Paths);
  Error addWithFlags(std::vector<std::string> Flags, StringRef Directory, StringRef Source,
                     llvm::ArrayRef<AskedPath> Paths);
  Error addFlagsFile(StringRef Name, llvm::ArrayRef<AskedPath> Paths);
  Error addSourcesBelow(const AskedPath &Folder, llvm::function_ref<void(StringRef)> Add);
  Units inferred(StringRef File, StringRef Database, const Units &Known);
  void sort();

  const UnitRequest &Request;
  llvm::vfs::FileSystem &Files;
  std::string Here;
  Units Result;
};

Expected<std::vector<AskedPath>> Loader::askedPaths() {
  std::vector<AskedPath> Paths;
  for (const std::string &Typed : Request.Paths) {
    std::string Name = absolute(Typed, Here);
    auto Status = Files.status(Name);
    if (!Status) return userError("'" + Typed + "': " + Status.getError().message());
    Paths.push_back({Name, Status->isDirectory()});
  }
  llvm::sort(Paths, [](const AskedPath &A, const AskedPath &B) { return A.Name < B.Name; });
  return Paths;
}

/// Looks in \p Folder and in the folders above.
Expected<CommandSource> Loader::sourceFor(StringRef Folder) {
  using Form = CommandSource::Form;
  for (StringRef At = Folder; !At.empty(); At = path::parent_path(At)) {
    for (StringRef Sub : {"", "build"}) {
      llvm::SmallString<256> Name(At);
      path::append(Name, Sub, DatabaseName);
      if (isFile(Name)) return CommandSource{Form::Database, Name.str().str()};
    }
    llvm::SmallString<256> Name(At);
    path::append(Name, FlagsName);
    if (isFile(Name)) return CommandSource{Form::Flags, Name.str().str()};
  }
  return CommandSource{};
}

Expected<CommandSource> Loader::sourceInBuildDirectory() {
  std::string Name = absolute(Request.BuildDirectory, Here);
  auto Status = Files.status(Name);
  if (!Status) return userError("'" + Request.BuildDirectory + "': " + Status.getError().message());
  if (!Status->isDirectory()) return CommandSource{CommandSource::Form::Database, Name};
  llvm::SmallString<256> File(Name);
  path::append(File, DatabaseName);
  if (!isFile(File)) return userError("'" + Request.BuildDirectory + "' has no " + DatabaseName + HowToMakeOne);
  return CommandSource{CommandSource::Form::Database, File.str().str()};
}

Expected<Units> Loader::load() {
  Here = Request.WorkingDirectory;
  if (Here.empty()) Here = Files.getCurrentWorkingDirectory().get();
  Expected<std::vector<AskedPath>> Paths = askedPaths();
  if (!Paths) return Paths.takeError();

  if (Request.Flags) {
    if (Paths->empty()) return userError("no files to compile with the flags after --; name them before it");
    std::vector<std::string> Flags = *Request.Flags;
    if (Error E = addWithFlags(Flags, Here, "command line", *Paths)) return std::move(E);
    sort();
    return std::move(Result);
  }

  std::map<CommandSource, std::vector<AskedPath>> Groups;
  if (!Request.BuildDirectory.empty()) {
    Expected<CommandSource> Source = sourceInBuildDirectory();
    if (!Source) return Source.takeError();
    Groups[*Source] = *Paths;
  } else if (Paths->empty()) {
    Expected<CommandSource> Source = sourceFor(Here);
    if (!Source) return Source.takeError();
    if (Source->Is == CommandSource::Form::Database)
      Groups[*Source] = {};
    else
      Groups[*Source] = {{Here, true}};
  } else {
    for (const AskedPath &Path : *Paths) {
      Expected<CommandSource> Source = sourceFor(Path.IsFolder ? StringRef(Path.Name) : path::parent_path(Path.Name));
      if (!Source) return Source.takeError();
      Groups[*Source].push_back(Path);
    }
  }
  for (const auto &[Source, Group] : Groups)
    if (Error E = addFrom(Source, Group)) return std::move(E);
  sort();
  return std::move(Result);
}

Error Loader::addFrom(const CommandSource &Source, llvm::ArrayRef<AskedPath> Paths) {
  switch (Source.Is) {
  case CommandSource::Form::Database:
    return addFromDatabase(Source.Name, Paths);
  case CommandSource::Form::Flags:
    return addFlagsFile(Source.Name, Paths);
  case CommandSource::Form::Nothing:
    for (const AskedPath &Path : Paths)
      if (Path.IsFolder)
        return userError("neither '" + Path.Name + "' nor a folder above it has a " + DatabaseName + HowToMakeOne);
    return addWithFlags({}, Here, "no compilation database", Paths);
  }
  return Error::success();
}

Error Loader::addFromDatabase(StringRef Database, llvm::ArrayRef<AskedPath> Paths) {
  Expected<Units> All = readDatabase(Database, Files);
  if (!All) return All.takeError();
  if (Paths.empty()) llvm::append_range(Result, *All);
  for (const AskedPath &Path : Paths) {
    Units Chosen;
    llvm::copy_if(*All, std::back_inserter(Chosen), [&](const CompileUnit &U) {
      return Path.IsFolder ? isBelow(U.File, Path.Name) : U.File == Path.Name;
    });
    if (Chosen.empty() && !Path.IsFolder) Chosen = inferred(Path.Name, Database, *All);
    if (Chosen.empty())
      return userError("'" + Database + "' has no entry for anything below '" + Path.Name +
                       "'; build it, name another database with -p, or give the compiler's flags after --");
    llvm::append_range(Result, Chosen);
  }
  return Error::success();
}

Units Loader::inferred(StringRef File, StringRef Database, const Units &Known) {
  auto Guessing = clang::tooling::inferMissingCompileCommands(std::make_unique<KnownCommands>(Known));
  Units Chosen;
  for (const clang::tooling::CompileCommand &Command : Guessing->getCompileCommands(File))
    Chosen.push_back(makeUnit(File, Command.Directory, Command.CommandLine, Database.str(), Files));
  if (Chosen.empty()) Chosen.push_back(makeUnit(File, Here, {"clang++"}, Database.str(), Files));
  return Chosen;
}

Error Loader::addFlagsFile(StringRef Name, llvm::ArrayRef<AskedPath> Paths) {
  auto Buffer = Files.getBufferForFile(Name);
  if (!Buffer) return userError("cannot read '" + Name + "': " + Buffer.getError().message());
  std::vector<std::string> Flags;
  llvm::SmallVector<StringRef> Lines;
  (*Buffer)->getBuffer().split(Lines, '\n');
  for (StringRef Line : Lines)
    if (StringRef Flag = Line.trim(); !Flag.empty()) Flags.push_back(Flag.str());
  return addWithFlags(std::move(Flags), path::parent_path(Name), Name, Paths);
}

Error Loader::addWithFlags(std::vector<std::string> Flags, StringRef Directory, StringRef Source,
                           llvm::ArrayRef<AskedPath> Paths) {
  Flags.insert(Flags.begin(), "clang++");
  auto Add = [&](StringRef File) { Result.push_back(makeUnit(File, Directory, Flags, Source.str(), Files)); };
  for (const AskedPath &Path : Paths)
    if (!Path.IsFolder)
      Add(Path.Name);
    else if (Error E = addSourcesBelow(Path, Add))
      return E;
  return Error::success();
}

Error Loader::addSourcesBelow(const AskedPath &Folder, llvm::function_ref<void(StringRef)> Add) {
  bool Found = false;
  std::error_code Problem;
  for (llvm::vfs::recursive_directory_iterator It(Files, Folder.Name, Problem), End; It != End && !Problem;
       It.increment(Problem)) {
    if (path::filename(It->path()).starts_with(".")) {
      It.no_push();
    } else if (It->type() != llvm::sys::fs::file_type::directory_file && isCxxSource(It->path())) {
      Found = true;
      Add(It->path());
    }
  }
  if (Problem) return userError("'" + Folder.Name + "': " + Problem.message());
  return Found ? Error::success() : userError("no C++ source below '" + Folder.Name + "'");
}

/// Orders the units and removes repetitions.
void Loader::sort() {
  std::map<std::string, Units> ByFile;
  for (CompileUnit &U : Result)
    if (Units &OfFile = ByFile[U.File]; !llvm::is_contained(OfFile, U)) OfFile.push_back(std::move(U));
  Result.clear();
  for (auto &[File, OfFile] : ByFile) std::move(OfFile.begin(), OfFile.end(), std::back_inserter(Result));
}

} // namespace

Expected<std::vector<CompileUnit>> loadUnits(const UnitRequest &Request,
                                             llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files) {
  return Loader(Request, *Files).load();
}

Expected<std::vector<CompileUnit>> loadUnits(const UnitRequest &Request) {
  return loadUnits(Request, llvm::vfs::getRealFileSystem());
}

} // namespace refleak
