#include "output/Format.h"
#include "support/Escape.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include <algorithm>

using namespace refleak;

namespace {

using Colour = llvm::raw_ostream::Colors;

/// The widest piece of a source line that is shown; generated lines can be as long as a file.
constexpr unsigned WidestSnippet = 160;

Colour colourOf(Severity S) {
  switch (S) {
  case Severity::Note:
    return Colour::CYAN;
  case Severity::Warning:
    return Colour::MAGENTA;
  case Severity::Error:
    return Colour::RED;
  }
  return Colour::SAVEDCOLOR;
}

class Writer {
public:
  Writer(llvm::raw_ostream &OS, SourceText &Sources) : OS(OS), Sources(Sources) {}

  void finding(const Finding &F) {
    head(F.At, name(F.Level), colourOf(F.Level));
    bold(escapeForTerminal(F.Message));
    OS << " [refleak-" << F.Rule << "]\n";
    snippet(F.At);
    for (const Step &S : F.Trace) step(S);
    if (!F.Remedy.empty()) {
      head(F.At, "note", Colour::CYAN);
      OS << "to fix: " << escapeForTerminal(F.Remedy) << '\n';
    }
  }

  void failedUnit(const FailedUnit &U) {
    OS << escapeFileName(U.File) << ": ";
    coloured("error: ", Colour::RED);
    OS << "not wholly analysed: " << escapeForTerminal(U.Reason) << '\n';
  }

  void coverage(const Report &R) {
    const Coverage &C = R.Covered;
    for (const FailedUnit &U : C.FailedUnits) failedUnit(U);
    if (!C.ProgramFailure.empty()) {
      coloured("error: ", Colour::RED);
      OS << "the program that the units make was not analysed: " << escapeForTerminal(C.ProgramFailure) << '\n';
    }
    if (R.Details) details(C);
    OS << count(shownFindings(R), "finding") << " in " << count(C.Functions, "function") << " of "
       << count(C.Units, "unit");
    if (size_t Hidden = R.Findings.size() - shownFindings(R)) OS << "; " << Hidden << " suppressed";
    if (!C.FailedUnits.empty()) OS << "; " << count(C.FailedUnits.size(), "unit") << " failed";
    if (C.SkippedUnits) OS << "; " << count(C.SkippedUnits, "unit") << " in other languages skipped";
    if (uint64_t Times = C.gaveUpCount()) OS << "; gave up " << count(Times, "time");
    if (C.UnknownCallees) OS << "; " << count(C.UnknownCallees, "unknown callee");
    OS << '\n';
  }

private:
  void details(const Coverage &C) {
    for (const GivenUpFunction &F : C.GivenUp) {
      head(F.At, "note", Colour::CYAN);
      OS << "gave up on '" << escapeForTerminal(F.Function) << "': " << escapeForTerminal(F.Reason) << '\n';
    }
    for (const auto &[Limit, Functions] : C.Narrowed)
      OS << "limit met in " << count(Functions, "function") << ": " << escapeForTerminal(Limit) << '\n';
    if (C.MostUnknown.empty()) return;
    OS << "unknown callees, by calls; a model (--models FILE) tells what one does:\n";
    for (const UnknownCallee &U : C.MostUnknown)
      OS << llvm::format_decimal(int64_t(U.Calls), 5) << "  " << escapeForTerminal(U.Function) << "\n       "
         << escapeForTerminal(U.Model) << '\n';
  }

  static std::string count(uint64_t N, llvm::StringRef Thing) {
    return (llvm::Twine(N) + " " + Thing + (N == 1 ? "" : "s")).str();
  }

  static size_t shownFindings(const Report &R) {
    return size_t(llvm::count_if(R.Findings, [](const Finding &F) { return !F.Suppressed; }));
  }

  void step(const Step &S) {
    head(S.At, "note", Colour::CYAN);
    OS << escapeForTerminal(S.Message) << '\n';
    snippet(S.At);
  }

  /// `file:line:col: warning: `
  void head(const Location &At, llvm::StringRef Word, Colour C) {
    std::string Place = escapeFileName(At.File);
    if (At.known()) Place += (":" + llvm::Twine(At.Line) + ":" + llvm::Twine(At.Column)).str();
    if (!Place.empty()) bold(Place + ": ");
    coloured((Word + ": ").str(), C);
  }

  /// The source line and, below, what of it is meant.
  void snippet(const Location &At) {
    llvm::StringRef Line = At.known() ? Sources.line(At.File, At.Line) : llvm::StringRef();
    if (Line.empty() || At.Column == 0 || At.Column > Line.size() + 1) return;
    auto [First, Last] = excerpt(Line, At.Column - 1);
    ShownLine Shown = showLine(Line.slice(First, Last));
    unsigned Begin = Shown.ColumnOf[At.Column - 1 - First];
    size_t EndByte =
        At.EndLine == At.Line ? std::clamp<size_t>(At.EndColumn ? At.EndColumn - 1 : 0, First, Last) : Last;
    unsigned End = std::max(Begin + 1, Shown.ColumnOf[EndByte - First]);

    std::string Margin = llvm::utostr(At.Line);
    if (Margin.size() < 5) Margin.insert(0, 5 - Margin.size(), ' ');
    OS << Margin << " | " << Shown.Text << '\n';
    OS << std::string(Margin.size(), ' ') << " | " << std::string(Begin, ' ');
    coloured("^" + std::string(End - Begin - 1, '~'), Colour::GREEN);
    OS << '\n';
  }

  /// The bytes of \p Line to show: all of it, or some around \p Column.
  static std::pair<size_t, size_t> excerpt(llvm::StringRef Line, size_t Column) {
    if (Line.size() <= WidestSnippet) return {0, Line.size()};
    auto IsInside = [&](size_t I) { return I < Line.size() && (uint8_t(Line[I]) & 0xC0) == 0x80; };
    size_t First = Column < WidestSnippet / 2 ? 0 : Column - WidestSnippet / 2;
    while (First > 0 && IsInside(First)) --First;
    size_t Last = std::min<size_t>(First + WidestSnippet, Line.size());
    while (IsInside(Last)) ++Last;
    return {First, Last};
  }

  void bold(llvm::StringRef Text) { coloured(Text, Colour::SAVEDCOLOR); }

  void coloured(llvm::StringRef Text, Colour C) {
    if (OS.colors_enabled()) OS.changeColor(C, /*Bold=*/true);
    OS << Text;
    if (OS.colors_enabled()) OS.resetColor();
  }

  llvm::raw_ostream &OS;
  SourceText &Sources;
};

} // namespace

void refleak::writeText(llvm::raw_ostream &OS, const Report &R, SourceText &Sources) {
  Writer W(OS, Sources);
  for (const Finding &F : R.Findings)
    if (!F.Suppressed) W.finding(F);
  W.coverage(R);
}

void refleak::writeCoverage(llvm::raw_ostream &OS, const Report &R, SourceText &Sources) {
  Writer(OS, Sources).coverage(R);
}

void refleak::writeFailedUnit(llvm::raw_ostream &OS, const FailedUnit &U) {
  SourceText None;
  Writer(OS, None).failedUnit(U);
}
