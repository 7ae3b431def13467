// Bodies in system headers are skipped unless Clang needs them, and others when the caller says so.
// RUN: %unit/frontend-unit functions %s -- -std=c++17 -isystem %S/Inputs/system | FileCheck %s
// RUN: %unit/frontend-unit system %s -- -std=c++17 -isystem %S/Inputs/system | FileCheck --check-prefix=SYSTEM %s
#include <library.h>

// CHECK: skip_this: skipped
inline int skip_this() { return from_library(1); }
// CHECK: skip_but_needed: body
constexpr int skip_but_needed() { return constant(); }
static_assert(skip_but_needed() == 7);
// CHECK: kept: body
int kept() { return skip_this() + deduced() + Class().method(); }

// SYSTEM: system headers: 2 bodies, 2 skipped
