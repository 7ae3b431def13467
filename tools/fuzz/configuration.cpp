/// Fuzzes the reader of .refleak.json.

#include "filter/Configuration.h"
#include "Fuzz.h"

using namespace refleak;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  static fuzz::ScratchFile File(Configuration::FileName);
  llvm::Expected<Configuration> Read = readConfiguration(File.fill(fuzz::text(Data, Size)), fuzz::someRules());
  if (!fuzz::succeeded(Read)) return 0;
  for (const Rule &Each : fuzz::someRules()) {
    Read->exclusion(Each.Id, Read->Directory + "/third_party/a.pb.cc");
    Read->exclusion(Each.Id, "/elsewhere/a.cpp");
  }
  return 0;
}
