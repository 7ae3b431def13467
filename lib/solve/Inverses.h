//===- Inverses.h - Members that lead back to the object they were reached from -----------------------------------===//
//
// What an observer, a child or a handler is told of its owner, and the owner keeps, leads back:
//
//     Observer::Observer(Subject &subject) : subject_(subject) { subject.observers_.push_back(this); }
//
// From any Subject, `observers_[]*.subject_` leads to that Subject again: the two members are inverse associations, as
// data modelling calls them. So a loop over `observers_` in which one of them calls `subject_.detach(this)` changes the
// container that it walks through, which is to be seen in no function alone.
//
// That they are inverse is read off functions that write both ways at once, or whose own objects lead to each other:
//
//     Hero hero(kingdom); kingdom.heroes.push_back(&hero);
//
// Where one of many leads back, as a signal's slots know all signals that they are attached to (`signals_[]*` is that
// signal, or another one), it is that one of the many that may be changed.
//
// Where the object has no name, but a part of it has, it is the part that is known:
//
//     Button::Button(Window &window) : window_(window) { window.clicked_.listeners_.push_back(this); }
//
// From any signal, `listeners_[]*.window_` leads to something whose `clicked_` is that signal.
//
// The links of a list, which are members of one class, are left out: they change too often to hold. Assumed, and
// therefore at most *likely*: what holds of the objects of one such function holds of all objects of these classes.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Loans.h"
#include "solve/Solution.h"
#include <map>

namespace refleak {

struct Solved;

class Inverses {
public:
  /// Reads them off the effects of all bodies.
  explicit Inverses(Solved &Found);

  bool empty() const { return Ways.empty(); }
  /// Where the pointer in \p Cell led back to at entry.
  LedBack leadsBack(PathId Cell) const;
  /// Whether callers may know by an inverse member what \p E ends.
  bool concern(const Effects &E) const;

private:
  const Program &P;
  Paths &Storage;
  /// By the member that leads back, from that to the object: the projections of a cell, last one first.
  std::map<NameId, std::vector<std::vector<Projection>>> Ways;

  void collect(const Effects &E);
  void relate(const Mutual::Way &There, const Mutual::Way &Back);
  bool isPart(PathId Object, PathId Cell, llvm::ArrayRef<Projection> Rest) const;
  NameId memberOf(PathId Cell) const;
  llvm::StringRef classOf(llvm::ArrayRef<Projection> Way) const;
  /// From \p Place up to \p Object, last projection first; nothing if a dereference is on the way, or \p Place is not
  /// below \p Object.
  std::optional<std::vector<Projection>> wayUp(PathId Place, PathId Object) const;
};

} // namespace refleak
