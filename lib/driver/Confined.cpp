#include "driver/Confined.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <new>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#if __has_feature(address_sanitizer)
#include <sanitizer/common_interface_defs.h>
#endif

using namespace refleak;

/// How a process says that memory ran out; no other exit status is used on purpose.
static constexpr int OutOfMemory = 86;

/// Where this much cannot be had, memory has run out.
static size_t Ample = size_t(1) << 26;

/// Ends the process if what it is dying of is want of memory.
static void endIfOutOfMemory() {
  void *Probe = mmap(nullptr, Ample, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (Probe == MAP_FAILED) _exit(OutOfMemory);
}

/// LLVM gives up on its own when, for instance, no thread is to be had.
static void endAfterFatalError(void *, const char *Reason, bool) {
  endIfOutOfMemory();
  llvm::errs() << Reason << '\n';
  abort();
}

/// What may be written now. AddressSanitizer alone reserves terabytes that it never touches.
static rlim_t writableBytes() {
  auto Status = llvm::MemoryBuffer::getFileAsStream("/proc/self/statm");
  if (!Status) return 0;
  llvm::SmallVector<llvm::StringRef, 7> Pages;
  (*Status)->getBuffer().split(Pages, ' ');
  rlim_t Writable = 0;
  if (Pages.size() < 6 || Pages[5].getAsInteger(10, Writable)) return 0;
  return Writable * rlim_t(sysconf(_SC_PAGESIZE));
}

static void limitMemory(unsigned MiB, size_t Reserved) {
  Ample = std::max(Ample, Reserved);
  llvm::install_fatal_error_handler(endAfterFatalError);
  std::set_new_handler([] { _exit(OutOfMemory); });
  llvm::install_bad_alloc_error_handler([](void *, const char *, bool) { _exit(OutOfMemory); });
#if __has_feature(address_sanitizer)
  __sanitizer_set_death_callback(endIfOutOfMemory); // its own allocator dies before any handler is asked
#endif
  if (!MiB) return;
  rlim_t Bytes = writableBytes() + (rlim_t(MiB) << 20) + Reserved;
  rlimit Limit{Bytes, Bytes};
  setrlimit(RLIMIT_DATA, &Limit); // and not RLIMIT_AS: an allocator may reserve addresses long before it uses them
}

/// Clang prints what some flags and pragmas ask for. Standard error stays in builds that report mistakes of our own.
static void silence() {
  int Nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (Nowhere < 0) return;
  dup2(Nowhere, STDOUT_FILENO);
#if defined(NDEBUG) && !__has_feature(address_sanitizer)
  dup2(Nowhere, STDERR_FILENO);
#endif
  close(Nowhere);
}

/// Clang's driver starts programs beside the compiler that a command names, to ask for the processors at hand. The
/// kernel refuses that; one without seccomp leaves it to the flags that are dropped.
void refleak::forbidPrograms() {
  sock_filter Steps[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execveat, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog Filter{std::size(Steps), Steps};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &Filter);
}

/// Whatever option is new in Clang or was not thought of: what is not below \p Except is not written.
static void forbidWriting(int Except) {
  landlock_ruleset_attr Rules{};
  Rules.handled_access_fs = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                            LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                            LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                            LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
  int Set = int(syscall(SYS_landlock_create_ruleset, &Rules, sizeof(Rules), 0));
  if (Set < 0) return;
  if (Except >= 0) {
    landlock_path_beneath_attr Below{Rules.handled_access_fs, Except};
    syscall(SYS_landlock_add_rule, Set, LANDLOCK_RULE_PATH_BENEATH, &Below, 0);
  }
  syscall(SYS_landlock_restrict_self, Set, 0);
  close(Set);
}

void refleak::confine(const Confinement &Allowed) {
  limitMemory(Allowed.MemoryMiB, Allowed.Reserved);
  rlimit NoCore{0, 0};
  setrlimit(RLIMIT_CORE, &NoCore);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  silence();
  forbidPrograms();
  forbidWriting(Allowed.WritableFolder);
}

std::pair<pid_t, int> refleak::startProcess(llvm::function_ref<void(int Out)> Run) {
  int Ends[2];
  if (pipe(Ends) != 0) llvm::report_fatal_error(llvm::Twine("no pipe to be had: ") + strerror(errno));
  pid_t Process = fork();
  if (Process < 0) llvm::report_fatal_error(llvm::Twine("no process to be had: ") + strerror(errno));
  if (Process == 0) {
    close(Ends[0]);
    Run(Ends[1]);
    _exit(0);
  }
  close(Ends[1]);
  return {Process, Ends[0]};
}

bool refleak::ranOutOfMemory(int Status) { return WIFEXITED(Status) && WEXITSTATUS(Status) == OutOfMemory; }

std::string refleak::causeOfDeath(int Status, unsigned MemoryMiB, llvm::StringRef MemoryOption) {
  if (ranOutOfMemory(Status))
    return ("it needed more than " + llvm::Twine(MemoryMiB) + " MiB of memory (" + MemoryOption + ")").str();
  if (WIFSIGNALED(Status)) return std::string("the analysis crashed: ") + strsignal(WTERMSIG(Status));
  return "the analysis ended with status " + llvm::utostr(unsigned(WEXITSTATUS(Status)));
}

void refleak::writeAll(int Pipe, llvm::StringRef Bytes) {
  while (!Bytes.empty()) {
    ssize_t Written = write(Pipe, Bytes.data(), Bytes.size());
    if (Written < 0 && errno == EINTR) continue;
    if (Written <= 0) _exit(1);
    Bytes = Bytes.drop_front(size_t(Written));
  }
}
