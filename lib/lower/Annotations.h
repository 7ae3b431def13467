//===- Annotations.h - What attributes in the source say of a function --------------------------------------------===//
#pragma once

#include "lower/Symbols.h"
#include "lower/Types.h"
#include <optional>

namespace refleak {

/// The effects that the attributes of \p F, its parameters and its class describe: `[[clang::lifetimebound]]`,
/// `[[clang::lifetime_capture_by]]`, `noescape`, `[[gsl::Owner]]` and `[[gsl::Pointer]]`; nothing if there are none, or
/// if the body stands in this unit, which says more.
std::optional<Effects> annotatedEffects(const clang::FunctionDecl &F, Types &Kinds, Symbols &Named, Unit &Out);

} // namespace refleak
