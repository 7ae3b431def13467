// Writes the facts files of a program of N functions: refleak-scale-generate N FOLDER
//
// The program is made like real ones: 25 functions a unit; some 16 facts and 3 calls a function; most calls stay in the
// unit or in its module of 50 units; there is some recursion within units; one function in 500 keeps a reference across
// an insert and uses it. The list of the files is written to FOLDER/list. The same N gives the same bytes.
#include "facts/File.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

using namespace refleak;

namespace {

constexpr uint32_t UnitSize = 25;
constexpr uint32_t ModuleSize = 50 * UnitSize;
constexpr uint32_t MistakeEvery = 500;
constexpr const char *PushBack = "_ZNSt6vectorI4PartSaIS0_EE9push_backERKS0_";

/// What a function is for.
enum class Role : uint8_t {
  Find, ///< gives out a reference to an element of its parameter
  Grow, ///< inserts into its parameter
  Pass, ///< calls others with its parameter
  Use,  ///< owns a container, finds an element, uses it, and inserts afterwards (or before the use: the mistake)
};

Role roleOf(uint32_t Number) {
  uint32_t In = Number % 10;
  return In < 2 ? Role::Find : In < 4 ? Role::Grow : In < 7 ? Role::Pass : Role::Use;
}

std::string symbolOf(uint32_t Number) {
  std::string Module = "module" + llvm::utostr(Number / ModuleSize);
  std::string Name = "function" + llvm::utostr(Number);
  return "_ZN" + llvm::utostr(Module.size()) + Module + llvm::utostr(Name.size()) + Name + "ERSt6vectorI4PartSaIS2_EE";
}

std::string displayOf(uint32_t Number) {
  return "module" + llvm::utostr(Number / ModuleSize) + "::function" + llvm::utostr(Number) + "(std::vector<Part> &)";
}

/// Some number below \p Limit that depends on \p Seed alone.
uint32_t pick(uint64_t Seed, uint32_t Limit) {
  Seed += 0x9e3779b97f4a7c15;
  Seed = (Seed ^ Seed >> 30) * 0xbf58476d1ce4e5b9;
  Seed = (Seed ^ Seed >> 27) * 0x94d049bb133111eb;
  return uint32_t((Seed ^ Seed >> 31) % Limit);
}

/// Writes the body of one function, a fact a line of its source.
class Body {
public:
  Body(Unit &U, uint32_t Number) : U(U), Number(Number) {
    F.Symbol = U.Symbols.intern(symbolOf(Number));
    F.Display = displayOf(Number);
    Line = 10 + Number % UnitSize * 30;
    F.At = here();
    F.Blocks.resize(2);
    F.Blocks[0].Successors.emplace_back(1);
  }

  Function write() {
    switch (roleOf(Number)) {
    case Role::Find:
      find();
      break;
    case Role::Grow:
      grow();
      break;
    case Role::Pass:
      pass();
      break;
    case Role::Use:
      useElement();
      break;
    }
    return std::move(F);
  }

private:
  Unit &U;
  uint32_t Number;
  uint32_t Line;
  Function F;

  Span here() { return {FileId(0), Line, 3, Line, 20}; }
  PathId root(RootKind Kind, uint32_t Index = 0) { return U.Storage.root({Kind, Index, NameId()}); }
  PathId elements(PathId P) { return U.Storage.extend(P, {ProjectionKind::Elem, NameId()}); }

  Fact &fact(FactKind Kind) {
    Fact &X = F.Blocks[0].Facts.emplace_back();
    X.Kind = Kind;
    ++Line;
    X.At = here();
    return X;
  }
  void borrow(PathId Dst, PathId Src, Reason Why) {
    Fact &X = fact(FactKind::Borrow);
    X.Dst = Dst;
    X.Src = Src;
    X.Why = Why;
  }
  void use(PathId Src, Access How) {
    Fact &X = fact(FactKind::Use);
    X.Src = Src;
    X.How = How;
  }
  PathId call(NameId Callee, PathId This, llvm::ArrayRef<PathId> Args, bool HasResult) {
    Fact &X = fact(FactKind::Call);
    X.Call = uint32_t(F.Calls.size());
    Call &C = F.Calls.emplace_back();
    C.Callee = Callee;
    C.This = This;
    C.Args.assign(Args.begin(), Args.end());
    if (HasResult) C.Result = root(RootKind::Temp, F.Temps++);
    return C.Result;
  }
  PathId parameter() {
    F.Parameters.push_back({"parts", Passing::Reference, here()});
    return U.Storage.deref(root(RootKind::Arg));
  }
  PathId local(const char *Name) {
    F.Locals.push_back({Name, here()});
    PathId P = root(RootKind::Local, uint32_t(F.Locals.size() - 1));
    fact(FactKind::Live).Dst = P;
    return P;
  }
  void expire(PathId P) { fact(FactKind::Expire).Src = P; }

  /// A function of the role \p Wanted that a function of the number may call: mostly one before it and near.
  NameId callee(Role Wanted, uint64_t Seed) {
    uint32_t Unit = Number / UnitSize * UnitSize, Module = Number / ModuleSize * ModuleSize;
    uint32_t Draw = pick(Seed, 100);
    uint32_t Low = Draw < 50 ? Unit : Draw < 95 ? Module : 0;
    uint32_t To = Low + pick(Seed + 1, std::max(1u, Number - Low));
    while (roleOf(To) != Wanted) ++To;
    if (To >= Number / UnitSize * UnitSize + UnitSize) To = Number;
    return U.Symbols.intern(symbolOf(To));
  }

