//===- RegularFile.h - Files that end -----------------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>

namespace refleak {

/// Reads \p Path, links followed, unless it is a pipe or a device: what a stranger's tree holds may have no end.
llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> readRegularFile(llvm::StringRef Path);

/// Reads \p Path, which the user has named: a pipe, too, but no device.
llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> readNamedFile(llvm::StringRef Path);

} // namespace refleak
