//===- Configuration.h - What .refleak.json asks for --------------------------------------------------------------===//
//
//     {
//       "exclude": ["third_party", "**/*.pb.cc"],
//       "rules": { "view-dangles": "error", "owner-gone": "off", "return-local": { "exclude": ["tests"] } },
//       "models": ["tools/containers.json"], "baseline": "tools/accepted.json",
//       "fail-on": "warning", "confidence": "likely", "max-depth": 3
//     }
//
// The file is looked for in the folder of each source file and upwards; the nearest one holds. Its paths are relative
// to its folder. The schema is docs/schemas/configuration.schema.json.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "filter/Baseline.h"
#include "finding/Finding.h"
#include "finding/Rule.h"
#include "support/Table.h"
#include "llvm/Support/Error.h"
#include <map>
#include <memory>

namespace refleak {

/// What is asked for one rule.
struct RuleSetting {
  bool On = true;
  std::optional<Severity> Level; ///< instead of the rule's own
  std::vector<std::string> Exclude;
};

struct Configuration {
  static constexpr llvm::StringLiteral FileName = ".refleak.json";

  std::string File;      ///< empty: no file, all as it is by default
  std::string Directory; ///< absolute
  std::vector<std::string> Exclude;
  std::map<std::string, RuleSetting> Rules;
  std::vector<std::string> Models; ///< absolute
  std::string Accepted;            ///< the baseline, absolute; empty: none
  std::optional<unsigned> MaxDepth;
  std::optional<Severity> FailOn;
  std::optional<Confidence> LeastSure;

  /// Why a finding of \p Rule in \p File (absolute) is not wanted; empty if it is.
  std::string exclusion(llvm::StringRef Rule, llvm::StringRef File) const;
};

/// Reads \p File. An error names the position, and what to write instead.
llvm::Expected<Configuration> readConfiguration(llvm::StringRef File, llvm::ArrayRef<Rule> Rules);

/// The configurations of all the folders that a run meets, and the baselines that they name.
class Configurations {
public:
  explicit Configurations(llvm::ArrayRef<Rule> Rules) : Rules(Rules) {}

  /// From now on \p File holds everywhere. An empty name: none does.
  llvm::Error useOnly(llvm::StringRef File);
  /// The rules \p Ids, which are off by default, are on everywhere.
  void enable(llvm::ArrayRef<std::string> Ids) { Enabled.assign(Ids.begin(), Ids.end()); }
  /// Whether \p Id is on by default, was enabled, or is given a severity by \p C. That \p C turns it off is another
  /// matter: then what it finds is suppressed.
  bool isOn(llvm::StringRef Id, const Configuration &C) const;
  /// The configuration for a source file.
  llvm::Expected<const Configuration *> of(llvm::StringRef SourceFile);

  /// From now on the baseline \p File holds everywhere. An empty name: none does.
  llvm::Error acceptOnly(llvm::StringRef File);
  /// The baseline for the findings in a source file, or null.
  llvm::Expected<Baseline *> baselineOf(llvm::StringRef SourceFile);
  /// A finding for each entry of a baseline that has accepted nothing; see Baseline::unused.
  std::vector<Finding> unusedBaselineEntries(llvm::ArrayRef<std::string> Files) const;

private:
  llvm::Expected<const Configuration *> ofDirectory(llvm::StringRef Directory);
  llvm::Expected<Baseline *> baseline(const std::string &File);

  llvm::ArrayRef<Rule> Rules;
  std::vector<std::string> Enabled;
  std::vector<std::unique_ptr<Configuration>> Read;
  const Configuration *Only = nullptr;
  Table<std::string, const Configuration *> ByDirectory;
  std::map<std::string, std::unique_ptr<Baseline>> Baselines; ///< by file
  std::optional<std::string> OnlyBaseline;
};

} // namespace refleak
