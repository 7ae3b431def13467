//===- harness.h - Runs a program on every answer to its opaque questions -----------------------------------------===//
//
// A program has a process of its own, which runs it again and again: the answers given last time, but for the last
// question that has an answer left, which gets the next one. So every way through the program is taken once. The first
// failure ends the process.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace oracle {

/// A question with \p Answers answers. When too many have been asked in this run, the last answer is taken, and the
/// program's status is unsure unless some run of it fails.
int choose(int Answers);

/// Ends the run: the program broke a contract. \p Why is for the reader of the log.
[[noreturn]] void fail(const char *Why);

/// Ends the run as vacuous, for the want of \p What, unless \p Holds.
void require(bool Holds, const char *What = "element");

/// The program's status is unsure, for the want of \p What, unless some run of it fails.
void doubt(const char *What);

/// Stands in each loop: a run that goes round too often is vacuous.
void tick();

/// A key that no call has given before.
int fresh();

struct Program {
  const char *Name;
  void (*Run)();
  void (*Reset)(bool Complete); ///< makes the globals as they were at the start; the run has come to its end
};

/// Runs each of \p Programs and prints a line each: its name, its status, how many runs there were, how it failed.
int run_all(const Program *Programs, int Count);

} // namespace oracle
