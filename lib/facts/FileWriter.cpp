//===- FileWriter.cpp - Facts become bytes ------------------------------------------------------------------------===//
#include "facts/Bytes.h"
#include "facts/File.h"
#include "facts/FileHead.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"
#include <map>
#include <set>

using namespace refleak;
using llvm::StringRef;

Digest refleak::digestOf(StringRef Bytes) {
  return llvm::BLAKE3::hash<sizeof(Digest)>(llvm::arrayRefFromStringRef(Bytes));
}

std::string refleak::toHex(const Digest &D) { return llvm::toHex(D, /*LowerCase=*/true); }

namespace {

// What is added to these must be written here and read in FileReader.cpp, and FactsFileVersion raised.
static_assert(sizeof(Fact) == 56 && sizeof(Call) == 48 && sizeof(Block) == 48);

/// Writes what decides about findings.
class MeaningWriter {
public:
  explicit MeaningWriter(const UnitFacts &U) : U(U), F(U.Facts) {}

  std::string write() {
    Out.number((U.Failure.empty() ? 0 : UnitFailed) | (U.Skipped ? UnitSkipped : 0));
    Out.text(F.MainFile);
    Out.number(F.Symbols.size());
    for (uint32_t I = 0; I != F.Symbols.size(); ++I) Out.text(F.Symbols.text(NameId(I)));
    Out.number(F.Storage.size());
    for (uint32_t I = 0; I != F.Storage.size(); ++I) path(PathId(I));
    Out.number(F.Functions.size());
    for (const Function &Each : F.Functions) function(Each);
    Out.number(F.Known.size());
    for (const Effects &Each : F.Known) effects(Each);
    samePositions();
    return std::move(Out.Bytes);
  }

private:
  const UnitFacts &U;
  const Unit &F;
  ByteSink Out;

  /// A root says its kind; a longer path says, after the number of root kinds, that of its last projection.
  void path(PathId P) {
    if (F.Storage.isRoot(P)) {
      const Root &R = F.Storage.rootOf(P);
      Out.word(R.Kind);
      if (R.Name.valid())
        Out.id(R.Name);
      else if (R.Kind != RootKind::This && R.Kind != RootKind::Ret)
        Out.number(R.Index);
      return;
    }
    const Projection &Last = F.Storage.last(P);
    Out.byte(uint8_t(uint8_t(RootKind::Code) + 1 + uint8_t(Last.Kind)));
    Out.number(P.index() - F.Storage.base(P).index());
    if (Last.Kind == ProjectionKind::Field) Out.id(Last.Name);
  }

  /// Which positions are the same, for that decides how a story is told: 0 for one that is not known, 1 for a new one,
  /// else how many new ones ago it came, plus 1.
  void samePositions() {
    std::map<Span, uint32_t> Seen;
    eachSpan(F, [&](const Span &S) {
      if (!S.known()) return Out.number(0);
      auto [It, Fresh] = Seen.try_emplace(S, uint32_t(Seen.size()));
      Out.number(Fresh ? 1 : 1 + Seen.size() - It->second);
    });
  }

  void function(const Function &Fn) {
    Out.id(Fn.Symbol);
    Out.text(Fn.Display);
    Out.byte(uint8_t(Fn.IsMethod | Fn.IsLambda << 1 | Fn.IsConstructor << 2 | Fn.IsDestructor << 3 | Fn.IsLife << 4));
    Out.optional(Fn.Parent);
    Out.number(Fn.Overrides.size());
    for (NameId O : Fn.Overrides) Out.id(O);
    Out.number(Fn.Parameters.size());
    for (const Parameter &P : Fn.Parameters) {
      Out.word(P.How);
      Out.text(P.Name);
    }
    Out.number(Fn.Locals.size());
    for (const Local &L : Fn.Locals) Out.text(L.Name);
    Out.number(Fn.Temps);
    Out.number(Fn.Heaps);
    Out.number(Fn.Arrays.size());
    for (PathId Each : Fn.Arrays) Out.id(Each);
    calls(Fn.Calls);
    Out.number(Fn.Blocks.size());
    for (const Block &B : Fn.Blocks) {
      Out.number(B.Successors.size());
      for (BlockId S : B.Successors) Out.id(S);
      facts(B.Facts);
    }
  }

  void effects(const Effects &E) {
    Out.id(E.Symbol);
    Out.text(E.Display);
    Out.word(E.Source);
    calls(E.Calls);
    facts(E.Facts);
  }

  void calls(llvm::ArrayRef<Call> Calls) {
    Out.number(Calls.size());
    for (const Call &C : Calls) {
      Out.byte(C.Virtual | C.ByReference << 1);
      Out.optional(C.Callee);
      Out.optional(C.Through);
      Out.optional(C.Result);
      Out.optional(C.This);
      Out.number(C.Args.size());
      for (PathId Arg : C.Args) Out.optional(Arg);
    }
  }

  void facts(llvm::ArrayRef<Fact> Facts) {
    Out.number(Facts.size());
    for (const Fact &Each : Facts) fact(Each);
  }

