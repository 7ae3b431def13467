//===- Flags.h - A compiler's flags, as Clang wants them ----------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace refleak {

/// Removes what stands in front of the compiler: ccache, distcc, sccache, icecc and the like with their own options,
/// `env`, and NAME=VALUE.
llvm::ArrayRef<std::string> withoutLauncher(llvm::ArrayRef<std::string> Command);

/// Rewrites a command written for gcc, Clang, clang-cl or nvcc so that Clang can parse the file with it.
///
/// The compiler named in it is never run. Kept are the language, its standard, the target, macros and include paths.
/// Dropped are outputs (-c, -o, -M*), warnings (refleak shows only errors), everything about the code produced
/// that the preprocessor cannot see, precompiled headers, plugins, inputs, and, unless the compiler is Clang, each
/// option that Clang does not know. What is left of response files that cannot be read, `@NAME`, is kept, for somebody
/// to tell of. The result ends with "--" and \p File.
std::vector<std::string> adjustFlags(llvm::ArrayRef<std::string> Command, llvm::StringRef File);

} // namespace refleak
