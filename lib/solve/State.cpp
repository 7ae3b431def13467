#include "solve/State.h"
#include <algorithm>

using namespace refleak;

bool refleak::unite(HeldSet &Set, const Held &H) {
  if (Set.IsLost) return false;
  auto It = std::lower_bound(Set.begin(), Set.end(), H.Loan, [](const Held &A, LoanId L) { return A.Loan < L; });
  if (It == Set.end() || It->Loan != H.Loan) {
    if (Set.size() == HeldSet::MostToldApart)
      Set.lose();
    else
      Set.insert(It, H);
    return true;
  }
  Held United = *It;
  United.Alive |= H.Alive;
  if (H.Death.valid() && (!United.Death.valid() || H.Death < United.Death)) United.Death = H.Death;
  if (H.Via < United.Via) United.Via = H.Via;
  bool Changed = !(United == *It);
  *It = United;
  return Changed;
}

void refleak::unite(HeldSet &Set, const HeldSet &Other) {
  auto identical = [](const Held &A, const Held &B) { return A == B && A.Via == B.Via; };
  if (Set.IsLost == Other.IsLost && std::equal(Set.begin(), Set.end(), Other.begin(), Other.end(), identical)) return;
  if (Other.IsLost) Set.lose();
  for (const Held &H : Other) unite(Set, H);
}

HeldSet refleak::changed(const HeldSet &Set, llvm::function_ref<LoanId(const Held &)> Change) {
  HeldSet Changed;
  for (Held H : Set) {
    H.Loan = Change(H);
    unite(Changed, H);
  }
  Changed.IsLost |= Set.IsLost;
  return Changed;
}

static auto lowerBound(std::vector<State::Cell> &Cells, PathId Path) {
  return std::lower_bound(Cells.begin(), Cells.end(), Path, [](const State::Cell &C, PathId P) { return C.Path < P; });
}

HeldSet *State::find(PathId Path) {
  auto It = lowerBound(Cells, Path);
  return It != Cells.end() && It->Path == Path ? &It->Holds : nullptr;
}

HeldSet &State::at(PathId Path) {
  auto It = lowerBound(Cells, Path);
  if (It == Cells.end() || It->Path != Path) It = Cells.emplace(It, Path, HeldSet());
  return It->Holds;
}

void State::add(std::vector<Cell> More) {
  if (More.empty()) return;
  std::vector<Cell> Merged;
  Merged.reserve(Cells.size() + More.size());
  std::merge(std::make_move_iterator(Cells.begin()), std::make_move_iterator(Cells.end()),
             std::make_move_iterator(More.begin()), std::make_move_iterator(More.end()), std::back_inserter(Merged),
             [](const Cell &A, const Cell &B) { return A.Path < B.Path; });
  Cells = std::move(Merged);
}

void State::erase(PathId Path) {
  auto It = lowerBound(Cells, Path);
  if (It != Cells.end() && It->Path == Path) Cells.erase(It);
}

void State::learn(PathId Flag, bool Is) {
  auto It = llvm::lower_bound(Flags, Flag, [](const Known &K, PathId P) { return K.Flag < P; });
  if (It == Flags.end() || It->Flag != Flag)
    Flags.insert(It, {Flag, Is});
  else if (It->Is != Is)
    Impossible = true;
}

void State::forget(PathId Flag) {
  llvm::erase_if(Flags, [&](const Known &K) { return K.Flag == Flag; });
}
