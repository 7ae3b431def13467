//===- Value.h - What an expression without storage amounts to ----------------------------------------------------===//
#pragma once

#include "facts/Facts.h"

namespace refleak {

/// What a scalar prvalue holds. It stays a description until it is stored, so that no cell is needed in between.
struct Value {
  enum Kind : uint8_t {
    Nothing, ///< no loan: null, a number
    Held,    ///< what the cell Path holds
    Lent,    ///< a new loan on the storage Path
  };
  Kind What = Nothing;
  LoanKind Loan = LoanKind::Ref; ///< Lent
  Reason Why = Reason::None;     ///< Lent; if Held, Cast when the value came through an integer or void pointer
  PathId Path;

  static Value held(PathId Cell) { return {Held, LoanKind::Ref, Reason::None, Cell}; }
  static Value lent(PathId Storage, Reason Why, LoanKind Loan = LoanKind::Ref) { return {Lent, Loan, Why, Storage}; }
  explicit operator bool() const { return What != Nothing; }
};

} // namespace refleak
