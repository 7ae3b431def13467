#include "harness.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace oracle {
namespace {

constexpr int MostQuestions = 10; ///< on one way through a program
constexpr int MostRuns = 400;     ///< of one program
constexpr int MostRounds = 12;    ///< of all loops of one run
constexpr int Seconds = 10;       ///< one run may take

/// What all processes of one program share.
struct Shared {
  int Runs;
  const char *Vacuous; ///< what a run wanted
};
Shared *Record;
int Asked, Rounds, Keys;

/// The last line of a sanitizer's or the library's complaint that says what is wrong.
void print_complaint(const char *Path) {
  char Line[512];
  std::FILE *File = std::fopen(Path, "r");
  while (File && std::fgets(Line, sizeof Line, File)) {
    const char *Text = std::strstr(Line, "ERROR: AddressSanitizer: ");
    if (Text) Text += std::strlen("ERROR: AddressSanitizer: ");
    if (!Text) Text = std::strstr(Line, "Error: ");
    if (!Text) Text = std::strstr(Line, "oracle: ");
    if (!Text) Text = std::strstr(Line, "hmap: ");
    if (!Text) Text = std::strstr(Line, "Assertion");
    if (!Text) continue;
    char *End = Line + std::strcspn(Line, "\n");
    *End = 0;
    std::printf(" %.100s", Text);
    break;
  }
  if (File) std::fclose(File);
}

void run_one(const Program &P, const char *Log) {
  *Record = {};
  std::fflush(stdout);
  pid_t Child = fork();
  if (Child == 0) {
    int File = open(Log, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(File, STDERR_FILENO);
    alarm(Seconds);
    ++Record->Runs;
    P.Run();
    _exit(Fine);
  }
  int Result = 0;
  waitpid(Child, &Result, 0);
  bool Good = WIFEXITED(Result) && WEXITSTATUS(Result) == Fine;
  bool TimedOut = WIFSIGNALED(Result) && WTERMSIG(Result) == SIGALRM;
  const char *Wanted = TimedOut ? "time" : Record->Runs >= MostRuns ? "more runs" : Record->Vacuous;
  const char *Verdict = !Good && !TimedOut ? "failed" : Wanted ? "unsure" : "fine";
  std::printf("%s %s %d", P.Name, Verdict, Record->Runs);
  if (!std::strcmp(Verdict, "failed"))
    print_complaint(Log);
  else if (Wanted)
    std::printf(" for want of: %s", Wanted);
  std::printf("\n");
}

} // namespace

int choose(int Answers) {
  if (++Asked > MostQuestions) return Answers - 1;
  for (int Answer = 0; Answer != Answers - 1; ++Answer) {
    if (++Record->Runs > MostRuns) return Answers - 1;
    pid_t Child = fork();
    if (Child == 0) {
      alarm(Seconds);
      return Answer;
    }
    int Result = 0;
    waitpid(Child, &Result, 0);
    if (!WIFEXITED(Result) || WEXITSTATUS(Result) != Fine) _exit(Failed);
  }
  return Answers - 1;
}

void fail(const char *Why) {
  std::fprintf(stderr, "oracle: %s\n", Why);
  std::abort();
}

void require(bool Holds, const char *What) {
  if (Holds) return;
  Record->Vacuous = What;
  _exit(Fine);
}

void tick() { require(++Rounds <= MostRounds, "end to its loops"); }

int fresh() { return 100 + ++Keys; }

int run_all(const Program *Programs, int Count) {
  Record =
      static_cast<Shared *>(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  char Log[] = "/tmp/refleak-oracle-XXXXXX";
  close(mkstemp(Log));
  for (int I = 0; I != Count; ++I) run_one(Programs[I], Log);
  unlink(Log);
  return 0;
}

} // namespace oracle
