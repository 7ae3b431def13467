#include "driver/Driver.h"
#include "driver/Commands.h"

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

int refleak::run(llvm::ArrayRef<const char *> Arguments) {
  llvm::Expected<Options> O = parseOptions(Arguments);
  llvm::Expected<ExitStatus> Status = O ? perform(*O) : llvm::Expected<ExitStatus>(O.takeError());
  if (Status) return *Status;
  llvm::errs() << "refleak: error: " << toString(Status.takeError()) << '\n';
  return WrongUsage;
}
