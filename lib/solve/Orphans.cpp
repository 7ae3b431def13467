#include "solve/Orphans.h"
#include "solve/Resets.h"
#include "solve/Solve.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>
#include <map>

using namespace refleak;

namespace {

/// Objects that own objects that own objects.
constexpr unsigned MaxOwners = 4;
/// Bases of bases.
constexpr unsigned MaxBases = 4;

class Orphans {
public:
  Orphans(Solved &S, const Neighbours &Near) : Program(S), Storage(S.P.Storage), Of(S.P), Taken(S, Near) {}

  void run() {
    collectEnds();
    if (Ends.empty()) return;
    for (LoanSolution &S : Program.solutions())
      if (S.isSolved()) findIn(S);
    findSignedOn();
  }

private:
  /// A function lets go what a member, or an element of it, owns.
  struct Ending {
    FunctionId In;
    std::vector<NameId> Within;    ///< the members that the member lies in: all containers of one class have the same
    std::vector<Projection> Below; ///< from the member to what ends, or to the element that ends with all it owns
    bool OfElement;
    bool Anew; ///< the member owns something else then
    bool All;  ///< not only one element of many
    Point When;
    Span At;
    PathId Owner; ///< what owns what ends
    PathId Key;   ///< by which the element was looked up, if a literal
  };
  /// A cell that owns something.
  struct Owner {
    Member Where;
    std::vector<NameId> Within;    ///< as in Ending
    std::vector<Projection> Below; ///< from the member to what it owns
    PathId Object;                 ///< that the member belongs to
    bool Surely;                   ///< else it may be a pointer that owns nothing
    bool OfGlobal;                 ///< it is the one that a global is declared to be, or has in it

    /// Whether it is a data member, or a part of one, and no element of a container.
    bool isMember() const { return !OfGlobal && llvm::none_of(Below, isElement); }
  };

  Solved &Program;
  Paths &Storage;
  Members Of;
  Resets Taken;
  std::map<NameId, std::vector<Ending>> Ends; ///< by the owner's member
  std::set<std::pair<NameId, NameId>> Told;   ///< members that hold what is lost, and the owners' members

  void collectEnds() {
    for (const LoanSolution &S : Program.solutions()) {
      if (!S.Function.valid()) continue;
      const Function &F = Program.function(S.Function);
      if (F.IsConstructor || F.IsDestructor) continue;
      for (const Export &E : S.Exports) {
        const Fact &What = E.What;
        bool Resets = What.Kind == FactKind::Expire && !Storage.isRoot(What.Src) &&
                      Storage.last(What.Src).Kind == ProjectionKind::Deref;
        bool Erases = What.Kind == FactKind::Invalidate && What.Elements == Fate::Destroyed;
        if (!(Resets || Erases) || What.Sure == Certainty::Assumed) continue;
        if (Resets && Storage.containers(What.Src) != 0 && addsWhatItMissed(S, E.At)) continue;
        bool Anew = Resets && llvm::any_of(S.Written, [&](const Overwrite &W) {
                      return W.Cell == Storage.base(What.Src) && !W.Empties;
                    });
        bool All = Resets ? Storage.containers(What.Src) == 0 : What.Which == Extent::All;
        Member M = Resets ? Of.memberOf(Storage.base(What.Src)) : Of.containerOf(What.Src);
        if (M.known())
          Ends[M.Name].push_back({S.Function, within(M), Of.belowOf(What.Src, M.Prefix), Erases, Anew, All, E.At,
                                  Program.site(S, E.At), Resets ? Storage.base(What.Src) : What.Src, What.By});
      }
    }
  }

  /// Whether the owner given something at \p At is an element that the same expression looks up, and adds if it is not
  /// there, in a function that has asked for it before: it was not there
  /// (`if (items.find(key) == items.end()) items[key] = std::make_unique<Item>();`).
  bool addsWhatItMissed(const LoanSolution &S, Point At) const {
    const Function F = Program.P.whole(S.Function);
    auto factAt = [&](uint32_t Number) -> const Fact & { return S.factAt(F, Point::ofFact(Number)); };
    auto objectOf = [&](const Call &Site, uint32_t Number) {
      while (Number-- > 0)
        if (const Fact &Each = factAt(Number); Each.Kind == FactKind::Borrow && Each.Dst == Site.This) return Each.Src;
      return PathId();
    };
    auto adds = [&](uint32_t Number) {
      auto stores = [&](const Fact &Did) {
        bool Stores = Did.Why == Reason::Insert && Did.Dst.valid() && Storage.containers(Did.Dst) != 0;
        return Stores || Did.Cond == When::Absent;
      };
      const Resolved *Called = S.resolvedAt(Number);
      return Called &&
             llvm::any_of(Called->Candidates, [&](const Effects *E) { return llvm::any_of(E->Facts, stores); });
    };
    if (factAt(At.fact()).Kind != FactKind::Call) return false;
    PathId Element = F.Calls[factAt(At.fact()).Call].This, Container;
    for (uint32_t I = At.fact(); Element.valid() && I-- > 0;) {
      const Fact &Each = factAt(I);
      if (Each.Kind != FactKind::Call) continue;
      const Call &Site = F.Calls[Each.Call];
      if (!Container.valid() && Site.Result == Element) {
        if (!adds(I)) return false;
        Container = objectOf(Site, I);
      } else if (Container.valid() && objectOf(Site, I) == Container && !adds(I)) {
        return true;
      }
    }
    return false;
  }

