//===- Folder.h - A folder that others write into too -------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace refleak {

/// An open folder. Nothing is reached through a symbolic link in it, and a file appears in it whole or not at all.
class Folder {
public:
  Folder() = default;
  Folder(Folder &&Other) : Handle(Other.Handle) { Other.Handle = -1; }
  Folder &operator=(Folder &&Other);
  ~Folder();

  /// The folder \p Path, wherever it leads; made if \p Create says so.
  static Folder open(const std::string &Path, bool Create);

  /// Whether it could be opened.
  bool valid() const { return Handle >= 0; }
  /// The open folder as the kernel knows it; it stays this object's.
  int handle() const { return Handle; }
  /// The folder \p Name in it, made if \p Create says so.
  Folder sub(const std::string &Name, bool Create) const;
  /// The contents of the file \p Name in it.
  std::optional<std::string> read(const std::string &Name) const;
  /// Puts \p Bytes there as the file \p Name. A failure is not told: there is then no such file, or the former one.
  void write(const std::string &Name, llvm::StringRef Bytes) const;
  void remove(const std::string &Name) const;
  /// Marks the file \p Name as used now, unless that was done less than a day ago.
  void touch(const std::string &Name) const;
  /// Removes the files in it that nobody has used for \p Days.
  void removeUnused(unsigned Days) const;

private:
  explicit Folder(int Handle) : Handle(Handle) {}
  int Handle = -1;
};

} // namespace refleak
