//===- OutputFile.h - A file that is whole or as it was before ----------------------------------------------------===//
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace refleak {

/// Writes what \p Write writes to a temporary file beside \p Path, which then takes the name. A link keeps leading to
/// its file; what is no file (a terminal, a pipe) is written to directly.
llvm::Error writeOutputFile(llvm::StringRef Path, llvm::function_ref<void(llvm::raw_ostream &)> Write);

/// The same for a stream that is open already.
llvm::Error writeOutputStream(llvm::raw_fd_ostream &OS, llvm::StringRef Name,
                              llvm::function_ref<void(llvm::raw_ostream &)> Write);

} // namespace refleak
