#include "Reference.h"
#include "facts/Text.h"
#include "facts/Words.h"
#include <algorithm>
#include <cassert>

using namespace refleak;
using namespace refleak::reference;

namespace {

// The limits of lib/solve/Loans.h (Details: "Limits").
constexpr unsigned MaxDerefs = 3;
constexpr unsigned MaxProjections = 9;
constexpr unsigned MaxChain = 6;
constexpr uint32_t FirstScratch = 1u << 24;
constexpr uint32_t FirstClosureAddress = FirstScratch * 8;
constexpr uint32_t EarlierObject = 1u << 31;
constexpr KindMask AllButCodeAndWeak = KindMask(~(maskOf(LoanKind::Code) | maskOf(LoanKind::Weak)));

int compare(const LoanRef &A, const LoanRef &B) {
  if (!A || !B) return int(bool(A)) - int(bool(B));
  auto members = [](const Loan &L) {
    return std::tuple(L.Target, L.Kind, L.Why, L.Initial, L.Old, L.Loaded, L.Sure, L.Issued, L.Key, L.Cell, L.Apart,
                      L.Without);
  };
  if (members(*A) != members(*B)) return members(*A) < members(*B) ? -1 : 1;
  if (int Order = compare(A->Parent, B->Parent)) return Order;
  return compare(A->Within, B->Within);
}

void unite(Holding &Into, const LoanRef &L, const Life &F) {
  auto [It, Fresh] = Into.try_emplace(L, F);
  if (Fresh) return;
  Life &Known = It->second;
  Known.Alive |= F.Alive;
  if (F.Death.ever() && (!Known.Death.ever() || F.Death < Known.Death)) Known.Death = F.Death;
  Known.Via = std::min(Known.Via, F.Via);
}

void unite(Holding &Into, const Holding &From) {
  for (const auto &[L, F] : From) unite(Into, L, F);
}

/// A place that a path leads to, and the loan of the last dereference on the way.
struct Lent {
  PathId Place;
  LoanRef Through;
  Life Is;
};
using Places = std::vector<Lent>;

/// Where the formal roots of a callee's effects lie: its call, in the function itself.
using Site = const Call *;

struct Write {
  Places Dst, MovedFrom;
  std::map<PathId, Holding> Cells; ///< by the path from the places written on; see Solver::Here
  bool Weak = false;
  bool IsSame = false; ///< what is moved from is the object itself
};

class Solver {
public:
  Solver(Program &P, FunctionId Id)
      : P(P), F(P.whole(Id)), Here(P.Storage.root({RootKind::Constant, 0, P.Symbols.intern("here")})) {}

  Result run();

private:
  Program &P;
  const Function F;
  std::set<PathId> Arrays;           ///< the function's, and what its variables lead to that are moved along
  PathId Here;                       ///< stands for the place that a relative path starts from
  std::map<PathId, PathId> Contents; ///< what given containers had in them, by the cell of "Moved contents"
  Result Found;
  State S;
  Moment Now;
  bool InLoop = false, Collecting = false;
  std::set<PathId> LedThere;  ///< cells that dereferences went through since it was emptied
  bool TooDeep = false;       ///< a place was left out because of the limits
  Moment Needed;              ///< only loans that died then count as used, when set
  bool NeededAsGiven = false; ///< what is needed is not told of a global
  const Effects *Doing = nullptr;
  std::set<PathId> Shared;     ///< objects that a callee was given a share of
  std::set<Moment> WithResult; ///< deaths of what a call ends only if it gives something
  std::set<PathId> LetGo;      ///< places whose contents were moved away or cleared

  std::vector<uint32_t> Order;                      ///< blocks in reverse postorder
  std::vector<uint32_t> First;                      ///< by block: the number of its first fact, from 1
  std::vector<std::pair<uint32_t, uint32_t>> Facts; ///< by number, from 1: block and index
  std::vector<std::set<PathId>> DyingTemps;         ///< by block
  /// The limits of Details: "Flags".
  static constexpr size_t MaxFlags = 32, MaxParameters = 2, MaxCases = 8, MaxResults = 2;
  using Case = std::map<PathId, bool>;
  std::set<PathId> Flags;       ///< all that facts assume something of
  std::vector<PathId> Followed; ///< the first MaxFlags of them
  std::set<PathId> Telling;     ///< results of calls that tell by them what they did
  PathId AskedAtExit;           ///< the function's own result, if it is a flag
  std::set<PathId> Asked;       ///< those that the effects may tell
  std::set<uint32_t> Joined;    ///< blocks that had too many cases
  std::vector<std::vector<State>> Out;
  /// The first use of each element lent, by where it was lent and what it died of.
  std::map<std::pair<Moment, Moment>, Moment> Uses;
  std::set<std::tuple<PathId, Moment, Moment>> Bypasses; ///< cell, where its slot was lent, where it is written

  // Control flow
  void orderBlocks();
  void visit(uint32_t B, std::set<uint32_t> &Seen);
  bool reaches(uint32_t From, uint32_t To) const;
  void findTempsOfOneBlock();
  void findFlags();
  PathId writtenBy(const Fact &Each) const;
  bool tellsByResult(const Fact &Each) const;
  std::vector<uint32_t> runByResult(uint32_t B) const;
  void findArrays();
  bool matters(PathId Flag, uint32_t B) const;
  bool dependsOn(const Call &C, PathId Flag) const;
  std::map<Case, State> entry(uint32_t B);
  void runBlock(uint32_t B, unsigned Results);
  State marked(const State &One, const State &There);
  State join(const State &Into, const State &Other);

  // Places
  bool given(PathId Place) const;
  bool outlives(PathId Place) const;
  bool isBehindGiven(PathId Place) const;
  unsigned count(PathId Place, std::initializer_list<ProjectionKind> Kinds) const;
  unsigned containers(PathId Place) const { return count(Place, {ProjectionKind::Elem, ProjectionKind::Inline}); }
  std::optional<PathId> extend(PathId Place, const std::vector<Projection> &More) const;
  std::vector<Projection> suffix(PathId Place, PathId Prefix) const;
  bool isBelow(PathId Place, PathId Prefix, bool AcrossElements) const;
  Holding initial(PathId Cell, const Moment &Via);
  Holding value(const State &In, PathId Cell);
  bool isGivenIterator(const Loan &L) const;
  void followContents(PathId Container);
  Places resolve(PathId Path, Site At, bool Using);
  Places resolveRoot(PathId Path, Site At, bool Using);

  // Loans
  static LoanRef element(LoanRef L) {
    while (L->Parent && !L->Loaded) L = L->Parent;
    return L;
  }
  static LoanRef origin(LoanRef L) {
    while (L->Parent) L = L->Parent;
    return L;
  }
  template <class Change> static LoanRef changed(const LoanRef &L, Change Do);
  template <class Change> void changeLoans(Change Do);
  PathId withoutFields(PathId Place) const;
  bool sameKey(const LoanRef &A, const LoanRef &B) const;
  bool sameElement(const LoanRef &A, const LoanRef &B) const;
  static bool isOwnedWhereRead(const LoanRef &L);
  bool manyObjects(PathId Cell) const;
  bool inArray(PathId Cell) const;
  bool endsAsOne(PathId Place) const;
  LoanRef loaded(PathId Cell, const LoanRef &L, const LoanRef &Through) const;
  static LoanRef oneOf(const LoanRef &L, const Moment &Read, PathId Cell, const LoanRef &Within);
  void age();
  static void forgetRead(Loan &L);
  LoanRef outerElement(LoanRef L, PathId Content) const;
  void forgetReads(const Places &Written);
  LoanRef issue(Loan L);
  PathId key(PathId By, Site At);
  bool givenByValue(PathId Place) const;
  void forgetKey(PathId Place);
  void forgetWithout(PathId Place);

  // Writing
  bool single(const Places &Dst) const;
  bool leadsAlone(const Lent &To, const Places &Dst) const;
  void dropBelow(PathId Place);
  std::map<PathId, Holding> gather(const Places &Src);
  void commit(Write W);
  void goesTo(PathId From, PathId To, bool Whole, Write *Moved = nullptr);

  // Facts
  void fact(const Fact &Each, Site At);
  void ageAllocation(const Lent &Object);
  bool standsOn(PathId Target, PathId Place) const;
  void compared(const Fact &Each);
  Holding without(const Holding &Holds, PathId Place);
  static Holding guessed(const Holding &Holds);
  void live(const Fact &Each, Site At);
  Write borrow(const Fact &Each, Site At);
  Write copy(const Fact &Each, Site At);
  void noteBypass(const Write &W, const Lent &To);
  void use(const Fact &Each, Site At);
  void noteCopiedIterator(const Holding &All);
  void noteUse(const LoanRef &L, const Life &Is);
  void noteUse(const LoanRef &L, const Life &Is, const Moment &At);
  void need(const Fact &Each, Site At);
  bool reserved(PathId Place) const;
  bool isPosition(PathId Key) const;
  bool provenPresent(PathId Place, PathId Key) const;
  bool isOwnKey(const Places &By, PathId Contents);
  void signOff(PathId Container, const Call &C);
  void invalidate(const Fact &Each, Site At);
  template <class Predicate>
  void kill(PathId Place, KindMask Kinds, bool AcrossElements, bool Certain, Predicate Which);
  bool hasLivingOwner(PathId Object, PathId Ending = PathId()) const;
  template <class Predicate> void killOwned(PathId Content, bool Certain, Predicate Which);
  void endWhereAllAreMeant(const Places &Reached, bool Certain);
  template <class Predicate> void killInLoops(PathId Place, KindMask Kinds, Predicate Which);
  bool hasOtherOwner(const Lent &Object, const Fact &Reset, Site At);
  bool isLastOwner(PathId Owner);
  PathId leadTo(PathId Place, uint32_t Number);
  std::set<PathId> endedInTurn(PathId Cell);
  void isNull(PathId Flag);
  void isEmpty(const Places &Tested);
  void expire(const Fact &Each, Site At);
  void expire(PathId Place, bool Certain, unsigned Depth, const std::set<PathId> &By, const LoanRef &One = nullptr);
  void advance(const Fact &Each, Site At);
  std::vector<std::pair<const Effects *, Call>> candidates(const Call &C);
  void noteShared(const Call &C);
  void call(const Call &C);
  bool mayHappen(const Fact &Each, const Call &C) const;
  void effects(const Effects &E, const Call &C);
  void unknown(const Call &C);

  // Findings
  std::set<PathId> survivors() const;
  Moment endOfScope(PathId Target) const;
  Moment endOfOwner(const LoanRef &L, const Life &Is) const;
  const Effects &calleeAt(const Moment &W);
  const Fact &deathBy(const Moment &W);
  bool isLeftBehind(PathId Cell, const LoanRef &L, const Life &Is);
  bool isOneVariable(PathId Cell) const;
  bool comesFromBody(const LoanRef &L);
  void collectEscapes();
  void print();
  std::string text(PathId Path) const;
  std::string text(const Moment &W) const;
  std::string text(const LoanRef &L) const;
};

} // namespace

bool LoanOrder::operator()(const LoanRef &A, const LoanRef &B) const { return compare(A, B) < 0; }

bool reference::operator==(const State &A, const State &B) {
  auto same = [](const Holding &X, const Holding &Y) {
    return X.size() == Y.size() && std::equal(X.begin(), X.end(), Y.begin(), [](const auto &L, const auto &R) {
             return compare(L.first, R.first) == 0 && L.second == R.second;
           });
  };
  auto sameLoans = [](const auto &X, const auto &Y) {
    return X.first == Y.first && std::equal(X.second.begin(), X.second.end(), Y.second.begin(), Y.second.end(),
                                            [](auto &L, auto &R) { return compare(L, R) == 0; });
  };
  return A.Flags == B.Flags && A.Reserved == B.Reserved &&
         std::equal(A.Empty.begin(), A.Empty.end(), B.Empty.begin(), B.Empty.end(), sameLoans) &&
         A.Cells.size() == B.Cells.size() &&
         std::equal(A.Cells.begin(), A.Cells.end(), B.Cells.begin(),
                    [&](const auto &L, const auto &R) { return L.first == R.first && same(L.second, R.second); });
}

//===- Control flow -----------------------------------------------------------------------------------------------===//

void Solver::visit(uint32_t B, std::set<uint32_t> &Seen) {
  if (!Seen.insert(B).second) return;
  for (BlockId To : F.Blocks[B].Successors) visit(To.index(), Seen);
  Order.insert(Order.begin(), B);
}

