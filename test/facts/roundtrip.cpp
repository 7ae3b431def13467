// Reads a file of facts and prints it to standard output; or, with `--path PATH`, reads and prints one formal path.
// `--time` reads and prints the file in memory and tells the time of both.
#include "facts/Text.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <chrono>

using namespace refleak;
using llvm::StringRef;

static int fail(llvm::Error Error) {
  llvm::logAllUnhandledErrors(std::move(Error), llvm::errs());
  return 1;
}

static int path(StringRef Text) {
  Unit U;
  auto Path = parseFormalPath(Text, U.Symbols, U.Storage);
  if (!Path) return fail(Path.takeError());
  printPath(llvm::outs(), U, *Path);
  llvm::outs() << '\n';
  return 0;
}

static double secondsSince(std::chrono::steady_clock::time_point Start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - Start).count();
}

int main(int Count, char **Words) {
  llvm::ArrayRef<const char *> Arguments(Words + 1, size_t(Count - 1));
  if (Arguments.size() == 2 && Arguments[0] == StringRef("--path")) return path(Arguments[1]);
  bool Time = !Arguments.empty() && Arguments[0] == StringRef("--time");
  auto Buffer = llvm::MemoryBuffer::getFileOrSTDIN(Arguments.empty() ? "-" : Arguments.back());
  if (!Buffer) return fail(llvm::errorCodeToError(Buffer.getError()));

  auto Start = std::chrono::steady_clock::now();
  auto Parsed = parseFacts((*Buffer)->getBuffer(), StringRef(Arguments.empty() ? "-" : Arguments.back()));
  if (!Parsed) return fail(Parsed.takeError());
  double Reading = secondsSince(Start);
  if (!Time) {
    printFacts(llvm::outs(), *Parsed);
    return 0;
  }
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  Start = std::chrono::steady_clock::now();
  printFacts(OS, *Parsed);
  double Printing = secondsSince(Start);
  double Megabytes = double(Text.size()) / 1e6;
  llvm::outs() << llvm::format("%.1f MB, read %.0f MB/s, printed %.0f MB/s\n", Megabytes, Megabytes / Reading,
                               Megabytes / Printing);
}
