//===- CompileCommands.h - From the command line to translation units ---------------------------------------------===//
#pragma once

#include "frontend/Unit.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <optional>

namespace refleak {

/// What the user asked to be analysed: `refleak scan [-p BUILD_DIR] [PATH...] [-- FLAGS]`.
struct UnitRequest {
  /// `-p`: a folder that holds compile_commands.json, or that file itself. Empty: not given.
  std::string BuildDirectory;
  /// What stands after `--`. An empty list says "no flags are needed"; no list says that `--` was not given.
  std::optional<std::vector<std::string>> Flags;
  /// Files and folders, relative to WorkingDirectory.
  std::vector<std::string> Paths;
  /// Absolute. Empty: that of the process.
  std::string WorkingDirectory;
};

/// Finds the commands for a request.
///
/// * With Flags, each path is a file compiled with them (a folder: every C++ source below it).
/// * Otherwise with BuildDirectory, or with a compile_commands.json found there or upwards from a path (also in a
/// folder
///   "build" on the way), the database's entries. Paths restrict them: a folder to the files below it, a file to its
///   own entries. A file without entry, such as a header, borrows the command of the entry whose name is most like its
///   own.
/// * Otherwise with a compile_flags.txt found upwards from a path, as if its lines were Flags.
/// * Otherwise a path that is a file is compiled without flags, and a folder is an error.
///
/// Launchers in front of the compiler are removed, response files are expanded, and the flags are adjusted for Clang. A
/// file may have several entries: each one whose adjusted command differs is a unit of its own. Units are ordered by
/// file, those of one file as in the database; the order of Paths has no influence. An entry whose file is gone
/// stays in the list: parsing it fails and names CompileUnit::Source.
llvm::Expected<std::vector<CompileUnit>> loadUnits(const UnitRequest &Request,
                                                   llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> Files);

/// The same on the real file system.
llvm::Expected<std::vector<CompileUnit>> loadUnits(const UnitRequest &Request);

} // namespace refleak
