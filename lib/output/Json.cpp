#include "llvm/Support/JSON.h"
#include "output/Format.h"

using namespace refleak;

namespace {

/// Writes the parts of a report one below the other. Source text need not be UTF-8, JSON must be.
class Writer {
public:
  explicit Writer(llvm::raw_ostream &OS) : J(OS, /*IndentSize=*/2) {}

  void report(const Report &R) {
    J.object([&] {
      J.attribute("version", 1);
      J.attributeObject("tool", [&] {
        J.attribute("name", "refleak");
        J.attribute("version", REFLEAK_VERSION);
      });
      J.attributeArray("findings", [&] {
        for (const Finding &F : R.Findings) finding(F);
      });
      J.attributeObject("coverage", [&] { coverage(R.Covered); });
    });
  }

private:
  void text(llvm::StringRef Key, llvm::StringRef Text) {
    J.attribute(Key, llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text));
  }

  void location(llvm::StringRef Key, const Location &At) {
    J.attributeObject(Key, [&] {
      text("file", At.File);
      J.attribute("line", At.Line);
      J.attribute("column", At.Column);
      J.attribute("endLine", At.EndLine);
      J.attribute("endColumn", At.EndColumn);
    });
  }

  void finding(const Finding &F) {
    J.object([&] {
      text("rule", F.Rule);
      J.attribute("severity", name(F.Level));
      J.attribute("confidence", name(F.Sure));
      text("message", F.Message);
      text("function", F.Function);
      text("fingerprint", F.Fingerprint);
      location("location", F.At);
      J.attributeArray("trace", [&] {
        for (const Step &S : F.Trace) step(S);
      });
      text("remedy", F.Remedy);
      J.attributeArray("fixes", [&] {
        for (const Fix &X : F.Fixes) fix(X);
      });
      suppression(F.Suppressed);
    });
  }

  void step(const Step &S) {
    J.object([&] {
      J.attribute("kind", name(S.Kind));
      text("message", S.Message);
      location("location", S.At);
    });
  }

  void fix(const Fix &X) {
    J.object([&] {
      text("description", X.Description);
      J.attributeArray("edits", [&] {
        for (const Edit &E : X.Edits) edit(E);
      });
    });
  }

  void edit(const Edit &E) {
    J.object([&] {
      location("location", E.At);
      text("text", E.Text);
    });
  }

  void suppression(const std::optional<Suppression> &S) {
    if (!S) return J.attribute("suppressed", nullptr);
    J.attributeObject("suppressed", [&] {
      J.attribute("by", name(S->By));
      text("reason", S->Reason);
    });
  }

  void coverage(const Coverage &C) {
    J.attribute("units", int64_t(C.Units));
    J.attribute("skippedUnits", int64_t(C.SkippedUnits));
    J.attribute("functions", int64_t(C.Functions));
    J.attributeArray("failedUnits", [&] {
      for (const FailedUnit &U : C.FailedUnits)
        J.object([&] {
          text("file", U.File);
          text("reason", U.Reason);
        });
    });
    if (C.ProgramFailure.empty())
      J.attribute("programFailure", nullptr);
    else
      text("programFailure", C.ProgramFailure);
    J.attribute("gaveUp", int64_t(C.gaveUpCount()));
    counts("gaveUpReasons", C.GaveUp);
    J.attributeArray("gaveUpFunctions", [&] {
      for (const GivenUpFunction &F : C.GivenUp)
        J.object([&] {
          text("function", F.Function);
          text("reason", F.Reason);
          location("location", F.At);
        });
    });
    counts("limitsMet", C.Narrowed);
    J.attribute("unknownCallees", int64_t(C.UnknownCallees));
    J.attributeArray("mostUnknownCallees", [&] {
      for (const UnknownCallee &U : C.MostUnknown)
        J.object([&] {
          text("function", U.Function);
          J.attribute("calls", int64_t(U.Calls));
          text("model", U.Model);
        });
    });
  }

  void counts(llvm::StringRef Key, const std::map<std::string, uint64_t> &Counts) {
    J.attributeArray(Key, [&] {
      for (const auto &[Reason, Times] : Counts)
        J.object([&] {
          text("reason", Reason);
          J.attribute("count", int64_t(Times));
        });
    });
  }

  llvm::json::OStream J;
};

} // namespace

void refleak::writeJson(llvm::raw_ostream &OS, const Report &R, SourceText &) {
  Writer(OS).report(R);
  OS << '\n';
}
