//===- CompilerCall.h - What a compiler is asked to do ------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace refleak {

/// What the words of a compiler's command say besides how to parse (see adjustFlags for that).
struct CompilerCall {
  std::vector<std::string> Inputs;  ///< `-` is standard input
  std::string Output;               ///< -o
  bool Compile = false;             ///< -c
  bool Preprocess = false;          ///< -E
  bool Dependencies = false;        ///< -MD or -MMD: write a dependency file
  bool SystemDependencies = false;  ///< -MD: one with system headers
  bool PhonyTargets = false;        ///< -MP: with a rule for each header
  std::string DependencyFile;       ///< -MF
  std::vector<std::string> Targets; ///< -MT, and -MQ quoted for make
};

/// Reads \p Words, which do not begin with the compiler's name.
CompilerCall readCompilerCall(llvm::ArrayRef<std::string> Words);

/// \p Name as make reads it back.
std::string quotedForMake(llvm::StringRef Name);

} // namespace refleak
