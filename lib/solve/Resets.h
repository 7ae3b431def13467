//===- Resets.h - Who takes a borrow back -------------------------------------------------------------------------===//
//
// A function that ends what a member of some object leads to is fine if that member is written anew, or emptied, before
// anybody looks: by the function itself, by what it calls, or by what calls it.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Members.h"
#include "solve/Solution.h"
#include "llvm/ADT/DenseMap.h"
#include <map>
#include <optional>

namespace refleak {

class Neighbours;
struct Solved;

class Resets {
public:
  Resets(const Solved &Program, const Neighbours &Near);

  /// A point of a function.
  struct Event {
    FunctionId In;
    Point At;
  };

  /// Whether one of \p Holders is reset when \p Kill happens: by that function, by what it calls, or by what calls it
  /// before anybody looks. \p OneElement: that one element is taken out of a holder is enough. \p Store put the loan
  /// there; without a point, that the holder is written on some ways counts.
  bool happensWith(const Event &Kill, const std::set<NameId> &Holders, bool OneElement, const Event &Store) const;
  /// Whether what one of \p Holders held when the function of \p Kill and \p Store was entered, and \p Kill ended, is
  /// looked at afterwards, by the function or after it: \p Store comes too late or not on every way.
  bool mayOutlast(const Event &Kill, const std::set<NameId> &Holders, const Event &Store) const;
  /// Whether some destructor takes something out of one of \p Holders, as objects do that sign off when they end.
  bool happensInDestructor(const std::set<NameId> &Holders) const;
  /// As happensInDestructor, but for the destructors of the classes that the holders are members of.
  bool happensInDestructorOfOthers(const std::set<NameId> &Holders) const;
  /// Whether anything is taken out of one of \p Holders, by a function that somebody calls and that \p Storing does
  /// not.
  bool happensAnywhere(const std::set<NameId> &Holders, FunctionId Storing) const;
  /// Whether any function but a constructor, or \p Except, takes something out of one of \p Holders.
  bool happensEver(const std::set<NameId> &Holders, FunctionId Except = FunctionId()) const;
  /// Whether the function of \p Kill, after it has ended what \p Killed led to, goes through what one of \p Holders, in
  /// the same object, held when the function was entered.
  bool isLookedAtAfter(const Event &Kill, const std::set<NameId> &Holders, PathId Killed) const;
  /// Whether some function looks at what such a cell as \p Cell leads to.
  bool isLookedAt(PathId Cell) const;
  /// As happensInDestructor, for those destructors that \p F calls.
  bool happensInDestructorCalledBy(FunctionId F, const std::set<NameId> &Holders) const;

private:
  const Solved &Program;
  const Neighbours &Near;
  Members Of;
  /// By holder: the destructors that reset it.
  mutable std::optional<std::map<NameId, std::set<FunctionId>>> Destructors;
  /// By holder: the functions, other than constructors, that reset it.
  mutable std::optional<std::map<NameId, std::set<FunctionId>>> Writers;
  /// By function: what resetsOf says, without and with single elements.
  mutable llvm::DenseMap<uint32_t, std::vector<std::pair<NameId, Point>>> ResetsOf[2];

  /// The destructors that reset \p Holder. Virtual calls in them lead to all overriders: they tell whoever signed on.
  const std::set<FunctionId> &destructorsOf(NameId Holder) const;
  void collectDestructors() const;
  void collectWriters() const;
  /// Whether one of \p Holders is set by what calls \p F, or by what that calls: perhaps just before.
  bool isSetByCallers(FunctionId F, const std::set<NameId> &Holders) const;
  /// Each holder that a function empties or writes anew, and where; ordered, and looked up once for each function.
  /// \p OneElement: that one element is taken out counts.
  llvm::ArrayRef<std::pair<NameId, Point>> resetsOf(const LoanSolution &S, bool OneElement) const;
  /// Where a function empties one of the holders or writes it anew.
  llvm::SmallVector<Point, 2> points(const LoanSolution &S, const std::set<NameId> &Holders, bool OneElement) const;
  /// Whether a function calls one of \p Killers and then, before it comes to \p Reset, one that goes through a holder.
  bool isLookedAtBefore(const LoanSolution &S, Point Reset, const std::set<NameId> &Holders,
                        const std::set<uint32_t> &Killers) const;
  /// Whether a function, after it killed at \p Kill, goes through what a holder held when it was entered.
  bool isLookedAtAfter(const LoanSolution &S, Point Kill, const std::set<NameId> &Holders) const;
  /// The facts with which a function calls \p Callee, or what calls that.
  llvm::SmallVector<uint32_t, 4> callsOf(const LoanSolution &S, FunctionId Callee) const;
  /// Whether some way through a function leads from a point to a fact, which may be the same one.
  bool comesTo(const LoanSolution &S, Point From, uint32_t Fact) const;
  /// Whether what a function stores by the fact of \p Store is in its cell at the exit beside what the cell held at
  /// entry.
  bool isSometimes(const LoanSolution &S, Point Store) const;
  /// Whether some way from \p Kill to the exit of a function comes by none of the facts \p Stores.
  bool mayMiss(const LoanSolution &S, Point Kill, llvm::ArrayRef<uint32_t> Stores) const;
  /// Whether some way through a function comes by both points.
  bool areOnOneWay(const LoanSolution &S, Point A, Point B) const;
  bool goesThrough(const Fact &Each, const std::set<NameId> &Holders) const;
};

} // namespace refleak
