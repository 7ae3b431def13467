#include "output/Format.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <tuple>

using namespace refleak;

namespace {

/// What stands of a finding in a baseline. A file outside the working directory is named without its folder, which is
/// another one on another machine.
struct Entry {
  std::string File, Rule, Message, Fingerprint;

  explicit Entry(const Finding &F)
      : File(llvm::sys::path::is_absolute(F.At.File) ? llvm::sys::path::filename(F.At.File).str() : F.At.File),
        Rule(F.Rule), Message(F.Message), Fingerprint(F.Fingerprint) {}

  friend bool operator<(const Entry &A, const Entry &B) {
    return std::tie(A.File, A.Rule, A.Message, A.Fingerprint) < std::tie(B.File, B.Rule, B.Message, B.Fingerprint);
  }
};

/// Whether \p F is to be accepted: what an earlier baseline accepts stays, and what is said of suppressions is no
/// mistake of the program.
bool belongs(const Finding &F, llvm::ArrayRef<Rule> Rules) {
  if (F.Suppressed && F.Suppressed->By != Suppression::Source::Baseline) return false;
  return llvm::any_of(Rules, [&](const Rule &R) { return R.Id == F.Rule; });
}

} // namespace

void refleak::writeBaseline(llvm::raw_ostream &OS, const Report &R, SourceText &) {
  std::vector<Entry> Entries;
  for (const Finding &F : R.Findings)
    if (belongs(F, R.Rules)) Entries.emplace_back(F);
  llvm::sort(Entries);
  llvm::json::OStream J(OS, /*IndentSize=*/2);
  auto Text = [&](llvm::StringRef Key, llvm::StringRef Value) {
    J.attribute(Key, llvm::json::isUTF8(Value) ? Value.str() : llvm::json::fixUTF8(Value));
  };
  J.object([&] {
    J.attribute("version", 1);
    J.attributeArray("findings", [&] {
      for (const Entry &E : Entries)
        J.object([&] {
          Text("file", E.File);
          Text("rule", E.Rule);
          Text("message", E.Message);
          Text("fingerprint", E.Fingerprint);
        });
    });
  });
  OS << '\n';
}
