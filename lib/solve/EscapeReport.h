//===- EscapeReport.h - Telling where addresses go ----------------------------------------------------------------===//
//
// What `refleak escape` prints, a reader of solved graphs. One line a verdict, told as `go build -gcflags=-m` does:
//
//     a.cpp:2:7: x's address flows to result
//       a.cpp:3:12: q <- &x (address-of)
//       a.cpp:5:10: result <- q (return)
//     a.cpp:1:23: leaking param: p to what slot leads to level=0
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "solve/Escape.h"
#include "llvm/Support/raw_ostream.h"

namespace refleak {

/// How people call the location: `x`, `this`, `result`, `what p leads to`, `a temporary`.
std::string describe(const Program &P, const EscapeGraph &G, LocationId L);

/// Prints a line for each local, parameter, temporary and allocation whose address or value goes anywhere, in the order
/// of the source. With \p Explain each flow is followed by its steps.
void printEscapes(llvm::raw_ostream &OS, const Program &P, const EscapeGraph &G, bool Explain);

} // namespace refleak
