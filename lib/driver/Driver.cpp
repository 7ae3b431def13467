#include "driver/Driver.h"
#include "driver/Commands.h"
#include "support/Escape.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"

using namespace refleak;

static llvm::Expected<ExitStatus> printVersion() {
  llvm::outs() << "refleak " << REFLEAK_VERSION << '\n';
  return NothingFound;
}

static llvm::Expected<ExitStatus> printCommandHelp(const Options &O) {
  if (auto E = printHelp(llvm::outs(), O.Paths.empty() ? "" : O.Paths.front())) return E;
  return NothingFound;
}

static llvm::Expected<ExitStatus> perform(const Options &O) {
  switch (O.What) {
  case Verb::Scan:
    return scan(O);
  case Verb::Baseline:
    return acceptFindings(O);
  case Verb::Index:
    return indexSource(O);
  case Verb::Link:
    return linkFacts(O);
  case Verb::Report:
    return reportVerdict(O);
  case Verb::Facts:
    return printUnitFacts(O);
  case Verb::Effects:
    return printProgramEffects(O);
  case Verb::Escape:
    return printProgramEscapes(O);
  case Verb::Rules:
    return listRules(O);
  case Verb::Models:
    return listModels(O);
  case Verb::Explain:
    return explainRule(O);
  case Verb::Version:
    return printVersion();
  case Verb::Help:
    return printCommandHelp(O);
  }
  return WrongUsage;
}

void refleak::complain(llvm::StringRef Severity, llvm::Error Problem) {
  llvm::handleAllErrors(std::move(Problem), [&](const llvm::ErrorInfoBase &Each) {
    llvm::errs() << "refleak: " << Severity << ": " << escapeForTerminal(Each.message()) << '\n';
  });
}

/// Puts the words of the file FILE in the place of `@FILE`.
static llvm::Error expandLists(llvm::SmallVectorImpl<const char *> &Words, llvm::BumpPtrAllocator &Texts) {
  if (Words.empty() || !llvm::is_contained({"index", "link", "report"}, llvm::StringRef(Words[0])))
    return llvm::Error::success();
  return llvm::cl::ExpansionContext(Texts, llvm::cl::TokenizeGNUCommandLine).expandResponseFiles(Words);
}

int refleak::run(llvm::StringRef ProgramName, llvm::ArrayRef<const char *> Arguments) {
  llvm::errs().enable_colors(false); // messages are plain
  llvm::SmallVector<const char *, 0> Words(Arguments.begin(), Arguments.end());
  if (llvm::sys::path::stem(ProgramName) == "refleak-index") Words.insert(Words.begin(), "index");
  llvm::BumpPtrAllocator Texts;
  llvm::Error Expanded = expandLists(Words, Texts);
  llvm::Expected<Options> O = Expanded ? llvm::Expected<Options>(std::move(Expanded)) : parseOptions(Words);
  llvm::Expected<ExitStatus> Status = O ? perform(*O) : llvm::Expected<ExitStatus>(O.takeError());
  if (Status) return *Status;
  complain("error", Status.takeError());
  return WrongUsage;
}
