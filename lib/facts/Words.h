//===- Words.h - The words that facts text uses for enumerators ---------------------------------------------------===//
//
// One table an enumeration, in the order of its declaration. Facts text, models and reports all take their words here.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include <iterator>
#include <optional>

namespace refleak {

template <class E> struct Words;

#define REFLEAK_WORDS(ENUM, LAST, ...)                                                                                 \
  template <> struct Words<ENUM> {                                                                                     \
    static constexpr llvm::StringLiteral List[] = {__VA_ARGS__};                                                       \
    static_assert(std::size(List) == size_t(ENUM::LAST) + 1, "a word for each " #ENUM);                                \
  }

REFLEAK_WORDS(FactKind, GiveUp, "live", "borrow", "copy", "move", "clear", "use", "invalidate", "expire", "advance",
              "reserve", "call", "need", "assume", "give-up");
REFLEAK_WORDS(LoanKind, Code, "ref", "iterator", "end", "view", "own", "share", "weak", "code");
REFLEAK_WORDS(Reason, Elided, "none", "address-of", "bind", "decay", "this", "capture", "argument", "assign", "init",
              "return", "field", "insert", "lend", "new", "range-for", "temporary", "cast", "bypass", "frame",
              "elided");
REFLEAK_WORDS(Access, Wait, "read", "write", "call", "value", "wait");
REFLEAK_WORDS(Extent, After, "all", "one", "after");
REFLEAK_WORDS(Fate, Destroyed, "moved", "destroyed");
REFLEAK_WORDS(When, Inside, "always", "grows", "absent", "inside");
REFLEAK_WORDS(End, Removed, "scope", "temporary", "delete", "reset", "release", "moved", "grown", "removed");
REFLEAK_WORDS(Certainty, Assumed, "must", "may", "assumed");
REFLEAK_WORDS(Truth, Off, "unknown", "true", "false", "null", "on", "off");
REFLEAK_WORDS(Passing, Rvalue, "value", "ref", "pointer", "rvalue");
REFLEAK_WORDS(EffectSource, Default, "model", "annotation", "body", "default");
#undef REFLEAK_WORDS

template <class E> llvm::StringRef wordFor(E Value) { return Words<E>::List[size_t(Value)]; }

/// The enumerator that \p Word stands for, if any.
template <class E> std::optional<E> fromWord(llvm::StringRef Word) {
  for (size_t I = 0; I != std::size(Words<E>::List); ++I)
    if (Words<E>::List[I] == Word) return E(I);
  return std::nullopt;
}

} // namespace refleak
