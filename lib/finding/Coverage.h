//===- Coverage.h - What was looked at, and what was not ----------------------------------------------------------===//
#pragma once

#include "finding/Finding.h"
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace refleak {

/// A unit that was not, or not wholly, analysed.
struct FailedUnit {
  std::string File;
  std::string Reason; ///< one line: the first error, or what limit was reached

  friend bool operator==(const FailedUnit &, const FailedUnit &) = default;
  friend auto operator<=>(const FailedUnit &, const FailedUnit &) = default;
};

/// A function that was not, or not wholly, analysed.
struct GivenUpFunction {
  std::string Function;
  std::string Reason; ///< what was met that is not modelled, or which budget was exceeded
  Location At;
};

/// A function that is called and of which nothing is known.
struct UnknownCallee {
  std::string Function;
  uint64_t Calls = 0; ///< how many calls name it
  std::string Model;  ///< a model file that would teach it
};

/// Counts everything that was not analysed: a report without findings means little without it.
struct Coverage {
  uint64_t Units = 0;
  uint64_t SkippedUnits = 0; ///< in other languages; not among Units
  uint64_t Functions = 0;
  std::vector<FailedUnit> FailedUnits; ///< in the order of the units
  std::string ProgramFailure;          ///< why nothing is known of the program that they make; empty if it was analysed
  /// What the analysis gave up on, and how often. Ordered, for the output.
  std::map<std::string, uint64_t> GaveUp;
  /// Functions that were called but whose body, model and annotations are unknown. Each counts once.
  uint64_t UnknownCallees = 0;
  std::vector<UnknownCallee> MostUnknown; ///< those that most calls name, at most twenty
  std::vector<GivenUpFunction> GivenUp;   ///< in the order of the program
  /// Limits of precision that were met, and in how many functions: these were analysed, but less is known of them than
  /// they do. Ordered, for the output.
  std::map<std::string, uint64_t> Narrowed;

  /// Whether a unit, or the program that they make, was not wholly analysed.
  bool failed() const { return !FailedUnits.empty() || !ProgramFailure.empty(); }
  /// Whether a unit or a function was not wholly analysed. Unknown callees are no gap, nor are
  /// limits of precision: the default for them is stated.
  bool incomplete() const { return failed() || !GivenUp.empty(); }

  uint64_t gaveUpCount() const {
    uint64_t Sum = 0;
    for (const auto &[What, Times] : GaveUp) Sum += Times;
    return Sum;
  }
};

} // namespace refleak
