#include "driver/Cache.h"
#include "driver/Confined.h"
#include "driver/SharedMemory.h"
#include "driver/Statistics.h"
#include "driver/Verdict.h"
#include "facts/Bytes.h"
#include "support/Error.h"
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>

using namespace refleak;

namespace {

using Clock = std::chrono::steady_clock;

/// So many functions are given up one after another before the program is.
constexpr unsigned MostDeadly = 8;

/// The function that a judging process is solving, in memory that the waiting one shares.
class Current {
public:
  /// A name that is too long to be told is none.
  void set(llvm::StringRef Symbol) {
    size_t Size = Symbol.size() < sizeof(S->Symbol) ? Symbol.size() : 0;
    memcpy(S->Symbol, Symbol.data(), Size);
    S->Symbol[Size] = '\0';
    S->Count.fetch_add(1);
  }
  std::string symbol() const { return S->Symbol; }
  /// Changes with each function.
  uint64_t count() const { return S->Count.load(); }

private:
  struct Shared {
    std::atomic<uint64_t> Count = 0;
    char Symbol[1 << 16] = "";
  };
  SharedMemory<Shared> S;
};

/// What a judging process says before it ends: the verdict, or what is wrong with a facts file.
enum class Answer : uint8_t { Verdict, Problem };

/// How a judging process came to its end.
struct Outcome {
  std::string Said;
  int Status = 0;
  bool TimedOut = false;
};

/// One attempt to judge a program.
class Judging {
public:
  Judging(const FactsFiles &Files, const SolveLimits &Limits, const JudgeLimits &Bounds, const SymbolSet &Deadly)
      : Files(Files), Limits(Limits), Bounds(Bounds), Deadly(Deadly) {}

  Outcome run() {
    int In;
    std::tie(Process, In) = startProcess([&](int Said) {
      confine({.MemoryMiB = Bounds.Memory});
      writeAll(Said, judged());
    });
    Outcome Out;
    listen(In, Out);
    close(In);
    while (waitpid(Process, &Out.Status, 0) < 0 && errno == EINTR) {
    }
    return Out;
  }

  /// The function that was being solved at the end; empty if it was something else.
  std::string lastSymbol() const { return At.symbol(); }

private:
  std::string judged() {
    Statistics Stats;
    llvm::Expected<Verdict> V =
        judgeHere(Files, Limits, Deadly, [&](llvm::StringRef Symbol) { At.set(Symbol); }, Stats);
    ByteSink Out;
    Out.byte(uint8_t(V ? Answer::Verdict : Answer::Problem));
    Stats.write(Out);
    Out.text(V ? writeVerdict(*V) : llvm::toString(V.takeError()));
    return std::move(Out.Bytes);
  }

  /// Takes what the process says until it ends, and ends it if a function takes too long.
  void listen(int In, Outcome &Out) {
    uint64_t Seen = 0;
    Clock::time_point Since = Clock::now();
    for (;;) {
      pollfd Polled{In, POLLIN, 0};
      if (poll(&Polled, 1, Bounds.FunctionTimeout ? 200 : -1) > 0) {
        char Piece[1 << 16];
        ssize_t Size = read(In, Piece, sizeof(Piece));
        if (Size < 0 && errno == EINTR) continue;
        if (Size <= 0) return;
        Out.Said.append(Piece, size_t(Size));
      } else if (At.count() != Seen || lastSymbol().empty()) {
        Seen = At.count();
        Since = Clock::now();
      } else if (!Out.TimedOut && Clock::now() - Since > std::chrono::seconds(Bounds.FunctionTimeout)) {
        Out.TimedOut = true;
        kill(Process, SIGKILL);
      }
    }
  }

  const FactsFiles &Files;
  const SolveLimits &Limits;
  const JudgeLimits &Bounds;
  const SymbolSet &Deadly;
  Current At;
  pid_t Process = -1;
};

} // namespace

/// What \p Said says; nothing if it is not whole.
static std::optional<llvm::Expected<Verdict>> understood(llvm::StringRef Said, Statistics &Stats) {
  ByteSource In(Said);
  Answer Which = Answer(In.byte());
  Stats.read(In);
  llvm::StringRef Rest = In.text();
  if (!In.good()) return std::nullopt;
  if (Which == Answer::Problem) return userError(Rest);
  std::optional<Verdict> V = readVerdict(Rest);
  if (!V) return std::nullopt;
  return std::move(*V);
}

/// Whether the function that was being solved is to blame for the end of the process. Want of memory, for which the
/// kernel kills, is everybody's.
static bool isFunctionsFault(const Outcome &Out) {
  bool Killed = WIFSIGNALED(Out.Status) && WTERMSIG(Out.Status) == SIGKILL;
  return Out.TimedOut || !(Killed || ranOutOfMemory(Out.Status));
}

static llvm::Expected<Verdict> judgeApart(const FactsFiles &Files, const SolveLimits &Limits, const JudgeLimits &Bounds,
                                          SymbolSet &Deadly, Statistics &Stats) {
  for (;;) {
    Judging Attempt(Files, Limits, Bounds, Deadly);
    Outcome Out = Attempt.run();
    if (WIFEXITED(Out.Status) && WEXITSTATUS(Out.Status) == 0)
      if (auto Answered = understood(Out.Said, Stats)) return std::move(*Answered);
    std::string Last = Attempt.lastSymbol();
    bool Again = isFunctionsFault(Out) && !Last.empty() && Deadly.size() < MostDeadly;
    if (Again && Deadly.insert(Last).second) continue;
    Verdict Failed;
    Failed.Failure = Out.TimedOut ? "functions took longer than " + std::to_string(Bounds.FunctionTimeout) +
                                        " s each (--unit-timeout)"
                                  : causeOfDeath(Out.Status, Bounds.Memory, "--link-memory");
    return Failed;
  }
}

/// Everything that a verdict depends on.
static Digest keyOf(const FactsFiles &Files, const SolveLimits &Limits) {
  ByteSink Key;
  Key.text("verdict");
  Key.text(toHex(programDigest()));
  for (uint64_t Limit : {uint64_t(Limits.MaxDerefs), uint64_t(Limits.MaxProjections), uint64_t(Limits.MaxSteps)})
    Key.number(Limit);
  for (const auto &File : Files) Key.text(toHex(digestOf(File->getBuffer())));
  return digestOf(Key.Bytes);
}

llvm::Expected<Verdict> refleak::judge(const FactsFiles &Files, const SolveLimits &Limits, const JudgeLimits &Bounds,
                                       const Cache *Kept, Statistics &Stats) {
  SymbolSet Deadly;
  if (!Kept) return judgeApart(Files, Limits, Bounds, Deadly, Stats);
  Digest Key = keyOf(Files, Limits);
  if (std::optional<std::string> Bytes = Kept->verdict(Key))
    if (std::optional<Verdict> V = readVerdict(*Bytes)) return std::move(*V);
  llvm::Expected<Verdict> V = judgeApart(Files, Limits, Bounds, Deadly, Stats);
  if (V && V->Failure.empty() && Deadly.empty()) Kept->keepVerdict(Key, writeVerdict(*V));
  return V;
}
