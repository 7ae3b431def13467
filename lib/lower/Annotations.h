//===- Annotations.h - What attributes in the source say of a function ---------------------------------------------------===//
#pragma once

#include "lower/Symbols.h"
#include "lower/Types.h"
#include <optional>

namespace refleak {

/// The effects that the attributes of \p F, its parameters and its class describe: `[[clang::lifetimebound]]`,
/// `[[clang::lifetime_capture_by]]`, `[[gsl::Owner]]` and `[[gsl::Pointer]]`; nothing if there are none.
std::optional<Effects> annotatedEffects(const clang::FunctionDecl &F, clang::ASTContext &AST, Types &Kinds,
                                        Symbols &Named, Unit &Out);

} // namespace refleak
