//===- Statistics.h - What a run has done and what it cost --------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdint>
#include <string>
#include <vector>

namespace refleak {

/// Counts and times of one run, each under a name, in the order in which they came.
class Statistics {
public:
  void count(llvm::StringRef Name, uint64_t Number) { Counts.emplace_back(Name.str(), Number); }
  void time(llvm::StringRef Name, double Seconds) { Times.emplace_back(Name.str(), Seconds); }

  /// One line each, and the peak of memory.
  void print(llvm::raw_ostream &OS) const;

private:
  std::vector<std::pair<std::string, uint64_t>> Counts;
  std::vector<std::pair<std::string, double>> Times;
};

/// Takes the CPU time from here to its end: that of this process, with Workers also of those it has waited for.
class Stopwatch {
public:
  enum Whose : uint8_t { Own, Workers };
  Stopwatch(Statistics &Into, llvm::StringRef Name, Whose Of = Own);
  ~Stopwatch() { stop(); }
  Stopwatch(const Stopwatch &) = delete;
  Stopwatch &operator=(const Stopwatch &) = delete;

  void stop();

private:
  Statistics &Into;
  std::string Name;
  Whose Of;
  double Began;
  bool Running = true;
};

} // namespace refleak
