//===- Copies.h - Objects that lead into themselves, and their copies ---------------------------------------------===//
//
// A class that keeps a pointer to a part of its own object needs copies and moves of its own:
//
//     Value(std::string s) : text(s), shown(&text) {}       this*.shown leads to this*.text
//     Value(Value &&) = default;                            the new object's shown leads to the old one's text
//
// What uses such a copy after the original has ended, or leaves it to others, is not to blame for it: the class is. A
// copy by a function that somebody wrote is a call, whose effects say where its pointer leads.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

namespace refleak {

struct Solved;

/// Makes events of the kind Copied of those uses and escapes that concern such a copy.
void findCopies(Solved &Program);

} // namespace refleak
