#include "solve/Growth.h"
#include "solve/Neighbours.h"
#include "solve/Running.h"
#include "solve/Solve.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

using namespace refleak;

namespace {

using Places = std::set<PathId>;

/// What a model says that the call does: all of it, and not only what an annotation promises.
const Effects *modelOf(const Program &P, const Call &C) {
  const Effects *E = C.Callee.valid() && !C.Virtual ? P.known(C.Callee) : nullptr;
  return E && E->Source == EffectSource::Model ? E : nullptr;
}

/// Which cells of each function lead to objects of static lifetime, or to members of such.
class StaticReferences {
public:
  StaticReferences(Solved &S, const Neighbours &Near) : P(S.P), Storage(S.P.Storage), Near(Near) {}

  void run() {
    for (uint32_t F = 0; F != P.Functions.size(); ++F)
      if (P.NamesGlobal.test(F) && !P.Functions[F].IsLife) Pending.insert(F);
    while (!Pending.empty()) {
      uint32_t F = *Pending.begin();
      Pending.erase(Pending.begin());
      Reached.insert(F);
      follow(F, P.whole(FunctionId(F)));
    }
  }

  /// The functions that name or are given such an object.
  const std::set<uint32_t> &functions() const { return Reached; }
  /// What \p Cell leads to.
  Places targets(uint32_t F, PathId Cell) const {
    if (!Cell.valid()) return {};
    if (Storage.isRoot(Cell) && Storage.rootOf(Cell).Kind == RootKind::Global) return {Storage.deref(Cell)};
    auto It = Leads.find({F, Cell});
    return It == Leads.end() ? Places() : It->second;
  }
  /// The objects that \p Path names: a global, what a cell leads to, members of these.
  Places named(uint32_t F, PathId Path) const {
    llvm::SmallVector<NameId> Fields;
    PathId At = Path;
    for (; !Storage.isRoot(At) && Storage.last(At).Kind == ProjectionKind::Field; At = Storage.base(At))
      Fields.push_back(Storage.last(At).Name);
    if (Storage.isRoot(At)) return Storage.rootOf(At).Kind == RootKind::Global ? Places{Path} : Places();
    if (Storage.last(At).Kind != ProjectionKind::Deref) return {};
    Places Found;
    for (PathId Place : targets(F, Storage.base(At))) {
      for (NameId Field : llvm::reverse(Fields)) Place = Storage.field(Place, Field);
      Found.insert(Place);
    }
    return Found;
  }
  /// Objects to which a reference got where it is not followed.
  Places Lost;
  /// Objects that whoever can call a certain function can reach.
  std::map<PathId, std::set<uint32_t>> GivenOutBy;

private:
  Program &P;
  Paths &Storage;
  const Neighbours &Near;
  std::map<std::pair<uint32_t, PathId>, Places> Leads;
  std::set<uint32_t> Pending, Reached;

  void follow(uint32_t F, const Function &Body) {
    bool More = true;
    while (More) {
      More = false;
      for (const Block &B : Body.Blocks)
        for (const Fact &Each : B.Facts) {
          if (Each.Kind == FactKind::Borrow) More |= add(F, Each.Dst, named(F, Each.Src));
          if (Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move)
            More |= add(F, Each.Dst, targets(F, Each.Src));
          if (Each.Kind == FactKind::Call) More |= call(F, Body.Calls[Each.Call]);
        }
    }
  }

  /// Lets \p Cell lead to \p More, too. Returns whether that is new.
  bool add(uint32_t F, PathId Cell, const Places &More) {
    if (!Cell.valid() || More.empty()) return false;
    RootKind K = Storage.rootOf(Cell).Kind;
    if (!Storage.isRoot(Cell) || K == RootKind::Global || K == RootKind::Heap) {
      Lost.insert(More.begin(), More.end());
      return false;
    }
    if (K == RootKind::Ret)
      for (PathId Place : More) GivenOutBy[Place].insert(F);
    Places &Known = Leads[{F, Cell}];
    size_t Before = Known.size();
    Known.insert(More.begin(), More.end());
    if (Known.size() == Before) return false;
    if (K == RootKind::Ret)
      for (uint32_t Caller : Near.callers()[F]) Pending.insert(Caller);
    return true;
  }

