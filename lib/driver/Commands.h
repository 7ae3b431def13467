//===- Commands.h - What refleak can be asked to do ---------------------------------------------------------------===//
#pragma once

#include "driver/Driver.h"
#include "driver/Options.h"
#include "driver/Verdict.h"
#include "filter/Configuration.h"

namespace refleak {

/// Finds the mistakes: the whole way from source files to a report.
llvm::Expected<ExitStatus> scan(const Options &O);

/// The same, but what is found is written as a baseline.
llvm::Expected<ExitStatus> acceptFindings(const Options &O);

/// The two halves of scan: source to facts file, facts files to a report.
llvm::Expected<ExitStatus> indexSource(const Options &O);
llvm::Expected<ExitStatus> linkFacts(const Options &O);
/// The last step of link, when it was put off: positions, suppressions, output.
llvm::Expected<ExitStatus> reportVerdict(const Options &O);

/// Words what the analysis said, leaves out what is not wanted, and writes it.
llvm::Expected<ExitStatus> report(const Options &O, Configurations &Settings, Coverage Covered, Verdict V);

/// Print what stands between two passes: after lowering, after solving.
llvm::Expected<ExitStatus> printUnitFacts(const Options &O);
llvm::Expected<ExitStatus> printProgramEffects(const Options &O);
llvm::Expected<ExitStatus> printProgramEscapes(const Options &O);

/// Tells of \p Problem on standard error: a line `refleak: SEVERITY: TEXT` for each error that it consists of.
void complain(llvm::StringRef Severity, llvm::Error Problem);

/// Print what refleak knows.
llvm::Expected<ExitStatus> listRules(const Options &O);
llvm::Expected<ExitStatus> listModels(const Options &O);
llvm::Expected<ExitStatus> explainRule(const Options &O);

} // namespace refleak