  void passOn(PathId Container, Role Wanted, uint64_t Seed) {
    PathId Argument = root(RootKind::Temp, F.Temps++);
    borrow(Argument, Container, Reason::Argument);
    call(callee(Wanted, Seed), PathId(), {Argument}, Wanted == Role::Find);
  }

  void insert(PathId Container) {
    PathId This = root(RootKind::Temp, F.Temps++);
    borrow(This, Container, Reason::This);
    call(U.Symbols.intern(PushBack), This, {PathId()}, false);
  }

  void find() {
    PathId Parts = parameter();
    use(Parts, Access::Read);
    for (unsigned I = 0; I != 3; ++I) {
      PathId Index = local("index");
      use(Index, Access::Write);
      use(Index, Access::Read);
    }
    borrow(root(RootKind::Ret), elements(Parts), Reason::Return);
    for (uint32_t I = 3; I-- > 0;) expire(root(RootKind::Local, I));
  }

  void grow() {
    PathId Parts = parameter();
    PathId Part = local("part");
    use(Part, Access::Write);
    insert(Parts);
    if (Number % 3) passOn(Parts, Role::Grow, Number);
    use(Part, Access::Read);
    insert(Parts);
    expire(Part);
  }

  void pass() {
    PathId Parts = parameter();
    PathId Count = local("count");
    for (unsigned I = 0; I != 4; ++I) {
      use(Count, Access::Write);
      passOn(Parts, I % 2 ? Role::Pass : I ? Role::Find : Role::Grow, Number * 7ull + I);
    }
    expire(Count);
  }

  void useElement() {
    bool Mistake = Number % MistakeEvery == 7;
    PathId Parts = local("parts"), Element = local("element");
    insert(Parts);
    PathId Argument = root(RootKind::Temp, F.Temps++);
    borrow(Argument, Parts, Reason::Argument);
    PathId Found = call(callee(Role::Find, Number * 5ull), PathId(), {Argument}, true);
    borrow(Element, U.Storage.deref(Found), Reason::Bind);
    if (Mistake) passOn(Parts, Role::Grow, Number * 5ull + 1);
    use(U.Storage.deref(Element), Access::Read);
    use(U.Storage.deref(Element), Access::Write);
    passOn(Parts, Role::Grow, Number * 5ull + 2);
    passOn(Parts, Role::Pass, Number * 5ull + 3);
    expire(Element);
    expire(Parts);
  }
};

/// The effects of vector::push_back.
Effects pushBack(Unit &U) {
  Effects E;
  E.Symbol = U.Symbols.intern(PushBack);
  E.Display = "std::vector::push_back";
  E.Source = EffectSource::Model;
  PathId This = U.Storage.deref(U.Storage.root({RootKind::This, 0, NameId()}));
  Fact &Use = E.Facts.emplace_back();
  Use.Kind = FactKind::Use;
  Use.How = Access::Call;
  Use.Src = This;
  Fact &Kill = E.Facts.emplace_back();
  Kill.Kind = FactKind::Invalidate;
  Kill.Src = U.Storage.extend(This, {ProjectionKind::Elem, NameId()});
  Kill.Kinds = AllBorrows;
  Kill.Cond = When::Grows;
  return E;
}

std::string unitBytes(uint32_t First, uint32_t End) {
  UnitFacts Out;
  Unit &U = Out.Facts;
  U.MainFile = "module" + llvm::utostr(First / ModuleSize) + "/unit" + llvm::utostr(First / UnitSize) + ".cpp";
  U.Files = {U.MainFile};
  for (uint32_t Number = First; Number != End; ++Number) U.Functions.push_back(Body(U, Number).write());
  U.Known.push_back(pushBack(U));
  return writeFactsFile(Out);
}

} // namespace

int main(int Count, char **Words) {
  uint32_t Functions = 0;
  if (Count != 3 || llvm::StringRef(Words[1]).getAsInteger(10, Functions)) {
    llvm::errs() << "refleak-scale-generate: write: refleak-scale-generate N FOLDER\n";
    return 2;
  }
  llvm::ExitOnError OrFail("refleak-scale-generate: ");
  std::string Folder = Words[2], List;
  uint64_t Bytes = 0;
  for (uint32_t First = 0; First < Functions; First += UnitSize) {
    std::string Module = Folder + "/" + llvm::utostr(First / ModuleSize);
    if (First % ModuleSize == 0) OrFail(llvm::errorCodeToError(llvm::sys::fs::create_directories(Module)));
    std::string Name = Module + "/" + llvm::utostr(First / UnitSize) + ".facts";
    std::error_code Problem;
    llvm::raw_fd_ostream OS(Name, Problem);
    OrFail(llvm::errorCodeToError(Problem));
    std::string Unit = unitBytes(First, std::min(First + UnitSize, Functions));
    Bytes += Unit.size();
    OS << Unit;
    List += Name + "\n";
  }
  std::error_code Problem;
  llvm::raw_fd_ostream OS(Folder + "/list", Problem);
  OrFail(llvm::errorCodeToError(Problem));
  OS << List;
  llvm::outs() << Functions << " functions in " << (Functions + UnitSize - 1) / UnitSize << " facts files of " << Bytes
               << " bytes\n";
  return 0;
}
