//===- Fuzz.h - What the fuzzers share ----------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "finding/Rule.h"
#include "link/Program.h"
#include "solve/Solve.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

namespace refleak::fuzz {

/// What has to hold whatever the input is.
inline void require(bool Holds) {
  if (!Holds) std::abort();
}

inline llvm::StringRef text(const uint8_t *Data, size_t Size) { return {reinterpret_cast<const char *>(Data), Size}; }

/// Whether \p Result is a value; an error is fine, too, but its message has to be one.
template <class T> bool succeeded(llvm::Expected<T> &Result) {
  if (Result) return true;
  require(!llvm::toString(Result.takeError()).empty());
  return false;
}

/// Links and solves \p Units with a budget that keeps runs short.
inline void solveAll(std::vector<Unit> Units) {
  SolveLimits Limits;
  Limits.MaxSteps = 20'000;
  solve(link(std::move(Units)), Limits);
}

/// Rules for what names some.
inline llvm::ArrayRef<Rule> someRules() {
  static const Rule Rules[] = {{"element-invalidated", "title", Severity::Warning, 416, true, "remedy", "page"},
                               {"owner-gone", "title", Severity::Error, 0, false, "remedy", "page"}};
  return Rules;
}

/// A file of this process, for what reads files alone.
class ScratchFile {
public:
  explicit ScratchFile(llvm::StringRef Name) {
    require(!llvm::sys::fs::createUniqueDirectory("refleak-fuzz", Path));
    Path += "/";
    Path += Name;
  }
  llvm::StringRef fill(llvm::StringRef Text) {
    std::error_code Error;
    llvm::raw_fd_ostream(Path, Error) << Text;
    require(!Error);
    return Path;
  }

private:
  llvm::SmallString<128> Path;
};

} // namespace refleak::fuzz
