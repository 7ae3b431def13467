//===- VerdictFile.cpp - A verdict as bytes -----------------------------------------------------------------------===//
#include "driver/Verdict.h"
#include "facts/Bytes.h"
#include "support/Error.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace refleak;

namespace {

class Writer {
public:
  ByteSink Out;

  void location(const Location &L) {
    Out.text(L.File);
    for (uint32_t N : {L.Line, L.Column, L.EndLine, L.EndColumn}) Out.number(N);
  }

  void finding(const Finding &F) {
    Out.text(F.Rule);
    Out.byte(uint8_t(F.Level));
    Out.byte(uint8_t(F.Sure));
    for (const std::string *Text : {&F.Message, &F.Function, &F.Remedy, &F.Place, &F.Cause}) Out.text(*Text);
    location(F.At);
    location(F.Declaration);
    Out.number(F.Trace.size());
    for (const Step &S : F.Trace) {
      Out.byte(uint8_t(S.Kind));
      Out.text(S.Message);
      location(S.At);
    }
    Out.number(F.Fixes.size());
    for (const Fix &X : F.Fixes) {
      Out.text(X.Description);
      Out.number(X.Edits.size());
      for (const Edit &E : X.Edits) {
        location(E.At);
        Out.text(E.Text);
      }
    }
  }
};

class Reader {
public:
  explicit Reader(llvm::StringRef Bytes) : In(Bytes) {}
  ByteSource In;

  template <class E> E word(E Last) {
    uint8_t Value = In.byte();
    if (Value > uint8_t(Last)) In.fail("a word is not known");
    return In.good() ? E(Value) : E();
  }

  void location(Location &L) {
    L.File = In.text().str();
    for (uint32_t *N : {&L.Line, &L.Column, &L.EndLine, &L.EndColumn}) *N = In.small();
  }

  void finding(Finding &F) {
    F.Rule = In.text().str();
    F.Level = word(Severity::Error);
    F.Sure = word(Confidence::Definite);
    for (std::string *Text : {&F.Message, &F.Function, &F.Remedy, &F.Place, &F.Cause}) *Text = In.text().str();
    location(F.At);
    location(F.Declaration);
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
      Step &S = F.Trace.emplace_back();
      S.Kind = word(StepKind::Use);
      S.Message = In.text().str();
      location(S.At);
    }
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) fix(F.Fixes.emplace_back());
  }

  void fix(Fix &X) {
    X.Description = In.text().str();
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
      Edit &E = X.Edits.emplace_back();
      location(E.At);
      E.Text = In.text().str();
    }
  }
};

constexpr llvm::StringLiteral Magic("\x89RFLV\r\n\x04");

} // namespace

std::string refleak::writeVerdict(const Verdict &V) {
  Writer W;
  W.Out.text(V.Failure);
  W.Out.number(V.Functions);
  W.Out.number(V.UnknownCallees);
  for (const auto *Counts : {&V.GaveUp, &V.Narrowed}) {
    W.Out.number(Counts->size());
    for (const auto &[What, Times] : *Counts) {
      W.Out.text(What);
      W.Out.number(Times);
    }
  }
  W.Out.number(V.MostUnknown.size());
  for (const UnknownCallee &U : V.MostUnknown) {
    W.Out.text(U.Function);
    W.Out.number(U.Calls);
    W.Out.text(U.Model);
  }
  W.Out.number(V.GivenUp.size());
  for (const GivenUpFunction &F : V.GivenUp) {
    W.Out.text(F.Function);
    W.Out.text(F.Reason);
    W.location(F.At);
  }
  W.Out.number(V.Sources.size());
  for (const std::string &File : V.Sources) W.Out.text(File);
  W.Out.number(V.Findings.size());
  for (const Finding &F : V.Findings) W.finding(F);
  return std::move(W.Out.Bytes);
}

