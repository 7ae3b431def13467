#include "driver/Progress.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace refleak;

Progress::Progress(size_t Total, bool Wanted)
    : Total(Total), Enabled(Wanted && llvm::sys::Process::StandardErrIsDisplayed()),
      Next(Clock::now() + std::chrono::seconds(1)) {}

Progress::~Progress() {
  if (Shown) llvm::errs() << "\r\x1b[K";
}

void Progress::show(size_t Done) {
  if (!Enabled || Clock::now() < Next) return;
  llvm::errs() << "\r\x1b[K" << Done << " of " << Total << " units";
  Shown = true;
  Next = Clock::now() + std::chrono::milliseconds(100);
}
