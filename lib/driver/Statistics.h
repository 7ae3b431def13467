//===- Statistics.h - What a run has done and what it cost --------------------------------------------------------===//
#pragma once

#include "facts/Bytes.h"
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

  /// Writes the times and the peak of memory of this process, for another one.
  void write(ByteSink &Out) const;
  /// Adds what write has written.
  void read(ByteSource &In);

  /// One line each, and the peak of memory of this process or of the largest that read has told of.
  void print(llvm::raw_ostream &OS) const;

private:
  uint64_t PeakElsewhere = 0; ///< KiB
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
