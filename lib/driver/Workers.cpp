#include "driver/Workers.h"
#include "driver/Confined.h"
#include "driver/SharedMemory.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <deque>
#include <optional>
#include <poll.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

using namespace refleak;

namespace {

using Clock = std::chrono::steady_clock;

constexpr uint32_t NoUnit = ~0u;

/// The limit is on what may be written, and the parser reserves much more for its stack than it will ever touch.
constexpr size_t StackReserved = size_t(1) << 30;

/// What a worker sends: first that it begins a unit, then the unit's result, whose texts follow.
struct Frame {
  enum : uint32_t { Begin, Result, SkippedResult } Kind;
  uint32_t Index;
  uint64_t FailureSize = 0;
  uint64_t FactsSize = 0;
  uint64_t FilesSize = 0; ///< the names of files, each after `S` for a system header or `O`, and before a zero

  uint64_t rest() const { return FailureSize + FactsSize + FilesSize; }
};

/// The number of the next unit that nobody has taken, in memory that all workers share.
class Queue {
public:
  uint32_t take() { return Next->fetch_add(1); }
  bool emptyAt(size_t Size) const { return Next->load() >= Size; }

private:
  SharedMemory<std::atomic<uint32_t>> Next;
};

llvm::StringRef bytesOf(const Frame &F) { return {reinterpret_cast<const char *>(&F), sizeof(F)}; }

void send(int Out, uint32_t Index, const LoweredUnit &U, llvm::StringRef Facts) {
  std::string Files;
  for (const ReadFile &F : U.Files) (Files += F.System ? 'S' : 'O').append(F.Name).push_back('\0');
  const std::string &Failure = U.Result.Failure;
  Frame End{U.Result.Skipped ? Frame::SkippedResult : Frame::Result, Index, Failure.size(), Facts.size(), Files.size()};
  writeAll(Out, bytesOf(End));
  for (llvm::StringRef Text : {llvm::StringRef(Failure), Facts, llvm::StringRef(Files)}) writeAll(Out, Text);
}

/// The life of a worker: \p First, then whatever the queue still holds.
void work(int Out, uint32_t First, Queue &Q, llvm::ArrayRef<CompileUnit> Units, const Models &Library,
          const WorkerOptions &Options) {
  confine({Options.UnitMemory, StackReserved, Options.WritableFolder});
  std::optional<UnitLowerer> Lowerer; // made only when a unit is to blame for what may happen
  for (uint32_t Index = First == NoUnit ? Q.take() : First; Index < Units.size(); Index = Q.take()) {
    Frame Begin{Frame::Begin, Index};
    writeAll(Out, bytesOf(Begin));
    if (!Lowerer) Lowerer.emplace(Library, Options.Lowering);
    LoweredUnit Unit = Lowerer->lower(Units[Index]);
    std::string Facts = writeFactsFile(Unit.Result);
    if (Options.Keep) Options.Keep(Index, Unit, Facts);
    send(Out, Index, Unit, Facts);
  }
}

/// The parent's side of a worker.
struct Worker {
  pid_t Process = -1;
  int In = -1;
  std::string Buffer;
  uint32_t Current = NoUnit; ///< the unit it has begun
  bool Fresh = true;         ///< it has not finished any unit yet
  bool TimedOut = false;
  Clock::time_point Began;
};

class Pool {
public:
  Pool(llvm::ArrayRef<CompileUnit> Units, const Models &Library, const WorkerOptions &Options,
       llvm::function_ref<void(size_t)> Done)
      : Units(Units), Library(Library), Options(Options), Done(Done), Results(Units.size()) {}

  std::vector<UnitBytes> run() {
    size_t Wanted = std::clamp<size_t>(Options.Jobs, 1, std::max<size_t>(Units.size(), 1));
    while (true) {
      while (Workers.size() < Wanted && (!Again.empty() || !Q.emptyAt(Units.size()))) start();
      if (Workers.empty()) break;
      wait();
    }
    return std::move(Results);
  }

private:
  void start() {
    uint32_t First = NoUnit;
    if (!Again.empty()) {
      First = Again.front();
      Again.pop_front();
    }
    Worker W;
    std::tie(W.Process, W.In) = startProcess([&](int Out) {
      for (const Worker &Other : Workers) close(Other.In);
      work(Out, First, Q, Units, Library, Options);
    });
    W.Began = Clock::now();
    Workers.push_back(std::move(W));
  }

