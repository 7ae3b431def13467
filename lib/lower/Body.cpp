#include "lower/Body.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

BlockId Body::newBlock() {
  F.Blocks.emplace_back();
  return BlockId(uint32_t(F.Blocks.size() - 1));
}

BlockId Body::exit() {
  if (!Exit) Exit = newBlock();
  return Exit;
}

void Body::fork(BlockId B) {
  if (!Current) return;
  std::vector<BlockId> &Next = F.Blocks[Current.index()].Successors;
  if (!llvm::is_contained(Next, B)) Next.push_back(B);
}

void Body::jump(BlockId B) {
  fork(B);
  stop();
}

Fact &Body::add(FactKind Kind, Span At) {
  Fact New;
  New.Kind = Kind;
  New.At = At;
  if (!Current) return Dropped = New;
  std::vector<Fact> &Facts = F.Blocks[Current.index()].Facts;
  Facts.push_back(New);
  return Facts.back();
}

void Body::add(Call Site, Span At) {
  if (!Current) return;
  add(FactKind::Call, At).Call = uint32_t(F.Calls.size());
  F.Calls.push_back(std::move(Site));
}

void Body::declareFlag(PathId P, Span At) {
  Flags.insert(P);
  if (At.known()) add(FactKind::Clear, At).Dst = P;
}

void Body::assume(PathId Flag, Truth Is, Span At, PathId By) {
  Fact &Known = add(FactKind::Assume, At);
  Known.Src = Flag;
  Known.Is = Is;
  Known.By = By;
}

void Body::give(PathId Flag, Truth Is, Span At) {
  add(FactKind::Clear, At).Dst = Flag;
  assume(Flag, Is, At);
}

PathId Body::newTemp() { return root(RootKind::Temp, F.Temps++); }
PathId Body::newHeap() { return root(RootKind::Heap, F.Heaps++); }

void Body::declareArray(PathId P) {
  auto It = llvm::lower_bound(F.Arrays, P);
  if (It == F.Arrays.end() || *It != P) F.Arrays.insert(It, P);
}

PathId Body::newLocal(std::string Name, Span At) {
  F.Locals.push_back({std::move(Name), At});
  return root(RootKind::Local, uint32_t(F.Locals.size() - 1));
}

bool Body::isOwn(PathId P) const {
  RootKind Kind = Out->Storage.rootOf(P).Kind;
  bool IsOwn = Kind == RootKind::Local || Kind == RootKind::Temp || Kind == RootKind::Arg;
  return IsOwn && Out->Storage.derefs(P) == 0;
}

/// Whether \p One begins or ends storage that is of no interest, or looks at it.
bool Body::isIdle(const Fact &One) const {
  if (One.Kind == FactKind::Use) {
    PathId Variable = Out->Storage.rootPath(One.Src);
    bool NoKey = One.How == Access::Write && !Passed.contains(Variable);
    return (One.How == Access::Read || NoKey) && isOwn(One.Src) && !Borrowed.contains(Variable);
  }
  bool Begins = One.Kind == FactKind::Live;
  if (!Begins && One.Kind != FactKind::Expire) return false;
  PathId P = Begins ? One.Dst : One.Src;
  return Out->Storage.isRoot(P) && isOwn(P) && !Borrowed.contains(P) && !(Begins ? KeptBegins : KeptEnds).contains(P);
}

