#include "solve/Escape.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cassert>

using namespace refleak;

/// How many calls by callees of callees are followed; closures that call themselves would not end.
static constexpr uint32_t MaxNesting = 4;
/// How many edges are followed to find out where the stores of one function go.
static constexpr uint64_t MaxSteps = 4'000'000;

//===- Walking back -----------------------------------------------------------------------------------------------===//

/// The least number of loads with which each location reaches one place.
class EscapeGraph::Walk {
public:
  Walk(const EscapeGraph &G, Place From) : G(G), Last(G.Locations.size(), None) {
    reach(From.Base, From.Derefs, None, None);
    for (uint32_t I = 0; I != Visits.size(); ++I) {
      const Visit V = Visits[I];
      if (Last[V.At.index()] != I) continue;
      int Base = std::max(V.Derefs, 0);
      G.Steps += G.In[V.At.index()].size() + 1;
      for (uint32_t E : G.In[V.At.index()]) reach(G.Edges[E].Edge.From, Base + G.Edges[E].Edge.Derefs, E, I);
    }
  }

  llvm::ArrayRef<LocationId> reached() const { return Reached; }
  /// \p L has been reached.
  int derefs(LocationId L) const { return Visits[Last[L.index()]].Derefs; }
  /// The edges from \p L to the place; none when it was not reached.
  std::vector<FlowStep> path(LocationId L) const {
    std::vector<FlowStep> Path;
    uint32_t V = Last[L.index()];
    for (; V != None && Visits[V].Edge != None; V = Visits[V].From) Path.push_back(G.Edges[Visits[V].Edge]);
    return Path;
  }

private:
  static constexpr uint32_t None = ~0u;
  /// A location was reached over Edge from an earlier visit. Chains of visits end even where edges run in circles.
  struct Visit {
    LocationId At;
    int Derefs;
    uint32_t Edge, From;
  };
  const EscapeGraph &G;
  std::vector<Visit> Visits;
  std::vector<uint32_t> Last; ///< by location: its visit with the least loads
  std::vector<LocationId> Reached;

  void reach(LocationId L, int Count, uint32_t Edge, uint32_t From) {
    uint32_t &Best = Last[L.index()];
    if (Best == None)
      Reached.push_back(L);
    else if (Count >= Visits[Best].Derefs)
      return;
    Best = uint32_t(Visits.size());
    Visits.push_back({L, Count, Edge, From});
  }
};

/// The locations whose addresses may be the value of \p Pointer.
llvm::SmallVector<LocationId, 4> EscapeGraph::pointees(Place Pointer) const {
  llvm::SmallVector<LocationId, 4> Found;
  Walk Back(*this, Pointer);
  for (LocationId L : Back.reached())
    if (Back.derefs(L) < 0) Found.push_back(L);
  return Found;
}

//===- Building ---------------------------------------------------------------------------------------------------===//

EscapeGraph::EscapeGraph(Program &P, FunctionId Id, Callees &C) : P(P), F(P.whole(Id)), Lookup(C) {
  Unknown = location(GraphLocation::Unknown, {}, 0, {});
  addEdge(Unknown, Unknown, -1, {});
  build();
  resolve();
}

LocationId EscapeGraph::location(GraphLocation::Kind Is, const Root &Where, uint32_t Site, const Span &At) {
  bool Named = Where.Kind == RootKind::Global || Where.Kind == RootKind::Code;
  uint64_t Which = uint64_t(Is) << 40 | uint64_t(Where.Kind) << 32 | (Named ? Where.Name.index() : Where.Index);
  auto [It, Fresh] = LocationOf.try_emplace({Which, Site}, LocationId(uint32_t(Locations.size())));
  LocationId L = It->second;
  if (!Fresh) return L;
  Locations.push_back({Is, Where, Site, At});
  In.emplace_back();
  if (Is != GraphLocation::Storage) return L;
  if (Where.Kind == RootKind::Global) addEdge(L, L, -1, {});
  if (Where.Kind == RootKind::Arg || Where.Kind == RootKind::This) {
    LocationId Led = location(GraphLocation::Behind, Where, 0, At);
    addEdge(L, Led, -1, {});
    addEdge(Led, Led, -1, {});
  }
  return L;
}

