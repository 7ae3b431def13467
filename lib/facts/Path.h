//===- Path.h - How a function names storage ----------------------------------------------------------------------===//
//
// A path is a root and projections, read left to right:
//
//     l3            the local variable 3                     this*.f        the field f of what `this` points to
//     l3[]          what the container l3 owns               arg0*[].second the mapped values of the map arg0 refers to
//     l3*           what the pointer l3 points to            ret.first      the first half of the returned pair
//
// A path is syntax: `l3*` names whatever l3 points to at that point. The solver resolves a path to *places* (storage
// without dereference, except behind what the function was given, which it names by the path it was reached by).
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "support/Table.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Allocator.h"
#include <optional>
#include <string_view>
#include <vector>

namespace refleak {

/// A string interned in a unit's or program's Names: a function symbol, a field, a global, the text of a constant.
using NameId = Id<struct NameTag>;
using PathId = Id<struct PathTag>;

enum class RootKind : uint8_t {
  Local,    ///< a variable of automatic storage that is not a parameter; Index is its number in the function
  Temp,     ///< the result of an expression, or a temporary object; Index is its number in the function
  Arg,      ///< a parameter's own storage (for a reference: the reference, not what it refers to); Index from 0
  This,     ///< the pointer `this`
  Ret,      ///< what the function returns
  Global,   ///< static or thread storage, static locals too; Name is its symbol
  Heap,     ///< what one `new` (or make_unique, ...) made; Index numbers the site in the function
  Constant, ///< a literal, known by its text; only ever a key. Name is the text
  Code,     ///< a function; Name is its symbol
};

enum class ProjectionKind : uint8_t {
  Field,  ///< `.name`  a data member, or a capture of a closure; bases add no projection
  Deref,  ///< `*`      what the pointer, reference, iterator or smart pointer leads to; not owned by the path before it
  Elem,   ///< `[]`     all that a container owns on the heap: stays where it is when the container moves
  Inline, ///< `[in]`   what a container holds inside itself (array, optional, a small string): moves with it
};

struct Projection {
  ProjectionKind Kind;
  NameId Name; ///< Field only

  friend bool operator==(const Projection &, const Projection &) = default;
};

/// Whether \p Each leads from a container to what it holds.
inline bool isElement(const Projection &Each) {
  return Each.Kind == ProjectionKind::Elem || Each.Kind == ProjectionKind::Inline;
}

struct Root {
  RootKind Kind;
  uint32_t Index = 0; ///< Local, Temp, Arg, Heap
  NameId Name;        ///< Global, Constant, Code

  friend bool operator==(const Root &, const Root &) = default;
};

/// Interns strings; ids are dense and in the order of first mention.
class Names {
public:
  Names() = default;
  Names(Names &&) = default; ///< the texts stay where they are; a copy would have to intern them anew
  Names &operator=(Names &&) = default;

  NameId intern(llvm::StringRef Text);
  /// The id of \p Text, invalid when it was never interned.
  NameId find(llvm::StringRef Text) const;
  llvm::StringRef text(NameId Id) const { return Texts[Id.index()]; }
  size_t size() const { return Texts.size(); }

private:
  llvm::BumpPtrAllocator Characters;
  Table<std::string_view, NameId> Ids; ///< its keys are Texts
  std::vector<llvm::StringRef> Texts;
};

/// Interns paths as a tree: a path is a root, or a shorter path and one projection.
class Paths {
public:
  PathId root(Root R);
  PathId extend(PathId Base, Projection P);
  PathId field(PathId Base, NameId Name) { return extend(Base, {ProjectionKind::Field, Name}); }
  PathId deref(PathId Base) {
    PathId Known = Nodes[Base.index()].Deref;
    return Known.valid() ? Known : extend(Base, {ProjectionKind::Deref, NameId()});
  }

  bool isRoot(PathId P) const { return !Nodes[P.index()].Base.valid(); }
  /// The root that \p P starts from.
  const Root &rootOf(PathId P) const { return Nodes[rootPath(P).index()].RootValue; }
  /// The root that \p P starts from, as a path.
  PathId rootPath(PathId P) const { return Nodes[P.index()].RootNode; }
  /// The path that is \p P without its last projection; invalid for a root.
  PathId base(PathId P) const { return Nodes[P.index()].Base; }
  /// The last projection; \p P is not a root.
  const Projection &last(PathId P) const { return Nodes[P.index()].Last; }
  /// All projections from the root on.
  llvm::SmallVector<Projection, 4> projections(PathId P) const;
  /// The number of projections.
  unsigned depth(PathId P) const { return Nodes[P.index()].Depth; }
  /// How many of the projections are dereferences.
  unsigned derefs(PathId P) const { return Nodes[P.index()].Derefs; }
  /// How many of the projections lead into a container, to its elements or inside it.
  unsigned containers(PathId P) const { return Nodes[P.index()].Containers; }
  /// The object that \p P belongs to: up to its last dereference, or its root.
  PathId objectOf(PathId P) const;
  /// Whether \p P is \p Prefix or lies below it.
  bool startsWith(PathId P, PathId Prefix) const;
  /// \p P, which is \p From or lies below it, moved below \p To; nothing if it does not lie there.
  std::optional<PathId> rebase(PathId P, PathId From, PathId To);
  size_t size() const { return Nodes.size(); }

private:
  struct Node {
    PathId Base; ///< invalid for a root
    PathId RootNode;
    PathId Deref; ///< the path that this one followed by `*` is, once there is one: most are asked for again and again
    Root RootValue;
    Projection Last;
    uint32_t Depth, Derefs, Containers;
  };
  std::vector<Node> Nodes;
  Table<uint64_t, PathId> Roots;  ///< by kind and what tells it from others of that kind
  Table<uint64_t, PathId> Longer; ///< by base and last projection
};

} // namespace refleak