bool Solver::reaches(uint32_t From, uint32_t To) const {
  std::set<uint32_t> Seen;
  std::vector<uint32_t> Pending;
  for (BlockId Next : F.Blocks[From].Successors) Pending.push_back(Next.index());
  while (!Pending.empty()) {
    uint32_t B = Pending.back();
    Pending.pop_back();
    if (B == To) return true;
    if (!Seen.insert(B).second) continue;
    for (BlockId Next : F.Blocks[B].Successors) Pending.push_back(Next.index());
  }
  return false;
}

void Solver::orderBlocks() {
  std::set<uint32_t> Seen;
  visit(0, Seen);
  First.resize(F.Blocks.size());
  Facts.push_back({});
  for (uint32_t B : Order) {
    First[B] = uint32_t(Facts.size());
    for (uint32_t I = 0; I != F.Blocks[B].Facts.size(); ++I) Facts.push_back({B, I});
  }
}

/// Details: "Temporaries".
void Solver::findTempsOfOneBlock() {
  DyingTemps.resize(F.Blocks.size());
  std::map<PathId, std::set<uint32_t>> Homes;
  for (uint32_t B = 0; B != F.Blocks.size(); ++B) {
    auto mention = [&](PathId Path) {
      if (!Path.valid()) return;
      while (!P.Storage.isRoot(Path)) Path = P.Storage.base(Path);
      if (P.Storage.rootOf(Path).Kind == RootKind::Temp) Homes[Path].insert(B);
    };
    for (const Fact &Each : F.Blocks[B].Facts) {
      for (PathId Path : {Each.Dst, Each.Src, Each.By}) mention(Path);
      if (Each.Kind != FactKind::Call) continue;
      const Call &C = F.Calls[Each.Call];
      for (PathId Path : {C.Through, C.Result, C.This}) mention(Path);
      for (PathId Path : C.Args) mention(Path);
    }
  }
  for (const auto &[Temp, Blocks] : Homes)
    if (Blocks.size() == 1) DyingTemps[*Blocks.begin()].insert(Temp);
}

/// "Meeting": \p One with the loans marked that only it holds, on what a cell leads to that is empty here.
State Solver::marked(const State &One, const State &There) {
  std::vector<std::pair<PathId, PathId>> GivenUp;
  for (const auto &[Cell, Holds] : There.Cells)
    for (const auto &[L, Is] : Holds) {
      bool MadeHere = P.Storage.rootOf(L->Target).Kind == RootKind::Heap;
      if (P.Storage.rootOf(Cell).Kind != RootKind::Temp && Is.Alive && (L->Kind == LoanKind::Own || MadeHere) &&
          value(One, Cell).empty())
        GivenUp.emplace_back(Cell, L->Target);
    }
  State Marked = One;
  for (auto &[Cell, Holds] : Marked.Cells) {
    Holding New, Other = value(There, Cell);
    for (const auto &[L, Is] : Holds) {
      auto From = std::find_if(GivenUp.begin(), GivenUp.end(),
                               [&](const auto &Each) { return isBelow(L->Target, Each.second, true); });
      auto Changed = std::make_shared<Loan>(*L);
      if (Is.Alive && !Other.contains(L) && !L->Without.valid() && From != GivenUp.end())
        Changed->Without = From->first;
      unite(New, Changed, Is);
    }
    Holds = New;
  }
  return Marked;
}

State Solver::join(const State &Into, const State &Other) {
  State A = marked(Into, Other), B = marked(Other, A), United;
  for (const State *From : {&A, &B})
    for (const auto &[Cell, Holds] : From->Cells) United.Cells[Cell] = {};
  for (auto &[Cell, Holds] : United.Cells) {
    unite(Holds, value(A, Cell));
    unite(Holds, value(B, Cell));
  }
  std::set_intersection(A.Reserved.begin(), A.Reserved.end(), B.Reserved.begin(), B.Reserved.end(),
                        std::inserter(United.Reserved, United.Reserved.end()));
  for (const auto &[Cell, Elements] : A.Empty)
    for (const LoanRef &L : Elements)
      if (auto It = B.Empty.find(Cell); It != B.Empty.end() && It->second.contains(L)) United.Empty[Cell].insert(L);
  std::set_intersection(A.Flags.begin(), A.Flags.end(), B.Flags.begin(), B.Flags.end(),
                        std::inserter(United.Flags, United.Flags.end()));
  return United;
}

/// "Arrays": until nothing is found any more.
void Solver::findArrays() {
  auto add = [&](PathId Array) {
    auto All = P.Storage.projections(Array);
    if (extend(P.Storage.rootPath(Array), std::vector<Projection>(All.begin(), All.end()))) Arrays.insert(Array);
  };
  for (PathId Array : F.Arrays) add(Array);
  for (size_t Before = 0; Before != Arrays.size();) {
    Before = Arrays.size();
    for (const Block &B : F.Blocks)
      for (const Fact &Each : B.Facts) {
        bool Lends = Each.Kind == FactKind::Borrow;
        if (!Lends && Each.Kind != FactKind::Copy && Each.Kind != FactKind::Move) continue;
        PathId Led = P.Storage.deref(Each.Dst), From = Lends ? Led : Each.Dst;
        for (PathId Array : std::set<PathId>(Arrays)) {
          if (!P.Storage.startsWith(Array, Led)) continue;
          PathId Also = Each.Src;
          for (const Projection &Next : suffix(Array, From)) Also = P.Storage.extend(Also, Next);
          add(Also);
        }
      }
  }
}

/// Details: "Flags".
void Solver::findFlags() {
  std::set<PathId> Written, Results;
  auto follow = [&](PathId Flag) {
    if (Flags.insert(Flag).second && Followed.size() < MaxFlags) Followed.push_back(Flag);
  };
  for (uint32_t B : Order)
    for (const Fact &Each : F.Blocks[B].Facts) {
      if (writtenBy(Each).valid()) Written.insert(writtenBy(Each));
      if (Each.Kind == FactKind::Call) Results.insert(writtenBy(Each));
      if (tellsByResult(Each)) Telling.insert(writtenBy(Each));
    }
  PathId Result = P.Storage.root({RootKind::Ret, 0, NameId()});
  if (Telling.contains(Result)) follow(Result);
  for (uint32_t B : Order)
    for (const Fact &Each : F.Blocks[B].Facts)
      if (Each.tellsFlag() && (P.Storage.rootOf(Each.Src).Kind != RootKind::Temp || !Results.contains(Each.Src) ||
                               Telling.contains(Each.Src)))
        follow(Each.Src);
  if (std::find(Followed.begin(), Followed.end(), Result) != Followed.end()) AskedAtExit = Result;
  unsigned Parameters = 0;
  for (PathId Flag : Followed)
    if (P.Storage.rootOf(Flag).Kind == RootKind::Arg && !Written.contains(Flag) && Parameters++ < MaxParameters)
      Asked.insert(Flag);
}

/// What \p Each writes as a whole.
PathId Solver::writtenBy(const Fact &Each) const {
  return Each.Kind == FactKind::Call ? F.Calls[Each.Call].Result : Each.Dst;
}

/// Whether some of what a call does happens only when it gives true, or false.
bool Solver::tellsByResult(const Fact &Each) const {
  if (Each.Kind != FactKind::Call) return false;
  const Call &C = F.Calls[Each.Call];
  const Effects *Known = C.Callee.valid() && !C.Virtual && C.Result.valid() ? P.known(C.Callee) : nullptr;
  return Known && P.Storage.isRoot(C.Result) &&
         std::any_of(Known->Facts.begin(), Known->Facts.end(), [&](const Fact &Inside) {
           return Inside.If.valid() && P.Storage.rootOf(Inside.If).Kind == RootKind::Ret;
         });
}

/// The calls of block \p B that are run once for each result.
std::vector<uint32_t> Solver::runByResult(uint32_t B) const {
  std::vector<uint32_t> Calls;
  for (uint32_t I = 0; I != F.Blocks[B].Facts.size() && Calls.size() != MaxResults; ++I) {
    const Fact &Each = F.Blocks[B].Facts[I];
    PathId Result = writtenBy(Each);
    bool Asks = Each.Kind == FactKind::Call && Telling.contains(Result);
    if (Asks && std::find(Followed.begin(), Followed.end(), Result) != Followed.end()) Calls.push_back(I);
  }
  return Calls;
}

/// Whether what \p C does depends on the argument \p Flag.
bool Solver::dependsOn(const Call &C, PathId Flag) const {
  const Effects *Known = C.Callee.valid() && !C.Virtual ? P.known(C.Callee) : nullptr;
  return Known && std::any_of(Known->Facts.begin(), Known->Facts.end(), [&](const Fact &Inside) {
    if (!Inside.If.valid() || !P.Storage.isRoot(Inside.If)) return false;
    const Root &R = P.Storage.rootOf(Inside.If);
    return R.Kind == RootKind::Arg && R.Index < C.Args.size() && C.Args[R.Index] == Flag;
  });
}

/// Whether what is known of \p Flag at the beginning of \p B matters: some path leads to a test of it, or to the end
/// for a parameter that stays as it is, and does not write it before.
bool Solver::matters(PathId Flag, uint32_t B) const {
  if (std::find(Followed.begin(), Followed.end(), Flag) == Followed.end()) return false;
  if (Asked.contains(Flag)) return true;
  uint32_t Exit = uint32_t(F.Blocks.size()) - 1;
  std::set<uint32_t> Seen;
  std::vector<uint32_t> Pending{B};
  while (!Pending.empty()) {
    uint32_t At = Pending.back();
    Pending.pop_back();
    if (!Seen.insert(At).second) continue;
    bool Written = false;
    for (const Fact &Each : F.Blocks[At].Facts) {
      if (Each.Kind == FactKind::Assume && Each.Src == Flag) return true;
      if (Each.Kind == FactKind::Call && dependsOn(F.Calls[Each.Call], Flag)) return true;
      if (writtenBy(Each) == Flag) {
        Written = true;
        break;
      }
    }
    if (Written) continue;
    if (At == Exit && Flag == AskedAtExit) return true;
    for (BlockId Next : F.Blocks[At].Successors) Pending.push_back(Next.index());
  }
  return false;
}

std::map<Solver::Case, State> Solver::entry(uint32_t B) {
  std::map<Case, State> In;
  auto arrive = [&](State From) {
    std::erase_if(From.Flags, [&](const auto &K) { return !matters(K.first, B); });
    Case Which = Joined.contains(B) ? Case() : From.Flags;
    auto [It, Fresh] = In.try_emplace(Which, From);
    if (!Fresh) It->second = join(It->second, From);
  };
  auto arriveAll = [&] {
    In.clear();
    if (B == 0) arrive(State());
    for (uint32_t From : Order)
      for (BlockId To : F.Blocks[From].Successors)
        if (To.index() == B)
          for (const State &Each : Out[From]) arrive(Each);
  };
  arriveAll();
  if (In.size() > MaxCases) {
    Joined.insert(B);
    arriveAll();
  }
  return In;
}

/// \p Results: for each of the calls that runByResult tells, whether it gives true.
void Solver::runBlock(uint32_t B, unsigned Results) {
  InLoop = reaches(B, B);
  std::vector<uint32_t> RunEach = runByResult(B);
  for (uint32_t I = 0; I != F.Blocks[B].Facts.size() && !S.Impossible; ++I) {
    Now = {First[B] + I, 0, 0};
    const Fact &Each = F.Blocks[B].Facts[I];
    if (writtenBy(Each).valid()) S.Flags.erase(writtenBy(Each));
    if (auto It = std::find(RunEach.begin(), RunEach.end(), I); It != RunEach.end())
      S.Flags[writtenBy(Each)] = Results >> (It - RunEach.begin()) & 1;
    if (Each.Kind == FactKind::Call)
      call(F.Calls[Each.Call]);
    else if (Each.Kind != FactKind::Clear || !Flags.contains(Each.Dst)) // a flag holds no loans
      fact(Each, nullptr);
  }
  std::erase_if(S.Cells, [&](const auto &C) { return DyingTemps[B].contains(P.Storage.rootPath(C.first)); });
}