  bool call(uint32_t F, const Call &C) {
    if (!C.Callee.valid() || C.Virtual) return false; // whoever looks at the call finds that it is not known
    if (const Effects *E = modelOf(P, C)) return result(F, C, *E);
    FunctionId Body = P.body(C.Callee);
    if (!Body.valid()) return false;
    bool More = false;
    auto give = [&](PathId Formal, PathId Actual) {
      if (add(Body.index(), Formal, targets(F, Actual))) Pending.insert(Body.index());
    };
    give(Storage.root({RootKind::This, 0, NameId()}), C.This);
    for (uint32_t I = 0; I != C.Args.size(); ++I) give(Storage.root({RootKind::Arg, I, NameId()}), C.Args[I]);
    More |= add(F, C.Result, targets(Body.index(), Storage.root({RootKind::Ret, 0, NameId()})));
    return More;
  }

  /// A library function that gives back a reference to what it was given.
  bool result(uint32_t F, const Call &C, const Effects &E) {
    bool More = false;
    for (const Fact &Each : E.Facts) {
      if (!Each.Dst.valid() || !Storage.isRoot(Each.Dst) || Storage.rootOf(Each.Dst).Kind != RootKind::Ret) continue;
      PathId Source = Each.Src;
      if (Each.Kind == FactKind::Borrow && !Storage.isRoot(Source) &&
          Storage.last(Source).Kind == ProjectionKind::Deref)
        Source = Storage.base(Source);
      else if (Each.Kind != FactKind::Copy)
        continue;
      if (!Storage.isRoot(Source)) continue;
      const Root R = Storage.rootOf(Source); // targets may add paths
      if (R.Kind == RootKind::This) More |= add(F, C.Result, targets(F, C.This));
      if (R.Kind == RootKind::Arg && R.Index < C.Args.size()) More |= add(F, C.Result, targets(F, C.Args[R.Index]));
    }
    return More;
  }
};

class GrowthFinder {
public:
  GrowthFinder(Solved &S, const Neighbours &Near)
      : Program(S), P(S.P), Storage(S.P.Storage), References(S, Near), IsComplete(isComplete(S)) {}

  void run() {
    References.run();
    for (uint32_t F : References.functions()) look(F, P.whole(FunctionId(F)));
    for (PathId Place : References.Lost) Unknown.insert(Place);
    for (const auto &[Place, Adding] : Added)
      if (!isDoubtful(Place)) report(Place, Adding);
  }

private:
  /// One call that adds an element to a container which the same function asks for elements.
  struct Addition {
    uint32_t In;
    Span At, LookedUp;
  };
  /// A call that looks for a key.
  struct Lookup {
    PathId Place, Found;
    Span At;
  };
  /// A call that adds an element.
  struct Insertion {
    PathId Place;
    Span At;
  };

  Solved &Program;
  refleak::Program &P;
  Paths &Storage;
  StaticReferences References;
  bool IsComplete;
  Places Unknown;                           ///< what else may happen to it is not known, or it may become smaller
  std::map<PathId, Addition> Added;         ///< the first of each
  std::map<PathId, std::set<FileId>> Files; ///< of the functions that name it
  std::map<PathId, unsigned> Allocations;   ///< how often a pointer is made to lead to something new

  //===- What a body does -----------------------------------------------------------------------------------------===//

  void look(uint32_t F, const Function &Body) {
    std::vector<Lookup> Lookups;
    std::vector<Insertion> Insertions;
    bool Initialises = isInitialiser(Body);
    for (const Block &B : Body.Blocks)
      for (const Fact &Each : B.Facts) {
        for (PathId Path : {Each.Src, Each.Dst})
          if (Path.valid())
            for (PathId Place : References.named(F, Path)) Files[Place].insert(Body.At.File);
        if (Each.Kind == FactKind::Call)
          lookAtCall(F, Body, Each, Lookups, Insertions);
        else
          lookAt(F, Each, Initialises, Insertions);
      }
    if (Initialises) return;
    for (const Insertion &I : Insertions)
      for (const Lookup &L : Lookups)
        if (L.Place == I.Place && isRead(Body, L.Found)) Added.try_emplace(I.Place, Addition{F, I.At, L.At});
  }

  bool isInitialiser(const Function &Body) const { return P.Symbols.text(Body.Symbol).starts_with("init:"); }

  void doubt(const Places &All) { Unknown.insert(All.begin(), All.end()); }
  /// Also what it leads to.
  void doubtPointer(const Places &All) {
    for (PathId Place : All) Unknown.insert({Place, Storage.deref(Place)});
  }

