//===- BuiltinHeaders.cpp -----------------------------------------------------------------------------------------===//
//
// The archive is made by cmake/EmbedHeaders.cpp, which describes its form.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "frontend/BuiltinHeaders.h"
#include "clang/Lex/HeaderSearchOptions.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <zlib.h>

extern "C" const char refleak_headers_begin[];
extern "C" const char refleak_headers_end[];

namespace refleak {

llvm::StringRef builtinResourceDirectory() { return "/refleak-builtin"; }

namespace {

namespace vfs = llvm::vfs;
namespace path = llvm::sys::path;

const char IncludeDirectory[] = "/refleak-builtin/include";

struct EmbeddedHeader {
  llvm::StringRef Packed;
  uint32_t Size;
  vfs::Status Status;
};

uint32_t wordAt(size_t Index) {
  uint32_t Word;
  std::memcpy(&Word, refleak_headers_begin + 4 * Index, 4);
  return Word;
}

std::unique_ptr<llvm::MemoryBuffer> inflated(const EmbeddedHeader &Header, llvm::StringRef Name) {
  auto Buffer = llvm::WritableMemoryBuffer::getNewUninitMemBuffer(Header.Size, Name);
  uLongf Size = Header.Size;
  [[maybe_unused]] int Result = uncompress(reinterpret_cast<Bytef *>(Buffer->getBufferStart()), &Size,
                                           reinterpret_cast<const Bytef *>(Header.Packed.data()), Header.Packed.size());
  assert(Result == Z_OK && Size == Header.Size && "the embedded archive is whole");
  return Buffer;
}

class OpenHeader : public vfs::File {
public:
  OpenHeader(const EmbeddedHeader &Header, vfs::Status Status) : Header(Header), Stat(std::move(Status)) {}

  llvm::ErrorOr<vfs::Status> status() override { return Stat; }
  llvm::ErrorOr<std::string> getName() override { return Stat.getName().str(); }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine &Name, int64_t, bool, bool) override {
    return inflated(Header, Name.str());
  }
  std::error_code close() override { return {}; }

private:
  const EmbeddedHeader &Header;
  vfs::Status Stat;
};

/// Answers for paths below the resource directory and for no other.
class HeaderFileSystem : public vfs::FileSystem {
public:
  HeaderFileSystem() {
    addDirectory(builtinResourceDirectory());
    addDirectory(IncludeDirectory);
    for (size_t Index = 0, Count = wordAt(0); Index < Count; ++Index) addHeader(1 + 6 * Index);
  }

  llvm::ErrorOr<vfs::Status> status(const llvm::Twine &Path) override {
    llvm::SmallString<128> Storage;
    llvm::StringRef Name = ownName(Path, Storage);
    if (auto It = Headers.find(Name); It != Headers.end()) return vfs::Status::copyWithNewName(It->second.Status, Path);
    if (auto It = Directories.find(Name); It != Directories.end())
      return vfs::Status::copyWithNewName(It->second, Path);
    return make_error_code(llvm::errc::no_such_file_or_directory);
  }

  llvm::ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const llvm::Twine &Path) override {
    llvm::SmallString<128> Storage;
    auto It = Headers.find(ownName(Path, Storage));
    if (It == Headers.end()) return make_error_code(llvm::errc::no_such_file_or_directory);
    return std::make_unique<OpenHeader>(It->second, vfs::Status::copyWithNewName(It->second.Status, Path));
  }

  vfs::directory_iterator dir_begin(const llvm::Twine &, std::error_code &Error) override {
    Error = make_error_code(llvm::errc::no_such_file_or_directory);
    return {};
  }
  llvm::ErrorOr<std::string> getCurrentWorkingDirectory() const override { return std::string("/"); }
  std::error_code setCurrentWorkingDirectory(const llvm::Twine &) override { return {}; }
  std::error_code getRealPath(const llvm::Twine &Path, llvm::SmallVectorImpl<char> &Output) override {
    llvm::SmallString<128> Storage;
    llvm::StringRef Name = ownName(Path, Storage);
    if (!Headers.contains(Name) && !Directories.contains(Name))
      return make_error_code(llvm::errc::no_such_file_or_directory);
    Output.assign(Name.begin(), Name.end());
    return {};
  }

private:
  /// \p Path in the form of the tables' keys; empty when it cannot be one of them.
  static llvm::StringRef ownName(const llvm::Twine &Path, llvm::SmallVectorImpl<char> &Storage) {
    llvm::StringRef Name = Path.toStringRef(Storage);
    if (!Name.starts_with(builtinResourceDirectory())) return {};
    if (Name.data() != Storage.data()) Storage.assign(Name.begin(), Name.end());
    path::remove_dots(Storage, /*remove_dot_dot=*/true);
    return {Storage.data(), Storage.size()};
  }

  void addDirectory(llvm::StringRef Name) {
    Directories.try_emplace(Name, Name, vfs::getNextVirtualUniqueID(), llvm::sys::TimePoint<>(), 0, 0, 0,
                            llvm::sys::fs::file_type::directory_file, llvm::sys::fs::perms::all_read);
  }

  void addHeader(size_t Index) {
    llvm::SmallString<128> Name(IncludeDirectory);
    path::append(Name, llvm::StringRef(refleak_headers_begin + wordAt(Index), wordAt(Index + 1)));
    uint32_t Size = wordAt(Index + 4);
    Headers.try_emplace(Name, EmbeddedHeader{{refleak_headers_begin + wordAt(Index + 2), wordAt(Index + 3)},
                                             Size,
                                             {Name, vfs::getNextVirtualUniqueID(), llvm::sys::TimePoint<>(), 0, 0, Size,
                                              llvm::sys::fs::file_type::regular_file, llvm::sys::fs::perms::all_read}});
    if (llvm::StringRef Parent = path::parent_path(Name); !Directories.contains(Parent)) addDirectory(Parent);
  }

  llvm::StringMap<EmbeddedHeader> Headers;
  llvm::StringMap<vfs::Status> Directories;
};

/// Whether \p Directory is where some compiler keeps stddef.h and the like: .../lib/clang/22/include, Debian's
/// .../include/clang/22.1.8/include, or .../lib/gcc/TARGET/12/include.
bool holdsBuiltinHeaders(llvm::StringRef Directory) {
  llvm::SmallString<128> Name(Directory);
  path::remove_dots(Name, /*remove_dot_dot=*/true);
  llvm::SmallVector<llvm::StringRef> Parts(path::rbegin(Name), path::rend(Name));
  if (Parts.size() < 4 || (Parts[0] != "include" && Parts[0] != "include-fixed")) return false;
  auto IsLib = [](llvm::StringRef Part) { return Part.starts_with("lib"); };
  if (Parts[2] == "clang") return IsLib(Parts[3]) || Parts[3] == "include";
  return Parts.size() > 4 && Parts[3] == "gcc" && IsLib(Parts[4]);
}

} // namespace

llvm::IntrusiveRefCntPtr<vfs::FileSystem> withBuiltinHeaders(llvm::IntrusiveRefCntPtr<vfs::FileSystem> Base) {
  auto Overlay = llvm::makeIntrusiveRefCnt<vfs::OverlayFileSystem>(std::move(Base));
  Overlay->pushOverlay(llvm::makeIntrusiveRefCnt<HeaderFileSystem>());
  return Overlay;
}

void useBuiltinHeaders(clang::HeaderSearchOptions &Options) {
  Options.ResourceDir = builtinResourceDirectory().str();
  for (auto &Entry : Options.UserEntries)
    if (holdsBuiltinHeaders(Entry.Path)) Entry.Path = IncludeDirectory;
}

} // namespace refleak
