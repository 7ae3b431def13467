#include "filter/Glob.h"
#include "llvm/ADT/BitVector.h"

using namespace refleak;

namespace {

/// Where in a text a pattern may have come to: all at once, so that the time is that of both lengths multiplied.
class Frontier {
public:
  explicit Frontier(llvm::StringRef Text) : Text(Text), At(unsigned(Text.size()) + 1) { At.set(0); }

  bool atEnd() const { return At.test(unsigned(Text.size())); }

  void character(char Wanted) {
    llvm::BitVector Next(At.size());
    for (unsigned I : At.set_bits())
      if (I != Text.size() && (Wanted == '?' ? Text[I] != '/' : Text[I] == Wanted)) Next.set(I + 1);
    At = std::move(Next);
  }

  /// `*`; \p Crosses: or `**`.
  void star(bool Crosses) {
    for (unsigned I = 0; I != Text.size(); ++I)
      if (At.test(I) && (Crosses || Text[I] != '/')) At.set(I + 1);
  }

  /// `**/`: nothing, or whole folders.
  void folders() {
    bool Entered = false;
    llvm::BitVector Next = At;
    for (unsigned I = 0; I != Text.size(); ++I) {
      Entered |= At.test(I);
      if (Entered && Text[I] == '/') Next.set(I + 1);
    }
    At = std::move(Next);
  }

private:
  llvm::StringRef Text;
  llvm::BitVector At; ///< by position in Text
};

} // namespace

bool refleak::matchesGlob(llvm::StringRef Pattern, llvm::StringRef Text) {
  Frontier Reached(Text);
  while (!Pattern.empty()) {
    if (Pattern.consume_front("**/")) {
      Reached.folders();
    } else if (Pattern.consume_front("**")) {
      Reached.star(/*Crosses=*/true);
    } else if (Pattern.consume_front("*")) {
      Reached.star(/*Crosses=*/false);
    } else {
      Reached.character(Pattern.front());
      Pattern = Pattern.drop_front();
    }
  }
  return Reached.atEnd();
}

bool refleak::matchesPath(llvm::StringRef Pattern, llvm::StringRef Path) {
  Pattern.consume_front("./");
  Pattern.consume_back("/");
  for (size_t End = Path.find('/', 1); End != llvm::StringRef::npos; End = Path.find('/', End + 1))
    if (matchesGlob(Pattern, Path.take_front(End))) return true;
  return matchesGlob(Pattern, Path);
}
