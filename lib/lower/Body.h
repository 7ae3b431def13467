//===- Body.h - A function's graph of facts while it is being written ---------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include "llvm/ADT/DenseSet.h"

namespace refleak {

/// Writes one function's facts, block by block. Facts are added at the end of the current block; where control cannot
/// arrive there is no current block, and what is added is dropped.
class Body {
public:
  explicit Body(Unit &Out) : Out(&Out) { enter(newBlock()); }

  BlockId newBlock();
  /// Control goes on in \p B: what follows is added there.
  void enter(BlockId B) { Current = B; }
  /// Control goes from here to \p B; nothing follows.
  void jump(BlockId B);
  /// Control may go from here to \p B as well.
  void fork(BlockId B);
  /// Nothing follows: control does not come back from here.
  void stop() { Current = BlockId(); }
  bool reachable() const { return Current.valid(); }
  BlockId current() const { return Current; }
  /// Where every return leads.
  BlockId exit();

  /// Adds a fact; the reference is good until the next one is added.
  Fact &add(FactKind Kind, Span At);
  /// Adds a call site and the fact that it happens.
  void add(Call Site, Span At);

  /// \p P is a variable whose value tests may tell; it begins here with a value that is not known.
  void declareFlag(PathId P, Span At = {});
  bool isFlag(PathId P) const { return Flags.contains(P); }
  void assume(PathId Flag, Truth Is, Span At, PathId By = PathId());
  /// The flag \p Flag gets this value here.
  void give(PathId Flag, Truth Is, Span At);

  /// Whether \p P names storage of the function itself: a variable, a parameter or a temporary, or a part of one.
  bool isOwn(PathId P) const;

  /// The parameter \p P is a pointer to what can hold loans.
  void declareWayToCells(PathId P) { WaysToCells.insert(P); }

  PathId newTemp();
  PathId newHeap();
  void declareArray(PathId P);
  PathId newLocal(std::string Name, Span At);
  PathId root(RootKind Kind, uint32_t Index = 0) { return Out->Storage.root({Kind, Index, NameId()}); }
  PathId named(RootKind Kind, NameId Name) { return Out->Storage.root({Kind, 0, Name}); }

  /// Begin and end of \p P matter even if nobody borrows it: it has a destructor, or holds loans.
  void keepBegin(PathId P) { KeptBegins.insert(P); }
  void keepEnd(PathId P) { KeptEnds.insert(P); }

  /// That a pointer is null matters even where paths meet right after the test.
  void keepTests() { KeepsTests = true; }

  /// The finished function: blocks that cannot be reached are gone, the exit is last; begins and ends of storage that
  /// nobody borrowed are gone, looks at it as well, and what is known of flags of which nothing follows.
  Function take();

  Function F;

private:
  bool isIdle(const Fact &One) const;
  llvm::DenseSet<PathId> idleFlags() const;
  void dropIdleFacts();
  BlockId forwarded(BlockId B) const;
  void skipEmptyBlocks();
  void joinBlocks();
  llvm::DenseSet<PathId> writtenThrough() const;
  llvm::DenseSet<PathId> endedThrough() const;
  bool dropIdleTests();
  void orderBlocks();

  Unit *Out;
  BlockId Current;
  BlockId Exit;
  bool KeepsTests = false;
  Fact Dropped; ///< what was added where control cannot arrive
  llvm::DenseSet<PathId> Borrowed, Passed, KeptBegins, KeptEnds, Flags, WaysToCells; ///< roots
};

} // namespace refleak