std::optional<Verdict> refleak::readVerdict(llvm::StringRef Bytes) {
  Reader R(Bytes);
  Verdict V;
  V.Failure = R.In.text().str();
  V.Functions = R.In.number();
  V.UnknownCallees = R.In.number();
  for (auto *Counts : {&V.GaveUp, &V.Narrowed})
    for (size_t Count = R.In.count(), I = 0; I != Count && R.In.good(); ++I) {
      std::string What = R.In.text().str();
      (*Counts)[What] = R.In.number();
    }
  for (size_t Count = R.In.count(), I = 0; I != Count && R.In.good(); ++I) {
    UnknownCallee &U = V.MostUnknown.emplace_back();
    U.Function = R.In.text().str();
    U.Calls = R.In.number();
    U.Model = R.In.text().str();
  }
  for (size_t Count = R.In.count(), I = 0; I != Count && R.In.good(); ++I) {
    GivenUpFunction &F = V.GivenUp.emplace_back();
    F.Function = R.In.text().str();
    F.Reason = R.In.text().str();
    R.location(F.At);
  }
  for (size_t Count = R.In.count(), I = 0; I != Count && R.In.good(); ++I) V.Sources.push_back(R.In.text().str());
  for (size_t Count = R.In.count(), I = 0; I != Count && R.In.good(); ++I) R.finding(V.Findings.emplace_back());
  if (!R.In.good() || !R.In.atEnd()) return std::nullopt;
  return V;
}

std::string refleak::writeVerdictFile(const JudgedProgram &P) {
  ByteSink Out;
  Out.number(P.Covered.Units);
  Out.number(P.Covered.SkippedUnits);
  Out.number(P.Covered.FailedUnits.size());
  for (const FailedUnit &U : P.Covered.FailedUnits) {
    Out.text(U.File);
    Out.text(U.Reason);
  }
  Out.text(writeVerdict(P.Said));
  return Magic.str() + toHex(digestOf(Out.Bytes)) + Out.Bytes;
}

llvm::Expected<JudgedProgram> refleak::readVerdictFile(llvm::StringRef Bytes, llvm::StringRef Name) {
  if (!Bytes.consume_front(Magic))
    return userError("'" + Name + "' is not a verdict; 'refleak link --verdict' makes them");
  constexpr size_t HexDigits = 2 * sizeof(Digest);
  if (Bytes.take_front(HexDigits) != toHex(digestOf(Bytes.drop_front(std::min(HexDigits, Bytes.size())))))
    return userError("'" + Name + "' is cut off or damaged; link again");
  ByteSource In(Bytes.drop_front(HexDigits));
  JudgedProgram P;
  P.Covered.Units = In.number();
  P.Covered.SkippedUnits = In.number();
  for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
    std::string File = In.text().str();
    P.Covered.FailedUnits.push_back({File, In.text().str()});
  }
  std::optional<Verdict> Said = readVerdict(In.text());
  if (!Said || !In.good() || !In.atEnd())
    return userError("'" + Name + "' makes no sense; link again with this refleak");
  P.Said = std::move(*Said);
  return P;
}

void PlaceTable::add(UnitPositions P) {
  std::string Key = numberedFile(P.Meaning);
  ByFile.insert_or_assign(std::move(Key), std::move(P));
}

static llvm::Error noPositions(llvm::StringRef File) {
  return userError("there are no positions for a unit of the verdict (" + File +
                   "); name all files that 'refleak index --positions' has written");
}

llvm::Error PlaceTable::place(Location &At) const {
  if (!llvm::StringRef(At.File).starts_with("<positions of ")) return llvm::Error::success();
  auto It = ByFile.find(At.File);
  if (It == ByFile.end() || At.Line == 0 || At.Line > It->second.Spans.size()) return noPositions(At.File);
  At = locate(It->second.Spans[At.Line - 1], It->second.Files);
  return llvm::Error::success();
}

llvm::Error PlaceTable::place(JudgedProgram &P) const {
  for (Finding &F : P.Said.Findings) {
    llvm::SmallVector<Location *> All{&F.At, &F.Declaration};
    for (Step &S : F.Trace) All.push_back(&S.At);
    for (Fix &X : F.Fixes)
      for (Edit &E : X.Edits) All.push_back(&E.At);
    for (Location *At : All)
      if (auto E = place(*At)) return E;
  }
  for (GivenUpFunction &F : P.Said.GivenUp)
    if (auto E = place(F.At)) return E;
  for (FailedUnit &U : P.Covered.FailedUnits)
    if (auto It = ByFile.find(U.Reason); It != ByFile.end()) U.Reason = It->second.Failure;
  std::vector<std::string> Sources;
  for (const std::string &File : P.Said.Sources)
    if (auto It = ByFile.find(File); It != ByFile.end())
      Sources.insert(Sources.end(), It->second.Files.begin(), It->second.Files.end());
    else
      Sources.push_back(File);
  llvm::sort(Sources);
  Sources.erase(llvm::unique(Sources), Sources.end());
  P.Said.Sources = std::move(Sources);
  return llvm::Error::success();
}
