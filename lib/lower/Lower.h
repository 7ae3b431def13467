//===- Lower.h - From a syntax tree to facts ----------------------------------------------------------------------===//
//
// The only place where C++ is understood. Each function definition of the main file and of headers that are not system
// headers is walked once, in the order in which the program would run it, and facts are written down on the way: a
// glvalue becomes the path that names its storage, a prvalue of scalar type the loans it carries, a prvalue of class
// type is built in the storage it initialises (C++17's guaranteed elision).
//
// The walk follows the tree itself and opens blocks where control branches, as a compiler's code generator does. So
// evaluation order is the standard's (the right operand of an assignment first, overloaded or not), and no second
// representation has to be built: that would cost more than all the rest.
//
// Not modelled, and said so by a GiveUp fact in the body concerned: inline assembly, computed goto, blocks and other
// extensions, and functions beyond the limits of LowerOptions. Not modelled and not said: an exception that
// leaves its function, the destruction of temporaries when an exception is thrown, and array elements one by one.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Facts.h"
#include <functional>

namespace clang {
class FunctionDecl;
class Sema;
} // namespace clang

namespace refleak {

class Models;

struct LowerOptions {
  /// Names of files below this folder are written relative to it. Absolute; empty: names stay as they are.
  std::string Root;
  /// A function with more expressions and statements than this becomes a single GiveUp.
  unsigned MaxElements = 100'000;
  /// An expression or statement nested deeper than this becomes a GiveUp.
  unsigned MaxDepth = 600;
  /// Says which definitions to lower; empty: all.
  std::function<bool(const clang::FunctionDecl &)> Wanted;
};

/// Appends to \p Out the facts of every function defined in the unit outside system headers: instances of templates,
/// call operators of closures, constructors, destructors, and the initialisation of variables of static storage; and to
/// Unit::Known what models and annotations say of the functions they call. \p Semantics instantiates what skipped
/// bodies of library functions would have instantiated.
void lowerUnit(clang::Sema &Semantics, const Models &Library, Unit &Out, const LowerOptions &Options = {});

} // namespace refleak
