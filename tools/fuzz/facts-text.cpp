/// Fuzzes the reader of facts text and what sees nothing but facts behind it. What was read prints, and reads back to
/// what prints the same.

#include "Fuzz.h"
#include "facts/Text.h"

using namespace refleak;

static std::string printed(const Unit &U) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  printFacts(OS, U);
  return Text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::Expected<Unit> U = parseFacts(fuzz::text(Data, Size), "input");
  if (!fuzz::succeeded(U)) return 0;
  std::string Text = printed(*U);
  llvm::Expected<Unit> Again = parseFacts(Text, "printed");
  fuzz::require(fuzz::succeeded(Again));
  fuzz::require(printed(*Again) == Text);
  std::vector<Unit> Units;
  Units.push_back(std::move(*U));
  fuzz::solveAll(std::move(Units));
  return 0;
}