  void lookAt(uint32_t F, const Fact &Each, bool Initialises, std::vector<Insertion> &Insertions) {
    switch (Each.Kind) {
    case FactKind::Borrow:
      pointTo(F, Each);
      buildElement(F, Each, Insertions);
      break;
    case FactKind::Copy:
      doubtPointer(References.named(F, Each.Dst));
      break;
    case FactKind::Move:
      doubtPointer(References.named(F, Each.Dst));
      doubtPointer(References.named(F, Each.Src));
      break;
    case FactKind::Clear:
      if (!Initialises) doubtPointer(References.named(F, Each.Dst));
      break;
    case FactKind::Expire:
      doubtPointer(References.named(F, Each.Src));
      break;
    default:
      break;
    }
  }

  /// A pointer of static lifetime is made to lead somewhere: that it does so once, to a new object, is known.
  void pointTo(uint32_t F, const Fact &Each) {
    for (PathId Cell : References.named(F, Each.Dst))
      if (!Storage.isRoot(Each.Src) || Storage.rootOf(Each.Src).Kind != RootKind::Heap || ++Allocations[Cell] > 1)
        Unknown.insert(Storage.deref(Cell));
  }

  /// A part of an element that is built in its place.
  void buildElement(uint32_t F, const Fact &Each, std::vector<Insertion> &Insertions) {
    if (Each.Why != Reason::This || Storage.containers(Each.Src) != 1) return;
    PathId At = Each.Src;
    while (!isElement(Storage.last(At))) At = Storage.base(At);
    for (PathId Place : References.named(F, Storage.base(At))) Insertions.push_back({Place, Each.At});
  }

  void lookAtCall(uint32_t F, const Function &Body, const Fact &At, std::vector<Lookup> &Lookups,
                  std::vector<Insertion> &Insertions) {
    const Call &C = Body.Calls[At.Call];
    const Effects *E = modelOf(P, C);
    bool HasBody = C.Callee.valid() && !C.Virtual && P.body(C.Callee).valid();
    auto given = [&](PathId Actual, Root Formal) {
      Places Given = References.targets(F, Actual);
      if (Given.empty() || (!E && HasBody)) return;
      PathId Object = Storage.deref(Storage.root(Formal));
      if (!E || mayTakeOut(*E, Object) || !(isConstructor(*E, Object) || lends(*E, Object) || adds(*E, Object)))
        return doubt(Given);
      const Fact *Lent = lentByKey(*E, Object);
      bool Adds = adds(*E, Object) && !hasConstantKey(Body, C, Lent);
      for (PathId Place : Given) {
        if (Lent) Lookups.push_back({Place, C.Result, At.At});
        if (Adds) Insertions.push_back({Place, At.At});
      }
    };
    given(C.This, {RootKind::This, 0, NameId()});
    for (uint32_t I = 0; I != C.Args.size(); ++I) given(C.Args[I], {RootKind::Arg, I, NameId()});
    if (!C.Callee.valid() && C.Through.valid()) doubt(References.targets(F, C.Through));
  }

  //===- What a library function does -----------------------------------------------------------------------------===//

  bool isWithin(PathId Path, PathId Object) const { return Path.valid() && Storage.startsWith(Path, Object); }

  /// Models do not always say that a function takes something out, and those that only look may be asked for a bound.
  /// So what a function is not known to take out is not enough: it has to lend or to add.
  bool mayTakeOut(const Effects &E, PathId Object) const {
    return llvm::any_of(E.Facts, [&](const Fact &Each) {
      switch (Each.Kind) {
      case FactKind::Use:
      case FactKind::Reserve:
      case FactKind::Need:
      case FactKind::Copy:
        return false;
      case FactKind::Invalidate: {
        bool Moves = Each.Elements == Fate::Moved && Each.Which == Extent::All;
        return isWithin(Each.Src, Object) &&
               !(Moves && (Each.Cond != When::Always || Each.Kinds == maskOf(LoanKind::End)));
      }
      case FactKind::Borrow: // of the object itself, kept by another argument
        return Each.Src == Object && Storage.rootOf(Each.Dst).Kind != RootKind::Ret;
      case FactKind::Move:
        return isWithin(Each.Src, Object) || Each.Dst == Object;
      default:
        return isWithin(Each.Src, Object) || isWithin(Each.Dst, Object);
      }
    });
  }

  bool uses(const Effects &E, PathId Object) const {
    return llvm::any_of(E.Facts, [&](const Fact &Each) { return Each.Kind == FactKind::Use && Each.Src == Object; });
  }

  /// Members use their object, but for those that make it.
  bool isConstructor(const Effects &E, PathId Object) const {
    return Storage.rootOf(Object).Kind == RootKind::This && !uses(E, Object);
  }

