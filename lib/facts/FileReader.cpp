//===- FileReader.cpp - Bytes become facts ------------------------------------------------------------------------===//
//
// The digests tell damage from facts, yet whoever makes a file can make its digests too: so each count is held against
// the bytes that are left, and each number against the table it points into, before it is used.
//
//===--------------------------------------------------------------------------------------------------------------===//
#include "facts/Bytes.h"
#include "facts/File.h"
#include "facts/FileHead.h"
#include "support/Error.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace refleak;
using llvm::StringRef;
using llvm::Twine;

namespace {

/// No source nests so deep; what walks paths may recurse.
constexpr unsigned DeepestPath = 10'000;

/// The reason of a failure whose text was split off.
constexpr const char *SeePositions = "its source has errors";

llvm::Error notUsable(StringRef Name, const Twine &What) {
  return userError("'" + Name + "' " + What + "; index its source again");
}

llvm::Expected<FactsSections> sections(StringRef Bytes, StringRef Name) {
  namespace endian = llvm::support::endian;
  using Layout = FactsHeadLayout;
  if (!Bytes.starts_with(FactsMagic.substr(0, Bytes.size())))
    return userError("'" + Name + "' is not a facts file; 'refleak index' makes them");
  if (Bytes.size() < Layout::Size)
    return notUsable(Name, Bytes.empty() ? "is empty: no facts file"
                                         : "is cut off: not even the head of a facts file is there");
  uint16_t Version = endian::read16le(Bytes.data() + Layout::Version);
  uint16_t Parts = endian::read16le(Bytes.data() + Layout::Parts);
  if (Version > FactsFileVersion)
    return userError("'" + Name + "' was written by a newer refleak: its form is " + Twine(Version) +
                     ", and this refleak reads form " + Twine(FactsFileVersion) +
                     "; use the same refleak for all files");
  if (Version != FactsFileVersion) return notUsable(Name, "has a form that is no longer read (" + Twine(Version) + ")");
  if (endian::read64le(Bytes.data() + Layout::Check) != llvm::xxh3_64bits(Bytes.take_front(Layout::Check)))
    return notUsable(Name, "is damaged: the checksum of its head is wrong");
  if (!Parts || Parts > WholeFacts) return notUsable(Name, "is damaged: its head makes no sense");
  uint64_t Meaning = endian::read64le(Bytes.data() + Layout::Sizes);
  uint64_t Positions = endian::read64le(Bytes.data() + Layout::Sizes + 8);
  StringRef Rest = Bytes.drop_front(Layout::Size);
  if (Meaning > Rest.size() || Positions > Rest.size() - Meaning)
    return notUsable(Name, "is cut off: its head tells of more bytes than the " + Twine(Bytes.size()) + " it has");
  if (Rest.size() - Meaning != Positions) return notUsable(Name, "is damaged: it has bytes behind its end");
  return FactsSections{Parts, Rest.take_front(size_t(Meaning)), Rest.drop_front(size_t(Meaning))};
}

/// Reads what the sections begin with.
FactsFileHead headOf(StringRef Bytes, const FactsSections &Parts) {
  FactsFileHead Head;
  memcpy(&Head.Meaning, Bytes.data() + FactsHeadLayout::Digests, sizeof(Digest));
  memcpy(&Head.Positions, Bytes.data() + FactsHeadLayout::Digests + sizeof(Digest), sizeof(Digest));
  ByteSource Meaning(Parts.Meaning), Positions(Parts.Positions);
  Head.Skipped = Meaning.number() & UnitSkipped;
  Head.MainFile = Meaning.text().str();
  Head.Failure = Positions.text().str();
  Head.Numbered = !(Parts.Parts & PositionsPart);
  if (Head.Numbered && ByteSource(Parts.Meaning).number() & UnitFailed) Head.Failure = SeePositions;
  return Head;
}

class MeaningReader {
public:
  MeaningReader(StringRef Bytes, UnitFacts &Out) : In(Bytes), Out(Out), U(Out.Facts) {}

