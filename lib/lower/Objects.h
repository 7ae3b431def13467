//===- Objects.h - Which virtual functions the objects that are made run ------------------------------------------===//
//
// What a virtual call runs depends on the classes of which the program makes objects. The unit says once for each
// constructor that makes a complete object (not the base of another) which functions a call on that ends in, as effects
// of the name `object by ` and the constructor's symbol:
//
//     call @Button::press()     its own
//     call @Widget::draw()      inherited
//
// Source: D. Bacon, P. Sweeney: Fast Static Analysis of C++ Virtual Function Calls. OOPSLA 1996 (rapid type analysis).
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace clang {
class CXXConstructorDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// \p Constructor makes a complete object.
void declareObject(UnitLowering &U, const clang::CXXConstructorDecl &Constructor);

} // namespace refleak