  bool lends(const Effects &E, PathId Object) const {
    return llvm::any_of(E.Facts, [&](const Fact &Each) {
      return (Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy) && isWithin(Each.Src, Object) &&
             Storage.rootOf(Each.Dst).Kind == RootKind::Ret;
    });
  }

  bool adds(const Effects &E, PathId Object) const {
    if (!uses(E, Object)) return false;
    bool Reserves = llvm::any_of(E.Facts, [](const Fact &Each) { return Each.Kind == FactKind::Reserve; });
    return llvm::any_of(E.Facts, [&](const Fact &Each) {
      bool Stores = Each.Kind == FactKind::Copy || Each.Kind == FactKind::Move || Each.Kind == FactKind::Borrow;
      if (Stores && Each.Why == Reason::Insert) return isWithin(Each.Dst, Object) && Storage.containers(Each.Dst) != 0;
      return Each.Kind == FactKind::Invalidate && Each.Cond != When::Always && !Reserves && isWithin(Each.Src, Object);
    });
  }

  /// The element that it lends by a key, or beside the word whether it was there: what a lookup gives.
  const Fact *lentByKey(const Effects &E, PathId Object) const {
    auto It = llvm::find_if(E.Facts, [&](const Fact &Each) {
      if (Each.Kind != FactKind::Borrow || !isWithin(Each.Src, Object) || Storage.containers(Each.Src) == 0)
        return false;
      if (Storage.rootOf(Each.Dst).Kind != RootKind::Ret) return false;
      return Each.By.valid() ? Storage.rootOf(Each.By).Kind == RootKind::Arg : !Storage.isRoot(Each.Dst);
    });
    return It == E.Facts.end() ? nullptr : &*It;
  }

  //===- Keys and elements ----------------------------------------------------------------------------------------===//

  /// Whether the call names the element by a literal.
  bool hasConstantKey(const Function &Body, const Call &C, const Fact *Lent) const {
    uint32_t Number = Lent && Lent->By.valid() ? Storage.rootOf(Lent->By).Index : 0;
    if (Number >= C.Args.size() || !C.Args[Number].valid()) return true;
    return isLiteral(Body, C.Args[Number]);
  }

  /// Whether \p Cell holds, or leads to, a literal or a temporary that was made of literals alone.
  bool isLiteral(const Function &Body, PathId Cell) const {
    auto isRootOf = [&](PathId Path, RootKind K) { return Storage.isRoot(Path) && Storage.rootOf(Path).Kind == K; };
    if (isRootOf(Cell, RootKind::Constant)) return true;
    return anyFact(Body, [&](const Fact &Each) {
      if (Each.Kind != FactKind::Borrow || Each.Dst != Cell) return false;
      return isRootOf(Each.Src, RootKind::Constant) ||
             (isRootOf(Each.Src, RootKind::Temp) && Each.Why == Reason::Argument && isMadeOfLiterals(Body, Each.Src));
    });
  }

  bool isMadeOfLiterals(const Function &Body, PathId Object) const {
    auto leadsThere = [&](PathId Cell) {
      return anyFact(Body, [&](const Fact &Each) {
        return Each.Kind == FactKind::Borrow && Each.Why == Reason::This && Each.Dst == Cell && Each.Src == Object;
      });
    };
    return llvm::any_of(Body.Calls, [&](const Call &C) {
      return C.This.valid() && leadsThere(C.This) && !C.Args.empty() && C.Args[0].valid() &&
             llvm::all_of(C.Args, [&](PathId Arg) { return !Arg.valid() || isLiteral(Body, Arg); });
    });
  }

  template <class Test> static bool anyFact(const Function &Body, Test Holds) {
    return llvm::any_of(Body.Blocks, [&](const Block &B) { return llvm::any_of(B.Facts, Holds); });
  }

  /// Whether the function goes on with the element that a lookup found: it reads it, gives it out, or looks through the
  /// iterator. That it compares the iterator, or writes a new value, is no sign that the key was asked for.
  bool isRead(const Function &Body, PathId Found) const {
    if (!Found.valid()) return false;
    Places Iterators{Found};
    for (const Block &B : Body.Blocks)
      for (const Fact &Each : B.Facts)
        if (Each.Kind == FactKind::Borrow && Each.Why == Reason::This && isWithin(Each.Src, Found) &&
            Storage.derefs(Each.Src) == 0)
          Iterators.insert(Each.Dst);
    auto isElementOf = [&](PathId Path) {
      return isWithin(Path, Found) && Storage.derefs(Path) > Storage.derefs(Found);
    };
    return anyFact(Body, [&](const Fact &Each) {
      if (Each.Kind == FactKind::Use) return Each.How == Access::Read && isElementOf(Each.Src);
      if (Each.Kind == FactKind::Borrow || Each.Kind == FactKind::Copy) {
        RootKind K = Storage.rootOf(Each.Dst).Kind;
        return (K == RootKind::Ret || K == RootKind::Local) && isElementOf(Each.Src);
      }
      if (Each.Kind != FactKind::Call) return false;
      const Call &C = Body.Calls[Each.Call];
      return llvm::is_contained(C.Args, Found) || goesThrough(C, Iterators);
    });
  }