  /// What is wrong, or null.
  const char *read() {
    uint64_t Flags = In.number();
    if (Flags & ~uint64_t(KnownFactsFlags)) In.fail("a flag is not known");
    Out.Skipped = Flags & UnitSkipped;
    Failed = Flags & UnitFailed;
    U.MainFile = In.text().str();
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I)
      if (U.Symbols.intern(In.text()).index() != I) In.fail("a name is listed twice");
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I)
      if (path(I).index() != I) In.fail("a path is listed twice");
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) function();
    Body = nullptr;
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) effects();
    samePositions();
    if (In.good() && !In.atEnd()) In.fail("something follows its facts");
    return In.Problem;
  }

  /// Fills in the positions: \p Distinct, as they are counted.
  const char *place(llvm::ArrayRef<Span> Distinct) {
    if (Distinct.size() != DistinctPositions) return "its sections disagree about how many positions there are";
    size_t Next = 0;
    eachSpan(U, [&](Span &S) {
      if (uint32_t Number = Numbers[Next++]) S = Distinct[Number - 1];
    });
    return nullptr;
  }

  /// The positions as lines of the file that \p Name names.
  void number(std::string Name) {
    U.Files.push_back(std::move(Name));
    std::vector<Span> Lines;
    for (uint32_t I = 1; I <= DistinctPositions; ++I) Lines.push_back({FileId(0), I, 1, I, 2});
    place(Lines);
  }

  bool failed() const { return Failed; }

