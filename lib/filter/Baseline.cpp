#include "filter/Baseline.h"
#include "support/Error.h"
#include "support/Json.h"
#include "support/RegularFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace refleak;
using Type = JsonValue::Type;

/// The form of the file that is read and written.
static constexpr double Version = 1;

namespace {

class Reader {
public:
  explicit Reader(const JsonDocument &Doc) : Doc(Doc) {}

  llvm::Expected<std::vector<BaselineEntry>> read() {
    if (auto E = head()) return E;
    std::vector<BaselineEntry> Entries;
    const JsonValue *Findings = Doc.Root.find("findings");
    if (!Findings) return Doc.error(Doc.Root, "the baseline has no 'findings'; 'refleak baseline' makes it anew");
    if (auto E = Doc.expect(*Findings, Type::Array, "'findings'")) return E;
    for (const JsonValue &Item : Findings->Items)
      if (auto E = entry(Item, Entries.emplace_back())) return E;
    return std::move(Entries);
  }

private:
  /// Whether it is a baseline at all comes first, then whether this program knows its form.
  llvm::Error head() {
    const JsonValue *Form = Doc.Root.is(Type::Object) ? Doc.Root.find("version") : nullptr;
    if (!Form || !Form->is(Type::Number) || Doc.Root.find("tool"))
      return Doc.error(Doc.Root, "this is not a baseline; 'refleak baseline' makes them");
    if (Form->Number != Version)
      return Doc.error(*Form, "this baseline is of a form that is not known here; use the refleak that made it, or "
                              "make it anew with 'refleak baseline'");
    return Doc.rejectUnknownKeys(Doc.Root, {"$schema", "version", "findings"});
  }

  llvm::Error entry(const JsonValue &V, BaselineEntry &Out) {
    if (auto E = Doc.expect(V, Type::Object, "a finding")) return E;
    Out.At = {Doc.File, V.Line, V.Column, V.Line, V.Column + 1};
    struct Part {
      llvm::StringLiteral Key;
      std::string &Value;
    };
    const Part Parts[] = {
        {"file", Out.File}, {"rule", Out.Rule}, {"message", Out.Message}, {"fingerprint", Out.Fingerprint}};
    for (const Part &P : Parts) {
      const JsonValue *Value = V.find(P.Key);
      if (!Value) return Doc.error(V, "a finding needs '" + P.Key + "'");
      if (auto E = Doc.expect(*Value, Type::String, "'" + P.Key + "'")) return E;
      P.Value = Value->String;
    }
    if (Out.Fingerprint.size() != 16 || !llvm::all_of(Out.Fingerprint, llvm::isHexDigit))
      return Doc.error(*V.find("fingerprint"), "a fingerprint is 16 hexadecimal digits, not '" + Out.Fingerprint + "'");
    return Doc.rejectUnknownKeys(V, {"file", "rule", "message", "fingerprint"});
  }

  const JsonDocument &Doc;
};

} // namespace

llvm::Expected<Baseline> Baseline::parse(llvm::StringRef Text, llvm::StringRef File) {
  llvm::Expected<JsonDocument> Doc = parseJson(Text, File);
  if (!Doc) return userError(llvm::toString(Doc.takeError()) + "; 'refleak baseline' makes it anew");
  llvm::Expected<std::vector<BaselineEntry>> Entries = Reader(*Doc).read();
  if (!Entries) return Entries.takeError();
  Baseline Result;
  Result.File = File.str();
  Result.Entries = std::move(*Entries);
  for (size_t I = Result.Entries.size(); I-- != 0;) Result.Free[Result.Entries[I].Fingerprint].push_back(I);
  return Result;
}

llvm::Expected<Baseline> Baseline::read(llvm::StringRef File) {
  auto Buffer = readNamedFile(File);
  if (!Buffer) return userError("cannot read '" + File + "': " + Buffer.getError().message());
  return parse((*Buffer)->getBuffer(), File);
}

void Baseline::apply(Finding &F) {
  auto It = Free.find(F.Fingerprint);
  if (It == Free.end() || It->second.empty()) return;
  Entries[It->second.back()].Used = true;
  It->second.pop_back();
  if (!F.Suppressed)
    F.Suppressed = Suppression{Suppression::Source::Baseline, (llvm::sys::path::filename(File) + " accepts it").str()};
}

std::vector<Finding> Baseline::unused(llvm::ArrayRef<std::string> Files) const {
  std::vector<Finding> Found;
  for (const BaselineEntry &E : Entries) {
    if (E.Used || (!llvm::is_contained(Files, E.File) && llvm::sys::fs::exists(E.File))) continue;
    Finding F;
    F.Rule = "unused-suppression";
    F.Level = Severity::Note;
    F.Sure = Confidence::Definite;
    F.Message = "this accepts a finding of " + E.Rule + " that is not there any more: remove it";
    F.At = E.At;
    Found.push_back(std::move(F));
  }
  return Found;
}
