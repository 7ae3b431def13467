//===- Unit.h - One translation unit to be parsed -----------------------------------------------------------------===//
#pragma once

#include <string>
#include <vector>

namespace refleak {

/// A main file and the command line it is compiled with.
struct CompileUnit {
  /// The main file: absolute, without "." and "..".
  std::string File;
  /// The folder the command runs in: absolute. Relative names in Arguments start here.
  std::string Directory;
  /// The compiler's name, then flags that Clang understands (see Flags.h), then "--" and the main file.
  std::vector<std::string> Arguments;
  /// Where the command was found, for messages: "build/compile_commands.json:12:3", "command line", ...
  std::string Source;

  friend bool operator==(const CompileUnit &A, const CompileUnit &B) {
    return A.File == B.File && A.Directory == B.Directory && A.Arguments == B.Arguments;
  }
};

} // namespace refleak
