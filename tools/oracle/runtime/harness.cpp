#include "harness.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

namespace oracle {
namespace {

constexpr int MostQuestions = 20; ///< in one run
constexpr int MostRuns = 4000;    ///< of one program
constexpr int MostRounds = 12;    ///< of all loops of one run
constexpr int Seconds = 20;       ///< of processor time, for all runs of one program

struct Question {
  int Answers;
  int Given;
};

Question Questions[MostQuestions];
int Known;  ///< questions whose answers come from the run before
int Asked;  ///< in this run
int Rounds; ///< of loops, in this run
int Keys;   ///< given in this run

/// Thrown where a run cannot go on.
struct Vacuous {
  const char *Wanted;
};

/// What a program's process tells: it is read when the process has ended, in whatever way.
struct Record {
  int Runs;
  const char *Wanted; ///< what some run wanted in vain
};
Record *Told;

/// Whether there is a way that has not been taken.
bool next_way() {
  Known = Asked < MostQuestions ? Asked : MostQuestions;
  while (Known && Questions[Known - 1].Given == Questions[Known - 1].Answers - 1) --Known;
  if (!Known) return false;
  ++Questions[Known - 1].Given;
  return true;
}

void run_once(const Program &P) {
  Asked = Rounds = Keys = 0;
  ++Told->Runs;
  bool Complete = false;
  try {
    P.Run();
    Complete = true;
  } catch (const Vacuous &Why) {
    Told->Wanted = Why.Wanted;
  }
  P.Reset(Complete);
}

void run_all_ways(const Program &P) {
  do {
    run_once(P);
    if (Told->Runs == MostRuns) Told->Wanted = "more runs";
  } while (next_way() && Told->Runs < MostRuns);
}

/// The words of a sanitizer's or the library's complaint that say what is wrong.
void print_complaint(const char *Path) {
  char Line[512];
  std::FILE *File = std::fopen(Path, "r");
  while (File && std::fgets(Line, sizeof Line, File)) {
    const char *Text = std::strstr(Line, "ERROR: AddressSanitizer: ");
    if (Text) Text += std::strlen("ERROR: AddressSanitizer: ");
    for (const char *Sign : {"Error: ", "oracle: ", "hmap: ", "Assertion"})
      if (!Text) Text = std::strstr(Line, Sign);
    if (!Text) continue;
    Line[std::strcspn(Line, "\n")] = 0;
    std::printf(" %.100s", Text);
    break;
  }
  if (File) std::fclose(File);
}

void judge(const Program &P, const char *Log) {
  *Told = {};
  std::fflush(stdout);
  pid_t Child = fork();
  if (Child == 0) {
    dup2(open(Log, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
    itimerval Limit = {{}, {Seconds, 0}};
    setitimer(ITIMER_PROF, &Limit, nullptr);
    run_all_ways(P);
    _exit(0);
  }
  int Status = 0;
  waitpid(Child, &Status, 0);
  bool TimedOut = WIFSIGNALED(Status) && WTERMSIG(Status) == SIGPROF;
  bool Failed = !TimedOut && !(WIFEXITED(Status) && WEXITSTATUS(Status) == 0);
  const char *Wanted = TimedOut ? "time" : Told->Wanted;
  std::printf("%s %s %d", P.Name, Failed ? "failed" : Wanted ? "unsure" : "fine", Told->Runs);
  if (Failed)
    print_complaint(Log);
  else if (Wanted)
    std::printf(" for want of: %s", Wanted);
  std::printf("\n");
}

} // namespace

int choose(int Answers) {
  if (Asked >= MostQuestions) {
    Told->Wanted = "more questions";
    return Answers - 1;
  }
  if (Asked >= Known) {
    Known = Asked + 1;
    Questions[Asked] = {Answers, 0};
  }
  return Questions[Asked++].Given;
}

void fail(const char *Why) {
  std::fprintf(stderr, "oracle: %s\n", Why);
  std::abort();
}

void doubt(const char *What) { Told->Wanted = What; }

void require(bool Holds, const char *What) {
  if (!Holds) throw Vacuous{What};
}

void tick() { require(++Rounds <= MostRounds, "end to its loops"); }

int fresh() { return 100 + ++Keys; }

int run_all(const Program *Programs, int Count) {
  Told =
      static_cast<Record *>(mmap(nullptr, sizeof(Record), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  char Log[] = "/tmp/refleak-oracle-XXXXXX";
  close(mkstemp(Log));
  for (int I = 0; I != Count; ++I) judge(Programs[I], Log);
  unlink(Log);
  return 0;
}

} // namespace oracle
