//===- Owners.h - Which members keep alive what they lead to ------------------------------------------------------===//
//
// That a data member is a shared_ptr, or a container of them, cannot be told from the loans a function was given. The
// unit says it once for each class, as effects of the name `class Node`, in the words of facts:
//
//     borrow this*.Node::next <- this*.Node::next* share            std::shared_ptr<Node> next;
//     borrow this*.Node::children[] <- this*.Node::children[]* share   std::vector<std::shared_ptr<Node>> children;
//     clear this*.Node::worker                                      std::thread worker; what it holds goes when it ends
//
// and for the captures of a closure, under `closure ` and the symbol of its code. What globals and parameters own is
// told under `global ` and the name of the global, and under `parameters of ` and the symbol of the function:
//
//     borrow @g[] <- @g[]* own                                      std::vector<std::unique_ptr<int>> g;
//
// What a function gives to its callers for them to own, and that it may keep a share of what they give it, is told
// under `call of ` and its symbol, in case its body is not at hand:
//
//     live heap0
//     borrow ret <- heap0 own                                       std::unique_ptr<Node> load();
//     copy @unseen_share… <- arg0*                                  void add(const std::shared_ptr<Node> &);
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Path.h"
#include "llvm/ADT/ArrayRef.h"

namespace clang {
class CXXRecordDecl;
class FunctionDecl;
class ParmVarDecl;
class VarDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// Says which of the fields of \p Class (captures, of a closure) own, unless that has been said.
void declareOwners(UnitLowering &U, const clang::CXXRecordDecl &Class);
/// Says what \p Global owns alone, unless that has been said. \p Place is where it is.
void declareOwner(UnitLowering &U, const clang::VarDecl &Global, PathId Place);
/// Says what the parameters \p Given of the function \p Symbol own alone.
void declareOwners(UnitLowering &U, llvm::ArrayRef<const clang::ParmVarDecl *> Given, NameId Symbol);
/// Says what of the result of \p Called is the caller's alone and which arguments it may share, unless that has been
/// said or there are none such.
void declareOwnersOfCall(UnitLowering &U, const clang::FunctionDecl &Called);

} // namespace refleak
