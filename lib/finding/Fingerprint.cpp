#include "finding/Fingerprint.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/xxhash.h"

using namespace refleak;

/// The text of the line that the loan begins on, without blanks.
static std::string borrowText(const Finding &F, SourceText &Sources) {
  const Location *At = &F.At;
  for (const Step &S : F.Trace)
    if (S.Kind == StepKind::Borrow) {
      At = &S.At;
      break;
    }
  std::string Text;
  for (char C : Sources.line(At->File, At->Line))
    if (C != ' ' && C != '\t') Text += C;
  return Text;
}

/// No part holds a zero byte, so the parts cannot run together.
static std::string key(const Finding &F, SourceText &Sources) {
  return llvm::join(std::initializer_list<std::string>{F.Rule, F.Function, F.Place, borrowText(F, Sources), F.Cause},
                    llvm::StringRef("\0", 1));
}

void refleak::setFingerprints(std::vector<Finding> &Findings, SourceText &Sources) {
  llvm::StringMap<unsigned> Seen;
  for (Finding &F : Findings) {
    std::string Key = key(F, Sources);
    unsigned Ordinal = Seen[Key]++;
    uint64_t Hash = llvm::xxh3_64bits(Key + '\0' + llvm::utostr(Ordinal));
    F.Fingerprint = llvm::utohexstr(Hash, /*LowerCase=*/true, /*Width=*/16);
  }
}
