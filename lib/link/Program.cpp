#include "link/Program.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>
#include <utility>

using namespace refleak;

Function Program::whole(FunctionId F) const {
  Function Whole = Functions[F.index()];
  Packed.giveBack(F.index(), Whole);
  return Whole;
}

void Program::collectMentions(const Function &F) {
  for (const Call &C : F.Calls)
    if (C.Callee.valid()) Mentions.push_back({C.Callee, Mention::Call, C.Virtual, C.This.valid()});
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts) {
      if (Each.Kind == FactKind::GiveUp) Mentions.push_back({Each.Note, Mention::GiveUp});
      if (Each.Kind == FactKind::Borrow && Storage.isRoot(Each.Src) && Storage.rootOf(Each.Src).Kind == RootKind::Code)
        Mentions.push_back({Storage.rootOf(Each.Src).Name, Mention::Code});
    }
}

bool Program::namesGlobal(const Function &F) const {
  auto isGlobal = [&](PathId Path) { return Path.valid() && Storage.rootOf(Path).Kind == RootKind::Global; };
  return llvm::any_of(F.Calls, [&](const Call &C) { return isGlobal(C.This) || llvm::any_of(C.Args, isGlobal); }) ||
         llvm::any_of(F.Blocks, [&](const Block &B) {
           return llvm::any_of(B.Facts, [&](const Fact &Each) { return isGlobal(Each.Src) || isGlobal(Each.Dst); });
         });
}

void Program::add(Function F) {
  if (!F.IsLife) collectMentions(F);
  FirstMention.push_back(Mentions.size());
  NamesGlobal.push_back(namesGlobal(F));
  for (const Parameter &Each : F.Parameters) Passed.push_back(Each.How);
  FirstPassed.push_back(Passed.size());
  Packed.take(F);
  Functions.push_back(std::move(F));
}

FunctionId Program::body(NameId Symbol) const { return BodyOf.lookup(Symbol); }

Call Program::bound(const Call &Site, NameId Callee) {
  Call Bound = Site;
  FunctionId Body = Site.ByReference ? body(Callee) : FunctionId();
  if (!Body.valid()) return Bound;
  unsigned Which = Site.ByReference;
  for (auto [Given, How] : llvm::zip(Bound.Args, passed(Body))) {
    bool Copied = How == Passing::Value || How == Passing::Pointer;
    if (Which & 1 && Given.valid() && Copied) Given = Storage.deref(Given);
    Which >>= 1;
  }
  return Bound;
}

const Effects *Program::declaration(llvm::StringRef Of, llvm::StringRef Name) const {
  NameId Symbol = Symbols.find((Of + llvm::Twine(Name)).str());
  return Symbol.valid() ? known(Symbol) : nullptr;
}

bool Program::declaresOwner(llvm::StringRef Of, llvm::StringRef Name, PathId Cell) const {
  const Effects *Declared = declaration(Of, Name);
  return Declared && llvm::any_of(Declared->Facts,
                                  [&](const Fact &Each) { return Each.Kind == FactKind::Borrow && Each.Dst == Cell; });
}

bool Program::isUnseen(PathId Cell) const {
  const Root &R = Storage.rootOf(Cell);
  return R.Kind == RootKind::Global && Symbols.text(R.Name).starts_with("unseen_share ");
}

const Effects *Program::known(NameId Symbol) const {
  auto It = KnownOf.find(Symbol);
  return It == KnownOf.end() ? nullptr : &Known[It->second];
}

llvm::ArrayRef<FunctionId> Program::overriders(NameId Symbol) const {
  auto It = OverridersOf.find(Symbol);
  return It == OverridersOf.end() ? llvm::ArrayRef<FunctionId>() : llvm::ArrayRef<FunctionId>(It->second);
}

/// \p Symbol and what overrides it.
static llvm::SmallVector<NameId, 4> withOverriders(const Program &P, NameId Symbol) {
  llvm::SmallVector<NameId, 4> All{Symbol};
  for (FunctionId F : P.overriders(Symbol)) All.push_back(P.Functions[F.index()].Symbol);
  return All;
}

llvm::SmallVector<NameId, 4> Program::dispatched(NameId Symbol, NameId Constructor) const {
  llvm::SmallVector<NameId, 4> Run;
  if (const Effects *Object = declaration("object by ", Symbols.text(Constructor)))
    for (NameId Each : withOverriders(*this, Symbol))
      if (llvm::any_of(Object->Calls, [&](const Call &C) { return C.Callee == Each; })) Run.push_back(Each);
  return Run;
}