std::optional<EscapeGraph::Place> EscapeGraph::place(PathId Path, const Frame *At, const Span &Where) {
  if (!Path.valid()) return std::nullopt;
  int Derefs = 0;
  for (; !P.Storage.isRoot(Path); Path = P.Storage.base(Path))
    Derefs += P.Storage.last(Path).Kind == ProjectionKind::Deref;
  const Root R = P.Storage.rootOf(Path);
  if (R.Kind == RootKind::Constant) return std::nullopt;
  std::optional<Place> Base;
  bool Shared = R.Kind == RootKind::Global || R.Kind == RootKind::Code;
  bool Scratch = R.Kind == RootKind::Temp || R.Kind == RootKind::Heap;
  if (!At || Shared || Scratch) {
    Span Declared = R.Kind == RootKind::Local && !At ? F.Locals[R.Index].At
                    : R.Kind == RootKind::Arg        ? F.Parameters[R.Index].At
                    : R.Kind == RootKind::This       ? F.At
                                                     : Where;
    Base = Place{location(GraphLocation::Storage, R, At && Scratch ? At->Number : 0, Declared), 0};
  } else if (R.Kind == RootKind::This && At->Closure)
    Base = Place{At->Closure->Base, At->Closure->Derefs - 1};
  else if (R.Kind == RootKind::This)
    Base = place(At->Site->This, At->Outer, Where);
  else if (R.Kind == RootKind::Arg)
    Base = R.Index < At->Site->Args.size() ? place(At->Site->Args[R.Index], At->Outer, Where) : std::nullopt;
  else if (R.Kind == RootKind::Ret)
    Base = place(At->Site->Result, At->Outer, Where);
  if (Base) Base->Derefs += Derefs;
  return Base;
}

/// Of two edges between the same locations the one with fewer loads says it all.
bool EscapeGraph::addEdge(LocationId To, LocationId From, int Derefs, const Cause &Why) {
  Derefs = std::max(Derefs, -1);
  if (To == From && Derefs >= 0) return false;
  FlowStep Step{{From, To, Derefs}, Why.Why, Why.Callee, Why.At};
  auto [It, Fresh] = EdgeOf.try_emplace({To, From}, uint32_t(Edges.size()));
  if (!Fresh) {
    FlowStep &Known = Edges[It->second];
    if (Known.Edge.Derefs <= Derefs) return false;
    Known = Step;
    return true;
  }
  Edges.push_back(Step);
  In[To.index()].push_back(It->second);
  return true;
}

void EscapeGraph::addFlow(const std::optional<Place> &Dst, const std::optional<Place> &Src, const Cause &Why) {
  if (!Dst || !Src || Dst->Derefs < 0) return;
  if (Dst->Derefs == 0)
    addEdge(Dst->Base, Src->Base, Src->Derefs, Why);
  else
    Stores.push_back({{Dst->Base, Dst->Derefs - 1}, *Src, Why});
}

void EscapeGraph::addFact(const Fact &Each, const Frame *At, const Cause &Why) {
  if (Each.Kind != FactKind::Borrow && Each.Kind != FactKind::Copy && Each.Kind != FactKind::Move) return;
  if (Each.Kind == FactKind::Borrow && Each.Loan == LoanKind::Weak) return;
  std::optional<Place> Src = place(Each.Src, At, Why.At);
  if (Src && Each.Kind == FactKind::Borrow) --Src->Derefs;
  addFlow(place(Each.Dst, At, Why.At), Src, Why);
}

void EscapeGraph::addEffects(const Effects &E, const Frame &Inner, const Cause &Why) {
  Cause Inside{Why.Why, E.Symbol, Why.At};
  for (const Fact &Each : E.Facts)
    if (Each.Kind == FactKind::Call)
      addCall(E.Calls[Each.Call], &Inner, Inside);
    else
      addFact(Each, &Inner, {Each.Why, E.Symbol, Why.At});
}

