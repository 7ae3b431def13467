#include "finding/Finding.h"

using namespace refleak;

Location refleak::locate(const Span &At, llvm::ArrayRef<std::string> Files) {
  if (!At.known()) return {};
  return {Files[At.File.index()], At.Line, At.Column, At.EndLine, At.EndColumn};
}

static constexpr llvm::StringLiteral Severities[] = {"note", "warning", "error"};
static constexpr llvm::StringLiteral Confidences[] = {"possible", "likely", "definite"};
static constexpr llvm::StringLiteral StepKinds[] = {"borrow",     "flow",   "store",  "call",
                                                    "invalidate", "expire", "escape", "use"};
static constexpr llvm::StringLiteral Suppressions[] = {"comment", "config", "baseline"};

llvm::StringRef refleak::name(Severity S) { return Severities[unsigned(S)]; }
llvm::StringRef refleak::name(Confidence C) { return Confidences[unsigned(C)]; }
llvm::StringRef refleak::name(StepKind K) { return StepKinds[unsigned(K)]; }
llvm::StringRef refleak::name(Suppression::Source S) { return Suppressions[unsigned(S)]; }

std::optional<Severity> refleak::severityNamed(llvm::StringRef Text) {
  for (Severity S : {Severity::Note, Severity::Warning, Severity::Error})
    if (name(S) == Text) return S;
  return std::nullopt;
}

std::optional<Confidence> refleak::confidenceNamed(llvm::StringRef Text) {
  for (Confidence C : {Confidence::Possible, Confidence::Likely, Confidence::Definite})
    if (name(C) == Text) return C;
  return std::nullopt;
}