Result Solver::run() {
  if (F.Blocks.empty()) return Found;
  orderBlocks();
  findTempsOfOneBlock();
  findArrays();
  findFlags();
  Out.resize(F.Blocks.size());
  // Details: "Order". The blocks whose entry may have changed; of those that no other one leads to, but for what they
  // lead back to, the first in reverse postorder is next.
  std::map<uint32_t, uint32_t> Position;
  std::set<uint32_t> Pending;
  for (uint32_t I = 0; I != Order.size(); ++I) {
    Position[Order[I]] = I;
    Pending.insert(I);
  }
  while (!Pending.empty()) {
    auto isNext = [&](uint32_t I) {
      return std::none_of(Pending.begin(), Pending.end(), [&](uint32_t Other) {
        return Other != I && reaches(Order[Other], Order[I]) && !reaches(Order[I], Order[Other]);
      });
    };
    auto Next = std::find_if(Pending.begin(), Pending.end(), isNext);
    uint32_t B = Order[*Next];
    Pending.erase(Next);
    std::vector<State> After;
    for (const auto &[Which, In] : entry(B))
      for (unsigned Results = 0; Results >> runByResult(B).size() == 0; ++Results) {
        S = In;
        runBlock(B, Results);
        if (!Found.Covered) return Found;
        if (!S.Impossible) After.push_back(S);
      }
    if (After.empty() || After == Out[B]) continue;
    Out[B] = After;
    for (BlockId To : F.Blocks[B].Successors) Pending.insert(Position[To.index()]);
  }
  Collecting = true;
  for (uint32_t B : Order)
    for (const auto &[Which, In] : entry(B))
      for (unsigned Results = 0; Results >> runByResult(B).size() == 0; ++Results) {
        S = In;
        runBlock(B, Results);
      }
  print();
  return Found;
}

//===- Places -----------------------------------------------------------------------------------------------------===//

bool Solver::given(PathId Place) const {
  RootKind K = P.Storage.rootOf(Place).Kind;
  return K == RootKind::Arg || K == RootKind::This || K == RootKind::Global;
}

bool Solver::isBehindGiven(PathId Place) const {
  RootKind K = P.Storage.rootOf(Place).Kind;
  bool Given = K == RootKind::Arg || K == RootKind::This || K == RootKind::Global;
  return Given && !P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Deref;
}

bool Solver::outlives(PathId Place) const {
  RootKind K = P.Storage.rootOf(Place).Kind;
  if (K == RootKind::Global || K == RootKind::Ret) return true;
  return (K == RootKind::Arg || K == RootKind::This) && count(Place, {ProjectionKind::Deref}) != 0;
}

unsigned Solver::count(PathId Place, std::initializer_list<ProjectionKind> Kinds) const {
  auto Projections = P.Storage.projections(Place);
  return unsigned(std::count_if(Projections.begin(), Projections.end(), [&](const Projection &Each) {
    return std::find(Kinds.begin(), Kinds.end(), Each.Kind) != Kinds.end();
  }));
}

/// Details: "Limits". A place that would be too long is no place.
std::optional<PathId> Solver::extend(PathId Place, const std::vector<Projection> &More) const {
  for (const Projection &Each : More) {
    Place = P.Storage.extend(Place, Each);
    if (P.Storage.depth(Place) > MaxProjections || count(Place, {ProjectionKind::Deref}) > MaxDerefs)
      return std::nullopt;
  }
  return Place;
}

std::vector<Projection> Solver::suffix(PathId Place, PathId Prefix) const {
  auto All = P.Storage.projections(Place);
  return std::vector<Projection>(All.begin() + P.Storage.depth(Prefix), All.end());
}

bool Solver::isBelow(PathId Place, PathId Prefix, bool AcrossElements) const {
  if (!P.Storage.startsWith(Place, Prefix)) return false;
  for (const Projection &Each : suffix(Place, Prefix))
    if (Each.Kind == ProjectionKind::Deref || (Each.Kind == ProjectionKind::Elem && !AcrossElements)) return false;
  return true;
}

Holding Solver::initial(PathId Cell, const Moment &Via) {
  Holding Reached;
  std::optional<PathId> Target = extend(Cell, {{ProjectionKind::Deref, NameId()}});
  if (!Target) return Reached;
  auto L = std::make_shared<Loan>();
  L->Target = *Target;
  L->Initial = true;
  Reached[L] = {true, {}, Via};
  return Reached;
}

/// "Entries": an iterator that was given by value leads where it led, and its parts are as they were given.
bool Solver::isGivenIterator(const Loan &L) const {
  return L.Kind == LoanKind::Iterator && L.Why == Reason::Argument && P.Storage.derefs(L.Target) == 1 &&
         P.Storage.rootOf(L.Target).Kind == RootKind::Arg && P.Storage.isRoot(P.Storage.base(L.Target));
}

/// "State": what a cell holds; one without an entry is the image of an initial loan above it, or holds its own.
Holding Solver::value(const State &In, PathId Cell) {
  if (auto It = In.Cells.find(Cell); It != In.Cells.end()) return It->second;
  for (PathId Above = Cell; !P.Storage.isRoot(Above) && P.Storage.last(Above).Kind != ProjectionKind::Deref;) {
    Above = P.Storage.base(Above);
    auto It = In.Cells.find(Above);
    if (It == In.Cells.end()) continue;
    Holding Images;
    for (const auto &[L, Is] : It->second)
      if (L->Initial || isGivenIterator(*L))
        if (std::optional<PathId> Image = extend(P.Storage.base(L->Target), suffix(Cell, Above)))
          for (const auto &[Part, PartIs] : initial(*Image, Is.Via))
            unite(Images, L->Loaded ? oneOf(Part, L->Issued, L->Cell.valid() ? *Image : PathId(), L->Within) : Part,
                  PartIs);
    return Images;
  }
  if (auto It = Contents.find(Cell); It != Contents.end()) {
    auto There = std::make_shared<Loan>();
    There->Target = It->second;
    return {{There, {true, {}, {}}}};
  }
  return given(Cell) ? initial(Cell, {}) : Holding();
}

/// Details: "Moved contents".
void Solver::followContents(PathId Container) {
  std::optional<PathId> Elements = extend(Container, {{ProjectionKind::Elem, NameId()}});
  if (!outlives(Container) || P.Storage.rootOf(Container).Kind == RootKind::Ret || !Elements) return;
  NameId Name = P.Symbols.intern("contents " + std::to_string(Elements->index()));
  PathId Cell = P.Storage.root({RootKind::Constant, 0, Name});
  Contents[Cell] = *Elements;
  S.Cells.try_emplace(Cell, value(S, Cell));
}

Places Solver::resolveRoot(PathId Path, Site At, bool Using) {
  const Root R = P.Storage.rootOf(Path);
  if (!At) return {{Path, nullptr, {}}};
  PathId Actual;
  switch (R.Kind) {
  case RootKind::This:
    Actual = At->This;
    break;
  case RootKind::Ret:
    Actual = At->Result;
    break;
  case RootKind::Arg:
    if (R.Index < At->Args.size()) Actual = At->Args[R.Index];
    break;
  case RootKind::Temp:
  case RootKind::Heap: {
    uint32_t Number = FirstScratch + ((Now.Fact - 1) % 65536) * 256 + R.Index % 256;
    return {{P.Storage.root({R.Kind, Number, NameId()}), nullptr, {}}};
  }
  default:
    return {{Path, nullptr, {}}};
  }
  return Actual.valid() ? resolve(Actual, nullptr, Using) : Places();
}

/// "Resolving". With \p Using, the loans that a dereference goes through are used.
Places Solver::resolve(PathId Path, Site At, bool Using) {
  if (P.Storage.isRoot(Path)) return resolveRoot(Path, At, Using);
  Projection Last = P.Storage.last(Path);
  Places Reached;
  std::map<LoanRef, size_t, LoanOrder> Seen;
  for (const Lent &Base : resolve(P.Storage.base(Path), At, Using)) {
    if (Last.Kind != ProjectionKind::Deref) {
      std::optional<PathId> Longer = extend(Base.Place, {Last});
      if (Longer) Reached.push_back({*Longer, Base.Through, Base.Is});
      TooDeep |= !Longer;
      continue;
    }
    TooDeep |= given(Base.Place) && !extend(Base.Place, {Last});
    if (auto It = S.Empty.find(Base.Place);
        Base.Through && It != S.Empty.end() &&
        std::any_of(It->second.begin(), It->second.end(), [&](auto &L) { return sameElement(L, Base.Through); }))
      continue;
    for (const auto &[L, Is] : value(S, Base.Place)) {
      if (L->Kind == LoanKind::Code) continue;
      LedThere.insert(Base.Place);
      if (Using) noteUse(L, Is);
      LoanRef One = loaded(Base.Place, L, Base.Through);
      if (Seen.try_emplace(One, Reached.size()).second) Reached.push_back({One->Target, One, Is});
    }
  }
  return Reached;
}

//===- Loans ------------------------------------------------------------------------------------------------------===//

/// The loan after Do was done to it, its ancestors and what it is within.
template <class Change> LoanRef Solver::changed(const LoanRef &L, Change Do) {
  if (!L) return L;
  auto New = std::make_shared<Loan>(*L);
  New->Parent = changed(L->Parent, Do);
  New->Within = changed(L->Within, Do);
  Do(*New);
  return New;
}

template <class Change> void Solver::changeLoans(Change Do) {
  for (auto &[Cell, Holds] : S.Cells) {
    Holding New;
    for (const auto &[L, Is] : Holds) unite(New, changed(L, Do), Is);
    Holds = New;
  }
  for (auto &[Cell, Elements] : S.Empty) {
    std::set<LoanRef, LoanOrder> New;
    for (const LoanRef &L : Elements) New.insert(changed(L, Do));
    Elements = New;
  }
}

bool Solver::manyObjects(PathId Cell) const {
  const Root &R = P.Storage.rootOf(Cell);
  return containers(Cell) != 0 || (R.Kind == RootKind::Heap && (R.Index & EarlierObject)) || inArray(Cell);
}

/// Details: "Expire".
bool Solver::endsAsOne(PathId Place) const {
  if (!manyObjects(Place) || Arrays.contains(Place)) return true;
  if (P.Storage.isRoot(Place) || P.Storage.last(Place).Kind != ProjectionKind::Inline) return false;
  PathId Made = P.Storage.base(Place);
  return P.Storage.isRoot(Made) && P.Storage.rootOf(Made).Kind == RootKind::Heap && !manyObjects(Made);
}

/// "Arrays": whether \p Cell is an object of one, or a part of that.
bool Solver::inArray(PathId Cell) const {
  return std::any_of(Arrays.begin(), Arrays.end(), [&](PathId Array) { return P.Storage.startsWith(Cell, Array); });
}

PathId Solver::withoutFields(PathId Place) const {
  while (!P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Field) Place = P.Storage.base(Place);
  return Place;
}

bool Solver::sameKey(const LoanRef &A, const LoanRef &B) const {
  return A->Key.valid() && A->Key == B->Key && withoutFields(A->Target) == withoutFields(B->Target);
}

bool Solver::sameElement(const LoanRef &A, const LoanRef &B) const {
  LoanRef X = element(A), Y = element(B);
  if (compare(X, Y) == 0 || sameKey(A, B)) return true;
  bool ReadAlike =
      X->Loaded && Y->Loaded && X->Cell == Y->Cell && X->Target == Y->Target && compare(X->Parent, Y->Parent) == 0;
  return ReadAlike && X->Within && Y->Within && sameElement(X->Within, Y->Within);
}

/// What types declare is no matter here.
bool Solver::isOwnedWhereRead(const LoanRef &L) {
  for (LoanRef Each = L; Each; Each = Each->Parent) {
    if (Each->Kind == LoanKind::Own) return true;
    if (Each->Loaded) break;
  }
  return false;
}

/// "Cells that stand for many": the loan of one of them.
LoanRef Solver::loaded(PathId Cell, const LoanRef &L, const LoanRef &Through) const {
  if (!manyObjects(Cell) || L->Kind == LoanKind::Code) return L;
  bool Known = Through && !inArray(Cell) && containers(element(Through)->Target) == containers(Cell);
  return oneOf(L, Now, Cell, Known ? element(Through) : nullptr);
}

LoanRef Solver::oneOf(const LoanRef &L, const Moment &Read, PathId Cell, const LoanRef &Within) {
  if (L->Loaded && L->Issued == Read) return L;
  auto One = std::make_shared<Loan>(*L);
  if (!L->Loaded) One->Parent = L;
  One->Loaded = true;
  One->Old = false;
  One->Issued = Read;
  One->Key = PathId();
  One->Cell = Cell;
  One->Within = Within;
  return One;
}

