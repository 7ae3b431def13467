/// Fuzzes the search for comments in a source, and the reading of those that silence findings.

#include "filter/Comments.h"
#include "Fuzz.h"
#include "filter/Suppressions.h"

using namespace refleak;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Source = fuzz::text(Data, Size);
  unsigned Line = 0;
  for (const Comment &Each : findComments(Source)) {
    fuzz::require(Each.Line >= Line && Each.Column >= 1);
    fuzz::require(Each.Text.empty() || (Each.Text.begin() >= Source.begin() && Each.Text.end() <= Source.end()));
    Line = Each.Line;
  }
  static fuzz::ScratchFile File("a.cpp");
  SourceText Sources;
  SuppressionComments Comments(Sources);
  std::vector<Finding> Found(1);
  Found[0].Rule = "element-invalidated";
  Found[0].At = {File.fill(Source).str(), 2, 1, 2, 1};
  Comments.apply(Found);
  Comments.unused({Found[0].At.File}, fuzz::someRules());
  return 0;
}
