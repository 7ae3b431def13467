//===- RegularFiles.h - Files that end ----------------------------------------------------------------------------===//
#pragma once

#include "llvm/Support/VirtualFileSystem.h"

namespace refleak {

/// Opens no pipes and no devices but /dev/null: what a stranger's tree or command names may have no end, or never
/// begin.
class RegularFiles : public llvm::vfs::ProxyFileSystem {
public:
  using ProxyFileSystem::ProxyFileSystem;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>> openFileForRead(const llvm::Twine &Name) override {
    auto Status = status(Name);
    if (Status && !Status->isDirectory() && !isReadable(*Status))
      return llvm::make_error_code(llvm::errc::not_supported);
    return ProxyFileSystem::openFileForRead(Name);
  }

  /// Whether the file of \p Status, which is no folder, is opened.
  static bool isReadable(const llvm::vfs::Status &Status) {
    return Status.isRegularFile() || Status.getName() == "/dev/null";
  }
};

} // namespace refleak
