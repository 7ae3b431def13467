// Reads facts and tells where the addresses of each function's storage go; `--explain` tells each step. A callee's
// effects are what the facts say of it, or else what its own graph says.
#include "facts/Text.h"
#include "solve/EscapeReport.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace refleak;

namespace {

class KnownCallees : public Callees {
public:
  explicit KnownCallees(const Program &P) : P(P), Inferred(P.Functions.size()) {}

  const Effects *effects(NameId Symbol) override {
    if (const Effects *E = P.known(Symbol)) return E;
    FunctionId Body = P.body(Symbol);
    return Body.valid() && Inferred[Body.index()] ? &*Inferred[Body.index()] : nullptr;
  }

  void dispatched(NameId Symbol, llvm::SmallVectorImpl<NameId> &Out) override { Out.append(P.dispatched(Symbol)); }

  llvm::ArrayRef<StoredClosure> stored(NameId, PathId) override { return {}; }

  void infer(FunctionId F, Effects E) { Inferred[F.index()] = std::move(E); }

private:
  const Program &P;
  std::vector<std::optional<Effects>> Inferred;
};

} // namespace

int main(int Count, char **Words) {
  bool Explain = Count > 2 && Words[1] == llvm::StringRef("--explain");
  auto Buffer = llvm::MemoryBuffer::getFileOrSTDIN(Words[Count - 1]);
  auto Parsed =
      Buffer ? parseFacts((*Buffer)->getBuffer(), Words[Count - 1]) : llvm::errorCodeToError(Buffer.getError());
  if (!Parsed) {
    llvm::logAllUnhandledErrors(Parsed.takeError(), llvm::errs());
    return 1;
  }
  std::vector<Unit> Units;
  Units.push_back(std::move(*Parsed));
  Program P = link(std::move(Units));
  KnownCallees Callees(P);
  for (size_t I = 0; I != P.components(); ++I)
    for (FunctionId F : P.component(I)) {
      EscapeGraph G(P, F, Callees);
      Callees.infer(F, G.effects());
      llvm::outs() << P.Functions[F.index()].Display << ":\n";
      printEscapes(llvm::outs(), P, G, Explain);
    }
}