void EscapeGraph::addCall(const Call &C, const Frame *At, const Cause &Why) {
  uint32_t Depth = At ? At->Depth + 1 : 0;
  if (Depth > MaxNesting) return;
  if (!C.Callee.valid() && C.Through.valid()) {
    if (std::optional<Place> Callable = place(C.Through, At, Why.At)) Indirects.push_back({&C, At, Why, *Callable, {}});
    return;
  }
  llvm::SmallVector<NameId, 4> Symbols;
  if (C.Virtual)
    Lookup.dispatched(C.Callee, Symbols);
  else if (C.Callee.valid())
    Symbols.push_back(C.Callee);
  bool Known = false;
  for (NameId Symbol : Symbols) {
    const Effects *E = Lookup.effects(Symbol);
    if (!E) continue;
    Known = true;
    Frames.push_back({&C, At, std::nullopt, uint32_t(Frames.size() + 1), Depth});
    addEffects(*E, Frames.back(), Why);
  }
  if (!Known) addUnknownCall(C, At, {Why.Why, C.Callee, Why.At});
}

/// Code that is not known may keep all that it is given, and return anything that it can reach.
void EscapeGraph::addUnknownCall(const Call &C, const Frame *At, const Cause &Why) {
  Place Everything{Unknown, 0};
  Cause Given{Reason::Argument, Why.Callee, Why.At};
  addFlow(Everything, place(C.This, At, Why.At), Given);
  for (PathId Arg : C.Args) addFlow(Everything, place(Arg, At, Why.At), Given);
  addFlow(place(C.Result, At, Why.At), Everything, {Reason::Lend, Why.Callee, Why.At});
}

void EscapeGraph::build() {
  for (const Block &B : F.Blocks)
    for (const Fact &Each : B.Facts) {
      Cause Why{Each.Why, NameId(), Each.At};
      if (Each.Kind == FactKind::Call)
        addCall(F.Calls[Each.Call], nullptr, Why);
      else
        addFact(Each, nullptr, Why);
    }
}

bool EscapeGraph::resolveStores(bool Guess) {
  bool Changed = false;
  for (size_t I = 0; I != Stores.size() && Steps < MaxSteps; ++I) {
    Store S = Stores[I];
    llvm::SmallVector<LocationId, 4> Targets = pointees(S.Dst);
    if (Targets.empty() && Guess) Targets.push_back(Unknown);
    for (LocationId To : Targets) Changed |= addEdge(To, S.Src.Base, S.Src.Derefs, S.Why);
  }
  return Changed;
}

bool EscapeGraph::resolveIndirects(bool Guess) {
  bool Changed = false;
  for (size_t I = 0; I != Indirects.size() && Steps < MaxSteps; ++I) {
    Indirect &Each = Indirects[I];
    for (LocationId L : pointees(Each.Callable)) {
      if (Locations[L.index()].Where.Kind != RootKind::Code) continue;
      NameId Symbol = Locations[L.index()].Where.Name;
      const Effects *E = Lookup.effects(Symbol);
      if (!E || llvm::is_contained(Each.Done, Symbol)) continue;
      Each.Done.push_back(Symbol);
      const Call *Site = Each.Site;
      if (Site->ByReference) Site = &Bound.emplace_back(P.bound(*Site, Symbol));
      Frames.push_back(
          {Site, Each.At, Each.Callable, uint32_t(Frames.size() + 1), Each.At ? Each.At->Depth + 1 : 0});
      if (Frames.back().Depth <= MaxNesting) addEffects(*E, Frames.back(), Each.Why);
      Changed = true;
    }
    if (!Each.Done.empty() || !Guess || Each.Guessed) continue;
    Each.Guessed = true;
    addUnknownCall(*Each.Site, Each.At, Each.Why);
    Changed = true;
  }
  return Changed;
}

