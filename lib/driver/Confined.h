//===- Confined.h - Processes that read what strangers wrote ------------------------------------------------------===//
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <cstddef>
#include <string>
#include <sys/types.h>
#include <utility>

namespace refleak {

/// What a process that reads a stranger's sources may still do.
struct Confinement {
  unsigned MemoryMiB = 0;  ///< memory to write to, beside what it has already; 0: no limit
  size_t Reserved = 0;     ///< bytes that it will reserve beside that and hardly touch
  int WritableFolder = -1; ///< an open folder; none: it writes to no file
};

/// Takes everything else from this process: it starts no program, whatever a compile command asks for; it makes,
/// changes and removes no file; it prints nothing, since standard output is the report's; it leaves no core and does
/// not outlive its parent. The kernel sees to files and programs if it can (Landlock, seccomp).
void confine(const Confinement &Allowed);

/// Takes programs alone.
void forbidPrograms();

/// Starts a process that does \p Run, which may write to the pipe it is given, and ends. Returns the process, and the
/// end of the pipe to read from.
std::pair<pid_t, int> startProcess(llvm::function_ref<void(int Out)> Run);

/// Whether a confined process ended with \p Status because it reached its limit of memory.
bool ranOutOfMemory(int Status);

/// Why a confined process ended whose status is \p Status: to follow a name and a colon. \p MemoryOption is how the
/// limit of \p MemoryMiB is set.
std::string causeOfDeath(int Status, unsigned MemoryMiB, llvm::StringRef MemoryOption);

/// Writes all of \p Bytes to a pipe whose other end is the process that waits for it, or ends this one.
void writeAll(int Pipe, llvm::StringRef Bytes);

} // namespace refleak
