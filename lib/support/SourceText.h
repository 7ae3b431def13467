//===- SourceText.h - The lines of the files that findings stand in -----------------------------------------------===//
#pragma once

#include "support/Table.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <string>
#include <vector>

namespace refleak {

/// Reads source files on demand, once each. What cannot be read, or is no regular file, has no lines.
class SourceText {
public:
  /// The line \p Number (from 1) of \p File without its end; empty when there is none. Stays valid as long as this.
  llvm::StringRef line(llvm::StringRef File, unsigned Number);
  /// The number of lines of \p File.
  unsigned lines(llvm::StringRef File);
  /// The whole text of \p File.
  llvm::StringRef text(llvm::StringRef File);

private:
  struct Entry {
    std::unique_ptr<llvm::MemoryBuffer> Buffer;
    std::vector<llvm::StringRef> Lines;
  };
  const Entry &entry(llvm::StringRef File);
  Table<std::string, Entry> Files;
};

} // namespace refleak
