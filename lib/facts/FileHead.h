//===- FileHead.h - The first bytes of a facts file ---------------------------------------------------------------===//
#pragma once

#include "facts/File.h"

namespace refleak {

/// No text starts so; and what turns line ends into other line ends damages it.
constexpr llvm::StringLiteral FactsMagic("\x89RFLK\r\n\x1a");

/// The head of a facts file, as it stands there: numbers with the lowest byte first.
struct FactsHeadLayout {
  static constexpr size_t Version = 8;  ///< 4 bytes
  static constexpr size_t Sizes = 12;   ///< of meaning and positions, 8 bytes each
  static constexpr size_t Digests = 28; ///< of meaning and positions, 32 bytes each
  static constexpr size_t Check = 92;   ///< 8 bytes: XXH3 of all before
  static constexpr size_t Size = 100;   ///< here the meaning begins
};

/// The sections of a facts file that was found to be whole.
struct FactsSections {
  llvm::StringRef Meaning;
  llvm::StringRef Positions;
};

/// Puts the head before the sections.
std::string sealFacts(llvm::StringRef Meaning, llvm::StringRef Positions);

/// The flags that the meaning begins with.
enum FactsFlag : uint32_t { UnitFailed = 1, UnitSkipped = 2, KnownFactsFlags = 3 };

/// How a position relates to the one before it.
enum class SpanForm : uint8_t {
  Unknown,
  Same,
  OneLine, ///< the same file; starts and ends on one line
  Lines,   ///< the same file
  File,    ///< another file
};

} // namespace refleak
