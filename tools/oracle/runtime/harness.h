//===- harness.h - Runs a program on every answer to its opaque questions --------------------------------------===//
//
// A question forks: one process goes on for each answer. So a program is run once for each way through it, and each run
// ends in a process of its own. The status of a process tells what the runs below it came to.
//
//===-----------------------------------------------------------------------------------------------------------===//
#pragma once

namespace oracle {

enum Status : int { Fine = 0, Failed = 1 };

/// A question with \p Answers answers. When too many have been asked already, the last answer is taken.
int choose(int Answers);

/// Ends the run: the program broke a contract. \p Why is for the reader of the log.
[[noreturn]] void fail(const char *Why);

/// Ends the run as vacuous, for the want of \p What, unless \p Holds.
void require(bool Holds, const char *What = "element");

/// Stands in each loop: a run that goes round too often is vacuous.
void tick();

/// A key that no call has given before.
int fresh();

struct Program {
  const char *Name;
  void (*Run)();
};

/// Runs each of \p Programs and prints a line each: its name, its status, how many runs there were, how it failed.
int run_all(const Program *Programs, int Count);

} // namespace oracle