/// Details: "Rounds of a loop".
void Solver::age() {
  changeLoans([&](Loan &L) { L.Old |= L.Issued == Now; });
}

void Solver::forgetRead(Loan &L) {
  L.Cell = PathId();
  if (L.Loaded) L.Within = nullptr;
}

/// Details: "One of many": what was read out of elements that are written is not what is there now.
void Solver::forgetReads(const Places &Written) {
  for (const Lent &To : Written) {
    std::erase_if(S.Empty, [&](const auto &Each) {
      return P.Storage.startsWith(Each.first, To.Place) || P.Storage.startsWith(To.Place, Each.first);
    });
    if (!manyObjects(To.Place)) continue;
    changeLoans([&](Loan &L) {
      if (L.Cell.valid() && (P.Storage.startsWith(L.Cell, To.Place) || P.Storage.startsWith(To.Place, L.Cell)))
        forgetRead(L);
    });
  }
}

/// Details: "Invalidate": the loan on an element of Content that what L leads to lies in.
LoanRef Solver::outerElement(LoanRef L, PathId Content) const {
  while (L->Within && !element(L)->Loaded) {
    L = L->Within;
    if (containers(L->Target) == containers(Content)) return L;
  }
  return nullptr;
}

/// Details: "Chains".
LoanRef Solver::issue(Loan L) {
  L.Issued = Now;
  unsigned Length = 0;
  for (LoanRef A = L.Parent; A; A = A->Parent, ++Length) {
    if (A->Issued == Now && A->Target == L.Target && A->Kind == L.Kind) return A;
    if (Length == MaxChain) {
      L.Parent = element(A);
      break;
    }
  }
  if (L.Within) L.Within = element(L.Within);
  return std::make_shared<Loan>(L);
}

bool Solver::givenByValue(PathId Place) const {
  const Root &R = P.Storage.rootOf(Place);
  return P.Storage.isRoot(Place) && R.Kind == RootKind::Arg && R.Index < F.Parameters.size() &&
         F.Parameters[R.Index].How == Passing::Value;
}

/// Details: "Keys".
PathId Solver::key(PathId By, Site At) {
  if (!By.valid()) return PathId();
  Places Reached = resolve(By, At, false);
  if (Reached.size() != 1) return PathId();
  PathId Place = Reached[0].Place;
  auto element = [&](PathId Many, const LoanRef &L) {
    bool IsOneOf = L && L->Key.valid() && P.Storage.rootOf(L->Key).Kind == RootKind::Constant && manyObjects(Many);
    return IsOneOf ? P.Storage.field(Many, P.Storage.rootOf(L->Key).Name) : PathId();
  };
  if (PathId One = element(Place, Reached[0].Through); One.valid()) return One;
  Holding Holds = value(S, Place);
  if (givenByValue(Place) && llvm::all_of(Holds, [](const auto &Each) { return Each.first->Initial; })) return Place;
  if (Holds.size() == 1) {
    PathId Target = Holds.begin()->first->Target, One = element(Target, Holds.begin()->first);
    return One.valid() ? One : Target;
  }
  return Holds.empty() && P.Storage.rootOf(Place).Kind != RootKind::Temp ? Place : PathId();
}

void Solver::forgetKey(PathId Place) {
  changeLoans([&](Loan &L) {
    bool OfElement = L.Key.valid() && !P.Storage.isRoot(L.Key) && P.Storage.base(L.Key) == Place && manyObjects(Place);
    if (L.Key == Place || OfElement) L.Key = PathId();
  });
}

//===- Writing ----------------------------------------------------------------------------------------------------===//

/// One place that stands for one object.
bool Solver::single(const Places &Dst) const {
  if (Dst.size() != 1) return false;
  return !manyObjects(Dst[0].Place);
}

/// Details: "Several targets": one variable leads to all of Dst, and nothing else to the allocation To.
bool Solver::leadsAlone(const Lent &To, const Places &Dst) const {
  PathId Made = P.Storage.rootPath(To.Place);
  if (Dst.size() < 2 || P.Storage.rootOf(Made).Kind != RootKind::Heap || manyObjects(To.Place)) return false;
  std::vector<PathId> Leading;
  for (const auto &[Cell, Holds] : S.Cells)
    if (P.Storage.rootOf(Cell).Kind != RootKind::Temp && P.Storage.rootPath(Cell) != Made &&
        std::any_of(Holds.begin(), Holds.end(),
                    [&](const auto &Each) { return P.Storage.rootPath(Each.first->Target) == Made; }))
      Leading.push_back(Cell);
  if (Leading.size() != 1 || !P.Storage.isRoot(Leading[0])) return false;
  const Holding &Holds = S.Cells.at(Leading[0]);
  return std::all_of(Dst.begin(), Dst.end(),
                     [&](const Lent &Each) { return Each.Through && Holds.contains(Each.Through); });
}

void Solver::dropBelow(PathId Place) {
  std::erase_if(S.Cells, [&](const auto &C) { return isBelow(C.first, Place, true); });
}

/// What the places hold, with all below them, by the path from the place on.
std::map<PathId, Holding> Solver::gather(const Places &Src) {
  std::map<PathId, Holding> Cells;
  for (const Lent &From : Src) {
    Holding &Own = Cells[Here];
    for (const auto &[L, Is] : value(S, From.Place)) unite(Own, loaded(From.Place, L, From.Through), Is);
    for (const auto &[Cell, Holds] : S.Cells) {
      if (Cell == From.Place || !isBelow(Cell, From.Place, true)) continue;
      std::optional<PathId> Relative = extend(Here, suffix(Cell, From.Place));
      if (!Relative) continue;
      bool OfOne = containers(Cell) == containers(From.Place);
      Holding &Part = Cells[*Relative];
      for (const auto &[L, Is] : Holds) unite(Part, OfOne ? loaded(Cell, L, From.Through) : L, Is);
    }
  }
  return Cells;
}

void Solver::commit(Write W) {
  // What is written as the content of a container is one more element, or none are left.
  Places Elements = W.Dst;
  std::erase_if(Elements,
                [&](const Lent &To) { return To.Through && containers(To.Through->Target) < containers(To.Place); });
  forgetReads(Elements);
  for (const Lent &From : W.MovedFrom) {
    if (Collecting) LetGo.insert(From.Place);
    if (W.MovedFrom.size() == 1 && W.Dst.size() == 1 && W.Dst[0].Place != From.Place) {
      followContents(From.Place);
      goesTo(From.Place, W.Dst[0].Place, W.IsSame, &W);
    }
    if (!single(W.MovedFrom)) continue;
    dropBelow(From.Place);
    if (given(From.Place)) S.Cells[From.Place] = {};
  }
  bool All = W.Dst.size() == 1 && !P.Storage.isRoot(W.Dst[0].Place) && isElement(P.Storage.last(W.Dst[0].Place)) &&
             !manyObjects(P.Storage.base(W.Dst[0].Place));
  bool Strong = !W.Weak && single(W.Dst);
  bool Empties = std::all_of(W.Cells.begin(), W.Cells.end(), [](const auto &Cell) { return Cell.second.empty(); });
  for (const Lent &To : W.Dst) {
    bool Held = !value(S, To.Place).empty();
    for (const auto &[Cell, Holds] : S.Cells) Held |= !Holds.empty() && isBelow(Cell, To.Place, true);
    if (Collecting && Empties && Held) LetGo.insert(To.Place);
    forgetKey(To.Place);
    forgetWithout(To.Place);
    bool Replaces = Strong || (!W.Weak && leadsAlone(To, W.Dst));
    if (Replaces) dropBelow(To.Place);
    for (const auto &[Relative, Holds] : W.Cells) {
      std::optional<PathId> Cell = extend(To.Place, suffix(Relative, Here));
      if (!Cell) continue;
      if (!Replaces && !S.Cells.contains(*Cell)) {
        Holding Before = value(S, *Cell);
        if (Before.empty() && Holds.empty()) continue;
        S.Cells[*Cell] = Before;
      }
      Holding &Entry = S.Cells[*Cell];
      for (const auto &[L, Is] : Holds) unite(Entry, L, {Is.Alive, Is.Death, Now});
    }
    noteBypass(W, To);
  }
  if (!All || W.Weak || !Empties) return;
  dropBelow(W.Dst[0].Place);
  S.Cells[W.Dst[0].Place] = {};
}

/// "Bypass": the first cell that gets a pointer counts.
void Solver::noteBypass(const Write &W, const Lent &To) {
  if (!Collecting || !To.Through || To.Through->Why != Reason::Bypass) return;
  for (const auto &[Relative, Holds] : W.Cells) {
    std::optional<PathId> Cell = extend(To.Place, suffix(Relative, Here));
    if (!Cell) continue;
    bool Pointer = false, Member = false;
    for (const auto &[L, Is] : Holds)
      Pointer |= L->Kind == LoanKind::Ref || L->Kind == LoanKind::Own || L->Kind == LoanKind::Share;
    if (P.Storage.startsWith(*Cell, To.Through->Target))
      for (const Projection &Each : suffix(*Cell, To.Through->Target))
        Member |= Each.Kind == ProjectionKind::Field && P.isMember(Each.Name);
    if (Pointer && !Member) Bypasses.insert({*Cell, origin(To.Through)->Issued, Now});
  }
}

/// "Move": loans on what From owns become loans on what To owns. "Rounds of a loop": so do all on the Whole object.
void Solver::goesTo(PathId From, PathId To, bool Whole, Write *Moved) {
  auto there = [&](PathId Place) {
    if (!Place.valid() || !P.Storage.startsWith(Place, From)) return Place;
    bool Owned = Whole;
    std::vector<Projection> Below = suffix(Place, From);
    for (auto It = Below.rbegin(); It != Below.rend() && !Owned; ++It) {
      if (It->Kind == ProjectionKind::Deref) return Place;
      Owned = It->Kind == ProjectionKind::Elem;
    }
    return Owned ? extend(To, Below).value_or(Place) : Place;
  };
  auto follow = [&](Loan &L) {
    L.Target = there(L.Target);
    L.Cell = there(L.Cell);
  };
  changeLoans(follow);
  if (!Moved) return;
  for (auto &[Cell, Holds] : Moved->Cells) {
    Holding New;
    for (const auto &[L, Is] : Holds) unite(New, changed(L, follow), Is);
    Holds = New;
  }
}

//===- The facts --------------------------------------------------------------------------------------------------===//

void Solver::fact(const Fact &Each, Site At) {
  switch (Each.Kind) {
  case FactKind::Live:
    return live(Each, At);
  case FactKind::Borrow:
    return commit(borrow(Each, At));
  case FactKind::Copy:
  case FactKind::Move:
  case FactKind::Clear:
    return commit(copy(Each, At));
  case FactKind::Use:
    return use(Each, At);
  case FactKind::Invalidate:
    return invalidate(Each, At);
  case FactKind::Expire:
    return expire(Each, At);
  case FactKind::Advance:
    return advance(Each, At);
  case FactKind::Reserve:
    for (const Lent &Container : resolve(Each.Src, At, false)) S.Reserved.insert(Container.Place);
    return;
  case FactKind::Need:
    return need(Each, At);
  case FactKind::Assume:
    if (Each.Is == Truth::Null && P.Storage.derefs(Each.Src) == 0)
      isNull(Each.Src);
    else if (Each.Is == Truth::Null)
      isEmpty(resolve(Each.Src, nullptr, false));
    else if (Each.Is == Truth::On || Each.Is == Truth::Off)
      compared(Each);
    else if (auto [It, Fresh] = S.Flags.try_emplace(Each.Src, Each.Is == Truth::True); !Fresh)
      S.Impossible |= It->second != (Each.Is == Truth::True);
    return;
  case FactKind::Call:
  case FactKind::GiveUp:
    return;
  }
}

bool Solver::standsOn(PathId Target, PathId Place) const {
  if (!P.Storage.startsWith(Target, Place)) return false;
  for (const Projection &Each : suffix(Target, Place))
    if (Each.Kind != ProjectionKind::Inline) return false;
  return true;
}

