//===- LowerOne.h - One unit, parsed and lowered in this process --------------------------------------------------===//
#pragma once

#include "driver/Workers.h"
#include <memory>

namespace refleak {

/// Parses and lowers units one after another. A function that an earlier unit has shown is not parsed again.
class UnitLowerer {
public:
  UnitLowerer(const Models &Library, std::string Root);
  ~UnitLowerer();

  UnitFacts lower(const CompileUnit &U);

private:
  struct State;
  std::unique_ptr<State> S;
};

} // namespace refleak
