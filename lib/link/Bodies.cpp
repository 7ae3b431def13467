#include "link/Bodies.h"
#include "facts/Bytes.h"

using namespace refleak;

// A member that is added to a fact has to be named in members().
static_assert(sizeof(Fact) == 56);

/// Calls \p Visit with each member of a fact but Kind and At, those that most facts have first.
template <class AnyFact, class Visitor> static void members(AnyFact &F, Visitor Visit) {
  Visit(F.Dst);
  Visit(F.Src);
  Visit(F.Call);
  Visit(F.Why);
  Visit(F.How);
  Visit(F.Ending);
  Visit(F.Loan);
  Visit(F.By);
  Visit(F.Note);
  Visit(F.Is);
  Visit(F.If);
  Visit(F.Kinds);
  Visit(F.Which);
  Visit(F.Elements);
  Visit(F.Cond);
  Visit(F.Sure);
}

template <class Tag> static uint64_t numberOf(Id<Tag> I) { return I.index(); }
template <class Word> static uint64_t numberOf(Word W) { return uint64_t(W); }
template <class Tag> static void setNumber(Id<Tag> &I, uint64_t Value) { I = Id<Tag>(uint32_t(Value)); }
template <class Word> static void setNumber(Word &W, uint64_t Value) { W = Word(Value); }

namespace {

class Packer {
public:
  ByteSink Out;

  void at(const Span &S) {
    Out.optional(S.File);
    Out.difference(S.Line, Line);
    Out.number(S.Column);
    Out.difference(S.EndLine, S.Line);
    Out.number(S.EndColumn);
    Line = S.Line;
  }

  void fact(const Fact &F) {
    const Fact Plain;
    uint32_t Given = 0, Bit = 1;
    std::vector<uint64_t> Usual;
    members(Plain, [&](auto Value) { Usual.push_back(numberOf(Value)); });
    size_t Next = 0;
    members(F, [&](auto Value) {
      if (numberOf(Value) != Usual[Next++]) Given |= Bit;
      Bit <<= 1;
    });
    Out.word(F.Kind);
    Out.number(Given);
    Bit = 1;
    members(F, [&](auto Value) {
      if (Given & Bit) Out.number(numberOf(Value));
      Bit <<= 1;
    });
    at(F.At);
  }

  void call(const Call &C) {
    Out.optional(C.Callee);
    Out.optional(C.Through);
    Out.optional(C.Result);
    Out.optional(C.This);
    Out.number(C.Args.size());
    for (PathId Arg : C.Args) Out.optional(Arg);
    Out.byte(C.Virtual | C.ByReference << 1);
  }

  void block(const Block &B) {
    Out.number(B.Facts.size());
    for (const Fact &F : B.Facts) fact(F);
    Out.number(B.Successors.size());
    for (BlockId To : B.Successors) Out.id(To);
  }

private:
  uint32_t Line = 0;
};

class Unpacker {
public:
  explicit Unpacker(llvm::StringRef Packed) : In(Packed) {}

  ByteSource In;

  Span at() {
    Span S;
    S.File = optional<FileId>();
    S.Line = In.difference(Line);
    S.Column = uint32_t(In.number());
    S.EndLine = In.difference(S.Line);
    S.EndColumn = uint32_t(In.number());
    Line = S.Line;
    return S;
  }

  template <class AnyId> AnyId optional() {
    uint64_t Value = In.number();
    return Value ? AnyId(uint32_t(Value - 1)) : AnyId();
  }

  Fact fact() {
    Fact F;
    F.Kind = In.word<FactKind>();
    uint64_t Given = In.number();
    members(F, [&](auto &Value) {
      if (Given & 1) setNumber(Value, In.number());
      Given >>= 1;
    });
    F.At = at();
    return F;
  }

  Call call() {
    Call C;
    C.Callee = optional<NameId>();
    C.Through = optional<PathId>();
    C.Result = optional<PathId>();
    C.This = optional<PathId>();
    C.Args.resize(In.count());
    for (PathId &Arg : C.Args) Arg = optional<PathId>();
    uint8_t How = In.byte();
    C.Virtual = How & 1;
    C.ByReference = How >> 1;
    return C;
  }

  Block block() {
    Block B;
    B.Facts.resize(In.count());
    for (Fact &F : B.Facts) F = fact();
    for (size_t I = In.count(); I-- > 0;) B.Successors.emplace_back(uint32_t(In.number()));
    return B;
  }

private:
  uint32_t Line = 0;
};

} // namespace

void Bodies::take(Function &F) {
  Packer P;
  P.Out.number(F.Parameters.size());
  for (const Parameter &Each : F.Parameters) {
    P.Out.text(Each.Name);
    P.Out.word(Each.How);
    P.at(Each.At);
  }
  P.Out.number(F.Locals.size());
  for (const Local &Each : F.Locals) {
    P.Out.text(Each.Name);
    P.at(Each.At);
  }
  P.Out.number(F.Arrays.size());
  for (PathId Each : F.Arrays) P.Out.id(Each);
  P.Out.number(F.Calls.size());
  for (const Call &Each : F.Calls) P.call(Each);
  P.Out.number(F.Blocks.size());
  for (const Block &Each : F.Blocks) P.block(Each);
  Packed.push_back(llvm::StringRef(P.Out.Bytes).copy(Room));
  F.Parameters = std::vector<Parameter>();
  F.Locals = std::vector<Local>();
  F.Arrays = std::vector<PathId>();
  F.Calls = std::vector<Call>();
  F.Blocks = std::vector<Block>();
}

void Bodies::giveBack(size_t Number, Function &F) const {
  Unpacker U(Packed[Number]);
  F.Parameters.resize(U.In.count());
  for (Parameter &Each : F.Parameters) {
    Each.Name = U.In.text().str();
    Each.How = U.In.word<Passing>();
    Each.At = U.at();
  }
  F.Locals.resize(U.In.count());
  for (Local &Each : F.Locals) {
    Each.Name = U.In.text().str();
    Each.At = U.at();
  }
  F.Arrays.resize(U.In.count());
  for (PathId &Each : F.Arrays) Each = PathId(uint32_t(U.In.number()));
  F.Calls.resize(U.In.count());
  for (Call &Each : F.Calls) Each = U.call();
  F.Blocks.resize(U.In.count());
  for (Block &Each : F.Blocks) Each = U.block();
}