  /// The owners of what \p Place lies in, as the function leaves them.
  std::vector<Owner> ownersOf(const LoanSolution &S, PathId Place, unsigned Depth = 0) const {
    std::vector<Owner> Found;
    for (PathId At = Place; !Storage.isRoot(At); At = Storage.base(At))
      if (Storage.last(At).Kind == ProjectionKind::Deref) addOwner(Found, Storage.base(At), false);
    const Root &R = Storage.rootOf(Place);
    if (R.Kind != RootKind::Heap || Depth == MaxOwners) return Found;
    PathId Made = Storage.rootPath(Place);
    for (const State::Cell &C : S.AtExit.cells()) {
      bool Owns = std::any_of(C.Holds.begin(), C.Holds.end(), [&](const Held &H) {
        const Loan &L = S.Loans[H.Loan.index()];
        return H.Alive && Storage.startsWith(Place, L.Target) && (L.Kind == LoanKind::Own || L.Kind == LoanKind::Share);
      });
      if (!Owns || C.Path == Place) continue;
      if (Storage.rootOf(C.Path).Kind != RootKind::Heap) {
        addOwner(Found, C.Path, true);
      } else if (Storage.rootPath(C.Path) != Made) {
        for (Owner &Outer : ownersOf(S, C.Path, Depth + 1)) Found.push_back(std::move(Outer));
      }
    }
    return Found;
  }

  std::vector<NameId> within(const Member &M) const {
    std::vector<NameId> Names;
    if (Storage.isRoot(M.Prefix)) return Names;
    for (PathId At = Storage.base(M.Prefix); !Storage.isRoot(At); At = Storage.base(At)) {
      if (Storage.last(At).Kind == ProjectionKind::Deref) break;
      if (Storage.last(At).Kind == ProjectionKind::Field) Names.push_back(Storage.last(At).Name);
    }
    return Names;
  }

  void addOwner(std::vector<Owner> &Found, PathId Cell, bool Surely) const {
    RootKind K = Storage.rootOf(Cell).Kind;
    Member M = Of.memberOf(Cell);
    if (!M.known() || (K != RootKind::This && K != RootKind::Arg && K != RootKind::Global)) return;
    std::vector<Projection> Below = Of.belowOf(Cell, M.Prefix);
    bool OfGlobal =
        Of.isOfGlobal(M) && Program.P.declaresOwner("global ", Program.P.Symbols.text(Storage.rootOf(Cell).Name), Cell);
    if (!OfGlobal && !Of.declaredOwner(Cell) && std::none_of(Below.begin(), Below.end(), isElement)) return;
    Surely |= OfGlobal || Of.declaredOwner(Cell);
    Below.push_back({ProjectionKind::Deref, NameId()});
    Found.push_back({M, within(M), std::move(Below), Storage.objectOf(M.Prefix), Surely, OfGlobal});
  }

  /// Whether \p E ends what \p O owns. A global that is emptied may be at its end, with all that knows it.
  bool ends(const Ending &E, const Owner &O) const {
    if (E.Within != O.Within) return false;
    if (!E.OfElement) return E.Below == O.Below && (E.Anew || llvm::any_of(O.Below, isElement));
    return O.Surely && E.Below.size() < O.Below.size() && std::equal(E.Below.begin(), E.Below.end(), O.Below.begin());
  }

