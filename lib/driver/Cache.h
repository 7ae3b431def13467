//===- Cache.h - What earlier runs have found out -----------------------------------------------------------------===//
//
// Two things are kept: the facts of a unit, under its command; and the verdict on a program, under all its facts. An
// entry names everything else that it depends on with digests, and carries its own: one that is damaged, or that no
// longer fits, is as good as none. Entries are written by several processes and read by several runs at once.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "driver/Folder.h"
#include "driver/Inputs.h"
#include "llvm/Support/Error.h"

namespace refleak {

class Cache {
public:
  /// The cache in the folder \p Path, which is made if need be, and works or is an error. Empty: `.refleak/cache` in
  /// the working directory, or none if that cannot be had.
  static llvm::Expected<std::optional<Cache>> open(const std::string &Path);

  /// The facts file of the unit whose command has the digest \p Key, if nothing that it was made from has changed.
  std::optional<std::string> unit(const Digest &Key, Contents &Now) const;
  /// Keeps \p Facts under \p Key, unless what they were made from changed after \p Began.
  void keepUnit(const Digest &Key, llvm::StringRef Facts, const Inputs &MadeFrom, FileTime Began) const;

  /// What was kept under \p Key, which names all that it depends on.
  std::optional<std::string> verdict(const Digest &Key) const;
  void keepVerdict(const Digest &Key, llvm::StringRef Verdict) const;

  /// The folder that all of it lies in.
  const Folder &folder() const { return Top; }

  /// Removes entries that have not been used for two weeks; looks for them once a day.
  void tidy() const;

private:
  explicit Cache(Folder Top) : Top(std::move(Top)) {}

  Folder Top;
};

/// The digest of the program that runs: of the compiled code, whatever its version says.
const Digest &programDigest();

} // namespace refleak