llvm::SmallVector<NameId, 4> Program::dispatched(NameId Symbol) const {
  llvm::SmallVector<NameId, 4> All = withOverriders(*this, Symbol), Run;
  llvm::copy_if(All, std::back_inserter(Run), [&](NameId Each) { return RunByObjects.contains(Each); });
  return Run.empty() ? All : Run;
}

llvm::BitVector refleak::blocksBehind(const Function &F, uint32_t From, uint32_t Avoided) {
  llvm::BitVector Seen(F.Blocks.size());
  std::vector<uint32_t> Pending{From};
  while (!Pending.empty()) {
    uint32_t B = Pending.back();
    Pending.pop_back();
    for (BlockId To : F.Blocks[B].Successors) {
      if (To.index() == Avoided || Seen.test(To.index())) continue;
      Seen.set(To.index());
      Pending.push_back(To.index());
    }
  }
  return Seen;
}

namespace {

/// Brings the names, paths and files of one unit into the program's tables.
class Merge {
public:
  Merge(Program &P, Table<std::string, FileId> &FileIds, Unit &U) : P(P), FileIds(FileIds), U(U) {
    for (const std::string &File : U.Files) Files.push_back(fileId(File));
    NameMap.resize(U.Symbols.size());
    PathMap.resize(U.Storage.size());
  }

  void run() {
    for (Function &F : U.Functions) addFunction(F);
    for (Effects &E : U.Known) addKnown(E);
  }

private:
  Program &P;
  Table<std::string, FileId> &FileIds;
  Unit &U;
  std::vector<FileId> Files;
  std::vector<NameId> NameMap;
  std::vector<PathId> PathMap;

  FileId fileId(const std::string &Name) {
    auto [It, Fresh] = FileIds.try_emplace(Name, FileId(uint32_t(P.Files.size())));
    if (Fresh) P.Files.push_back(Name);
    return It->second;
  }

  NameId map(NameId N) {
    if (!N.valid()) return N;
    NameId &To = NameMap[N.index()];
    if (!To.valid()) To = P.Symbols.intern(U.Symbols.text(N));
    return To;
  }

  PathId map(PathId Old) {
    if (!Old.valid()) return Old;
    if (PathMap[Old.index()].valid()) return PathMap[Old.index()];
    PathId New;
    if (U.Storage.isRoot(Old)) {
      Root R = U.Storage.rootOf(Old);
      R.Name = map(R.Name);
      New = P.Storage.root(R);
    } else {
      Projection Last = U.Storage.last(Old);
      Last.Name = map(Last.Name);
      New = P.Storage.extend(map(U.Storage.base(Old)), Last);
    }
    return PathMap[Old.index()] = New;
  }

  void map(Span &At) {
    if (At.File.valid()) At.File = Files[At.File.index()];
  }

  void map(Fact &F) {
    F.Dst = map(F.Dst);
    F.Src = map(F.Src);
    F.By = map(F.By);
    F.If = map(F.If);
    F.Note = map(F.Note);
    map(F.At);
  }

  void map(Call &C) {
    C.Callee = map(C.Callee);
    C.Through = map(C.Through);
    C.Result = map(C.Result);
    C.This = map(C.This);
    for (PathId &Arg : C.Args) Arg = map(Arg);
  }

  void addFunction(Function &F) {
    NameId Symbol = map(F.Symbol);
    if (!P.BodyOf.try_emplace(Symbol, FunctionId(uint32_t(P.Functions.size()))).second) return;
    F.Symbol = Symbol;
    F.Parent = map(F.Parent);
    for (NameId &O : F.Overrides) O = map(O);
    map(F.At);
    for (Parameter &Param : F.Parameters) map(Param.At);
    for (Local &L : F.Locals) map(L.At);
    for (PathId &Each : F.Arrays) Each = map(Each);
    for (Call &C : F.Calls) map(C);
    for (Block &B : F.Blocks)
      for (Fact &Each : B.Facts) map(Each);
    P.add(std::move(F));
  }

  void addKnown(Effects &E) {
    NameId Symbol = map(E.Symbol);
    if (!P.KnownOf.try_emplace(Symbol, uint32_t(P.Known.size())).second) return;
    E.Symbol = Symbol;
    for (Fact &Each : E.Facts) map(Each);
    for (Call &C : E.Calls) map(C);
    P.Known.push_back(std::move(E));
  }
};

/// Tarjan's algorithm with an explicit stack (Tarjan 1972); components come out callees first.
class CallGraphOrder {
public:
  explicit CallGraphOrder(Program &P) : P(P), Nodes(P.Functions.size()), Edges(P.Functions.size()) {
    for (uint32_t I = 0; I < P.Functions.size(); ++I) collectCallees(I);
  }