  void findIn(LoanSolution &S) {
    std::set<std::pair<NameId, NameId>> Reported;
    for (const State::Cell &C : S.AtExit.cells()) {
      RootKind K = Storage.rootOf(C.Path).Kind;
      if (K != RootKind::This && K != RootKind::Global && K != RootKind::Arg && K != RootKind::Heap) continue;
      std::set<NameId> Holders = Of.holders(C.Path);
      if (Holders.empty()) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        bool FromEntry = L.Initial && Storage.base(L.Target) != C.Path;
        if (!H.Alive || (L.Initial && !FromEntry) || !(maskOf(L.Kind) & AllBorrows)) continue;
        // What lies in the object that it leads to ends with it.
        if (Storage.startsWith(C.Path, L.Target) || isKeptBesideIt(S, C.Path)) continue;
        bool Anywhere = K == RootKind::Global || Program.isCaptured(S, H.Loan, C.Path, H.Via);
        for (const Owner &O : ownersOf(S, L.Target)) {
          if (FromEntry && !O.OfGlobal && !isLentBy(O, L.Target)) continue;
          if (Holders.count(O.Where.Name) || !(Anywhere || O.OfGlobal || belongsTo(S, C.Path, O))) continue;
          if (O.isMember() && (Storage.objectOf(C.Path) != O.Object || Of.declaredOwner(C.Path))) continue;
          if (Reported.count({*Holders.begin(), O.Where.Name})) continue;
          if (report(S, C.Path, H, O, Holders)) Reported.insert({*Holders.begin(), O.Where.Name});
        }
      }
    }
  }

  /// Whether \p Object is what the data member \p O owns, and no part of it and nothing that it leads to.
  bool isLentBy(const Owner &O, PathId Object) const {
    return O.isMember() && Storage.startsWith(Object, O.Where.Prefix) && Of.belowOf(Object, O.Where.Prefix) == O.Below;
  }