/// "assume f on s" and "assume f off s".
void Solver::compared(const Fact &Each) {
  Places Cells = resolve(Each.Src, nullptr, false), Others = resolve(Each.By, nullptr, false);
  if (!single(Cells)) return;
  Holding Holds = value(S, Cells[0].Place);
  if (Each.Is == Truth::On) {
    Holding There;
    for (const auto &[L, Is] : Holds)
      for (const Lent &Other : Others)
        if (standsOn(L->Target, Other.Place)) There[L] = Is;
    bool IsGiven = P.Storage.isRoot(Cells[0].Place) && P.Storage.rootOf(Cells[0].Place).Kind == RootKind::Arg &&
                   Holds.size() == 1 && Holds.begin()->first->Initial;
    bool IsGlobal = Others.size() == 1 && P.Storage.isRoot(Others[0].Place) &&
                    P.Storage.rootOf(Others[0].Place).Kind == RootKind::Global;
    if (There.empty() && IsGiven && IsGlobal) {
      Loan Global;
      Global.Target = Others[0].Place;
      Global.Why = Reason::AddressOf;
      There[issue(Global)] = {true, {}, Now};
    }
    if (!There.empty()) S.Cells[Cells[0].Place] = There;
    return;
  }
  if (!single(Others)) return;
  Holding Left = without(Holds, Others[0].Place);
  bool Same = Left.size() == Holds.size() && std::equal(Left.begin(), Left.end(), Holds.begin(), [](auto &A, auto &B) {
                return compare(A.first, B.first) == 0;
              });
  if (Same) return;
  S.Cells[Cells[0].Place] = Left;
  if (Holds.size() != 1 || Left.size() != 1) return;
  LoanRef Old = Holds.begin()->first, New = Left.begin()->first;
  if (PathId From; Old->Initial && !S.Cells.contains(From = P.Storage.base(Old->Target)))
    S.Cells[From] = value(S, From);
  changeLoans([&](Loan &L) {
    if (compare(std::make_shared<Loan>(L), Old) == 0) L = *New;
  });
}

Holding Solver::without(const Holding &Holds, PathId Place) {
  Holding Left;
  for (const auto &[L, Is] : Holds) {
    if (standsOn(L->Target, Place)) continue;
    auto Apart = std::make_shared<Loan>(*L);
    bool WasThere = L->Initial && outlives(P.Storage.base(L->Target));
    if (WasThere && !L->Apart.valid() && outlives(Place)) Apart->Apart = Place;
    unite(Left, Apart, Is);
  }
  return Left;
}

/// A loop comes back to an allocation: what it made last time is one of many earlier objects.
void Solver::ageAllocation(const Lent &Object) {
  Root R = P.Storage.rootOf(Object.Place);
  if (!InLoop || R.Kind != RootKind::Heap || !P.Storage.isRoot(Object.Place) || (R.Index & EarlierObject)) return;
  R.Index |= EarlierObject;
  PathId Earlier = P.Storage.root(R);
  for (const auto &[Relative, Holds] : gather({Object}))
    if (std::optional<PathId> Cell = extend(Earlier, suffix(Relative, Here)); Cell && !Holds.empty())
      unite(S.Cells[*Cell], Holds);
  goesTo(Object.Place, Earlier, true);
  dropBelow(Object.Place);
}

/// \p Place has another value now: it may lead again to what it led to on some paths only.
void Solver::forgetWithout(PathId Place) {
  changeLoans([&](Loan &L) {
    if (L.Without.valid() && isBelow(L.Without, Place, true)) L.Without = PathId();
  });
}

void Solver::live(const Fact &Each, Site At) {
  for (const Lent &To : resolve(Each.Dst, At, false)) {
    ageAllocation(To);
    dropBelow(To.Place);
    forgetKey(To.Place);
    forgetWithout(To.Place);
    S.Reserved.erase(To.Place);
  }
}

Write Solver::borrow(const Fact &Each, Site At) {
  Places Dst = resolve(Each.Dst, At, false);
  PathId Key = key(Each.By, At);
  Places Src = resolve(Each.Src, At, false);
  if (InLoop && std::any_of(Src.begin(), Src.end(), [&](const Lent &L) { return containers(L.Place) != 0; })) {
    age();
    Src = resolve(Each.Src, At, false);
  }
  bool IsCode = P.Storage.isRoot(Each.Src) && P.Storage.rootOf(Each.Src).Kind == RootKind::Code;
  Holding Lends;
  for (const Lent &From : Src) {
    Life Is{true, {}, Now};
    Loan New;
    New.Target = From.Place;
    New.Kind = IsCode ? LoanKind::Code : Each.Loan;
    New.Why = Each.Why;
    New.Sure = Each.Sure;
    New.Key = Key;
    if (From.Through) {
      Is = {From.Is.Alive, From.Is.Death, Now};
      if (From.Place == From.Through->Target && From.Through->Kind == Each.Loan && !Key.valid() &&
          !neededLater(Each.Why)) {
        unite(Lends, From.Through, Is);
        continue;
      }
      unsigned Inner = containers(From.Place), Outer = containers(From.Through->Target);
      if (Inner != 0 && Inner == Outer) {
        New.Parent = From.Through;
        New.Within = From.Through->Within;
      } else if (Outer != 0)
        New.Within = From.Through;
      else if (From.Through->Loaded || From.Through->Kind == LoanKind::Iterator || From.Through->Parent)
        New.Parent = From.Through;
      if (New.Parent && !Key.valid()) New.Key = New.Parent->Key;
    }
    unite(Lends, issue(New), Is);
  }
  if (Each.Sure == Certainty::Assumed) Lends = guessed(Lends);
  return {Dst, {}, {{Here, Lends}}, Each.Sure != Certainty::Must};
}

/// What a guess says to be stored is a guess wherever it goes from there.
Holding Solver::guessed(const Holding &Holds) {
  Holding Marked;
  for (const auto &[L, Is] : Holds) {
    auto Guess = std::make_shared<Loan>(*L);
    Guess->Sure = Certainty::Assumed;
    unite(Marked, Guess, Is);
  }
  return Marked;
}

Write Solver::copy(const Fact &Each, Site At) {
  bool Unchanged = Each.Kind == FactKind::Copy && Each.Dst == Each.Src;
  bool Told = Each.Kind == FactKind::Clear && At; // effects tell what is used on the way there
  Places Dst = resolve(Each.Dst, At, !Unchanged && !Told);
  Places Src;
  if (Each.Kind != FactKind::Clear) Src = resolve(Each.Src, At, !Unchanged);
  if (Each.Kind == FactKind::Copy && !Unchanged && single(Src)) noteCopiedIterator(value(S, Src[0].Place));
  Places Taken;
  for (const Lent &From : Src) {
    bool Owns = false;
    for (const auto &[L, Is] : value(S, From.Place)) Owns |= L->Kind == LoanKind::Own && !Each.Note.valid();
    if (Each.Kind == FactKind::Move || (Owns && Each.Dst != Each.Src)) Taken.push_back(From);
  }
  forgetReads(Taken);
  auto Cells = gather(Src);
  if (!Taken.empty())
    for (auto &[Cell, Holds] : Cells) {
      Holding Without;
      for (const auto &[L, Is] : Holds) {
        auto Elsewhere = std::make_shared<Loan>(*L);
        if (L->Cell.valid()) forgetRead(*Elsewhere);
        unite(Without, Elsewhere, Is);
      }
      Holds = Without;
    }
  Places Off;
  if (Each.By.valid()) Off = resolve(Each.By, At, false);
  bool OfItself = Off.size() == 1 && Src.size() == 1 && !P.Storage.isRoot(Off[0].Place) &&
                  P.Storage.base(Off[0].Place) == P.Storage.base(Src[0].Place);
  Cells[Here] = single(Off) || OfItself ? without(Cells[Here], Off[0].Place) : Cells[Here];
  if (Each.Sure == Certainty::Assumed)
    for (auto &[Cell, Holds] : Cells) Holds = guessed(Holds);
  return {Dst, Each.Kind == FactKind::Move ? Src : Places(), Cells, Each.Sure != Certainty::Must,
          Each.Why == Reason::Elided};
}

void Solver::use(const Fact &Each, Site At) {
  Places Reached = resolve(Each.Src, At, true);
  if (Each.How == Access::Write)
    for (const Lent &To : Reached) forgetKey(To.Place);
  if (Each.How == Access::Value)
    for (const Lent &Cell : Reached)
      for (const auto &[L, Is] : value(S, Cell.Place)) noteUse(L, Is);
  if (Each.How == Access::Wait)
    for (const Lent &Code : Reached)
      for (const auto &[Cell, Holds] : S.Cells)
        if (isBelow(Cell, Code.Place, true))
          for (const auto &[L, Is] : Holds) noteUse(L, Is);
}

/// "copy": an iterator that is gone for certain is used.
void Solver::noteCopiedIterator(const Holding &All) {
  for (const auto &[L, Is] : All)
    if (Is.Alive || L->Kind != LoanKind::Iterator) return;
  for (const auto &[L, Is] : All) noteUse(L, Is);
}

void Solver::noteUse(const LoanRef &L, const Life &Is) {
  if (!Collecting || !Is.Death.ever() || L->Kind == LoanKind::Weak) return;
  if (Needed.ever() && Is.Death != Needed) return;
  // A callee knows what a global led to, and what it has itself ended before.
  bool EndedInThisCall = Is.Death.Effect != 0 && Is.Death.Fact == Now.Fact && Is.Death <= Now;
  const LoanRef Earliest = origin(L);
  if (!NeededAsGiven && EndedInThisCall && Earliest->Initial &&
      P.Storage.rootOf(Earliest->Target).Kind == RootKind::Global)
    return;
  noteUse(L, Is, Now);
}

/// What counts is the first use of what a fact lent after one death.
void Solver::noteUse(const LoanRef &L, const Life &Is, const Moment &At) {
  auto [It, Fresh] = Uses.try_emplace({origin(L)->Issued, Is.Death}, At);
  if (!Fresh) It->second = std::min(It->second, At);
}

/// Details: "Needs".
void Solver::need(const Fact &Each, Site At) {
  PathId Object = P.Storage.objectOf(Each.Src);
  if (P.Storage.isRoot(Object)) return;
  Needed = {Now.Fact, Now.Candidate, Each.Call + 1};
  NeededAsGiven = P.Storage.rootOf(Object).Kind != RootKind::Global;
  std::set<PathId> Grown;
  if (const Fact &Ends = Doing->Facts[Each.Call]; Ends.Ending == End::Grown)
    for (const Lent &Owner : resolve(P.Storage.base(Ends.Src), At, false)) Grown.insert(Owner.Place);
  for (const Lent &Cell : resolve(P.Storage.base(Object), At, false))
    if (!Grown.contains(Cell.Place))
      for (const auto &[L, Is] : value(S, Cell.Place))
        if (L->Kind != LoanKind::Code) noteUse(L, Is);
  Needed = {};
  NeededAsGiven = false;
}

/// "Invalidate", when = grows: whether room was made in the container whose elements Place names.
bool Solver::reserved(PathId Place) const {
  PathId Container = Place;
  while (!P.Storage.isRoot(Container) && P.Storage.last(Container).Kind == ProjectionKind::Field)
    Container = P.Storage.base(Container);
  if (!P.Storage.isRoot(Container)) Container = P.Storage.base(Container);
  return !P.Storage.isRoot(Place) && S.Reserved.contains(Container);
}

/// "Invalidate": whether the key names the first or the last element, whichever that is now.
bool Solver::isPosition(PathId Key) const {
  Root R = P.Storage.rootOf(Key);
  const std::set<std::string> Words{"0", "front", "back", "top"};
  return R.Kind == RootKind::Constant && Words.count(P.Symbols.text(R.Name).str());
}

/// "Invalidate", when = absent: whether a living loan proves that the key is in the container.
bool Solver::provenPresent(PathId Place, PathId Key) const {
  for (const auto &[Cell, Holds] : S.Cells)
    for (const auto &[L, Is] : Holds)
      if (L->Key == Key && Is.Alive && !Is.Death.ever() && L->Kind == LoanKind::Ref && isBelow(L->Target, Place, false))
        return true;
  return false;
}

/// Details: "Keys".
bool Solver::isOwnKey(const Places &By, PathId Contents) {
  auto liesInKey = [&](PathId Place) {
    std::string Key = text(Contents) + ".first";
    return containers(Contents) == 1 && isBelow(Place, Contents, true) &&
           (text(Place) == Key || text(Place).starts_with(Key + ".") || text(Place).starts_with(Key + "["));
  };
  bool All = !By.empty();
  for (const Lent &Key : By) {
    if (liesInKey(Key.Place)) continue;
    Holding Refers = value(S, Key.Place);
    All &= !Refers.empty();
    for (const auto &[L, Is] : Refers) All &= liesInKey(L->Target);
  }
  return All;
}

