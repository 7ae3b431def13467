//===- Bytes.h - Numbers and texts one after another --------------------------------------------------------------===//
//
// What facts files and cache entries are made of; docs/formats/facts-file.md says how each thing looks.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "facts/Words.h"
#include "support/Id.h"
#include <string>

namespace refleak {

/// Bytes that grow at the end. Numbers take seven bits a byte, the lowest first.
class ByteSink {
public:
  std::string Bytes;

  void byte(uint8_t Value) { Bytes.push_back(char(Value)); }
  void number(uint64_t Value) {
    for (; Value >= 0x80; Value >>= 7) byte(uint8_t(Value) | 0x80);
    byte(uint8_t(Value));
  }
  /// Small when near zero on either side.
  void difference(uint32_t Value, uint32_t From) {
    int64_t Delta = int64_t(Value) - int64_t(From);
    number(uint64_t(Delta) << 1 ^ uint64_t(Delta >> 63));
  }
  void text(llvm::StringRef Text) {
    number(Text.size());
    Bytes.append(Text.data(), Text.size());
  }
  template <class Tag> void id(Id<Tag> I) { number(I.index()); }
  template <class Tag> void optional(Id<Tag> I) { number(I.valid() ? uint64_t(I.index()) + 1 : 0); }
  template <class E> void word(E Value) { byte(uint8_t(Value)); }
};

/// Takes bytes from the front. The first thing that is out of range is noted, and from then on everything is zero.
class ByteSource {
public:
  explicit ByteSource(llvm::StringRef Bytes) : Rest(Bytes) {}

  const char *Problem = nullptr;

  bool good() const { return !Problem; }
  bool atEnd() const { return Rest.empty(); }
  void fail(const char *What) {
    if (!Problem) Problem = What;
    Rest = llvm::StringRef();
  }

  uint8_t byte() {
    if (Rest.empty()) return fail("a section ends too early"), 0;
    uint8_t Value = uint8_t(Rest.front());
    Rest = Rest.drop_front();
    return Value;
  }
  uint64_t number() {
    uint64_t Value = 0;
    for (unsigned Shift = 0; Shift < 64; Shift += 7) {
      uint8_t Next = byte();
      Value |= uint64_t(Next & 0x7f) << Shift;
      if (!(Next & 0x80)) return Value;
    }
    return fail("a number is too long"), 0;
  }
  uint32_t small() {
    uint64_t Value = number();
    if (Value > UINT32_MAX - 16) return fail("a number is too large"), 0;
    return uint32_t(Value);
  }
  /// The number of things that follow, each of which takes at least one byte.
  size_t count() {
    uint64_t Value = number();
    if (Value > Rest.size()) return fail("a list is longer than its section"), 0;
    return size_t(Value);
  }
  uint32_t difference(uint32_t From) {
    uint64_t Folded = number();
    int64_t Delta = int64_t(Folded >> 1) ^ -int64_t(Folded & 1);
    if (Delta < -int64_t(UINT32_MAX) || Delta > int64_t(UINT32_MAX)) return fail("a position is out of range"), 0;
    return uint32_t(int64_t(From) + Delta);
  }
  llvm::StringRef text() {
    size_t Size = count();
    llvm::StringRef Text = Rest.take_front(Size);
    Rest = Rest.drop_front(Size);
    return Text;
  }
  /// A number below \p Limit.
  uint32_t below(size_t Limit, const char *What) {
    uint64_t Value = number();
    if (Value >= Limit) return fail(What), 0;
    return uint32_t(Value);
  }
  template <class E> E word() {
    uint8_t Value = byte();
    if (Value >= std::size(Words<E>::List)) return fail("a word is not known"), E();
    return E(Value);
  }

private:
  llvm::StringRef Rest;
};

} // namespace refleak
