#include "solve/Notes.h"
#include "llvm/ADT/STLExtras.h"

using namespace refleak;

namespace {

/// Adds the items of \p From that \p Into has not.
template <class T> void uniteLists(std::vector<T> &Into, std::vector<T> From) {
  for (T &Each : From)
    if (!llvm::is_contained(Into, Each)) Into.push_back(std::move(Each));
}

template <class T> void appendList(std::vector<T> &Into, std::vector<T> From) {
  std::move(From.begin(), From.end(), std::back_inserter(Into));
}

/// Whether both say the same, in whichever case.
bool sameEvent(const Export &A, const Export &B) {
  Fact Wanted = A.What;
  Wanted.If = B.What.If;
  Wanted.Is = B.What.Is;
  return A.At == B.At && Wanted == B.What && A.After == B.After;
}

} // namespace

void Notes::unite(Notes Other) {
  uniteLists(Events, std::move(Other.Events));
  uniteLists(Written, std::move(Other.Written));
  uniteLists(Replaced, std::move(Other.Replaced));
  uniteLists(Closures, std::move(Other.Closures));
  uniteLists(Rings, std::move(Other.Rings));
  uniteLists(Mutuals, std::move(Other.Mutuals));
  uniteLists(Emptied, std::move(Other.Emptied));
  uniteLists(Shared, std::move(Other.Shared));
  uniteLists(TakenOut, std::move(Other.TakenOut));
  uniteLists(Guesses, std::move(Other.Guesses));
  uniteLists(EndedInside, std::move(Other.EndedInside));
  for (Resolved &Each : Other.Resolutions) {
    auto Known = llvm::find_if(Resolutions, [&](const Resolved &R) { return R.Fact == Each.Fact; });
    if (Known == Resolutions.end())
      Resolutions.push_back(std::move(Each));
    else if (Known->Candidates.size() < Each.Candidates.size())
      Known->Candidates = std::move(Each.Candidates);
  }
  for (Export &Each : Other.Exports) {
    if (Each.What.Kind == FactKind::Call) {
      const ThroughCall &Call = Other.Through[Each.What.Call];
      Each.What.Call = llvm::find(Through, Call) - Through.begin();
      if (Each.What.Call == Through.size()) Through.push_back(Call);
    }
    auto Known = llvm::find_if(Exports, [&](const Export &E) { return sameEvent(E, Each); });
    if (Known == Exports.end()) {
      Exports.push_back(std::move(Each));
      continue;
    }
    if (!Known->isInSame(Each)) Known->Object = PathId();
    if (Known->What.If != Each.What.If || Known->What.Is != Each.What.Is) {
      Known->What.If = PathId();
      Known->What.Is = Truth::Unknown;
    }
  }
}

void Notes::append(Notes Other) {
  for (Export &Each : Other.Exports)
    if (Each.What.Kind == FactKind::Call) Each.What.Call += Through.size();
  appendList(Events, std::move(Other.Events));
  appendList(Exports, std::move(Other.Exports));
  appendList(Written, std::move(Other.Written));
  appendList(Replaced, std::move(Other.Replaced));
  appendList(Resolutions, std::move(Other.Resolutions));
  appendList(Closures, std::move(Other.Closures));
  appendList(Through, std::move(Other.Through));
  appendList(Rings, std::move(Other.Rings));
  appendList(Mutuals, std::move(Other.Mutuals));
  appendList(Emptied, std::move(Other.Emptied));
  appendList(Shared, std::move(Other.Shared));
  appendList(TakenOut, std::move(Other.TakenOut));
  appendList(Guesses, std::move(Other.Guesses));
  appendList(EndedInside, std::move(Other.EndedInside));
}
