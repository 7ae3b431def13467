//===- Inputs.h - All that the analysis of a unit depended on -----------------------------------------------------===//
//
// A unit must be parsed again when a file it read has changed, but also when a header has appeared where one was looked
// for in vain: it would be found first from now on. So what was not there is an input as well.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/File.h"
#include "support/Table.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <optional>
#include <set>

namespace refleak {

/// What was asked of the file system. Names are absolute.
struct Inputs {
  std::set<std::string> Read;
  std::set<std::string> Listed;  ///< folders
  std::set<std::string> Missing; ///< the shortest path that does not exist: of /a/b/c, where /a is all there is, /a/b
};

/// A file system that notes what is asked of it.
class WatchedFiles final : public llvm::vfs::ProxyFileSystem {
public:
  explicit WatchedFiles(llvm::IntrusiveRefCntPtr<FileSystem> Base) : ProxyFileSystem(std::move(Base)) {}

  /// What was asked since the last call.
  Inputs take();

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override { return bool(status(Path)); }
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &Path) override;
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &Folder, std::error_code &Problem) override;

private:
  std::string absolute(const llvm::Twine &Path) const;
  void noteMissing(std::string Path);

  Inputs Seen;
  Table<std::string, bool> Exists; ///< of folders
};

/// The present contents of files and folders, each looked at once.
class Contents {
public:
  /// The digest of a file's contents; none if it cannot be read or is no regular file.
  std::optional<Digest> file(const std::string &Path);
  /// The digest of the names in a folder; none if it is not there.
  std::optional<Digest> folder(const std::string &Path);
  bool exists(const std::string &Path);

private:
  Table<std::string, std::optional<Digest>> Files, Folders;
  Table<std::string, bool> Existing;
};

/// A moment, on the clock of the file system.
using FileTime = int64_t;
FileTime fileTimeNow();

/// Whether one of \p In.Read may have changed at \p Since or later.
bool changedSince(const Inputs &In, FileTime Since);

} // namespace refleak