/// Flags of which nothing follows: others may change them, or they are never tested where their value may be known.
llvm::DenseSet<PathId> Body::idleFlags() const {
  struct Mentions {
    uint32_t Tests = 0, Values = 0, Results = 0, True = 0, Unknown = 0;
  };
  llvm::DenseMap<PathId, Mentions> Of;
  for (const Call &Site : F.Calls)
    if (Site.Result.valid()) ++Of[Site.Result].Results;
  for (const Block &B : F.Blocks)
    for (size_t I = 0; I != B.Facts.size(); ++I) {
      const Fact &One = B.Facts[I];
      if (One.Kind == FactKind::Clear && Flags.contains(One.Dst)) ++Of[One.Dst].Unknown;
      if (!One.tellsFlag() || !Flags.contains(One.Src)) continue;
      size_t Before = I;
      while (Before != 0 && B.Facts[Before - 1].Kind == FactKind::Use && B.Facts[Before - 1].Src == One.Src) --Before;
      bool Given = Before != 0 && B.Facts[Before - 1].Kind == FactKind::Clear && B.Facts[Before - 1].Dst == One.Src;
      Mentions &Mention = Of[One.Src];
      ++(Given ? Mention.Values : Mention.Tests);
      if (!Given) continue;
      --Mention.Unknown;
      if (One.Is == Truth::True) ++Mention.True;
    }
  llvm::DenseSet<PathId> Idle;
  for (PathId Flag : Flags) {
    Mentions M = Of.lookup(Flag);
    RootKind Kind = Out->Storage.rootOf(Flag).Kind;
    bool Given = M.Values != 0 || M.Results != 0 || Kind == RootKind::Arg;
    // Each test is mentioned twice, once for each outcome. The result of the function is tested by its callers.
    // A callee may tell its arguments apart.
    bool Chosen = Passed.contains(Flag) && M.True != 0 && M.True != M.Values;
    bool Followed = M.Tests > 2 || (M.Tests != 0 && Given) || Chosen;
    if (Kind == RootKind::Ret)
      Followed = M.Results != 0 || (M.Values != 0 && (M.Unknown != 0 || (M.True != 0 && M.True != M.Values)));
    if (!Followed || Borrowed.contains(Flag)) Idle.insert(Flag);
  }
  return Idle;
}

void Body::dropIdleFacts() {
  for (const Block &B : F.Blocks)
    for (const Fact &One : B.Facts)
      if (One.Kind == FactKind::Borrow) Borrowed.insert(Out->Storage.rootPath(One.Src));
  for (const Call &Site : F.Calls)
    for (PathId Given : Site.Args)
      if (Given.valid()) Passed.insert(Given);
  llvm::DenseSet<PathId> Idle = idleFlags();
  auto ofIdleFlag = [&](const Fact &One) {
    return (One.tellsFlag() && Idle.contains(One.Src)) || (One.Kind == FactKind::Clear && Idle.contains(One.Dst));
  };
  for (Call &Site : F.Calls)
    if (Site.Result.valid() && Idle.contains(Site.Result)) Site.Result = PathId();
  for (Block &B : F.Blocks) llvm::erase_if(B.Facts, [&](const Fact &One) { return isIdle(One) || ofIdleFlag(One); });
}

/// Where control gets to from \p To without a fact or a choice in between.
BlockId Body::forwarded(BlockId To) const {
  for (unsigned Steps = 0; Steps != 64; ++Steps) {
    const Block &Here = F.Blocks[To.index()];
    if (!Here.Facts.empty() || Here.Successors.size() != 1 || Here.Successors[0] == To) break;
    To = Here.Successors[0];
  }
  return To;
}

/// No block leads to one that only leads on.
void Body::skipEmptyBlocks() {
  for (Block &Here : F.Blocks) {
    std::vector<BlockId> Next;
    for (BlockId To : Here.Successors) {
      To = forwarded(To);
      if (!llvm::is_contained(Next, To)) Next.push_back(To);
    }
    Here.Successors = std::move(Next);
  }
}

/// A block and the only one it leads to become one if nothing else leads there.
void Body::joinBlocks() {
  std::vector<bool> Reached(F.Blocks.size());
  std::vector<uint32_t> Predecessors(F.Blocks.size());
  llvm::SmallVector<BlockId, 32> Todo{BlockId(0)};
  Reached[0] = true;
  while (!Todo.empty()) {
    for (BlockId To : F.Blocks[Todo.pop_back_val().index()].Successors) {
      ++Predecessors[To.index()];
      if (!Reached[To.index()]) Todo.push_back(To);
      Reached[To.index()] = true;
    }
  }
  for (size_t I = 0; I != F.Blocks.size(); ++I) {
    Block &Here = F.Blocks[I];
    while (Reached[I] && Here.Successors.size() == 1) {
      BlockId To = Here.Successors[0];
      if (To == Exit || To.index() == I || To.index() == 0 || Predecessors[To.index()] != 1) break;
      Block &Next = F.Blocks[To.index()];
      Here.Facts.insert(Here.Facts.end(), Next.Facts.begin(), Next.Facts.end());
      Here.Successors = std::move(Next.Successors);
      Next = Block();
      Reached[To.index()] = false;
    }
  }
}

