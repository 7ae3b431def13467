// facts-file write TEXT FILE      makes a facts file of facts text
// facts-file read FILE            prints a facts file as text
// facts-file digests FILE         prints the digests of its meaning and its positions
// facts-file same TEXT            whether text -> file -> text and file -> facts -> file change nothing
// facts-file forge FILE COUNT     changes its bytes in COUNT ways, each with right checksums, and reads every one
#include "facts/File.h"
#include "facts/FileHead.h"
#include "facts/Text.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace refleak;
using llvm::StringRef;

static llvm::ExitOnError OrFail;

static std::unique_ptr<llvm::MemoryBuffer> contents(StringRef File) {
  return OrFail(llvm::errorOrToExpected(llvm::MemoryBuffer::getFile(File, /*IsText=*/false, false)));
}

static UnitFacts fromText(StringRef File) {
  UnitFacts U;
  U.Facts = OrFail(parseFacts(contents(File)->getBuffer(), File));
  return U;
}

static std::string toText(const UnitFacts &U) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  printFacts(OS, U.Facts);
  return Text;
}

static int write(StringRef Text, StringRef File) {
  std::error_code Problem;
  llvm::raw_fd_ostream OS(File, Problem);
  OrFail(llvm::errorCodeToError(Problem));
  OS << writeFactsFile(fromText(Text));
  return 0;
}

static int same(StringRef Text) {
  UnitFacts Before = fromText(Text);
  std::string Bytes = writeFactsFile(Before);
  UnitFacts After = OrFail(readFactsFile(Bytes, "memory"));
  if (toText(Before) != toText(After)) return llvm::errs() << "the text is another one\n", 1;
  if (writeFactsFile(After) != Bytes) return llvm::errs() << "the bytes are other ones\n", 1;
  return 0;
}

/// A generator of numbers that is the same everywhere.
static uint64_t next(uint64_t &State) {
  State ^= State << 13;
  State ^= State >> 7;
  return State ^= State << 17;
}

static std::string changed(StringRef Section, uint64_t &Random) {
  std::string Bytes = Section.str();
  for (uint64_t Changes = 1 + next(Random) % 3; Changes && !Bytes.empty(); --Changes) {
    size_t At = next(Random) % Bytes.size();
    switch (next(Random) % 4) {
    case 0:
      Bytes[At] = char(next(Random));
      break;
    case 1:
      Bytes[At] = char(Bytes[At] ^ 1 << next(Random) % 8);
      break;
    case 2:
      Bytes.erase(At, 1 + next(Random) % 4);
      break;
    case 3:
      Bytes.insert(At, 1 + next(Random) % 4, char(next(Random) % 3 ? 0xff : next(Random)));
      break;
    }
  }
  return Bytes;
}

static int forge(StringRef File, unsigned Count) {
  std::unique_ptr<llvm::MemoryBuffer> Buffer = contents(File);
  StringRef Bytes = Buffer->getBuffer().drop_front(FactsHeadLayout::Size);
  uint64_t Random = 88172645463325252ull;
  size_t Meaning = size_t(llvm::support::endian::read64le(Buffer->getBufferStart() + FactsHeadLayout::Sizes));
  unsigned Read = 0;
  for (unsigned I = 0; I != Count; ++I) {
    StringRef Parts[] = {Bytes.take_front(Meaning), Bytes.drop_front(Meaning)};
    std::string Forged =
        I % 4 ? sealFacts(changed(Parts[0], Random), Parts[1]) : sealFacts(Parts[0], changed(Parts[1], Random));
    llvm::Expected<UnitFacts> U = readFactsFile(Forged, "forged");
    if (U) {
      ++Read;
      toText(*U);
      writeFactsFile(*U);
    } else {
      std::string Text = toString(U.takeError());
      if (!StringRef(Text).starts_with("'forged' makes no sense: ")) return llvm::errs() << Text << '\n', 1;
    }
  }
  llvm::outs() << Count << " forged, " << Read << " of them make sense\n";
  return 0;
}

int main(int Count, char **Words) {
  llvm::ArrayRef<const char *> Arguments(Words + 1, size_t(Count - 1));
  StringRef Verb = Arguments.empty() ? "" : Arguments[0];
  OrFail.setBanner("facts-file: ");
  if (Verb == "write" && Arguments.size() == 3) return write(Arguments[1], Arguments[2]);
  if (Verb == "same" && Arguments.size() == 2) return same(Arguments[1]);
  if (Verb == "read" && Arguments.size() == 2) {
    llvm::outs() << toText(OrFail(readFactsFile(contents(Arguments[1])->getBuffer(), Arguments[1])));
    return 0;
  }
  if (Verb == "digests" && Arguments.size() == 2) {
    FactsFileHead Head = OrFail(checkFactsFile(contents(Arguments[1])->getBuffer(), Arguments[1]));
    llvm::outs() << "meaning " << toHex(Head.Meaning) << "\npositions " << toHex(Head.Positions) << '\n';
    return 0;
  }
  unsigned Times = 0;
  if (Verb == "forge" && Arguments.size() == 3 && !StringRef(Arguments[2]).getAsInteger(10, Times))
    return forge(Arguments[1], Times);
  llvm::errs() << "facts-file: see the head of its source\n";
  return 2;
}
