//===- File.h - Facts as bytes, for disks and pipes ---------------------------------------------------------------===//
//
// One unit's facts in the form that is stored, cached, shipped and linked (docs/formats/facts-file.md). A file holds
// two sections: the *meaning*, that is everything that decides what is found, and the *positions*, that is where in the
// source it stands. Each has its own digest, so what depends on the meaning alone need not be done again when a comment
// has moved lines about. The same unit gives the same bytes.
//
// Reading believes nothing: a file that is cut off, damaged, foreign or newer is an error that says so, and no number
// in it is used before it was found to be in range.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "llvm/Support/Error.h"
#include <array>

namespace refleak {

/// What became of one unit: its facts, as far as it was analysed.
struct UnitFacts {
  Unit Facts;
  std::string Failure;  ///< why it counts as failed, one line; empty if it does not
  bool Skipped = false; ///< another language: not to be analysed
};

/// A BLAKE3 hash.
using Digest = std::array<uint8_t, 32>;

/// The digest of \p Bytes.
Digest digestOf(llvm::StringRef Bytes);
/// In lower-case hexadecimal digits.
std::string toHex(const Digest &D);

/// How a facts file is laid out; older and newer ones are refused.
constexpr uint32_t FactsFileVersion = 6;

/// The bytes of a facts file.
std::string writeFactsFile(const UnitFacts &U);

/// Reads what writeFactsFile wrote; \p Name is the file's, for errors.
///
/// A file may hold the meaning alone. Its positions are then named by their numbers: they are lines, from 1, of a file
/// whose name is numberedFile of the digest of the meaning.
llvm::Expected<UnitFacts> readFactsFile(llvm::StringRef Bytes, llvm::StringRef Name);

/// The bytes of two files in the place of one: the meaning, which is read as a facts file, and the positions.
struct SplitFacts {
  std::string Meaning;
  std::string Positions;
};
SplitFacts splitFactsFile(llvm::StringRef Whole);

/// What stands in the positions that were split off.
struct UnitPositions {
  Digest Meaning;
  std::string Failure;
  std::vector<std::string> Files;
  std::vector<Span> Spans;
};
llvm::Expected<UnitPositions> readPositionsFile(llvm::StringRef Bytes, llvm::StringRef Name);

std::string numberedFile(const Digest &Meaning);

/// What can be known of a facts file without reading the facts.
struct FactsFileHead {
  Digest Meaning;
  Digest Positions;
  std::string MainFile;  ///< Unit::MainFile
  std::string Failure;   ///< see UnitFacts
  bool Skipped = false;  ///< see UnitFacts
  bool Numbered = false; ///< the positions were split off
};

/// Checks that all of a facts file is there and whole.
llvm::Expected<FactsFileHead> checkFactsFile(llvm::StringRef Bytes, llvm::StringRef Name);

} // namespace refleak
