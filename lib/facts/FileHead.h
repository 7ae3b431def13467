//===- FileHead.h - The first bytes of a facts file ---------------------------------------------------------------===//
#pragma once

#include "facts/File.h"

namespace refleak {

/// No text starts so; and what turns line ends into other line ends damages it.
constexpr llvm::StringLiteral FactsMagic("\x89RFLK\r\n\x1a");

/// The head of a facts file, as it stands there: numbers with the lowest byte first.
struct FactsHeadLayout {
  static constexpr size_t Version = 8;  ///< 2 bytes
  static constexpr size_t Parts = 10;   ///< 2 bytes: which sections there are
  static constexpr size_t Sizes = 12;   ///< of meaning and positions, 8 bytes each
  static constexpr size_t Digests = 28; ///< of meaning and positions, 32 bytes each
  static constexpr size_t Check = 92;   ///< 8 bytes: XXH3 of all before
  static constexpr size_t Size = 100;   ///< here the meaning begins
};

/// Which sections a facts file has. The digests are those of both in each case.
enum FactsParts : uint16_t { MeaningPart = 1, PositionsPart = 2, WholeFacts = 3 };

/// The sections of a facts file that was found to be whole; one that it does not have is empty.
struct FactsSections {
  uint16_t Parts;
  llvm::StringRef Meaning;
  llvm::StringRef Positions;
};

/// Puts the head before those of the sections that \p Parts names.
std::string sealFacts(llvm::StringRef Meaning, llvm::StringRef Positions, uint16_t Parts = WholeFacts);

/// Calls \p Do with each position of \p U, in the order in which the meaning tells which of them are the same.
template <class UnitType, class Function> void eachSpan(UnitType &U, Function Do) {
  for (auto &F : U.Functions) {
    Do(F.At);
    for (auto &P : F.Parameters) Do(P.At);
    for (auto &L : F.Locals) Do(L.At);
    for (auto &B : F.Blocks)
      for (auto &X : B.Facts) Do(X.At);
  }
  for (auto &E : U.Known)
    for (auto &X : E.Facts) Do(X.At);
}

/// The flags that the meaning begins with.
enum FactsFlag : uint32_t { UnitFailed = 1, UnitSkipped = 2, KnownFactsFlags = 3 };

/// How a position relates to the one before it.
enum class SpanForm : uint8_t {
  OneLine, ///< the same file; starts and ends on one line
  Lines,   ///< the same file
  File,    ///< another file
};

} // namespace refleak