/// Nothing is guessed before all that is known has been said. When the budget is spent, all stores count as stores to
/// unknown code, as in Go: too much escapes, nothing is overlooked.
void EscapeGraph::resolve() {
  for (bool Guess : {false, true})
    for (bool Changed = true; Changed && Steps < MaxSteps;) {
      Changed = resolveStores(Guess);
      Changed |= resolveIndirects(Guess);
    }
  if (Steps < MaxSteps) return;
  for (const Store &Each : Stores) addEdge(Unknown, Each.Src.Base, Each.Src.Derefs, Each.Why);
  for (const Indirect &Each : Indirects) addUnknownCall(*Each.Site, Each.At, Each.Why);
}

//===- Reading the graph ------------------------------------------------------------------------------------------===//

bool EscapeGraph::isSink(LocationId L) const {
  const GraphLocation &Loc = Locations[L.index()];
  if (Loc.Is != GraphLocation::Storage) return true;
  return Loc.Where.Kind == RootKind::Ret || Loc.Where.Kind == RootKind::Global;
}

static bool isParameter(const GraphLocation &L) {
  return L.Is == GraphLocation::Storage && (L.Where.Kind == RootKind::Arg || L.Where.Kind == RootKind::This);
}

std::vector<Flow> EscapeGraph::flows() const {
  std::vector<Flow> Found;
  for (uint32_t I = 0; I != Locations.size(); ++I) {
    LocationId Sink(I);
    if (!isSink(Sink) || In[I].empty()) continue;
    Walk Back(*this, {Sink, 0});
    for (LocationId L : Back.reached()) {
      const GraphLocation &From = Locations[L.index()];
      if (isSink(L) || From.Where.Kind == RootKind::Code) continue;
      bool Itself = Locations[I].Is == GraphLocation::Behind && isParameter(From) && From.Where == Locations[I].Where;
      if (Back.derefs(L) < 0 || (isParameter(From) && !Itself)) Found.push_back({L, Sink, Back.derefs(L)});
    }
  }
  llvm::sort(Found);
  return Found;
}

std::vector<FlowStep> EscapeGraph::explain(const Flow &Asked) const {
  return Walk(*this, {Asked.To, 0}).path(Asked.From);
}

Effects EscapeGraph::effects() const {
  Effects E;
  E.Symbol = F.Symbol;
  E.Display = F.Display;
  E.Source = EffectSource::Body;
  auto led = [&](Root R, int Derefs) {
    PathId Path = P.Storage.root(R);
    for (; Derefs > 0; --Derefs) Path = P.Storage.deref(Path);
    return Path;
  };
  auto addCallOf = [&](Call C, const Span &At) {
    Fact Run;
    Run.Kind = FactKind::Call;
    Run.Call = uint32_t(E.Calls.size());
    Run.At = At;
    E.Calls.push_back(std::move(C));
    E.Facts.push_back(Run);
  };
  for (const Flow &Each : flows()) {
    const GraphLocation &From = Locations[Each.From.index()], &To = Locations[Each.To.index()];
    if (!isParameter(From) || Each.Derefs < 0) continue;
    PathId Src = led(From.Where, Each.Derefs);
    if (To.Is == GraphLocation::Unknown) {
      Call C;
      C.Args.push_back(Src);
      addCallOf(std::move(C), From.At);
      continue;
    }
    Fact Copied;
    Copied.Kind = FactKind::Copy;
    Copied.Src = Src;
    Copied.Dst = led(To.Where, To.Is == GraphLocation::Behind);
    Copied.Sure = Certainty::May;
    Copied.At = From.At;
    E.Facts.push_back(Copied);
  }
  for (const Indirect &Each : Indirects) {
    Walk Back(*this, Each.Callable);
    for (LocationId L : Back.reached()) {
      if (!isParameter(Locations[L.index()]) || Back.derefs(L) < 0) continue;
      Call C;
      C.Through = led(Locations[L.index()].Where, Back.derefs(L));
      C.Args.resize(Each.Site->Args.size());
      addCallOf(std::move(C), Each.Why.At);
    }
  }
  return E;
}