  /// Waits until some worker has something to say, or has taken too long.
  void wait() {
    std::vector<pollfd> Polled;
    for (const Worker &W : Workers) Polled.push_back({W.In, POLLIN, 0});
    poll(Polled.data(), nfds_t(Polled.size()), Options.UnitTimeout ? 200 : -1);
    for (size_t I = Workers.size(); I-- > 0;) {
      if (Polled[I].revents)
        listen(I);
      else if (isLate(Workers[I]))
        stop(Workers[I]);
    }
  }

  bool isLate(const Worker &W) const {
    return Options.UnitTimeout && W.Current != NoUnit &&
           Clock::now() - W.Began > std::chrono::seconds(Options.UnitTimeout);
  }

  static void stop(Worker &W) {
    W.TimedOut = true;
    kill(W.Process, SIGKILL);
  }

  void listen(size_t Number) {
    Worker &W = Workers[Number];
    char Piece[1 << 16];
    ssize_t Size = read(W.In, Piece, sizeof(Piece));
    if (Size < 0 && errno == EINTR) return;
    if (Size > 0) {
      W.Buffer.append(Piece, size_t(Size));
      readFrames(W);
      return;
    }
    bury(W);
    Workers.erase(Workers.begin() + std::ptrdiff_t(Number));
  }

  void readFrames(Worker &W) {
    size_t At = 0;
    Frame F;
    while (W.Buffer.size() - At >= sizeof(F)) {
      memcpy(&F, W.Buffer.data() + At, sizeof(F));
      if (W.Buffer.size() - At - sizeof(F) < F.rest()) break;
      At += sizeof(F);
      llvm::StringRef Rest(W.Buffer.data() + At, F.rest());
      At += F.rest();
      if (F.Kind == Frame::Begin) {
        W.Current = F.Index;
        W.Began = Clock::now();
        continue;
      }
      W.Current = NoUnit;
      W.Fresh = false;
      finish(F, Rest);
    }
    W.Buffer.erase(0, At);
  }

  void finish(const Frame &F, llvm::StringRef Rest) {
    UnitBytes &R = Results[F.Index];
    R.Skipped = F.Kind == Frame::SkippedResult;
    R.Failure = Rest.take_front(F.FailureSize).str();
    R.Facts = Rest.substr(F.FailureSize, F.FactsSize).str();
    Rest = Rest.take_back(F.FilesSize);
    while (!Rest.empty()) {
      auto [File, More] = Rest.split('\0');
      R.Files.push_back({File.drop_front().str(), File.front() == 'S'});
      Rest = More;
    }
    Done(++Finished);
  }

  /// A worker has ended: by itself, or because the unit it had begun was too much for it.
  void bury(Worker &W) {
    close(W.In);
    int Status = 0;
    while (waitpid(W.Process, &Status, 0) < 0 && errno == EINTR) {
    }
    if (W.Current == NoUnit) return;
    if (!W.Fresh && !W.TimedOut) {
      Again.push_back(W.Current);
      return;
    }
    UnitBytes &R = Results[W.Current];
    UnitFacts Lost;
    Lost.Facts.MainFile = Units[W.Current].File;
    if (llvm::StringRef(Lost.Facts.MainFile).starts_with(Options.Lowering.Root + "/"))
      Lost.Facts.MainFile.erase(0, Options.Lowering.Root.size() + 1);
    R.Failure = Lost.Failure = whyLost(W, Status);
    R.Facts = writeFactsFile(Lost);
    Done(++Finished);
  }

  std::string whyLost(const Worker &W, int Status) const {
    if (W.TimedOut) return "it took longer than " + llvm::utostr(Options.UnitTimeout) + " s (--unit-timeout)";
    return causeOfDeath(Status, Options.UnitMemory, "--unit-memory");
  }

  llvm::ArrayRef<CompileUnit> Units;
  const Models &Library;
  const WorkerOptions &Options;
  llvm::function_ref<void(size_t)> Done;
  std::vector<UnitBytes> Results;
  Queue Q;
  std::deque<uint32_t> Again; ///< units whose worker had done others before, to be tried alone
  std::vector<Worker> Workers;
  size_t Finished = 0;
};

} // namespace

std::vector<UnitBytes> refleak::lowerUnits(llvm::ArrayRef<CompileUnit> Units, const Models &Library,
                                           const WorkerOptions &Options, llvm::function_ref<void(size_t)> Done) {
  return Pool(Units, Library, Options, Done).run();
}
