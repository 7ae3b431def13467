//===- Lives.h - Objects from their constructor to the end of their members ---------------------------------------===//
//
// Members end in the reverse order of their declaration, so the end of one must not need another one that is declared
// behind it. What a member leads to only the constructor tells, and what its end needs only its destructor. So a unit
// tells, for each constructor of a class where the order may matter, the life of an object that nothing else happens
// to:
//
//     live l0                                 struct Script {
//     borrow this <- l0 ref this                explicit Script(Text);      // makes function_ for code_
//     call @Script::Script(this=this, arg0)     ~Script() { log(); }
//     call @Script::log(this=this)              std::unique_ptr<Function> function_;
//     expire this*.code_ scope                  std::shared_ptr<Code> code_;
//     call @~Function(this=this*.function_)   };
//     expire this*.function_ scope
//
// The ends stand where the members are declared. What a unique_ptr owns and what a container holds ends with the
// member. What a shared_ptr leads to may live on; but if that needs a member that has ended, it does so later, too.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace clang {
class CXXConstructorDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// Whether what \p Constructor makes may end in the wrong order, and how it ends is known: some member or base ends by
/// the program's own code, behind a member whose end matters.
bool beginsLife(UnitLowering &U, const clang::CXXConstructorDecl &Constructor);

} // namespace refleak
