//===- Facts.h - What happens to loans, one event at a time -------------------------------------------------------===//
//
// A function is a graph of blocks of facts. A fact is one event at a point of the program; it says what only the syntax
// tree could tell, in words that need no syntax tree. Five lines of C++ and their facts:
//
//     std::vector<int> v;            live l0
//     int &r = v[0];                 borrow %0 <- l0 ref this        call %1 <- @vector::operator[](this=%0, 0)
//                                    borrow l1 <- %1* ref bind
//     v.push_back(1);                borrow %2 <- l0 ref this        call @vector::push_back(this=%2, ...)
//     return r;                      use l1*
//                                    expire l0 scope
//
// The same language says what a function does to its caller (*effects*): a list of facts whose paths start at `this`,
// `argN`, `ret` or a global. A call means: do the facts of the callee's effects, with the caller's storage for the
// formal roots. So push_back above is, as data,
//
//     invalidate this*[] ref,iterator,end,view all moved grows
//
// A *cell* is storage that can hold loans: the variable of a pointer, a field, the element of a container of pointers.
// Borrow, Copy, Move and Clear write cells; Use reads through them; Invalidate, Expire and Advance change the fate of
// the loans that cells hold.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Path.h"
#include "support/Source.h"
#include <string>
#include <vector>

namespace refleak {

using BlockId = Id<struct BlockTag>;

enum class FactKind : uint8_t {
  Live,       ///< the storage Dst begins to exist: it holds no loan
  Borrow,     ///< Dst := a new loan of kind Loan on the storage Src names. Through a dereference at the end of Src
              ///< (`borrow d <- p*`) the loans of p are passed on, as loans of kind Loan
  Copy,       ///< Dst := what Src holds, and what its fields and elements hold
  Move,       ///< as Copy; loans on what Src owns on the heap become loans on what Dst owns; Src then holds nothing
  Clear,      ///< Dst := nothing (null, a number)
  Use,        ///< Src is read or written (Access says which): every loan that a dereference in Src goes through must be
              ///< alive; with Access value also every loan that the cell Src itself holds
  Invalidate, ///< loans of the kinds Kinds on the storage Src names and below die, within Extent, when When
  Expire,     ///< the object Src names is destroyed: every loan on it and on what it owns dies, then what it owned by
              ///< smart pointer when it was the last owner
  Advance,    ///< Src holds an iterator that now stands elsewhere: same container, another element
  Reserve,    ///< room was made in the container Src names: it does not grow for the time being
  Call,       ///< call number Call of the function
  Need,       ///< effects only: Src is used after the invalidation that stands at index Call of the same effects, so no
              ///< loan that it kills may lead to Src
  Assume, ///< control comes here only when the flag Src is as Is says; after Clear: that is its new value. When Is is
          ///< On or Off: only when the pointer in the cell Src leads to the storage By, or does not
  GiveUp, ///< something here is not modelled; Note says what
};

/// What a loan gives access to. One letter of KindMask each.
enum class LoanKind : uint8_t {
  Ref,      ///< pointer or reference to the object or element
  Iterator, ///< iterator to an element
  End,      ///< past-the-end iterator
  View,     ///< string_view, span, c_str(), range: something that reads what the owner holds
  Own,      ///< unique_ptr, or a pointer that must be deleted: dies, and its target dies
  Share,    ///< shared_ptr: its target dies with the last one
  Weak,     ///< weak_ptr: never dangles, keeps nothing alive
  Code,     ///< closure or function pointer: the target is a Code root
};

using KindMask = uint8_t;
constexpr KindMask maskOf(LoanKind K) { return KindMask(1u << unsigned(K)); }
/// What a container's "invalidates everything" means.
constexpr KindMask AllBorrows =
    maskOf(LoanKind::Ref) | maskOf(LoanKind::Iterator) | maskOf(LoanKind::End) | maskOf(LoanKind::View);

/// Why a loan or value went where it went: chooses the wording of rules; capture, frame and elided also the verdict.
enum class Reason : uint8_t {
  None,
  AddressOf, ///< `&x`
  Bind,      ///< a reference was bound
  Decay,     ///< an array became a pointer
  This,      ///< the object of a member call
  Capture,   ///< a closure captured it
  Argument,  ///< passed to a parameter
  Assign,    ///< assigned
  Init,      ///< initialised
  Return,    ///< returned
  Field,     ///< stored in a data member
  Insert,    ///< stored in a container
  Lend,      ///< a call gave it out
  New,       ///< allocated
  RangeFor,  ///< the hidden range or iterator of a range-for
  Temporary, ///< bound to a temporary, which then lives as long as the reference
  Cast,      ///< through an integer or void pointer
  Bypass,    ///< a call gave out a slot whose owner wants to be told of pointers written into it, and will not be
  Frame,     ///< a coroutine needs it when it goes on
  Elided,    ///< returned, and the variable is the result itself ([class.copy.elision])
};

/// Whether what is held for \p Why is needed by code that runs later.
constexpr bool neededLater(Reason Why) { return Why == Reason::Capture || Why == Reason::Frame; }

/// Which way a Use touches the storage.
enum class Access : uint8_t {
  Read,
  Write,
  Call,  ///< its member function is called, or a reference to it is passed to code that is not known
  Value, ///< the loans themselves are looked at: iterators compared, advanced or dereferenced, views read
  Wait,  ///< code that runs beside the function is waited for: until now it has looked at all that it has captured
};

/// Which elements an Invalidate concerns.
enum class Extent : uint8_t {
  All,
  One,   ///< the one that By (iterator, key, reference) leads to
  After, ///< that one and all behind it
};

/// What becomes of the elements.
enum class Fate : uint8_t {
  Moved,     ///< to other storage: what they own themselves lives on
  Destroyed, ///< with all that they own
};

enum class When : uint8_t {
  Always,
  Grows,  ///< if the container has to get room; not after Reserve
  Absent, ///< as Grows, and only if the key By is not in the container yet
  Inside, ///< not where By leads to the end, or to the element that was looked up with the constant 0: the first
};

/// Why an object ended.
enum class End : uint8_t {
  Scope,     ///< its scope ended
  Temporary, ///< the full expression ended
  Delete,    ///< delete, or a function that frees
  Reset,     ///< its owner was given something else
  Release,   ///< one of those that shared it was given something else
  Moved,     ///< moved from
  Grown,     ///< effects only: deleted, and what led to it may lead to new storage in its place
  Removed,   ///< the element that owns it was taken out of a container, if there was one
};

/// How sure it is that the fact happens when its function runs to here. Bodies say Must; effects say May for what
/// happens on some paths only, Assumed where unknown code had to be guessed about.
enum class Certainty : uint8_t { Must, May, Assumed };

/// What is known of a flag: a variable of arithmetic type, or a pointer. On and Off: a pointer was compared with the
/// address of storage.
enum class Truth : uint8_t { Unknown, True, False, Null, On, Off };

/// One event. Which members mean something depends on Kind, see FactKind.
struct Fact {
  FactKind Kind = FactKind::GiveUp;
  LoanKind Loan = LoanKind::Ref;
  Reason Why = Reason::None;
  Access How = Access::Read;
  KindMask Kinds = 0;
  Extent Which = Extent::All;
  Fate Elements = Fate::Moved;
  When Cond = When::Always;
  End Ending = End::Scope;
  Certainty Sure = Certainty::Must;
  Truth Is = Truth::Unknown; ///< Assume: of Src; else of If
  PathId Dst;
  PathId Src;
  PathId By;         ///< Invalidate: which element or key; Borrow: the key the element was looked up with; Assume: the
                     ///< storage; Copy, Move: storage that what is copied does not lead to
  uint32_t Call = 0; ///< Call: index into Function::Calls; Need: index of the invalidation in Effects::Facts
  PathId If;         ///< effects only: happens only when this flag, a parameter, is as Is says; invalid: always
  NameId Note;       ///< GiveUp: what; in effects: the symbol of the function in which it really happens
  Span At;

