#include "driver/Statistics.h"
#include "llvm/Support/Format.h"
#include <algorithm>
#include <sys/resource.h>

using namespace refleak;

static double cpuSeconds(int Who) {
  rusage Usage;
  getrusage(Who, &Usage);
  auto Seconds = [](const timeval &T) { return double(T.tv_sec) + double(T.tv_usec) / 1e6; };
  return Seconds(Usage.ru_utime) + Seconds(Usage.ru_stime);
}

static double cpuSeconds(Stopwatch::Whose Of) {
  return cpuSeconds(RUSAGE_SELF) + (Of == Stopwatch::Workers ? cpuSeconds(RUSAGE_CHILDREN) : 0);
}

Stopwatch::Stopwatch(Statistics &Into, llvm::StringRef Name, Whose Of)
    : Into(Into), Name(Name.str()), Of(Of), Began(cpuSeconds(Of)) {}

void Stopwatch::stop() {
  if (Running) Into.time(Name, cpuSeconds(Of) - Began);
  Running = false;
}

static uint64_t peakKiB() {
  rusage Usage;
  getrusage(RUSAGE_SELF, &Usage);
  return uint64_t(Usage.ru_maxrss);
}

void Statistics::write(ByteSink &Out) const {
  Out.number(peakKiB());
  Out.number(Times.size());
  for (const auto &[Name, Seconds] : Times) {
    Out.text(Name);
    Out.number(uint64_t(Seconds * 1e6));
  }
}

void Statistics::read(ByteSource &In) {
  PeakElsewhere = std::max(PeakElsewhere, In.number());
  for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
    llvm::StringRef Name = In.text();
    time(Name, double(In.number()) / 1e6);
  }
}

void Statistics::print(llvm::raw_ostream &OS) const {
  for (const auto &[Name, Number] : Counts) OS << "refleak: " << Name << ": " << Number << '\n';
  for (const auto &[Name, Seconds] : Times)
    OS << "refleak: " << Name << ": " << llvm::format("%.3f", Seconds) << " s\n";
  OS << "refleak: peak memory: " << std::max(peakKiB(), PeakElsewhere) / 1024 << " MiB\n";
}
