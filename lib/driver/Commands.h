//===- Commands.h - What refleak can be asked to do ---------------------------------------------------------------===//
#pragma once

#include "driver/Driver.h"
#include "driver/Options.h"

namespace refleak {

/// Finds the mistakes: the whole way from source files to a report.
llvm::Expected<ExitStatus> scan(const Options &O);

/// Print what stands between two passes: after lowering, after solving.
llvm::Expected<ExitStatus> printUnitFacts(const Options &O);
llvm::Expected<ExitStatus> printProgramEffects(const Options &O);
llvm::Expected<ExitStatus> printProgramEscapes(const Options &O);

/// Print what refleak knows.
llvm::Expected<ExitStatus> listRules(const Options &O);
llvm::Expected<ExitStatus> listModels(const Options &O);
llvm::Expected<ExitStatus> explainRule(const Options &O);

} // namespace refleak
