//===- Options.h - What the command line asks for -----------------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace refleak {

enum class Verb : uint8_t {
  Scan,
  Baseline,
  Index,
  Link,
  Report,
  Facts,
  Effects,
  Escape,
  Rules,
  Models,
  Explain,
  Version,
  Help
};

enum class ColourMode : uint8_t { Auto, Always, Never };

struct Options {
  Verb What = Verb::Help;
  /// Files and folders; for explain the rule, for help the command.
  std::vector<std::string> Paths;
  std::string BuildDirectory;                    ///< -p
  std::optional<std::vector<std::string>> Flags; ///< after `--`; index: all that are not its own
  std::vector<std::string> Models;
  std::vector<std::string> Enabled; ///< rules that are off by default
  std::string Format = "text";
  std::string Output;                           ///< empty: standard output
  std::optional<std::string> ConfigurationFile; ///< given and empty: none is read
  std::optional<std::string> BaselineFile;      ///< instead of those that configurations name; given and empty: none
  std::optional<Severity> FailOn;
  std::optional<Confidence> LeastSure;
  std::optional<unsigned> MaxDepth;
  unsigned Jobs = 0;          ///< 0: one for each processor
  unsigned UnitTimeout = 300; ///< seconds; 0: no limit
  unsigned UnitMemory = 8192; ///< MiB; 0: no limit
  unsigned LinkMemory = 0;    ///< the same of the program that the units make
  bool Explain = false;       ///< escape: with the steps of each flow
  bool ReportUnusedSuppressions = false;
  bool ShowCoverage = false;     ///< name what was not analysed, and unknown callees with models for them
  bool FailOnIncomplete = false; ///< functions that were given up count as units that failed do
  bool UseCache = true;
  std::string CacheDirectory; ///< empty: the usual one
  std::string Root;           ///< index and link: names in facts are relative to it. Empty: the working directory
  bool KeepGoing = false;     ///< index: write the facts of a unit that failed too
  std::string Positions;      ///< index: the file that gets the positions; empty: they stay with the facts
  bool WriteVerdict = false;  ///< link: write a verdict, for report
  bool KeepUnchanged = false; ///< index: do not touch an output that is as it should be
  bool Launch = false;        ///< index: run the compiler as well
  bool ShowStatistics = false;
  ColourMode Colour = ColourMode::Auto;
  bool Progress = true; ///< if standard error is a terminal
};

/// Reads the command line without the program's name. An error says what is wrong and what was probably meant.
llvm::Expected<Options> parseOptions(llvm::ArrayRef<const char *> Arguments);

/// Prints how a command is used; without one, the list of commands. An unknown \p Command is an error.
llvm::Error printHelp(llvm::raw_ostream &OS, llvm::StringRef Command);

} // namespace refleak
