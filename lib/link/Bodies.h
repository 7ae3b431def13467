//===- Bodies.h - The bodies of a program's functions, packed -----------------------------------------------------===//
//
// A body is looked at while its function is solved, and when something in it is told. In between it is kept as bytes,
// which take about a sixth of the room: a program has many functions, and few are looked at at a time.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"

namespace refleak {

class Bodies {
public:
  /// Takes parameters, locals, calls and blocks out of \p F, the next function, and keeps them.
  void take(Function &F);
  /// Gives \p F, the function of this number, what was taken.
  void giveBack(size_t Number, Function &F) const;

private:
  llvm::BumpPtrAllocator Room;
  std::vector<llvm::StringRef> Packed;
};

} // namespace refleak
