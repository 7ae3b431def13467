//===- LowerOne.h - One unit, parsed and lowered in this process --------------------------------------------------===//
#pragma once

#include "driver/Inputs.h"
#include "frontend/Parse.h"

namespace refleak {

class Models;

struct LowerSettings {
  std::string Root;                  ///< names of files below this folder are written relative to it
  bool Watch = false;                ///< fill LoweredUnit::Depends
  bool ListFiles = false;            ///< fill LoweredUnit::Files
  const std::string *Text = nullptr; ///< the main file's contents, if it is not on any disk
};

/// A unit's facts and what they were made from.
struct LoweredUnit {
  UnitFacts Result;
  FileTime Began = 0;
  Inputs Depends;
  std::vector<ReadFile> Files;
};

/// Parses and lowers units one after another.
class UnitLowerer {
public:
  UnitLowerer(const Models &Library, LowerSettings Settings);
  ~UnitLowerer();

  LoweredUnit lower(const CompileUnit &U);

private:
  struct State;
  std::unique_ptr<State> S;
};

/// See Parser::preprocess; \p Text is the main file's contents if it is not on any disk.
UnitResult preprocessUnit(const CompileUnit &U, const std::string *Text, llvm::raw_ostream &OS);

} // namespace refleak