  /// Whether this is what a test, or an assignment of a constant, says of a flag.
  bool tellsFlag() const { return Kind == FactKind::Assume && (Is == Truth::True || Is == Truth::False); }

  friend bool operator==(const Fact &, const Fact &) = default;
};

/// A call site.
struct Call {
  NameId Callee;            ///< invalid: called through the value in Through
  PathId Through;           ///< the cell that holds the closure, function pointer or std::function; with Callee, a
                            ///< destructor: the owner that runs it if it is the last one of what it leads to
  PathId Result;            ///< the cell that gets the result; invalid when there is none
  PathId This;              ///< the cell that holds the address of the object; invalid for no member function
  std::vector<PathId> Args; ///< cells that hold the arguments: for a reference parameter the loan, else the value. An
                            ///< invalid path stands for an argument that holds no loan and names nothing (x + 1)
  bool Virtual = false;
  uint8_t ByReference = 0; ///< bit I: argument I of the first seven holds a loan on what is passed, though the callee
                           ///< may take it by value
};

struct Block {
  std::vector<Fact> Facts;
  std::vector<BlockId> Successors;
};

struct Local {
  std::string Name;
  Span At;
};

/// How a parameter takes its argument.
enum class Passing : uint8_t { Value, Reference, Pointer, Rvalue }; ///< Rvalue: by `T &&`

struct Parameter {
  std::string Name;
  Passing How = Passing::Value;
  Span At;
};

/// One function body. Block 0 is the entry; the last block is the exit, which holds no facts: every return leads there
/// after the expiry of the locals.
struct Function {
  NameId Symbol;       ///< unique in the program: the mangled name, with the file in front for internal linkage
  std::string Display; ///< for people: `Cache::get(int)`
  Span At;
  bool IsMethod = false;
  bool IsLambda = false;
  bool IsConstructor = false;
  bool IsDestructor = false;
  bool IsLife = false; ///< no function of the source: an object from one of its constructors to the end of its members
  NameId Parent;       ///< lambdas: the function the closure is written in
  std::vector<NameId> Overrides; ///< virtual member functions that this one overrides
  std::vector<Parameter> Parameters;
  std::vector<Local> Locals;
  uint32_t Temps = 0;
  uint32_t Heaps = 0;
  /// What pointers lead to that are indexed or moved along: each stands for many objects, one behind the other.
  /// Ordered.
  std::vector<PathId> Arrays;
  std::vector<Call> Calls;
  std::vector<Block> Blocks;
};

/// Where a function's effects come from, the most trusted first.
enum class EffectSource : uint8_t { Model, Annotation, Body, Default };

/// What one function does to its caller's places: all that a call site ever sees.
struct Effects {
  NameId Symbol;
  std::string Display;
  EffectSource Source = EffectSource::Default;
  std::vector<Fact> Facts; ///< paths start at This, Arg, Ret, Global or Code roots; done in order
  std::vector<Call> Calls; ///< closures the function calls: Through is such a path
  /// Numbers of facts that lie on different paths through the function: the second cannot come after the first. It is a
  /// call, or tells that a cell may be as it was: where the first happens, that cell is overwritten.
  std::vector<std::pair<uint32_t, uint32_t>> NeverAfter;
};

/// The facts of one translation unit.
struct Unit {
  std::string MainFile;
  std::vector<std::string> Files; ///< by FileId
  Names Symbols;
  Paths Storage;
  std::vector<Function> Functions;
  std::vector<Effects> Known; ///< effects of functions without a body here: models and annotations
};

} // namespace refleak
