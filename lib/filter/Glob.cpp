#include "filter/Glob.h"
#include "llvm/ADT/Twine.h"

using namespace refleak;

/// Tries every split of \p Text for a star; \p Crosses says whether the star covers `/`.
static bool matchesStar(llvm::StringRef Rest, llvm::StringRef Text, bool Crosses) {
  for (;; Text = Text.drop_front()) {
    if (matchesGlob(Rest, Text)) return true;
    if (Text.empty() || (!Crosses && Text.front() == '/')) return false;
  }
}

bool refleak::matchesGlob(llvm::StringRef Pattern, llvm::StringRef Text) {
  while (!Pattern.empty()) {
    if (Pattern.consume_front("**/"))
      return matchesGlob(Pattern, Text) || matchesStar(("/" + Pattern).str(), Text, true);
    if (Pattern.consume_front("**")) return matchesStar(Pattern, Text, true);
    if (Pattern.consume_front("*")) return matchesStar(Pattern, Text, false);
    if (Text.empty() || (Pattern.front() == '?' ? Text.front() == '/' : Pattern.front() != Text.front())) return false;
    Pattern = Pattern.drop_front();
    Text = Text.drop_front();
  }
  return Text.empty();
}

bool refleak::matchesPath(llvm::StringRef Pattern, llvm::StringRef Path) {
  Pattern.consume_front("./");
  Pattern.consume_back("/");
  for (size_t End = Path.find('/', 1); End != llvm::StringRef::npos; End = Path.find('/', End + 1))
    if (matchesGlob(Pattern, Path.take_front(End))) return true;
  return matchesGlob(Pattern, Path);
}
