//===- Progress.h - A line that says how far a long run is --------------------------------------------------------===//
#pragma once

#include <chrono>
#include <cstddef>

namespace refleak {

/// Rewrites one line on standard error while it is a terminal; it appears after a second and is wiped away at the end.
class Progress {
public:
  Progress(size_t Total, bool Wanted);
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void show(size_t Done);

private:
  using Clock = std::chrono::steady_clock;
  size_t Total;
  bool Enabled;
  bool Shown = false;
  Clock::time_point Next;
};

} // namespace refleak
