//===- ClosureEnvironment.h - Which closures a function may find in storage it was given --------------------------===//
//
// A function that calls what is stored in `this->Callbacks`, or the recursive std::function that its closure captured,
// does not say itself what that runs. Other functions do: they stored closures there. After a first round over the
// program, their stores are matched with the calls that were left open:
//
//   * a closure's body knows its captures: `this*.f` is what was captured as f where the closure was made;
//   * a member function knows its object: `this*.Callbacks` is the member of any object of the class.
//
// Assumed, and therefore at most *likely*: a call through a member may run each closure that the program stores in that
// member of some object; and what the two paths to it have in common on the way is the same. So where a closure was
// stored in `this*.queue_.waiting_[].handler` and is called in `this*.running_[].handler`, two members of one class,
// the caller's `this*` is the `queue_` of the object that the closure captured as its `this`. The caller has no name
// for that object, but it has one for this part of it.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Solution.h"
#include <map>
#include <set>

namespace refleak {

struct Solved;

class ClosureEnvironment {
public:
  explicit ClosureEnvironment(Solved &Program);

  /// Whether something is known of calls that the function \p Symbol left open, and that its callees do not know.
  bool concerns(NameId Symbol) const { return Concerned.count(Symbol) != 0; }
  /// What the cell \p Cell of the function \p Symbol may hold; paths are that function's.
  llvm::ArrayRef<StoredClosure> at(NameId Symbol, PathId Cell) const;

private:
  Solved &Program;
  Paths &Storage;
  std::map<std::pair<NameId, PathId>, std::vector<StoredClosure>> Found;
  std::set<NameId> Concerned;
  /// By function, and closure that it may run: of how many captures at most it knows where they lead.
  std::map<std::pair<NameId, NameId>, size_t> Runs;
  struct Inherited {
    NameId Symbol, Callee, Code;
    size_t Captures;
  };
  std::vector<Inherited> OfCallees; ///< calls that a callee makes

  /// A place of the function that stored, and the same storage as the function that calls names it.
  struct Same {
    PathId There, Here;
  };
  std::optional<PathId> translate(PathId Place, llvm::ArrayRef<Same> Known, bool Back) const;
  /// What \p Known says of the parts of \p Object, a place of the function that stored \p Stored, and of what its cells
  /// led to then.
  StoredClosure::Surroundings around(const StoredClosure &Stored, PathId Capture, PathId Object,
                                     llvm::ArrayRef<Same> Known) const;
  /// A cell whose closure a function calls.
  struct OpenCell {
    PathId Cell;
    llvm::SmallVector<NameId, 1> Callees; ///< as ThroughCall::Callee
  };
  static std::vector<OpenCell> openCells(const LoanSolution &S);
  bool isFull(NameId Symbol, PathId Cell) const;
  void add(NameId Symbol, const OpenCell &Open, const StoredClosure &Stored, llvm::ArrayRef<Same> Known);
  /// A closure that the program puts into a data member, or below one.
  struct MemberStore {
    const StoredClosure *Stored;
    PathId Object; ///< whose member it is
    std::vector<Projection> Below;
  };
  Table<NameId, std::vector<MemberStore>> Stores; ///< by member

  void collectStores();
  void matchCaptures(const LoanSolution &Caller);
  void matchMembers(const LoanSolution &Caller);
  void collectStore(const LoanSolution &S, const StoredClosure &Stored);
  /// The objects on the way to \p Place, each with the class whose member is taken there.
  std::vector<std::pair<llvm::StringRef, PathId>> objectsOnTheWay(PathId Place) const;
  std::vector<Same> correspondence(PathId There, PathId Here) const;
  PathId objectOf(PathId Cell, std::vector<Projection> &Below, NameId &Member) const;
};

} // namespace refleak