/// The parameters through which the function, or a function that it passes them to, may write cells.
llvm::DenseSet<PathId> Body::writtenThrough() const {
  llvm::DenseSet<PathId> Found;
  auto add = [&](PathId P, unsigned Derefs) {
    if (P.valid() && Out->Storage.derefs(P) >= Derefs && WaysToCells.contains(Out->Storage.rootPath(P)))
      Found.insert(Out->Storage.rootPath(P));
  };
  for (const Block &B : F.Blocks)
    for (const Fact &One : B.Facts) add(One.Dst, 1);
  for (const Call &Site : F.Calls) {
    add(Site.This, 0);
    for (PathId Given : Site.Args) add(Given, 0);
  }
  return Found;
}

/// The cells of callers' whose pointees the function, or a function that it passes them to, may destroy.
llvm::DenseSet<PathId> Body::endedThrough() const {
  llvm::DenseSet<PathId> Found;
  auto add = [&](PathId Cell) {
    RootKind K = Cell.valid() ? Out->Storage.rootOf(Cell).Kind : RootKind::Temp;
    if (K == RootKind::Arg || K == RootKind::This) Found.insert(Cell);
  };
  for (const Block &B : F.Blocks)
    for (const Fact &One : B.Facts)
      if (One.Kind == FactKind::Expire && !Out->Storage.isRoot(One.Src)) add(Out->Storage.base(One.Src));
  for (const Call &Site : F.Calls)
    for (PathId Given : Site.Args) add(Given);
  return Found;
}

/// A block that only says that a pointer is null, where paths meet right after it, says nothing, unless it is a
/// parameter through which cells are written elsewhere, something in a container, or what it leads to may be destroyed
/// where it is not null. Returns whether there was one.
bool Body::dropIdleTests() {
  llvm::DenseSet<PathId> Written = writtenThrough(), Ended = endedThrough();
  bool Found = false;
  for (Block &Here : F.Blocks) {
    if (Here.Successors.size() != 1 || Here.Facts.empty()) continue;
    auto isIdleTest = [&](const Fact &One) {
      return One.Kind == FactKind::Assume && One.Is == Truth::Null && !Written.contains(One.Src) &&
             !Ended.contains(One.Src) && Out->Storage.containers(One.Src) == 0;
    };
    if (!llvm::all_of(Here.Facts, isIdleTest)) continue;
    Here.Facts.clear();
    Found = true;
  }
  return Found;
}

/// Leaves the reachable blocks in an order in which, loops apart, a block stands after those that lead to it.
void Body::orderBlocks() {
  std::vector<bool> Seen(F.Blocks.size());
  std::vector<BlockId> Postorder;
  llvm::SmallVector<std::pair<BlockId, size_t>, 32> Stack{{BlockId(0), 0}};
  Seen[0] = true;
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    const std::vector<BlockId> &Successors = F.Blocks[B.index()].Successors;
    if (Next == Successors.size()) {
      Postorder.push_back(B);
      Stack.pop_back();
      continue;
    }
    // The last successor is what comes after a loop or branch; visited first, it stands last.
    BlockId To = Successors[Successors.size() - ++Next];
    if (Seen[To.index()] || To == Exit) continue;
    Seen[To.index()] = true;
    Stack.push_back({To, 0});
  }
  std::vector<BlockId> Order(Postorder.rbegin(), Postorder.rend());
  Order.push_back(Exit);
  std::vector<BlockId> NewId(F.Blocks.size());
  std::vector<Block> Blocks;
  for (BlockId B : Order) {
    NewId[B.index()] = BlockId(uint32_t(Blocks.size()));
    Blocks.push_back(std::move(F.Blocks[B.index()]));
  }
  for (Block &B : Blocks)
    for (BlockId &To : B.Successors) To = NewId[To.index()];
  F.Blocks = std::move(Blocks);
}

Function Body::take() {
  exit();
  dropIdleFacts();
  skipEmptyBlocks();
  joinBlocks();
  if (!KeepsTests && dropIdleTests()) {
    skipEmptyBlocks();
    joinBlocks();
  }
  orderBlocks();
  return std::move(F);
}