  /// Whether \p C gives out what its object leads to, and does not change it: `it->`, `cache[key].get()`.
  bool goesThrough(const Call &C, const Places &Iterators) const {
    const Effects *E = modelOf(P, C);
    if (!E || !C.This.valid() || !Iterators.count(C.This)) return false;
    PathId Object = Storage.deref(Storage.root({RootKind::This, 0, NameId()}));
    bool Changes = llvm::any_of(E->Facts, [&](const Fact &Each) {
      return Each.Kind == FactKind::Invalidate || Each.Kind == FactKind::Advance || isWithin(Each.Dst, Object);
    });
    return !Changes && lends(*E, Object);
  }

  //===- What is claimed ------------------------------------------------------------------------------------------===//

  bool isDoubtful(PathId Place) const {
    for (PathId At = Place;; At = Storage.base(At)) {
      if (Unknown.count(At)) return true;
      if (Storage.isRoot(At)) break;
    }
    llvm::StringRef Name = P.Symbols.text(Storage.rootOf(Place).Name);
    if (!IsComplete && (!isSeenWhole(Name) || isGivenToOthers(Place))) return true;
    return isNamedInGaps(Place, Name);
  }

  /// The file that the name of something with internal linkage begins with; empty for other names.
  static llvm::StringRef fileIn(llvm::StringRef Name) {
    size_t End = Name.find(':');
    return End != llvm::StringRef::npos && !Name.substr(End).starts_with("::") ? Name.take_front(End) : "";
  }

  /// Whether one file, or one function, holds all that can name the global: the name of a local one has that of its
  /// function in it, with parameters.
  static bool isSeenWhole(llvm::StringRef Name) { return !fileIn(Name).empty() || Name.contains(")::"); }

  /// Whether others can call a function that gives out a reference to \p Place or to what it is part of.
  bool isGivenToOthers(PathId Place) const {
    for (PathId At = Place;; At = Storage.base(At)) {
      auto It = References.GivenOutBy.find(At);
      if (It != References.GivenOutBy.end() &&
          llvm::any_of(It->second, [&](uint32_t F) { return fileIn(P.Symbols.text(P.Functions[F].Symbol)).empty(); }))
        return true;
      if (Storage.isRoot(At)) return false;
    }
  }

  /// Whether something was not analysed where it may be named.
  bool isNamedInGaps(PathId Place, llvm::StringRef Name) const {
    llvm::StringRef Own = fileIn(Name);
    if (!Own.empty() && llvm::is_contained(P.Partial, Own)) return true;
    auto It = Files.find(Place);
    for (uint32_t F = 0; F != P.Functions.size(); ++F) {
      FileId In = P.Functions[F].At.File;
      bool Concerned = In.valid() && (P.Files[In.index()] == Own || (It != Files.end() && It->second.count(In)));
      if (Concerned &&
          llvm::any_of(P.mentions(FunctionId(F)), [](const Mention &M) { return M.How == Mention::GiveUp; }))
        return true;
    }
    return false;
  }

  void report(PathId Place, const Addition &Adding) {
    std::unique_ptr<LoanSolution> &S = Program.Solutions[Adding.In];
    if (!S) {
      S = std::make_unique<LoanSolution>();
      S->Function = FunctionId(Adding.In);
    }
    Event E;
    E.Kind = EventKind::Grows;
    E.Sure = Certainty::May;
    E.Cell = Place;
    E.Loan = LoanId(uint32_t(S->Loans.size()));
    Loan Lent;
    Lent.Target = Place;
    S->Loans.push_back(Lent);
    E.Growth = uint32_t(S->Growths.size());
    S->Growths.push_back({Adding.LookedUp, Adding.At});
    S->Events.push_back(E);
  }
};

} // namespace

void refleak::findGrowth(Solved &Program, const Neighbours &Near) { GrowthFinder(Program, Near).run(); }
