//===- Owners.h - Which members keep alive what they lead to ------------------------------------------------------===//
//
// That a data member is a shared_ptr, or a container of them, cannot be told from the loans a function was given. The
// unit says it once for each class, as effects of the name `class Node`, in the words of facts:
//
//     borrow this*.Node::next <- this*.Node::next* share            std::shared_ptr<Node> next;
//     borrow this*.Node::children[] <- this*.Node::children[]* share   std::vector<std::shared_ptr<Node>> children;
//     clear this*.Node::worker                                      std::thread worker; what it holds goes when it ends
//
// and for the captures of a closure, under `closure ` and the symbol of its code.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace clang {
class CXXRecordDecl;
} // namespace clang

namespace refleak {

struct UnitLowering;

/// Says which of the fields of \p Class (captures, of a closure) own, unless that has been said.
void declareOwners(UnitLowering &U, const clang::CXXRecordDecl &Class);

} // namespace refleak