void Solver::signOff(PathId Container, const Call &C) {
  std::vector<PathId> Told;
  std::vector<PathId> Given = C.Args;
  Given.push_back(C.This);
  for (PathId Cell : Given) {
    if (!Cell.valid()) continue;
    for (const Lent &Object : resolve(P.Storage.deref(Cell), nullptr, false))
      if (!isBelow(Container, Object.Place, true) && !manyObjects(Object.Place)) Told.push_back(Object.Place);
  }
  for (auto &[Cell, Holds] : S.Cells) {
    if (!isBelow(Cell, Container, true)) continue;
    std::erase_if(Holds, [&](const auto &Each) {
      const Loan &L = *Each.first;
      return (maskOf(L.Kind) & AllBorrows) &&
             std::any_of(Told.begin(), Told.end(), [&](PathId Object) { return isBelow(L.Target, Object, false); });
    });
  }
}

void Solver::invalidate(const Fact &Each, Site At) {
  Places Reached = resolve(Each.Src, At, false);
  PathId Key = key(Each.By, At);
  std::vector<LoanRef> Elements;
  if (Each.By.valid())
    for (const Lent &By : resolve(Each.By, At, false))
      for (const auto &[L, Is] : value(S, By.Place)) Elements.push_back(loaded(By.Place, L, By.Through));
  bool Certain = Each.Sure == Certainty::Must && Each.Cond == When::Always && Reached.size() == 1;
  for (const Lent &To : Reached) {
    if ((Each.Cond == When::Grows || Each.Cond == When::Absent) && reserved(To.Place)) continue;
    if (Each.Cond == When::Inside && std::any_of(Elements.begin(), Elements.end(), [&](const LoanRef &L) {
          return L->Kind == LoanKind::End || (L->Key.valid() && text(L->Key) == "const\"0\"");
        }))
      continue;
    if (Each.Cond == When::Absent && Key.valid() && provenPresent(To.Place, Key)) continue;
    if (Each.Cond == When::Absent && Each.By.valid() && isOwnKey(resolve(Each.By, At, false), To.Place)) continue;
    bool Across = Each.Elements == Fate::Destroyed;
    bool All = Each.Which == Extent::All;
    // A container that is itself an element: only loans on the elements of that one.
    bool Nested = containers(To.Place) > 1;
    auto ofThisContainer = [&](const LoanRef &L) {
      return !Nested || (L->Within && To.Through && sameElement(L->Within, To.Through));
    };
    auto isMeant = [&](const LoanRef &L) {
      return (Key.valid() && L->Key == Key) ||
             std::any_of(Elements.begin(), Elements.end(), [&](const LoanRef &E) { return sameElement(L, E); });
    };
    // What an element that ends holds ends with it; one that moves sets what leads to its own parts anew.
    auto killOthers = [&](bool Surely, auto Which) {
      std::map<PathId, Holding> Inside;
      for (const auto &[Cell, Holds] : S.Cells)
        if (isBelow(Cell, To.Place, true)) Inside[Cell] = Holds;
      kill(To.Place, Each.Kinds, Across, Surely, Which);
      for (const auto &[Cell, Holds] : Inside)
        for (const auto &[L, Is] : Holds)
          if (!All || Across || (Each.Elements == Fate::Moved && L->Target != To.Place)) S.Cells[Cell][L] = Is;
    };
    killOthers(Certain, [&](const LoanRef &L) { return (All || isMeant(L)) && ofThisContainer(L); });
    for (const LoanRef &Given : Elements)
      if (!All && Given->Kind == LoanKind::Iterator && isBehindGiven(Given->Target)) {
        std::map<PathId, Holding> Inside;
        for (const auto &[Cell, Holds] : S.Cells)
          if (isBelow(Cell, Given->Target, true)) Inside[Cell] = Holds;
        kill(Given->Target, Each.Kinds, Across, Certain && Elements.size() == 1,
             [&](const LoanRef &L) { return sameElement(L, Given); });
        for (const auto &[Cell, Holds] : Inside) S.Cells[Cell] = Holds;
      }
    if (Each.Which == Extent::After) killOthers(false, ofThisContainer);
    if (Across && !All) {
      std::map<PathId, Holding> Inside;
      for (const auto &[Cell, Holds] : S.Cells)
        if (isBelow(Cell, To.Place, true)) Inside[Cell] = Holds;
      kill(To.Place, AllBorrows, true, Certain, [&](const LoanRef &L) {
        LoanRef Around = outerElement(L, To.Place);
        return Around && isMeant(Around) && ofThisContainer(Around);
      });
      for (const auto &[Cell, Holds] : Inside) S.Cells[Cell] = Holds;
    }
    if (Across && !Nested)
      killOwned(To.Place, Certain, [&](const LoanRef &Element) { return All || (Element && isMeant(Element)); });
    if (Across && Each.Which == Extent::One && At) signOff(To.Place, *At);
    if (Each.Which == Extent::After) forgetReads({{To.Place, nullptr, {}}});
    bool Fixed = Key.valid() && !isPosition(Key) &&
                 (P.Storage.rootOf(Key).Kind == RootKind::Constant || P.Storage.rootOf(Key).Kind == RootKind::Arg);
    if (Each.Which == Extent::One && Across && !Fixed) killInLoops(To.Place, Each.Kinds, ofThisContainer);
    if (!All || !Across || !Certain || Nested) continue;
    std::vector<std::pair<PathId, PathId>> Owned;
    for (const auto &[Cell, Holds] : S.Cells)
      if (isBelow(Cell, To.Place, true))
        for (const auto &[L, Is] : Holds)
          if (Is.Alive && L->Kind == LoanKind::Own) Owned.push_back({L->Target, Cell});
    dropBelow(To.Place);
    if (outlives(To.Place)) S.Cells[To.Place] = {};
    for (auto [Target, Owner] : Owned)
      if (!hasLivingOwner(Target)) expire(Target, true, 1, {Owner});
  }
}

bool Solver::hasLivingOwner(PathId Object, PathId Ending) const {
  for (const auto &[Cell, Holds] : S.Cells) {
    if (Ending.valid() && isBelow(Cell, Ending, true)) continue;
    for (const auto &[L, Is] : Holds)
      if (Is.Alive && L->Target == Object && (L->Kind == LoanKind::Own || L->Kind == LoanKind::Share)) return true;
  }
  return false;
}

template <class Predicate>
void Solver::kill(PathId Place, KindMask Kinds, bool AcrossElements, bool Certain, Predicate Which) {
  if (!P.Storage.isRoot(Place) && P.Storage.last(Place).Kind == ProjectionKind::Deref) {
    // What leads here may hold nothing but its initial loan, which has no entry yet.
    PathId Leads = P.Storage.base(Place);
    if (Holding Holds = value(S, Leads); !Holds.empty()) S.Cells[Leads] = Holds;
  }
  for (auto &[Cell, Holds] : S.Cells)
    for (auto &[L, Is] : Holds) {
      if (!Is.Alive || !(Kinds & maskOf(L->Kind)) || !isBelow(L->Target, Place, AcrossElements) || !Which(L)) continue;
      if (Certain) Is.Alive = false;
      if (!Is.Death.ever() || Now < Is.Death) Is.Death = Now;
    }
}

/// Elements end, with what they own: Which says of each that something was read out of whether it does.
template <class Predicate> void Solver::killOwned(PathId Content, bool Certain, Predicate Which) {
  for (auto &[Cell, Holds] : S.Cells) {
    if (isBelow(Cell, Content, true)) continue;
    for (auto &[L, Is] : Holds) {
      LoanRef Read = element(L);
      if (!Is.Alive || L->Kind == LoanKind::Code || L->Kind == LoanKind::Weak) continue;
      if (!Read->Cell.valid() || !isBelow(Read->Cell, Content, true) || !isOwnedWhereRead(L)) continue;
      if (!Which(Read->Within)) continue;
      if (Certain) Is.Alive = false;
      if (!Is.Death.ever() || Now < Is.Death) Is.Death = Now;
    }
  }
}

/// Some element ends: the iterator that a range-based loop runs with, in a variable without a name, may stand at it.
template <class Predicate> void Solver::killInLoops(PathId Place, KindMask Kinds, Predicate Which) {
  for (auto &[Cell, Holds] : S.Cells) {
    const Root &R = P.Storage.rootOf(Cell);
    if (!P.Storage.isRoot(Cell) || R.Kind != RootKind::Local || !F.Locals[R.Index].Name.empty()) continue;
    for (auto &[L, Is] : Holds) {
      if (!Is.Alive || L->Kind != LoanKind::Iterator || !(Kinds & maskOf(L->Kind))) continue;
      if (!isBelow(L->Target, Place, true) || !Which(L)) continue;
      if (!Is.Death.ever() || Now < Is.Death) Is.Death = Now;
    }
  }
}

/// One of the objects in \p Reached ends: a cell that led there, or that got the loans to all of them at once, means
/// the same one. So does one with loans that were read out of the same element.
void Solver::endWhereAllAreMeant(const Places &Reached, bool Certain) {
  if (std::any_of(Reached.begin(), Reached.end(), [](const Lent &Object) { return !Object.Through; })) return;
  auto means = [&](const LoanRef &L, const Lent &Object) {
    bool IsOne = endsAsOne(Object.Place) && !element(Object.Through)->Loaded;
    return compare(L, Object.Through) == 0 || (IsOne && isBelow(L->Target, Object.Place, true)) ||
           (element(L)->Loaded && sameElement(L, Object.Through));
  };
  for (auto &[Cell, Holds] : S.Cells) {
    std::set<LoanRef, LoanOrder> Meant;
    std::set<Moment> Ways;
    bool All = true;
    for (const Lent &Object : Reached) {
      bool Any = false;
      for (const auto &[L, Is] : Holds)
        if (means(L, Object)) {
          Any = true;
          Meant.insert(L);
          Ways.insert(Is.Via);
        }
      All &= Any;
    }
    bool GotAtOnce = Ways.size() == 1 && Ways.begin()->ever() && !manyObjects(Cell);
    if (!All || (!LedThere.contains(Cell) && !GotAtOnce)) continue;
    for (const LoanRef &L : Meant) {
      Life &Is = Holds.at(L);
      if (!Is.Alive) continue;
      if (Certain) Is.Alive = false;
      if (!Is.Death.ever() || Now < Is.Death) Is.Death = Now;
    }
  }
}

/// "expire": what another cell than the one reset shares. No facts text declares classes, so share loans decide alone.
bool Solver::hasOtherOwner(const Lent &Object, const Fact &Reset, Site At) {
  if (P.Storage.isRoot(Reset.Src) || P.Storage.last(Reset.Src).Kind != ProjectionKind::Deref) return false;
  std::set<PathId> Own;
  for (const Lent &Cell : resolve(P.Storage.base(Reset.Src), At, false)) Own.insert(Cell.Place);
  for (const auto &[Cell, Holds] : S.Cells)
    for (const auto &[L, Is] : Holds)
      if (!Own.contains(Cell) && Is.Alive && L->Target == Object.Place) {
        bool IsCopy = Reset.Ending == End::Release && P.Storage.isRoot(Cell) && L->Initial &&
                      P.Storage.rootOf(Cell).Kind == RootKind::Local;
        if (IsCopy || L->Kind == LoanKind::Share) return true;
      }
  return false;
}

/// What the call that gave Flag its value ends only if it gives something has not ended.
void Solver::isEmpty(const Places &Tested) {
  if (Tested.size() != 1) return;
  PathId Cell = Tested[0].Place;
  if (!P.Storage.isRoot(Cell) && isElement(P.Storage.last(Cell))) {
    if (manyObjects(P.Storage.base(Cell))) return;
    dropBelow(P.Storage.base(Cell));
    S.Cells[Cell] = {};
    return;
  }
  if (!manyObjects(Tested[0].Place)) return isNull(Tested[0].Place);
  if (Tested[0].Through && !inArray(Tested[0].Place)) S.Empty[Tested[0].Place].insert(Tested[0].Through);
}

