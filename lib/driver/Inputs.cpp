#include "driver/Inputs.h"
#include "support/RegularFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <ctime>
#include <sys/stat.h>

using namespace refleak;
namespace path = llvm::sys::path;

std::string WatchedFiles::absolute(const llvm::Twine &Path) const {
  llvm::SmallString<256> Name;
  Path.toVector(Name);
  if (makeAbsolute(Name)) return {};
  return std::string(Name);
}

void WatchedFiles::noteMissing(std::string Path) {
  for (;;) {
    std::string Folder = path::parent_path(Path).str();
    if (Folder.empty() || Folder == Path) break;
    auto [It, Fresh] = Exists.try_emplace(Folder);
    if (Fresh) It->second = llvm::sys::fs::is_directory(Folder);
    if (It->second) break;
    Path = std::move(Folder);
  }
  Seen.Missing.insert(std::move(Path));
}

llvm::ErrorOr<llvm::vfs::Status> WatchedFiles::status(const llvm::Twine &Path) {
  llvm::ErrorOr<llvm::vfs::Status> Found = ProxyFileSystem::status(Path);
  if (!Found)
    noteMissing(absolute(Path));
  else if (Found->isRegularFile())
    Seen.Read.insert(absolute(Path));
  return Found;
}

llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> WatchedFiles::openFileForRead(const llvm::Twine &Path) {
  auto Found = ProxyFileSystem::openFileForRead(Path);
  if (Found)
    Seen.Read.insert(absolute(Path));
  else
    noteMissing(absolute(Path));
  return Found;
}

llvm::vfs::directory_iterator WatchedFiles::dir_begin(const llvm::Twine &Folder, std::error_code &Problem) {
  auto Begin = ProxyFileSystem::dir_begin(Folder, Problem);
  if (Problem)
    noteMissing(absolute(Folder));
  else
    Seen.Listed.insert(absolute(Folder));
  return Begin;
}

Inputs WatchedFiles::take() {
  Exists.clear();
  return std::exchange(Seen, {});
}

std::optional<Digest> Contents::file(const std::string &Path) {
  auto [It, Fresh] = Files.try_emplace(Path);
  if (!Fresh) return It->second;
  if (auto Buffer = readRegularFile(Path)) It->second = digestOf((*Buffer)->getBuffer());
  return It->second;
}

std::optional<Digest> Contents::folder(const std::string &Path) {
  auto [It, Fresh] = Folders.try_emplace(Path);
  if (!Fresh) return It->second;
  std::set<std::string> Names;
  std::error_code Problem;
  for (llvm::sys::fs::directory_iterator At(Path, Problem), End; At != End && !Problem; At.increment(Problem))
    Names.insert(path::filename(At->path()).str());
  if (Problem) return std::nullopt;
  std::string Listed;
  for (const std::string &Name : Names) Listed += Name + '\0';
  return It->second = digestOf(Listed);
}

bool Contents::exists(const std::string &Path) {
  auto [It, Fresh] = Existing.try_emplace(Path);
  if (Fresh) It->second = llvm::sys::fs::exists(Path);
  return It->second;
}

static FileTime inNanoseconds(const timespec &T) { return int64_t(T.tv_sec) * 1'000'000'000 + T.tv_nsec; }

/// Files get the time of the kernel's last tick, so this asks for that one too.
FileTime refleak::fileTimeNow() {
  timespec Now;
  clock_gettime(CLOCK_REALTIME_COARSE, &Now);
  return inNanoseconds(Now);
}

bool refleak::changedSince(const Inputs &In, FileTime Since) {
  for (const std::string &File : In.Read) {
    struct stat Status;
    if (stat(File.c_str(), &Status) != 0) return true;
    if (std::max(inNanoseconds(Status.st_mtim), inNanoseconds(Status.st_ctim)) >= Since) return true;
  }
  return false;
}
