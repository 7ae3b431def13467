#include "driver/Folder.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Process.h"
#include <cerrno>
#include <ctime>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace refleak;

static constexpr time_t Day = 24 * 60 * 60;

Folder &Folder::operator=(Folder &&Other) {
  std::swap(Handle, Other.Handle);
  return *this;
}

Folder::~Folder() {
  if (Handle >= 0) close(Handle);
}

Folder Folder::open(const std::string &Path, bool Create) {
  if (Create) mkdir(Path.c_str(), 0777);
  return Folder(::open(Path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

Folder Folder::sub(const std::string &Name, bool Create) const {
  if (!valid()) return Folder();
  if (Create) mkdirat(Handle, Name.c_str(), 0777);
  return Folder(openat(Handle, Name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

std::optional<std::string> Folder::read(const std::string &Name) const {
  if (!valid()) return std::nullopt;
  int File = openat(Handle, Name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (File < 0) return std::nullopt;
  struct stat Status;
  std::optional<std::string> Bytes;
  if (fstat(File, &Status) == 0 && S_ISREG(Status.st_mode)) {
    Bytes.emplace(size_t(Status.st_size), '\0');
    size_t Done = 0;
    while (Done < Bytes->size()) {
      ssize_t Got = ::read(File, Bytes->data() + Done, Bytes->size() - Done);
      if (Got < 0 && errno == EINTR) continue;
      if (Got <= 0) break;
      Done += size_t(Got);
    }
    Bytes->resize(Done);
  }
  close(File);
  return Bytes;
}

static bool writeWhole(int File, llvm::StringRef Bytes) {
  while (!Bytes.empty()) {
    ssize_t Done = ::write(File, Bytes.data(), Bytes.size());
    if (Done < 0 && errno == EINTR) continue;
    if (Done <= 0) return false;
    Bytes = Bytes.drop_front(size_t(Done));
  }
  return true;
}

void Folder::write(const std::string &Name, llvm::StringRef Bytes) const {
  if (!valid()) return;
  std::string Temporary = "new-" + llvm::utostr(uint64_t(getpid())) + "-" +
                          llvm::utohexstr(llvm::sys::Process::GetRandomNumber(), /*LowerCase=*/true);
  int File = openat(Handle, Temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (File < 0) return;
  bool Good = writeWhole(File, Bytes);
  Good &= close(File) == 0;
  if (!Good || renameat(Handle, Temporary.c_str(), Handle, Name.c_str()) != 0) remove(Temporary);
}

void Folder::remove(const std::string &Name) const {
  if (valid()) unlinkat(Handle, Name.c_str(), 0);
}

void Folder::touch(const std::string &Name) const {
  struct stat Status;
  if (!valid() || fstatat(Handle, Name.c_str(), &Status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (time(nullptr) - Status.st_mtime > Day) utimensat(Handle, Name.c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
}

void Folder::removeUnused(unsigned Days) const {
  DIR *Listing = valid() ? fdopendir(openat(Handle, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) : nullptr;
  if (!Listing) return;
  std::vector<std::string> Old;
  while (const dirent *Entry = readdir(Listing)) {
    struct stat Status;
    if (fstatat(Handle, Entry->d_name, &Status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(Status.st_mode) &&
        time(nullptr) - Status.st_mtime > time_t(Days) * Day)
      Old.emplace_back(Entry->d_name);
  }
  closedir(Listing);
  for (const std::string &Name : Old) remove(Name);
}