  void run() {
    for (uint32_t I = 0; I < Nodes.size(); ++I)
      if (!Nodes[I].Index) visit(I);
  }

private:
  struct Node {
    uint32_t Index = 0, Low = 0, NextEdge = 0, Left = 0;
    bool OnStack = false;
  };
  Program &P;
  std::vector<Node> Nodes;
  std::vector<std::vector<uint32_t>> Edges;
  std::vector<uint32_t> Stack, Active;
  uint32_t Counter = 0, Leavings = 0;

  void addEdge(uint32_t From, FunctionId To) {
    if (To.valid()) Edges[From].push_back(To.index());
  }

  /// A function calls what its call facts name, what overrides it, and the closures whose code it mentions.
  void collectCallees(uint32_t I) {
    for (const Mention &M : P.mentions(FunctionId(I))) {
      if (M.How == Mention::GiveUp) continue;
      addEdge(I, P.body(M.Name));
      if (M.Virtual)
        for (FunctionId Over : P.overriders(M.Name)) addEdge(I, Over);
    }
    std::sort(Edges[I].begin(), Edges[I].end());
    Edges[I].erase(std::unique(Edges[I].begin(), Edges[I].end()), Edges[I].end());
  }

  void enter(uint32_t I) {
    Nodes[I].Index = Nodes[I].Low = ++Counter;
    Nodes[I].OnStack = true;
    Stack.push_back(I);
    Active.push_back(I);
  }

  void visit(uint32_t Start) {
    enter(Start);
    while (!Active.empty()) {
      uint32_t I = Active.back();
      if (Nodes[I].NextEdge < Edges[I].size()) {
        uint32_t To = Edges[I][Nodes[I].NextEdge++];
        if (!Nodes[To].Index)
          enter(To);
        else if (Nodes[To].OnStack)
          Nodes[I].Low = std::min(Nodes[I].Low, Nodes[To].Index);
        continue;
      }
      Active.pop_back();
      Nodes[I].Left = ++Leavings;
      if (!Active.empty()) Nodes[Active.back()].Low = std::min(Nodes[Active.back()].Low, Nodes[I].Low);
      if (Nodes[I].Low == Nodes[I].Index) popComponent(I);
    }
  }

  void popComponent(uint32_t Head) {
    std::vector<FunctionId> Component;
    uint32_t I;
    do {
      I = Stack.back();
      Stack.pop_back();
      Nodes[I].OnStack = false;
      Component.emplace_back(I);
    } while (I != Head);
    // In a cycle, too, most callees come before their callers.
    std::sort(Component.begin(), Component.end(),
              [&](FunctionId A, FunctionId B) { return Nodes[A.index()].Left < Nodes[B.index()].Left; });
    P.CalleesFirst.insert(P.CalleesFirst.end(), Component.begin(), Component.end());
    P.ComponentEnds.push_back(uint32_t(P.CalleesFirst.size()));
  }
};

/// Closes "overrides" over chains: a call of the base reaches every level below.
void collectOverriders(Program &P) {
  Table<NameId, std::vector<NameId>> Direct;
  for (const Function &F : P.Functions)
    for (NameId Base : F.Overrides) Direct[Base].push_back(F.Symbol);
  for (auto [Base, Overs] : Direct) {
    llvm::SmallVector<NameId, 8> Work(Overs.begin(), Overs.end());
    llvm::DenseSet<NameId> Seen;
    std::vector<FunctionId> Reached;
    while (!Work.empty()) {
      NameId Next = Work.pop_back_val();
      if (!Seen.insert(Next).second) continue;
      if (FunctionId Body = P.body(Next); Body.valid()) Reached.push_back(Body);
      if (auto It = Direct.find(Next); It != Direct.end()) Work.append(It->second.begin(), It->second.end());
    }
    std::sort(Reached.begin(), Reached.end());
    P.OverridersOf[Base] = std::move(Reached);
  }
}

void collectRunByObjects(Program &P) {
  for (const Effects &E : P.Known)
    if (P.Symbols.text(E.Symbol).starts_with("object by "))
      for (const Call &Each : E.Calls) P.RunByObjects.insert(Each.Callee);
}

} // namespace

struct Linker::State {
  Program P;
  Table<std::string, FileId> FileIds;
};

Linker::Linker() : S(new State) {}

Linker::~Linker() = default;

void Linker::add(Unit U, bool IsPartial) {
  if (IsPartial) S->P.Partial.push_back(U.MainFile);
  Merge(S->P, S->FileIds, U).run();
}

Program Linker::finish() {
  Program P = std::move(S->P);
  collectOverriders(P);
  collectRunByObjects(P);
  CallGraphOrder(P).run();
  return P;
}

Program refleak::link(std::vector<Unit> Units) {
  Linker L;
  for (Unit &U : Units) L.add(std::move(U));
  return L.finish();
}
