/// Fuzzes the readers of facts files: with the input as it is, and with its sections behind a head that is right, as
/// whoever makes a hostile file would write it. What was read makes a file again, and that one is read.

#include "Fuzz.h"
#include "facts/FileHead.h"
#include "llvm/Support/Endian.h"

using namespace refleak;

static void read(llvm::StringRef Bytes) {
  llvm::Expected<FactsFileHead> Head = checkFactsFile(Bytes, "input");
  fuzz::succeeded(Head);
  llvm::Expected<UnitPositions> Positions = readPositionsFile(Bytes, "input");
  fuzz::succeeded(Positions);
  llvm::Expected<UnitFacts> U = readFactsFile(Bytes, "input");
  if (!fuzz::succeeded(U)) return;
  std::string Written = writeFactsFile(*U);
  llvm::Expected<UnitFacts> Again = readFactsFile(Written, "written");
  fuzz::require(fuzz::succeeded(Again));
  fuzz::require(writeFactsFile(*Again) == Written);
  std::vector<Unit> Units;
  Units.push_back(std::move(U->Facts));
  fuzz::solveAll(std::move(Units));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  using Layout = FactsHeadLayout;
  llvm::StringRef Bytes = fuzz::text(Data, Size);
  read(Bytes);
  if (Size <= Layout::Size) return 0;
  uint64_t Meaning = llvm::support::endian::read64le(Data + Layout::Sizes);
  llvm::StringRef Rest = Bytes.drop_front(Layout::Size);
  Meaning = std::min<uint64_t>(Meaning, Rest.size());
  read(sealFacts(Rest.take_front(Meaning), Rest.drop_front(Meaning)));
  return 0;
}
