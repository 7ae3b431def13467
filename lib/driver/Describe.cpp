#include "Registry.h"
#include "driver/Commands.h"
#include "driver/Session.h"
#include "model/Embedded.h"
#include "support/Error.h"

using namespace refleak;

llvm::Expected<ExitStatus> refleak::listRules(const Options &O) {
  auto Print = [](llvm::raw_ostream &OS) {
    size_t Widest = 0;
    for (const Rule &R : allRules()) Widest = std::max(Widest, R.Id.size());
    for (const Rule &R : allRules())
      OS << R.Id << std::string(Widest + 2 - R.Id.size(), ' ') << name(R.Level) << "  " << R.Title
         << (R.OnByDefault ? "" : " (off by default)") << '\n';
  };
  if (auto E = writeOutput(O, Print)) return E;
  return NothingFound;
}

llvm::Expected<ExitStatus> refleak::explainRule(const Options &O) {
  llvm::StringRef Asked = O.Paths.front();
  Asked.consume_front("refleak-");
  llvm::SmallVector<llvm::StringRef> Ids;
  for (const Rule &R : allRules()) {
    Ids.push_back(R.Id);
    if (R.Id != Asked) continue;
    if (auto E = writeOutput(O, [&](llvm::raw_ostream &OS) { OS << R.Page; })) return E;
    return NothingFound;
  }
  std::string Advice = didYouMean(Asked, Ids);
  return userError("there is no rule '" + Asked + "'" + (Advice.empty() ? "; 'refleak rules' lists them" : Advice));
}

llvm::Expected<ExitStatus> refleak::listModels(const Options &O) {
  auto Print = [](llvm::raw_ostream &OS) {
    for (const model::EmbeddedFile &File : model::embeddedFiles()) OS << File.Name << '\n';
  };
  if (auto E = writeOutput(O, Print)) return E;
  return NothingFound;
}