  /// Whether \p Cell is a capture, and the closure has captured a share of something as well, for as long as it is
  /// there: `[self = shared_from_this(), data = buffer.data()]`.
  bool isKeptBesideIt(const LoanSolution &S, PathId Cell) const {
    PathId Closure;
    for (PathId At = Cell; !Storage.isRoot(At); At = Storage.base(At))
      if (S.isCapture(Storage, At)) Closure = Storage.base(At);
    return Closure.valid() && llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
             return Storage.startsWith(C.Path, Closure) && llvm::any_of(C.Holds, [&](const Held &H) {
                      return H.Alive && S.Loans[H.Loan.index()].Kind == LoanKind::Share;
                    });
           });
  }

  /// Whether \p Cell lies in the object that \p O belongs to, or in one that another member of that object owns.
  bool belongsTo(const LoanSolution &S, PathId Cell, const Owner &O) const {
    if (Storage.objectOf(Cell) == O.Object) return true;
    std::vector<Owner> Around = ownersOf(S, Cell);
    return !Around.empty() && std::all_of(Around.begin(), Around.end(), [&](const Owner &Each) {
      return Each.Object == O.Object && Each.Where.Name != O.Where.Name;
    });
  }

  bool report(LoanSolution &S, PathId Cell, const Held &H, const Owner &O, const std::set<NameId> &Holders) {
    auto It = Ends.find(O.Where.Name);
    if (It == Ends.end() || Taken.happensInDestructor(Holders)) return false;
    bool IsGlobal = Storage.isRoot(Cell) && Storage.rootOf(Cell).Kind == RootKind::Global;
    for (const Ending &Each : It->second) {
      if (!ends(Each, O)) continue;
      bool One = !IsGlobal || !Each.All;
      if (!One && isToldThere(Each)) continue;
      PathId Key = keyOf(S, H.Loan);
      bool BothSay = Of.isLiteral(Each.Key) && Of.isLiteral(Key);
      if (BothSay && Each.Key != Key) continue;
      bool Concerned = (Each.All && !Each.OfElement) || BothSay;
      bool LookedAt = Concerned && Taken.isLookedAtAfter({Each.In, Each.When}, Holders, Each.Owner);
      if (!LookedAt && !(Each.All && isCollected(Cell, Holders)) &&
          (Each.In == S.Function || Taken.happensWith({Each.In, Each.When}, Holders, One, {S.Function, H.Via})))
        continue;
      Told.insert({Of.memberOf(Cell).Name, O.Where.Name});
      S.addEndedElsewhere(EventKind::Orphaned, Cell, H, Each.In, Each.At);
      return true;
    }
    return false;
  }

  /// The key by which the element was looked up that \p L was read out of; invalid if there is none.
  static PathId keyOf(const LoanSolution &S, LoanId L) {
    for (; L.valid(); L = S.Loans[L.index()].Parent)
      if (LoanId Element = S.Loans[L.index()].Within; Element.valid()) return S.Loans[Element.index()].Key;
    return PathId();
  }

  /// Whether \p Cell stands for what is put into a list that somebody looks at and nobody takes anything out of.
  bool isCollected(PathId Cell, const std::set<NameId> &Holders) const {
    return Storage.containers(Cell) != 0 && Taken.isLookedAt(Cell) && !Taken.happensEver(Holders);
  }

  /// Whether the function that ends it is known to use what has ended there.
  bool isToldThere(const Ending &E) const {
    return llvm::any_of(Program.solution(E.In).Events,
                        [&](const Event &Each) { return Each.Kind == EventKind::Use && Each.Death == E.When; });
  }

  //===- Objects that sign themselves on, wherever they are made --------------------------------------------------===//

  /// A member function leaves a reference to its object in \p Cell.
  struct SignOn {
    LoanSolution &In;
    PathId Cell;
    const Held &By;
  };
  std::set<NameId> Deleted;                               ///< members of which some function deletes what they lead to
  std::set<NameId> Changed;                               ///< members that others than constructors write
  std::map<llvm::StringRef, std::vector<Owner>> OwnersOf; ///< by class: what owns objects of it

  void findSignedOn() {
    collectChanges();
    std::vector<SignOn> All;
    for (LoanSolution &S : Program.solutions())
      if (S.isSolved()) collectSignOns(S, All);
    if (All.empty()) return;
    for (const LoanSolution &S : Program.solutions())
      if (S.isSolved()) collectOwners(S);
    std::set<std::pair<NameId, NameId>> ToldBefore = Told;
    for (const SignOn &Each : All) {
      auto It = OwnersOf.find(classOf(Program.function(Each.In.Function)));
      if (It == OwnersOf.end() || isOfCallee(Each, All)) continue;
      std::set<NameId> Holders = Of.holders(Each.Cell);
      llvm::SmallVector<const Owner *, 2> Owners;
      for (const Owner &O : It->second)
        if (Ends.count(O.Where.Name) && !Holders.count(O.Where.Name) &&
            !ToldBefore.count({Of.memberOf(Each.Cell).Name, O.Where.Name}))
          Owners.push_back(&O);
      if (Owners.empty() || !Taken.isLookedAt(Each.Cell) || Taken.happensAnywhere(Holders, Each.In.Function)) continue;
      llvm::any_of(Owners, [&](const Owner *O) { return report(Each.In, Each.Cell, Each.By, *O, Holders); });
    }
  }

  /// Whether it is another member function, which \p Each calls, that signs the object on.
  bool isOfCallee(const SignOn &Each, llvm::ArrayRef<SignOn> All) const {
    const Effects *Callee = Each.In.bodyAt(Each.By.Via);
    FunctionId Body = Callee ? Program.P.body(Callee->Symbol) : FunctionId();
    return Body.valid() && Body != Each.In.Function && llvm::any_of(All, [&](const SignOn &Other) {
             return Other.In.Function == Body && Of.memberOf(Other.Cell).Name == Of.memberOf(Each.Cell).Name;
           });
  }

  void collectChanges() {
    for (const LoanSolution &S : Program.solutions()) {
      if (!S.Function.valid()) continue;
      for (const Export &E : S.Exports)
        if (E.What.Kind == FactKind::Expire && !Storage.isRoot(E.What.Src) &&
            Storage.last(E.What.Src).Kind == ProjectionKind::Deref)
          if (Member M = Of.memberOf(Storage.base(E.What.Src)); M.known()) Deleted.insert(M.Name);
      if (Program.function(S.Function).IsConstructor) continue;
      for (const Overwrite &W : S.Written)
        if (Member M = Of.memberOf(W.Cell); M.known()) Changed.insert(M.Name);
    }
  }

  void collectSignOns(LoanSolution &S, std::vector<SignOn> &All) const {
    const Function &F = Program.function(S.Function);
    if (!F.IsMethod && !F.IsConstructor) return;
    for (const State::Cell &C : S.AtExit.cells()) {
      if (!isOfSomethingElse(S, C.Path) || Of.holders(C.Path).empty() || isKeptBesideIt(S, C.Path)) continue;
      for (const Held &H : C.Holds) {
        const Loan &L = S.Loans[H.Loan.index()];
        bool OnItself = Storage.derefs(L.Target) == 1 && Storage.rootOf(L.Target).Kind == RootKind::This &&
                        Storage.last(L.Target).Kind == ProjectionKind::Deref;
        if (H.Alive && OnItself && (maskOf(L.Kind) & AllBorrows)) All.push_back({S, C.Path, H});
      }
    }
  }

  /// Whether \p Cell lies in a global, or in an object that the function's own keeps a reference to, for as long as
  /// that is known to be there.
  bool isOfSomethingElse(const LoanSolution &S, PathId Cell) const {
    bool InList = Storage.containers(Cell) > Storage.containers(Storage.objectOf(Cell));
    PathId This = Storage.deref(Storage.root({RootKind::This, 0, NameId()}));
    switch (Storage.rootOf(Cell).Kind) {
    case RootKind::Global:
      return InList;
    case RootKind::This: {
      PathId Way = Storage.objectOf(Cell);
      if (Way == This || !Storage.startsWith(Way, This)) return false;
      while (Storage.objectOf(Storage.base(Way)) != This) Way = Storage.objectOf(Storage.base(Way));
      return isReference(Storage.base(Way), InList);
    }
    case RootKind::Arg:
      return llvm::any_of(S.AtExit.cells(), [&](const State::Cell &C) {
        return Storage.startsWith(C.Path, This) && Storage.objectOf(C.Path) == This && isReference(C.Path, InList) &&
               llvm::any_of(C.Holds, [&](const Held &H) {
                 return H.Alive && Storage.startsWith(Cell, S.Loans[H.Loan.index()].Target);
               });
      });
    default:
      return false;
    }
  }

  /// Whether the data member \p Pointer leads to something that others own. What its object gets later may be a part
  /// of it: `left = node; node->parent = this`.
  bool isReference(PathId Pointer, bool InList) const {
    Member M = Of.memberOf(Pointer);
    return M.known() && Storage.containers(Pointer) == 0 && !Of.declaredOwner(Pointer) && !Deleted.count(M.Name) &&
           (InList || !Changed.count(M.Name));
  }

  /// What owns, when \p S is done, the objects that it has made.
  void collectOwners(const LoanSolution &S) {
    std::set<PathId> Objects;
    for (const State::Cell &C : S.AtExit.cells())
      for (const Held &H : C.Holds)
        if (PathId To = S.Loans[H.Loan.index()].Target; Storage.isRoot(To) && Storage.rootOf(To).Kind == RootKind::Heap)
          Objects.insert(To);
    if (Objects.empty()) return;
    Function Whole = Program.P.whole(S.Function);
    for (PathId Object : Objects) {
      std::vector<Owner> Owners = ownersOf(S, Object);
      if (Owners.empty()) continue;
      if (FunctionId Maker = makerOf(Whole, Object); Maker.valid()) addOwners(Owners, Maker);
    }
  }

  /// \p Owners own what \p Maker has made, an object of its class and of the bases that it makes.
  void addOwners(llvm::ArrayRef<Owner> Owners, FunctionId Maker, unsigned Depth = 0) {
    std::vector<Owner> &Known = OwnersOf[classOf(Program.function(Maker))];
    Known.insert(Known.end(), Owners.begin(), Owners.end());
    if (Depth == MaxBases) return;
    for (const Call &Each : Program.P.whole(Maker).Calls)
      if (Each.This == Storage.root({RootKind::This, 0, NameId()}))
        if (FunctionId Base = constructor(Each); Base.valid()) addOwners(Owners, Base, Depth + 1);
  }

  /// The constructor that \p F, with its body, calls on the allocation \p Object.
  FunctionId makerOf(const Function &F, PathId Object) const {
    for (const Block &B : F.Blocks)
      for (size_t I = 1; I < B.Facts.size(); ++I) {
        const Fact &Before = B.Facts[I - 1], &Each = B.Facts[I];
        if (Each.Kind == FactKind::Call && Before.Kind == FactKind::Borrow && Before.Src == Object &&
            F.Calls[Each.Call].This == Before.Dst)
          if (FunctionId Maker = constructor(F.Calls[Each.Call]); Maker.valid()) return Maker;
      }
    return FunctionId();
  }

  FunctionId constructor(const Call &Site) const {
    FunctionId Callee = Site.Callee.valid() ? Program.P.body(Site.Callee) : FunctionId();
    return Callee.valid() && Program.function(Callee).IsConstructor ? Callee : FunctionId();
  }

  /// The class that \p F is a member of, as people write it.
  static llvm::StringRef classOf(const Function &F) {
    llvm::StringRef Name = F.Display;
    size_t Colons = 0;
    int Depth = 0;
    for (size_t I = 0; I != Name.size(); ++I) {
      if (Name.substr(I).starts_with("(anonymous namespace)")) I += 20;
      Depth += Name[I] == '<';
      Depth -= Name[I] == '>';
      if (Depth == 0 && Name[I] == '(') break;
      if (Depth == 0 && Name.substr(I).starts_with("::")) Colons = I;
    }
    return Name.take_front(Colons);
  }
};

} // namespace

void refleak::findOrphans(Solved &Program, const Neighbours &Near) { Orphans(Program, Near).run(); }