private:
  ByteSource In;
  UnitFacts &Out;
  Unit &U;
  bool Failed = false;
  std::vector<uint32_t> Numbers; ///< of each position, from 1; 0: not known
  uint32_t DistinctPositions = 0;
  const Function *Body = nullptr; ///< bounds the numbers of roots; null for effects

  void samePositions() {
    eachSpan(U, [&](const Span &) {
      uint64_t Back = In.number();
      if (Back == 1) ++DistinctPositions;
      if (Back > uint64_t(DistinctPositions) + 1) In.fail("a position is the same as none before");
      Numbers.push_back(Back == 0 || !In.good() ? 0
                        : Back == 1             ? DistinctPositions
                                                : uint32_t(DistinctPositions + 2 - Back));
    });
  }

  NameId name() {
    uint32_t Index = In.below(U.Symbols.size(), "a name does not exist");
    return In.good() ? NameId(Index) : NameId();
  }
  NameId optionalName() {
    uint32_t Index = In.below(U.Symbols.size() + 1, "a name does not exist");
    return Index ? NameId(Index - 1) : NameId();
  }

  PathId path(size_t Index) {
    constexpr uint8_t Roots = uint8_t(RootKind::Code) + 1;
    uint8_t Kind = In.byte();
    if (Kind < Roots) return root(RootKind(Kind));
    if (Kind - Roots > uint8_t(ProjectionKind::Inline)) In.fail("a projection is not known");
    uint32_t Back = In.below(Index + 1, "a path's base does not exist");
    if (!Back) In.fail("a path's base does not exist");
    if (!In.good()) return PathId();
    PathId Base{uint32_t(Index) - Back};
    if (U.Storage.depth(Base) >= DeepestPath) In.fail("a path is too deep");
    Projection Last{ProjectionKind(Kind - Roots), NameId()};
    if (Last.Kind == ProjectionKind::Field) Last.Name = name();
    return In.good() ? U.Storage.extend(Base, Last) : PathId();
  }

  PathId root(RootKind Kind) {
    Root R{Kind, 0, NameId()};
    switch (Kind) {
    case RootKind::This:
    case RootKind::Ret:
      break;
    case RootKind::Global:
    case RootKind::Constant:
    case RootKind::Code:
      R.Name = name();
      break;
    case RootKind::Local:
    case RootKind::Temp:
    case RootKind::Arg:
    case RootKind::Heap:
      R.Index = In.small();
      break;
    }
    return In.good() ? U.Storage.root(R) : PathId();
  }

  /// Whether the root \p R exists in the body that is being read.
  bool exists(const Root &R) const {
    if (!Body) return R.Kind != RootKind::Local;
    switch (R.Kind) {
    case RootKind::Local:
      return R.Index < Body->Locals.size();
    case RootKind::Temp:
      return R.Index < Body->Temps;
    case RootKind::Arg:
      return R.Index < Body->Parameters.size();
    case RootKind::Heap:
      return R.Index < Body->Heaps;
    default:
      return true;
    }
  }

  PathId checked(uint32_t Index) {
    PathId P(Index);
    if (In.good() && !exists(U.Storage.rootOf(P))) In.fail("a path starts at storage that its function does not have");
    return In.good() ? P : PathId();
  }
  PathId place() { return checked(In.below(U.Storage.size(), "a path does not exist")); }
  PathId optionalPlace() {
    uint32_t Index = In.below(U.Storage.size() + 1, "a path does not exist");
    return Index ? checked(Index - 1) : PathId();
  }

  void function() {
    Function &F = U.Functions.emplace_back();
    Body = &F;
    F.Symbol = name();
    F.Display = In.text().str();
    uint8_t Flags = In.byte();
    if (Flags >> 5) In.fail("a flag is not known");
    F.IsMethod = Flags & 1;
    F.IsLambda = Flags & 2;
    F.IsConstructor = Flags & 4;
    F.IsDestructor = Flags & 8;
    F.IsLife = Flags & 16;
    F.Parent = optionalName();
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) F.Overrides.push_back(name());
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
      Passing How = In.word<Passing>();
      F.Parameters.push_back({In.text().str(), How, {}});
    }
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) F.Locals.push_back({In.text().str(), {}});
    F.Temps = In.small();
    F.Heaps = In.small();
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) F.Arrays.push_back(place());
    calls(F.Calls);
    blocks(F);
  }

  void blocks(Function &F) {
    F.Blocks.resize(In.count());
    for (Block &B : F.Blocks) {
      for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I)
        B.Successors.emplace_back(In.below(F.Blocks.size(), "a block does not exist"));
      facts(B.Facts, F.Calls.size());
      if (!In.good()) return;
    }
  }

  void effects() {
    Effects &E = U.Known.emplace_back();
    E.Symbol = name();
    E.Display = In.text().str();
    E.Source = In.word<EffectSource>();
    calls(E.Calls);
    facts(E.Facts, E.Calls.size());
    for (const Fact &X : E.Facts)
      if (X.Kind == FactKind::Need && X.Call >= E.Facts.size()) In.fail("a need names no fact");
  }

  void calls(std::vector<Call> &Calls) {
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
      Call &C = Calls.emplace_back();
      uint8_t How = In.byte();
      C.Virtual = How & 1;
      C.ByReference = How >> 1;
      C.Callee = optionalName();
      C.Through = optionalPlace();
      C.Result = optionalPlace();
      C.This = optionalPlace();
      for (size_t Args = In.count(), A = 0; A != Args && In.good(); ++A) C.Args.push_back(optionalPlace());
    }
  }

  void facts(std::vector<Fact> &Facts, size_t Calls) {
    size_t Count = In.count();
    Facts.reserve(Count);
    for (size_t I = 0; I != Count && In.good(); ++I) fact(Facts.emplace_back(), Calls);
  }

  void fact(Fact &X, size_t Calls) {
    uint8_t Head = In.byte();
    if ((Head & 15) > uint8_t(FactKind::GiveUp)) return In.fail("a fact is not known");
    X.Kind = FactKind(Head & 15);
    operands(X, Calls);
    if (Head & 1 << 4) X.By = place();
    if (Head & 1 << 5) X.Why = In.word<Reason>();
    if (Head & 1 << 6) sureness(X);
    if (Head & 1 << 7) X.Note = name();
  }

  void sureness(Fact &X) {
    uint8_t Word = In.byte();
    if ((Word & 3) > uint8_t(Certainty::Assumed) || Word > 7) return In.fail("a certainty is not known");
    X.Sure = Certainty(Word & 3);
    if (!(Word & 4)) return;
    X.If = place();
    X.Is = In.word<Truth>();
  }

  void operands(Fact &X, size_t Calls) {
    switch (X.Kind) {
    case FactKind::Live:
    case FactKind::Clear:
      X.Dst = place();
      return;
    case FactKind::Borrow:
      X.Dst = place();
      X.Src = place();
      X.Loan = In.word<LoanKind>();
      return;
    case FactKind::Copy:
    case FactKind::Move:
      X.Dst = place();
      X.Src = place();
      return;
    case FactKind::Use:
      X.Src = place();
      X.How = In.word<Access>();
      return;
    case FactKind::Invalidate:
      X.Src = place();
      X.Kinds = In.byte();
      X.Which = In.word<Extent>();
      X.Elements = In.word<Fate>();
      X.Cond = In.word<When>();
      return;
    case FactKind::Expire:
      X.Src = place();
      X.Ending = In.word<End>();
      return;
    case FactKind::Advance:
    case FactKind::Reserve:
      X.Src = place();
      return;
    case FactKind::Call:
      X.Call = In.below(Calls, "a call does not exist");
      return;
    case FactKind::Need:
      if (Body) In.fail("a body has needs");
      X.Src = place();
      X.Call = In.small();
      return;
    case FactKind::Assume:
      X.Src = place();
      X.Is = In.word<Truth>();
      return;
    case FactKind::GiveUp:
      return;
    }
  }
};

