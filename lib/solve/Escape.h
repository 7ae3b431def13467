//===- Escape.h - Where the addresses of a function's storage go --------------------------------------------------===//
//
// The flow-insensitive half of the analysis, after Go's cmd/compile/internal/escape: one weighted graph for each
// function.
//
// Theory. A *location* is storage that the function can name: a variable, a parameter, a temporary, an allocation, a
// global, the result, what a parameter leads to, and all that unknown code can reach. Fields and elements belong to
// their location. An *edge* from location s to location d of weight n says that a value goes from s to d after n loads;
// -1 says that the address of s goes to d:
//
//     d = &s   -1        d = s   0        d = *s   1        d = **s   2
//
// Edges come from the facts Borrow, Copy and Move, and from the same facts in the effects of the functions called; the
// order of facts plays no role. A store through a pointer goes to the locations whose addresses reach the pointer,
// found in the graph itself, and to unknown code when there are none; a call of a closure runs the code that reaches
// it, likewise. This is repeated until no edge is new. What a parameter leads to is one location, held by the parameter
// and by itself.
//
// From each *sink* (the result, globals, what parameters lead to, unknown code) the graph is walked back with the least
// number of loads, as in Bellman and Ford's algorithm. Behind an address the count begins at 0 again: from `r = &l; l =
// x` follows that l's address reaches r, and not that x's does. A location reached with -1 *escapes* to the sink. A
// parameter reached with n >= 0 *leaks* its value (n = 0) or what n loads from it give.
//
//     int *pick(int **slot, int *p) {
//       int x;
//       int *q = &x;      // q <- &x               weight -1
//       *slot = p;        // [slot leads to] <- p  weight  0, because slot <- &[slot leads to]
//       return q;         // result <- q           weight  0
//     }
//     back from result: q 0, x -1                     x's address flows to result
//     back from [slot leads to]: p 0                  leaking param: p to what slot leads to, level 0
//
// Not modelled: the order of events (a pointer reset in time still counts), fields apart from their objects, sizes, and
// the end of inner scopes. The loan solver knows these; this graph is cheap, explains itself, and overlooks nothing
// they see.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Program.h"
#include "solve/Loans.h"
#include <deque>
#include <optional>

namespace refleak {

using LocationId = Id<struct LocationTag>;

struct GraphLocation {
  enum Kind : uint8_t {
    Storage, ///< what Where names
    Behind,  ///< what the parameter Where leads to
    Unknown, ///< what code that is not known can reach
  };
  Kind Is = Storage;
  Root Where;
  uint32_t Site = 0; ///< storage of a callee (a temporary, an allocation): which call, from 1; 0 for the function's own
  Span At;
};

/// A value of one location goes to another one, after Derefs loads; -1: the address of From goes to To.
struct Flow {
  LocationId From, To;
  int Derefs = 0;

  friend auto operator<=>(const Flow &, const Flow &) = default;
};

/// One edge of the graph and the fact that it comes from.
struct FlowStep {
  Flow Edge;
  Reason Why = Reason::None;
  NameId Callee; ///< the function in whose effects it lies; invalid for the function's own facts
  Span At;
};

/// The graph of one function, solved.
class EscapeGraph {
public:
  EscapeGraph(Program &P, FunctionId Id, Callees &C);

  const Function &function() const { return F; }
  llvm::ArrayRef<GraphLocation> locations() const { return Locations; }
  const GraphLocation &operator[](LocationId L) const { return Locations[L.index()]; }
  llvm::ArrayRef<FlowStep> edges() const { return Edges; }
  bool isSink(LocationId L) const;

  /// What escapes and leaks to sinks, ordered. A parameter's flow to what it leads to itself is left out.
  std::vector<Flow> flows() const;
  /// The edges from F.From to F.To that make the least number of loads; found anew for each question.
  std::vector<FlowStep> explain(const Flow &F) const;
  /// What the flows of parameters mean to a caller.
  Effects effects() const;

private:
  /// The storage that Derefs loads from Base lead to; -1: the address of Base.
  struct Place {
    LocationId Base;
    int Derefs = 0;
  };
  /// Where the formal roots of effects lie.
  struct Frame {
    const Call *Site;
    const Frame *Outer;           ///< null: paths of Site are the function's own
    std::optional<Place> Closure; ///< what `this` is the address of, for a closure
    uint32_t Number;
    uint32_t Depth;
  };
  /// What an edge comes from.
  struct Cause {
    Reason Why;
    NameId Callee;
    Span At;
  };
  struct Store {
    Place Dst, Src;
    Cause Why;
  };
  struct Indirect {
    const Call *Site;
    const Frame *At;
    Cause Why;
    Place Callable;
    llvm::SmallVector<NameId, 2> Done;
    bool Guessed = false;
  };
  class Walk;

  Program &P;
  const Function F;
  Callees &Lookup;
  std::vector<GraphLocation> Locations;
  Table<std::pair<uint64_t, uint64_t>, LocationId> LocationOf;
  std::vector<FlowStep> Edges;
  std::vector<llvm::SmallVector<uint32_t, 4>> In; ///< by target: edges
  Table<std::pair<LocationId, LocationId>, uint32_t> EdgeOf;
  std::vector<Store> Stores;
  std::deque<Indirect> Indirects;
  std::deque<Frame> Frames;
  std::deque<Call> Bound; ///< calls as their callees get them
  LocationId Unknown;
  mutable uint64_t Steps = 0; ///< edges followed so far

  void build();
  void resolve();
  bool resolveStores(bool Guess);
  bool resolveIndirects(bool Guess);
  LocationId location(GraphLocation::Kind Is, const Root &Where, uint32_t Site, const Span &At);
  LocationId behind(const Root &Where);
  std::optional<Place> place(PathId Path, const Frame *At, const Span &Span);
  bool addEdge(LocationId To, LocationId From, int Derefs, const Cause &Why);
  void addFlow(const std::optional<Place> &Dst, const std::optional<Place> &Src, const Cause &Why);
  void addFact(const Fact &Each, const Frame *At, const Cause &Why);
  void addCall(const Call &C, const Frame *At, const Cause &Why);
  void addEffects(const Effects &E, const Frame &Inner, const Cause &Why);
  void addUnknownCall(const Call &C, const Frame *At, const Cause &Why);
  llvm::SmallVector<LocationId, 4> pointees(Place Pointer) const;
};

} // namespace refleak
