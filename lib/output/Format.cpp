#include "output/Format.h"

using namespace refleak;

static constexpr Format Formats[] = {
    {"text", "what a compiler would print", true, writeText},
    {"json", "one JSON object, for programs", true, writeJson},
    {"baseline", "the findings as a list of accepted ones", false, writeBaseline},
};

llvm::ArrayRef<Format> refleak::formats() { return Formats; }

const Format *refleak::formatNamed(llvm::StringRef Name) {
  for (const Format &F : Formats)
    if (F.Name == Name) return &F;
  return nullptr;
}
