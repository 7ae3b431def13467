//===- State.h - Which loans each cell holds at a point -----------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace refleak {

/// A point in a function: the number of a fact in the order of the solver's walk, and for a call which callee and which
/// of its effects. Points compare in that order. A default-made point is none.
class Point {
public:
  constexpr Point() = default;
  static constexpr Point ofFact(uint32_t Number) { return Point(uint64_t(Number + 1) << 32); }
  constexpr Point withEffect(uint32_t Candidate, uint32_t Effect) const {
    return Point(Packed | uint64_t(Candidate + 1) << 20 | Effect);
  }

  constexpr bool valid() const { return Packed != 0; }
  constexpr uint32_t fact() const { return uint32_t(Packed >> 32) - 1; }
  /// Whether this point lies inside the effects of a callee.
  constexpr bool inEffects() const { return uint32_t(Packed) != 0; }
  constexpr uint32_t candidate() const { return (uint32_t(Packed) >> 20) - 1; }
  constexpr uint32_t effect() const { return uint32_t(Packed) & 0xfffff; }
  /// Whether both points lie inside the effects of one callee of one call.
  constexpr bool sharesCallWith(Point Other) const {
    return inEffects() && Other.inEffects() && Packed >> 20 == Other.Packed >> 20;
  }

  friend constexpr auto operator<=>(Point, Point) = default;
  friend llvm::hash_code hash_value(Point P) { return llvm::hash_value(P.Packed); }

private:
  constexpr explicit Point(uint64_t Bits) : Packed(Bits) {}
  uint64_t Packed = 0;
};

using LoanId = Id<struct LoanTag>;

/// One borrow. Equal members mean the same loan.
struct Loan {
  PathId Target; ///< the place lent
  LoanKind Kind = LoanKind::Ref;
  Reason Why = Reason::None;
  bool Initial = false; ///< held at entry: Target is the cell's own path followed by `*`
  bool Old = false;     ///< issued by an earlier round of the loop than the loans of the same point without this mark
  bool Loaded = false;  ///< read out of a cell that stands for many (a container's elements): it is one of theirs
  Certainty Sure = Certainty::Must;
  Point Issued;   ///< none when Initial
  LoanId Parent;  ///< the loan this one was made from by passing it on; invalid for a fresh one
  LoanId Within;  ///< Target lies in a container that is itself an element: the loan that led to that element.
                  ///< Loaded: the loan that led to the one of many objects, if that may be what is there
  PathId Key;     ///< what the element was looked up with; invalid when not by key
  PathId Cell;    ///< Loaded: where it was read, as long as that may be what is there
  PathId Apart;   ///< Initial: storage that Target is known not to be; invalid when nothing is known
  PathId Without; ///< a cell that led to Target on other paths only: what it ends, it ends on those; invalid if there
                  ///< is none

  friend bool operator==(const Loan &, const Loan &) = default;
};

/// Whether \p L is what \p Cell held at entry.
inline bool wasHeldBy(const Paths &Storage, PathId Cell, const Loan &L) {
  return L.Initial && Storage.base(L.Target) == Cell;
}

/// A loan in a cell. At least one of Alive and Death.valid() is true.
struct Held {
  LoanId Loan;
  bool Alive = true; ///< the loan may be good here
  Point Death;       ///< the first death it may have died; none when it is surely alive
  Point Via;         ///< the fact that put it here; not part of the state's meaning

  friend bool operator==(const Held &A, const Held &B) {
    return A.Loan == B.Loan && A.Alive == B.Alive && A.Death == B.Death;
  }
};

/// What a cell holds, ordered by loan.
struct HeldSet : llvm::SmallVector<Held, 2> {
  /// A cell that may hold more loans is lost: it tells of none.
  static constexpr size_t MostToldApart = 24;
  bool IsLost = false;

  HeldSet() = default;
  HeldSet(std::initializer_list<Held> All) : SmallVector(All) {}

  void lose() {
    clear();
    IsLost = true;
  }
  friend bool operator==(const HeldSet &A, const HeldSet &B) {
    return A.IsLost == B.IsLost && std::equal(A.begin(), A.end(), B.begin(), B.end());
  }
};

/// Adds \p H to \p Set, uniting it with what is known of the same loan. Returns whether \p Set changed.
bool unite(HeldSet &Set, const Held &H);
void unite(HeldSet &Set, const HeldSet &Other);
/// What \p Set holds when \p Change was done to the loan of each.
HeldSet changed(const HeldSet &Set, llvm::function_ref<LoanId(const Held &)> Change);

/// What a flag is known to be.
struct Known {
  PathId Flag;
  bool Is = false;

  friend auto operator<=>(const Known &, const Known &) = default;
};

/// The state at a point: see docs/theory.md. Cells are ordered by path.
class State {
public:
  struct Cell {
    PathId Path;
    HeldSet Holds;

    Cell(PathId Path, HeldSet Holds) : Path(Path), Holds(std::move(Holds)) {}
    Cell(const Cell &) = default;
    Cell(Cell &&) noexcept = default; ///< SmallVector does not say so: vectors would copy
    Cell &operator=(const Cell &) = default;
    Cell &operator=(Cell &&) noexcept = default;
  };

  State() = default;
  State(const State &) = default;
  State(State &&) noexcept = default; ///< as above
  State &operator=(const State &) = default;
  State &operator=(State &&) noexcept = default;

  /// The entry of \p Path, or null when it has none.
  HeldSet *find(PathId Path);
  const HeldSet *find(PathId Path) const { return const_cast<State *>(this)->find(Path); }
  /// The entry of \p Path, made empty when there was none.
  HeldSet &at(PathId Path);
  /// Adds \p More, ordered, none of which has an entry.
  void add(std::vector<Cell> More);
  void erase(PathId Path);
  template <class Predicate> void eraseIf(Predicate P) {
    llvm::erase_if(Cells, [&](const Cell &C) { return P(C.Path); });
  }

  std::vector<Cell> &cells() { return Cells; }
  const std::vector<Cell> &cells() const { return Cells; }

  /// Containers that room was made in, ordered.
  llvm::SmallVector<PathId, 0> Reserved;
  /// Cells of many objects of which that of the element a loan leads to holds nothing, ordered.
  llvm::SmallVector<std::pair<PathId, LoanId>, 0> Empty;
  /// Invalidations of storage that outlives the function which may have (Possible) or must have (Certain) happened.
  llvm::SmallVector<Point, 0> Possible, Certain;
  /// What outlives the function, but is not there: the pointer to it was null. Ordered.
  llvm::SmallVector<PathId, 0> Absent;
  /// What is known of flags, ordered: the case that this is the state of.
  llvm::SmallVector<Known, 0> Flags;
  /// Control cannot come here: a flag would have to be two things.
  bool Impossible = false;

  void learn(PathId Flag, bool Is);
  void forget(PathId Flag);

private:
  std::vector<Cell> Cells;
};

} // namespace refleak
