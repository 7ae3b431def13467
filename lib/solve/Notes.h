//===- Notes.h - What the solver writes down on its last walk through a function ----------------------------------===//
#pragma once

#include "solve/Solution.h"

namespace refleak {

/// What a walk through the facts of a function notes down beside the states.
struct Notes {
  std::vector<Event> Events;
  std::vector<Export> Exports;
  std::vector<Overwrite> Written;
  std::vector<Replacement> Replaced;
  std::vector<Resolved> Resolutions;
  std::vector<StoredClosure> Closures;
  std::vector<ThroughCall> Through;
  std::vector<Ring> Rings;
  std::vector<Mutual> Mutuals;
  std::vector<std::pair<PathId, Point>> Emptied;
  std::vector<PathId> Shared;   ///< objects that a callee was given a share of
  std::vector<PathId> TakenOut; ///< elements of outliving containers, what they held having gone elsewhere
  std::vector<Point> Guesses;
  std::vector<std::pair<Point, Span>> EndedInside;

  /// Adds what another case of the same facts noted: what both noted stays one.
  void unite(Notes Other);
  /// Adds what other facts noted.
  void append(Notes Other);
};

} // namespace refleak
