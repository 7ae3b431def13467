//===- Source.h - Places in source text ---------------------------------------------------------------------------===//
#pragma once

#include "support/Id.h"
#include <tuple>

namespace refleak {

/// A file, as an index into the unit's or program's list of file names.
using FileId = Id<struct FileTag>;

/// A range of source text. Lines and columns count from 1; columns are UTF-8 bytes; the end is exclusive. Line 0 means
/// that no position is known.
struct Span {
  FileId File;
  uint32_t Line = 0;
  uint32_t Column = 0;
  uint32_t EndLine = 0;
  uint32_t EndColumn = 0;

  bool known() const { return File.valid() && Line != 0; }
  friend bool operator==(const Span &, const Span &) = default;
  friend auto operator<=>(const Span &, const Span &) = default;
};

} // namespace refleak
