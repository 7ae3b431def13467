#include "support/Error.h"

using namespace refleak;

llvm::Error refleak::userError(const llvm::Twine &Text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Text);
}

llvm::Error refleak::userError(llvm::StringRef File, unsigned Line, unsigned Column, const llvm::Twine &Text) {
  return userError(File + ":" + llvm::Twine(Line) + ":" + llvm::Twine(Column) + ": " + Text);
}

std::string refleak::didYouMean(llvm::StringRef Typed, llvm::ArrayRef<llvm::StringRef> Known) {
  llvm::StringRef Best;
  unsigned Least = unsigned(Typed.size() / 3 + 2);
  for (llvm::StringRef Word : Known) {
    unsigned Distance = Typed.edit_distance(Word, /*AllowReplacements=*/true, Least);
    if (Distance >= Least) continue;
    Least = Distance;
    Best = Word;
  }
  return Best.empty() ? "" : ("; did you mean '" + Best + "'?").str();
}

std::string refleak::orList(llvm::ArrayRef<llvm::StringRef> Words) {
  std::string List;
  for (size_t I = 0; I != Words.size(); ++I) {
    if (I) List += I + 1 == Words.size() ? " or " : ", ";
    List += Words[I];
  }
  return List;
}