  void fact(const Fact &X) {
    bool HasWhy = X.Why != Reason::None, HasSure = X.Sure != Certainty::Must || X.If.valid();
    Out.byte(uint8_t(uint8_t(X.Kind) | X.By.valid() << 4 | HasWhy << 5 | HasSure << 6 | X.Note.valid() << 7));
    operands(X);
    if (X.By.valid()) Out.id(X.By);
    if (HasWhy) Out.word(X.Why);
    if (HasSure) sureness(X);
    if (X.Note.valid()) Out.id(X.Note);
  }

  /// The certainty; the flag that the fact depends on follows it.
  void sureness(const Fact &X) {
    Out.byte(uint8_t(uint8_t(X.Sure) | X.If.valid() << 2));
    if (!X.If.valid()) return;
    Out.id(X.If);
    Out.word(X.Is);
  }

  void operands(const Fact &X) {
    switch (X.Kind) {
    case FactKind::Live:
    case FactKind::Clear:
      return Out.id(X.Dst);
    case FactKind::Borrow:
      Out.id(X.Dst);
      Out.id(X.Src);
      return Out.word(X.Loan);
    case FactKind::Copy:
    case FactKind::Move:
      Out.id(X.Dst);
      return Out.id(X.Src);
    case FactKind::Use:
      Out.id(X.Src);
      return Out.word(X.How);
    case FactKind::Invalidate:
      Out.id(X.Src);
      Out.byte(X.Kinds);
      Out.word(X.Which);
      Out.word(X.Elements);
      return Out.word(X.Cond);
    case FactKind::Expire:
      Out.id(X.Src);
      return Out.word(X.Ending);
    case FactKind::Advance:
    case FactKind::Reserve:
      return Out.id(X.Src);
    case FactKind::Call:
      return Out.number(X.Call);
    case FactKind::Need:
      Out.id(X.Src);
      return Out.number(X.Call);
    case FactKind::Assume:
      Out.id(X.Src);
      return Out.word(X.Is);
    case FactKind::GiveUp:
      return;
    }
  }
};

/// Writes where things stand: each position once, in the order in which the meaning counts them.
class PositionWriter {
public:
  std::string write(const UnitFacts &U) {
    Out.text(U.Failure);
    Out.number(U.Facts.Files.size());
    for (const std::string &File : U.Facts.Files) Out.text(File);
    std::set<Span> Seen;
    eachSpan(U.Facts, [&](const Span &S) {
      if (S.known() && Seen.insert(S).second) span(S);
    });
    return std::move(Out.Bytes);
  }

private:
  ByteSink Out;
  Span Before{FileId(0), 0, 0, 0, 0};

  void span(const Span &S) {
    SpanForm Form = S.File != Before.File ? SpanForm::File : S.Line == S.EndLine ? SpanForm::OneLine : SpanForm::Lines;
    Out.word(Form);
    if (Form == SpanForm::File) Out.id(S.File);
    Out.difference(S.Line, Before.Line);
    Out.difference(S.Column, Before.Column);
    if (Form != SpanForm::OneLine) Out.difference(S.EndLine, S.Line);
    Out.difference(S.EndColumn, S.Column);
    Before = S;
  }
};

} // namespace

std::string refleak::sealFacts(StringRef Meaning, StringRef Positions, uint16_t Parts) {
  namespace endian = llvm::support::endian;
  using Layout = FactsHeadLayout;
  std::string Head(Layout::Size, '\0');
  memcpy(Head.data(), FactsMagic.data(), FactsMagic.size());
  endian::write16le(Head.data() + Layout::Version, FactsFileVersion);
  endian::write16le(Head.data() + Layout::Parts, Parts);
  Digest Digests[] = {digestOf(Meaning), Parts == MeaningPart ? Digest() : digestOf(Positions)};
  if (!(Parts & MeaningPart)) Meaning = "";
  if (!(Parts & PositionsPart)) Positions = "";
  endian::write64le(Head.data() + Layout::Sizes, Meaning.size());
  endian::write64le(Head.data() + Layout::Sizes + 8, Positions.size());
  memcpy(Head.data() + Layout::Digests, Digests, sizeof(Digests));
  endian::write64le(Head.data() + Layout::Check, llvm::xxh3_64bits(StringRef(Head).take_front(Layout::Check)));
  return Head + Meaning.str() + Positions.str();
}

std::string refleak::writeFactsFile(const UnitFacts &U) {
  std::string Meaning = MeaningWriter(U).write();
  std::string Positions = PositionWriter().write(U);
  return sealFacts(Meaning, Positions);
}

SplitFacts refleak::splitFactsFile(StringRef Whole) {
  StringRef Rest = Whole.drop_front(FactsHeadLayout::Size);
  size_t Size = size_t(llvm::support::endian::read64le(Whole.data() + FactsHeadLayout::Sizes));
  StringRef Meaning = Rest.take_front(Size), Positions = Rest.drop_front(Size);
  return {sealFacts(Meaning, Positions, MeaningPart), sealFacts(Meaning, Positions, PositionsPart)};
}

std::string refleak::numberedFile(const Digest &Meaning) { return "<positions of " + toHex(Meaning) + ">"; }