void Solver::isNull(PathId Flag) {
  Holding Given = value(S, Flag);
  bool OneCall = !Given.empty();
  for (const auto &[L, Is] : Given)
    OneCall &= L->Issued.Candidate != 0 && L->Issued.Fact == Given.begin()->first->Issued.Fact;
  if (OneCall)
    for (auto &[Cell, Holds] : S.Cells)
      for (auto &[L, Is] : Holds)
        if (Is.Death.Fact == Given.begin()->first->Issued.Fact && WithResult.contains(Is.Death)) {
          Is.Alive = true;
          Is.Death = Moment();
        }
  S.Cells[Flag] = {};
  PathId Pointee = P.Storage.deref(Flag);
  if (!given(Flag) || Given.size() != 1 || Given.begin()->first->Target != Pointee) return;
  dropBelow(Pointee);
  S.Cells[Pointee] = {};
}

void Solver::expire(const Fact &Each, Site At) {
  LedThere.clear();
  TooDeep = false;
  Places Reached = resolve(Each.Src, At, false);
  bool Certain = Each.Sure == Certainty::Must;
  bool Partial = TooDeep;
  if (Each.If.valid() && P.Storage.rootOf(Each.If).Kind == RootKind::Ret) WithResult.insert(Now);
  for (PathId Cell : LedThere) {
    Holding Holds = value(S, Cell);
    bool Part = std::any_of(Holds.begin(), Holds.end(), [](const auto &H) { return H.first->Loaded; });
    if (Part && !S.Cells.contains(Cell)) S.Cells[Cell] = Holds;
  }
  if (Each.Ending == End::Reset || Each.Ending == End::Release)
    std::erase_if(Reached, [&](const Lent &Object) { return hasOtherOwner(Object, Each, At); });
  if (Reached.size() > 1) endWhereAllAreMeant(Reached, Certain);
  bool Stays = !At && Each.Ending == End::Scope && givenByValue(Each.Src);
  for (const Lent &Object : Reached)
    if (!Stays) forgetKey(Object.Place);
  if (Reached.size() != 1) return;
  const Lent &Object = Reached[0];
  Certain &= !Partial;
  bool OneOfMany = Object.Through && (!endsAsOne(Object.Place) || element(Object.Through)->Loaded);
  expire(Object.Place, Certain, 0, LedThere, OneOfMany ? Object.Through : nullptr);
}

/// One: the loan that leads to the object that ends, when Place stands for many.
void Solver::expire(PathId Place, bool Certain, unsigned Depth, const std::set<PathId> &By, const LoanRef &One) {
  kill(Place, AllButCodeAndWeak, true, Certain,
       [&](const LoanRef &L) { return (!One || sameElement(L, One)) && !By.contains(L->Without); });
  if (One || Depth > 4) return;
  std::vector<std::pair<LoanRef, PathId>> Owned;
  for (const auto &[Cell, Holds] : S.Cells)
    if (isBelow(Cell, Place, true))
      for (const auto &[L, Is] : Holds)
        if (Is.Alive && (L->Kind == LoanKind::Own || L->Kind == LoanKind::Share)) Owned.push_back({L, Cell});
  if (Certain) std::erase_if(S.Cells, [&](const auto &C) { return isBelow(C.first, Place, true); });
  for (auto [L, Owner] : Owned) {
    bool MadeHere = P.Storage.rootOf(L->Target).Kind == RootKind::Heap;
    if (!hasLivingOwner(L->Target, Place) && (L->Kind == LoanKind::Own || MadeHere))
      expire(L->Target, Certain, Depth + 1, {Owner}, element(L)->Loaded ? L : nullptr);
  }
}

void Solver::advance(const Fact &Each, Site At) {
  Places Cells = resolve(Each.Src, At, false);
  if (InLoop) age();
  for (const Lent &Cell : Cells) {
    Holding Moved;
    for (const auto &[L, Is] : value(S, Cell.Place)) {
      Loan New;
      New.Target = L->Target;
      New.Kind = L->Initial || L->Kind == LoanKind::End ? LoanKind::Iterator : L->Kind;
      New.Why = L->Why;
      New.Sure = L->Sure;
      New.Within = L->Within;
      unite(Moved, issue(New), Is);
    }
    if (Moved.empty()) continue;
    Holding &Entry = S.Cells[Cell.Place];
    if (single(Cells)) Entry.clear();
    unite(Entry, Moved);
  }
}

//===- Calls ------------------------------------------------------------------------------------------------------===//

/// A new cell that leads to \p Place for the time of a call.
PathId Solver::leadTo(PathId Place, uint32_t Number) {
  auto There = std::make_shared<Loan>();
  There->Target = Place;
  There->Why = Reason::This;
  There->Issued = Now;
  PathId Cell = P.Storage.root({RootKind::Temp, FirstClosureAddress + Number, NameId()});
  S.Cells[Cell] = {{There, {true, {}, Now}}};
  return Cell;
}

/// What a call through a cell runs: the code whose loans the cell holds, with the cell as its closure.
std::vector<std::pair<const Effects *, Call>> Solver::candidates(const Call &C) {
  std::vector<std::pair<const Effects *, Call>> Candidates;
  if (C.Callee.valid()) {
    if (const Effects *E = P.known(C.Callee)) Candidates.push_back({E, C});
    return Candidates;
  }
  if (!C.Through.valid()) return Candidates;
  for (const Lent &Cell : resolve(C.Through, nullptr, true))
    for (const auto &[L, Is] : value(S, Cell.Place)) {
      if (L->Kind != LoanKind::Code) continue;
      const Effects *E = P.known(P.Storage.rootOf(L->Target).Name);
      if (!E) continue;
      Call Run = P.bound(C, P.Storage.rootOf(L->Target).Name);
      Run.This = leadTo(Cell.Place, uint32_t(Candidates.size()));
      Candidates.push_back({E, Run});
    }
  return Candidates;
}

/// The callee may keep a share of what it is given one of.
void Solver::noteShared(const Call &C) {
  for (PathId Arg : C.Args) {
    if (!Arg.valid()) continue;
    for (PathId Given : {Arg, P.Storage.deref(Arg)})
      for (const Lent &To : resolve(Given, nullptr, false))
        for (const auto &[Cell, Holds] : S.Cells)
          for (const auto &[L, Is] : Holds)
            if (isBelow(Cell, To.Place, true) && L->Kind == LoanKind::Share) Shared.insert(L->Target);
  }
}

/// "Facts": a destructor that an owner runs, by name.
bool Solver::isLastOwner(PathId Owner) {
  auto owns = [&](const Lent &Object) {
    LoanKind Kind = Object.Through ? Object.Through->Kind : LoanKind::Ref;
    return Kind == LoanKind::Own || (Kind == LoanKind::Share && !outlives(Object.Place));
  };
  Fact Last;
  Last.Kind = FactKind::Expire;
  Last.Ending = End::Release;
  Last.Src = P.Storage.deref(Owner);
  Places Objects = resolve(Last.Src, nullptr, false);
  if (Objects.empty() || !std::all_of(Objects.begin(), Objects.end(), owns)) return false;
  for (; !P.Storage.isRoot(Last.Src); Last.Src = P.Storage.base(Last.Src)) {
    if (P.Storage.last(Last.Src).Kind != ProjectionKind::Deref) continue;
    for (const Lent &Object : resolve(Last.Src, nullptr, false))
      if (owns(Object) && hasOtherOwner(Object, Last, nullptr)) return false;
  }
  return true;
}

/// "What each fact does", of destructors: what all elements of one container lead to, if these are single allocations.
std::set<PathId> Solver::endedInTurn(PathId Cell) {
  PathId Outermost;
  for (PathId Path = Cell; !P.Storage.isRoot(Path); Path = P.Storage.base(Path))
    if (isElement(P.Storage.last(Path))) Outermost = P.Storage.base(Path);
  if (!Outermost.valid() || resolve(Outermost, nullptr, false).size() != 1) return {};
  std::set<PathId> Objects;
  for (const Lent &Object : resolve(P.Storage.deref(Cell), nullptr, false)) {
    bool IsAllocation = P.Storage.rootOf(Object.Place).Kind == RootKind::Heap;
    if (!IsAllocation || manyObjects(Object.Place) || !Object.Is.Alive) return {};
    Objects.insert(Object.Place);
  }
  return Objects;
}

void Solver::call(const Call &C) {
  if (C.Callee.valid() && C.Through.valid()) {
    if (!isLastOwner(C.Through)) return;
    std::set<PathId> Objects = endedInTurn(C.This);
    for (PathId Object : Objects) {
      Call Each = C;
      Each.Through = PathId();
      Moment Here = Now;
      Each.This = leadTo(Object, 0);
      call(Each);
      Now = Here;
    }
    if (!Objects.empty()) return;
  }
  if (C.This.valid()) resolve(P.Storage.deref(C.This), nullptr, true);
  auto Candidates = candidates(C);
  bool Model = std::any_of(Candidates.begin(), Candidates.end(),
                           [](const auto &Each) { return Each.first->Source == EffectSource::Model; });
  if (Collecting && !Model) noteShared(C);
  if (C.Result.valid())
    for (const Lent &Result : resolve(C.Result, nullptr, false)) dropBelow(Result.Place);
  if (Candidates.empty()) return unknown(C);
  if (Candidates.size() > 1) {
    Found.Covered = false;
    return;
  }
  effects(*Candidates[0].first, Candidates[0].second);
  if (C.Result.valid() && Arrays.contains(P.Storage.deref(C.Result)))
    for (const Lent &Given : resolve(P.Storage.deref(C.Result), nullptr, false)) Arrays.insert(Given.Place);
  std::erase_if(S.Cells, [&](const auto &Cell) {
    const Root &R = P.Storage.rootOf(Cell.first);
    return R.Kind == RootKind::Temp && R.Index >= FirstClosureAddress;
  });
}

/// Details: "Flags", for effects.
bool Solver::mayHappen(const Fact &Each, const Call &C) const {
  if (!Each.If.valid() || !P.Storage.isRoot(Each.If)) return true;
  bool Wanted = Each.Is == Truth::True;
  if (P.Storage.rootOf(Each.If).Kind == RootKind::Ret) {
    auto Known = S.Flags.find(C.Result);
    bool TellsArgument =
        Each.Kind == FactKind::Borrow && P.Storage.isRoot(Each.Dst) && P.Storage.rootOf(Each.Dst).Kind == RootKind::Arg;
    return Known == S.Flags.end() ? !TellsArgument : Known->second == Wanted;
  }
  if (P.Storage.rootOf(Each.If).Kind != RootKind::Arg) return true;
  uint32_t Index = P.Storage.rootOf(Each.If).Index;
  if (Index >= C.Args.size() || !C.Args[Index].valid() || !P.Storage.isRoot(C.Args[Index])) return true;
  const Root &Given = P.Storage.rootOf(C.Args[Index]);
  if (Given.Kind != RootKind::Constant) {
    auto Known = S.Flags.find(C.Args[Index]);
    return Known == S.Flags.end() || Known->second == Wanted;
  }
  std::string Text = P.Symbols.text(Given.Name).str();
  if (Text == "true" || Text == "false") return (Text == "true") == Wanted;
  if (Text[0] != '"') Text = Text.substr(Text.rfind('=') + 1); // the value of an enumerator
  if (Text.empty() || Text.find_first_not_of("0123456789") != std::string::npos) return true;
  return (Text.find_first_not_of('0') != std::string::npos) == Wanted;
}