class PositionReader {
public:
  explicit PositionReader(StringRef Bytes) : In(Bytes) {}

  const char *read(UnitPositions &Out) {
    Out.Failure = In.text().str();
    for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) Out.Files.push_back(In.text().str());
    while (In.good() && !In.atEnd()) {
      next(Out.Files.size());
      if (In.good()) Out.Spans.push_back(Before);
    }
    return In.Problem;
  }

private:
  ByteSource In;
  Span Before{FileId(0), 0, 0, 0, 0};

  void next(size_t Files) {
    uint8_t Form = In.byte();
    if (Form > uint8_t(SpanForm::File)) return In.fail("the form of a position is not known");
    if (SpanForm(Form) == SpanForm::File) Before.File = FileId(In.below(Files, "a file does not exist"));
    Before.Line = In.difference(Before.Line);
    Before.Column = In.difference(Before.Column);
    Before.EndLine = SpanForm(Form) == SpanForm::OneLine ? Before.Line : In.difference(Before.Line);
    Before.EndColumn = In.difference(Before.Column);
    if (Before.File.index() >= Files) In.fail("a file does not exist");
  }
};

} // namespace

llvm::Expected<FactsFileHead> refleak::checkFactsFile(StringRef Bytes, StringRef Name) {
  llvm::Expected<FactsSections> Parts = sections(Bytes, Name);
  if (!Parts) return Parts.takeError();
  FactsFileHead Head = headOf(Bytes, *Parts);
  if ((Parts->Parts & MeaningPart && digestOf(Parts->Meaning) != Head.Meaning) ||
      (Parts->Parts & PositionsPart && digestOf(Parts->Positions) != Head.Positions))
    return notUsable(Name, "is damaged: its checksum is wrong");
  return Head;
}

llvm::Expected<UnitFacts> refleak::readFactsFile(StringRef Bytes, StringRef Name) {
  llvm::Expected<FactsFileHead> Head = checkFactsFile(Bytes, Name);
  if (!Head) return Head.takeError();
  FactsSections Parts = llvm::cantFail(sections(Bytes, Name));
  if (!(Parts.Parts & MeaningPart))
    return userError("'" + Name +
                     "' holds positions alone, which 'refleak report' takes; the facts are in another file");
  UnitFacts Out;
  MeaningReader Meaning(Parts.Meaning, Out);
  const char *Problem = Meaning.read();
  if (!Problem && Head->Numbered) {
    Meaning.number(numberedFile(Head->Meaning));
    Out.Failure = Head->Failure;
    return Out;
  }
  UnitPositions Positions;
  if (!Problem) Problem = PositionReader(Parts.Positions).read(Positions);
  if (!Problem) Problem = Meaning.place(Positions.Spans);
  Out.Failure = std::move(Positions.Failure);
  Out.Facts.Files = std::move(Positions.Files);
  if (!Problem && Meaning.failed() == Out.Failure.empty()) Problem = "it failed without a reason, or the reverse";
  if (Problem) return notUsable(Name, Twine("makes no sense: ") + Problem);
  return Out;
}

llvm::Expected<UnitPositions> refleak::readPositionsFile(StringRef Bytes, StringRef Name) {
  llvm::Expected<FactsFileHead> Head = checkFactsFile(Bytes, Name);
  if (!Head) return Head.takeError();
  FactsSections Parts = llvm::cantFail(sections(Bytes, Name));
  if (!(Parts.Parts & PositionsPart))
    return userError("'" + Name + "' holds no positions but the facts that they belong to");
  UnitPositions Out;
  Out.Meaning = Head->Meaning;
  if (const char *Problem = PositionReader(Parts.Positions).read(Out))
    return notUsable(Name, Twine("makes no sense: ") + Problem);
  return Out;
}
