//===- Format.h - The forms a report can take ---------------------------------------------------------------------===//
//
// A format is a function from a report to text: it decides nothing, sorts nothing and leaves nothing out but what its
// form has no place for. Each stands in a file of its own; Format.cpp lists them.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "output/Report.h"
#include "support/SourceText.h"
#include "llvm/Support/raw_ostream.h"

namespace refleak {

struct Format {
  llvm::StringRef Name;
  llvm::StringRef Title;
  bool TellsCoverage; ///< if not, whoever writes a report in it says elsewhere what was not analysed
  void (*Write)(llvm::raw_ostream &OS, const Report &R, SourceText &Sources);
};

llvm::ArrayRef<Format> formats();
/// The format called \p Name, or null.
const Format *formatNamed(llvm::StringRef Name);

/// As the compiler writes: one line a finding, one note a step, the source line and a caret below each. Coloured if
/// \p OS has colours. Suppressed findings are only counted.
void writeText(llvm::raw_ostream &OS, const Report &R, SourceText &Sources);

/// The last part of the text form: what was not analysed, and the numbers.
void writeCoverage(llvm::raw_ostream &OS, const Report &R, SourceText &Sources);

/// The line of the text form for one unit that was not wholly analysed.
void writeFailedUnit(llvm::raw_ostream &OS, const FailedUnit &U);

/// One object; its schema is docs/schemas/findings.schema.json.
void writeJson(llvm::raw_ostream &OS, const Report &R, SourceText &Sources);

/// The findings that are not suppressed in another way, in the form that a baseline is read in
/// (docs/formats/baseline.md).
void writeBaseline(llvm::raw_ostream &OS, const Report &R, SourceText &Sources);

} // namespace refleak