/// Details: "Effects of bodies".
void Solver::effects(const Effects &E, const Call &C) {
  std::vector<std::pair<Write, Moment>> Results;
  auto isCopy = [](const Fact &Each) {
    return Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move || Each.Kind == FactKind::Clear;
  };
  auto isResult = [&](const Fact &Each) {
    bool Stores = Each.Why == Reason::Insert && Each.Src.valid() && P.Storage.rootOf(Each.Src).Kind == RootKind::Arg &&
                  P.Storage.rootOf(Each.Dst).Kind == RootKind::This;
    return (E.Source == EffectSource::Body || Stores) && (isCopy(Each) || Each.Kind == FactKind::Borrow) &&
           P.Storage.rootOf(Each.Dst).Kind != RootKind::Temp;
  };
  // One of many that results, and what ends, lie in.
  auto isRead = [&](const Fact &Each) {
    return E.Source == EffectSource::Body && (Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy) &&
           Each.By.valid() && P.Storage.isRoot(Each.Dst) && P.Storage.rootOf(Each.Dst).Kind == RootKind::Temp;
  };
  std::vector<PathId> LookedUp;
  auto at = [&](size_t I) { return Moment{Now.Fact, 1, uint32_t(I + 1)}; };
  Doing = &E;
  for (const Fact &Each : E.Facts)
    if (InLoop && isResult(Each) && Each.Src.valid() && P.Storage.rootOf(Each.Src).Kind == RootKind::Heap)
      ageAllocation(resolve(P.Storage.rootPath(Each.Src), &C, false)[0]);
  for (size_t I = 0; I != E.Facts.size(); ++I) {
    Now = at(I);
    const Fact &Each = E.Facts[I];
    if (isRead(Each) && mayHappen(Each, C)) {
      fact(Each, &C);
      LookedUp.push_back(resolve(Each.Dst, &C, false)[0].Place);
    }
    if (!isResult(Each)) continue;
    if (mayHappen(Each, C))
      Results.push_back({isCopy(Each) ? copy(Each, &C) : borrow(Each, &C), Now});
    else if (Each.Sure == Certainty::Must)
      Results.push_back({{resolve(Each.Dst, &C, false), {}, {}, false}, Now});
  }
  for (size_t I = 0; I != E.Facts.size(); ++I) {
    Now = at(I);
    if (!mayHappen(E.Facts[I], C)) continue;
    if (E.Facts[I].Kind == FactKind::Call)
      Found.Covered = false;
    else if (!isResult(E.Facts[I]) && !isRead(E.Facts[I]))
      fact(E.Facts[I], &C);
  }
  for (PathId Temporary : LookedUp) S.Cells.erase(Temporary);
  auto neverAfter = [&](const Moment &First, const Moment &Second) {
    std::pair<uint32_t, uint32_t> Both(First.Effect - 1, Second.Effect - 1);
    return std::find(E.NeverAfter.begin(), E.NeverAfter.end(), Both) != E.NeverAfter.end();
  };
  // What was read before the call may have been invalidated in it.
  for (auto &[Result, Read] : Results)
    for (auto &[Cell, Holds] : Result.Cells)
      for (auto &[L, Is] : Holds)
        for (const auto &[Other, Others] : S.Cells) {
          auto It = Others.find(L);
          if (It == Others.end() || L->Issued == Read || It->second.Death.Fact != Now.Fact) continue;
          const Moment &Death = It->second.Death;
          if (Death.Candidate == 0 || E.Facts[Death.Effect - 1].Kind != FactKind::Invalidate) continue;
          if (neverAfter(Death, Read)) continue;
          Is.Alive &= It->second.Alive;
          if (!Is.Death.ever()) Is.Death = Death;
        }
  // Of several cells the one that led to what ended is the one that was overwritten.
  for (const auto &[Result, Then] : Results) {
    const Fact &Writes = E.Facts[Then.Effect - 1];
    if (Result.Dst.size() < 2) continue;
    for (const Lent &To : Result.Dst)
      for (const auto &[L, Is] : Holding(S.Cells.contains(To.Place) ? S.Cells[To.Place] : Holding())) {
        if (Is.Death.Fact != Now.Fact || Is.Death.Candidate == 0) continue;
        const Fact &Ends = E.Facts[Is.Death.Effect - 1];
        bool Ended = Ends.Kind == FactKind::Expire || Ends.Kind == FactKind::Invalidate;
        bool Always = Writes.Src == Writes.Dst ? neverAfter(Is.Death, Then) : Writes.Sure == Certainty::Must;
        if (Ended && Always && P.Storage.startsWith(Ends.Src, P.Storage.deref(Writes.Dst))) S.Cells[To.Place][L] = {};
      }
  }
  for (const auto &[Result, Then] : Results) {
    Now = Then;
    commit(Result);
  }
}

/// Details: "Unknown functions".
void Solver::unknown(const Call &C) {
  auto isTemporary = [&](PathId Arg) { return P.Storage.isRoot(Arg) && P.Storage.rootOf(Arg).Kind == RootKind::Temp; };
  for (PathId Arg : C.Args) {
    if (!Arg.valid()) continue;
    Places Reached = resolve(P.Storage.deref(Arg), nullptr, true);
    forgetReads(Reached);
    for (const Lent &Given : Reached)
      if (auto It = S.Cells.find(Given.Place); It != S.Cells.end())
        std::erase_if(It->second, [](const auto &Each) { return Each.first->Kind == LoanKind::Own; });
    if (!isTemporary(Arg)) continue;
    for (const auto &[Cell, Holds] : S.Cells)
      for (const auto &[L, Is] : Holds)
        if (Cell != Arg && isBelow(Cell, Arg, true) && L->Kind == LoanKind::View) noteUse(L, Is);
  }
  if (C.Callee.valid())
    if (const Effects *Given = P.declaration("call of ", P.Symbols.text(C.Callee))) effects(*Given, C);
  for (PathId Arg : C.Args)
    if (Arg.valid() && isTemporary(Arg)) dropBelow(Arg);
}

//===- Findings ---------------------------------------------------------------------------------------------------===//

/// Details: "What is there after the function".
std::set<PathId> Solver::survivors() const {
  auto object = [&](PathId Path) {
    while (!P.Storage.isRoot(Path)) Path = P.Storage.base(Path);
    return Path;
  };
  std::set<PathId> Objects, Cells;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (const auto &[Cell, Holds] : S.Cells) {
      bool OnHeap = P.Storage.rootOf(Cell).Kind == RootKind::Heap;
      if (P.isUnseen(Cell) || !(OnHeap ? Objects.contains(object(Cell)) : outlives(Cell))) continue;
      Changed |= Cells.insert(Cell).second;
      for (const auto &[L, Is] : Holds)
        if (Is.Alive && P.Storage.rootOf(L->Target).Kind == RootKind::Heap)
          Changed |= Objects.insert(object(L->Target)).second;
    }
  }
  return Cells;
}

/// The last fact that ends the scope of the variable that Target lies in; never when nothing does.
Moment Solver::endOfScope(PathId Target) const {
  if (count(Target, {ProjectionKind::Deref}) != 0) return {};
  while (!P.Storage.isRoot(Target)) Target = P.Storage.base(Target);
  Moment Last;
  for (uint32_t N = 1; N < Facts.size(); ++N) {
    const Fact &Each = F.Blocks[Facts[N].first].Facts[Facts[N].second];
    bool Scope = Each.Ending == End::Scope || Each.Ending == End::Temporary;
    if (Each.Kind == FactKind::Expire && Each.Src == Target && Scope) Last = {N, 0, 0};
  }
  return Last;
}

/// Where the scope of an owner ended with which what L leads to ended; never if that, or that nobody else owns it, is
/// not known.
Moment Solver::endOfOwner(const LoanRef &L, const Life &Is) const {
  if (Is.Alive || Is.Death.Candidate || Shared.contains(P.Storage.rootPath(L->Target))) return {};
  const Fact &Death = F.Blocks[Facts[Is.Death.Fact].first].Facts[Facts[Is.Death.Fact].second];
  bool Owner = Death.Kind == FactKind::Expire && Death.Ending == End::Scope && P.Storage.isRoot(Death.Src);
  return Owner && !LetGo.contains(Death.Src) ? Is.Death : Moment();
}

const Effects &Solver::calleeAt(const Moment &W) {
  auto [B, I] = Facts[W.Fact];
  return *candidates(F.Calls[F.Blocks[B].Facts[I].Call])[W.Candidate - 1].first;
}

const Fact &Solver::deathBy(const Moment &W) {
  auto [B, I] = Facts[W.Fact];
  return W.Candidate ? calleeAt(W).Facts[W.Effect - 1] : F.Blocks[B].Facts[I];
}

/// Whether the loan comes out of a callee with a body: what that does with it is told there.
bool Solver::comesFromBody(const LoanRef &L) {
  return L->Issued.Candidate && calleeAt(L->Issued).Source == EffectSource::Body;
}

/// Details: "What is there after the function".
bool Solver::isLeftBehind(PathId Cell, const LoanRef &L, const Life &Is) {
  if (!Is.Via.ever() || (L->Initial && P.Storage.base(L->Target) == Cell)) return false;
  if (Is.Death.Candidate && calleeAt(Is.Death).Source == EffectSource::Body) return false;
  const Fact &Death = deathBy(Is.Death);
  return Death.Kind == FactKind::Expire && (Death.Ending == End::Delete || Death.Ending == End::Reset);
}

/// A global, or a variable or member of an object that was given.
bool Solver::isOneVariable(PathId Cell) const {
  RootKind Root = P.Storage.rootOf(Cell).Kind;
  bool Given = Root == RootKind::This || Root == RootKind::Arg;
  return (Given || Root == RootKind::Global) && containers(Cell) == 0 && P.Storage.derefs(Cell) == (Given ? 1 : 0);
}

void Solver::collectEscapes() {
  for (PathId Cell : survivors()) {
    const Holding &Holds = S.Cells.at(Cell);
    bool AllDead = std::all_of(Holds.begin(), Holds.end(), [](const auto &H) { return !H.second.Alive; });
    for (const auto &[L, Is] : Holds) {
      if (!Is.Death.ever() || L->Kind == LoanKind::Weak || L->Kind == LoanKind::Code) continue;
      bool Returned = P.Storage.rootOf(Cell).Kind == RootKind::Ret;
      bool LeftBehind = (AllDead || (!Is.Alive && isOneVariable(Cell))) && !Returned && isLeftBehind(Cell, L, Is);
      bool WasThere = L->Initial || !Is.Via.ever();
      if (WasThere && !(AllDead && Returned) && !LeftBehind) continue;
      if (F.IsDestructor && P.Storage.rootOf(Cell).Kind == RootKind::This) continue;
      Moment Scope = Is.Alive ? Moment() : endOfScope(L->Target);
      if (!Scope.ever() && Returned) {
        noteUse(L, Is, Is.Via);
        continue;
      }
      if (!Scope.ever()) Scope = endOfOwner(L, Is);
      if (!Scope.ever() && !LeftBehind && (deathBy(Is.Death).Kind != FactKind::Invalidate || comesFromBody(L)))
        continue;
      Found.Lines.insert("escape " + text(Cell) + " {" + text(L) + "} died " + text(Scope.ever() ? Scope : Is.Death) +
                         (L->Sure == Certainty::Assumed ? " assumed"
                          : AllDead                     ? " must"
                                                        : " may"));
    }
  }
}

std::string Solver::text(PathId Path) const {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  printPath(OS, P.Symbols, P.Storage, Path);
  return Text;
}

std::string Solver::text(const Moment &W) const {
  if (!W.ever()) return "-";
  auto [B, I] = Facts[W.Fact];
  std::string Text = std::to_string(B) + "." + std::to_string(I);
  if (W.Candidate) Text += "/" + std::to_string(W.Candidate - 1) + "." + std::to_string(W.Effect - 1);
  return Text;
}

std::string Solver::text(const LoanRef &L) const {
  if (L->Initial) return "initial " + text(L->Target) + (L->Apart.valid() ? " apart " + text(L->Apart) : "");
  std::string Text = wordFor(L->Kind).str() + " " + text(L->Target) + " @" + text(L->Issued);
  if (L->Old) Text += " old";
  if (L->Key.valid()) Text += " key " + text(L->Key);
  if (L->Parent) Text += " from (" + text(L->Parent) + ")";
  return Text;
}

void Solver::print() {
  uint32_t Exit = uint32_t(F.Blocks.size() - 1);
  if (!Out[Exit].empty()) {
    S = Out[Exit][0];
    for (const State &Case : Out[Exit]) S = join(S, Case);
    for (const auto &[Cell, Holds] : S.Cells) {
      if (Holds.empty() && !given(Cell)) continue;
      std::set<std::string> Texts;
      for (const auto &[L, Is] : Holds)
        Texts.insert(text(L) + (!Is.Death.ever() ? "" : (Is.Alive ? " may have died " : " died ") + text(Is.Death)));
      std::string Line = "exit " + text(Cell) + " =";
      for (const std::string &Each : Texts) Line += " {" + Each + "}";
      Found.Lines.insert(Line);
    }
    collectEscapes();
  }
  for (const auto &[Cell, Lent, At] : Bypasses)
    Found.Lines.insert("bypass " + text(Cell) + " through what " + text(Lent) + " lent at " + text(At));
  for (const auto &[Which, At] : Uses)
    Found.Lines.insert("use of what " + text(Which.first) + " lent and " + text(Which.second) + " killed at " +
                       text(At));
}

Result reference::solve(Program &P, FunctionId F) { return Solver(P, F).run(); }
