//===- BuiltinHeaders.h - stddef.h and its kin, inside the binary -------------------------------------------------===//
#pragma once

#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace clang {
class HeaderSearchOptions;
}

namespace refleak {

/// The resource directory under which the embedded headers appear; its "include" folder holds them. No such folder
/// exists on any disk.
llvm::StringRef builtinResourceDirectory();

/// The embedded headers, mounted over \p Base. A header is inflated when it is first opened.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>
withBuiltinHeaders(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Base);

/// Turns each include directory that holds some compiler's own builtin headers into the embedded one. In place, since
/// the order among the system's directories matters: libstdc++ comes before, the C library after.
void useBuiltinHeaders(clang::HeaderSearchOptions &Options);

} // namespace refleak
