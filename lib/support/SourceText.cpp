#include "support/SourceText.h"
#include "support/RegularFile.h"

using namespace refleak;

static std::vector<llvm::StringRef> splitLines(llvm::StringRef Text) {
  std::vector<llvm::StringRef> Lines;
  Text.consume_front("\xEF\xBB\xBF");
  while (!Text.empty()) {
    size_t End = Text.find_first_of("\r\n");
    Lines.push_back(Text.substr(0, End));
    if (End == llvm::StringRef::npos) break;
    Text = Text.drop_front(Text.substr(End).starts_with("\r\n") ? End + 2 : End + 1);
  }
  return Lines;
}

const SourceText::Entry &SourceText::entry(llvm::StringRef File) {
  auto [It, Fresh] = Files.try_emplace(File);
  if (!Fresh) return It->second;
  auto Buffer = readRegularFile(File);
  if (!Buffer) return It->second;
  It->second.Lines = splitLines((*Buffer)->getBuffer());
  It->second.Buffer = std::move(*Buffer);
  return It->second;
}

llvm::StringRef SourceText::line(llvm::StringRef File, unsigned Number) {
  const Entry &E = entry(File);
  return Number == 0 || Number > E.Lines.size() ? llvm::StringRef() : E.Lines[Number - 1];
}

unsigned SourceText::lines(llvm::StringRef File) { return unsigned(entry(File).Lines.size()); }

llvm::StringRef SourceText::text(llvm::StringRef File) {
  const Entry &E = entry(File);
  return E.Buffer ? E.Buffer->getBuffer() : llvm::StringRef();
}
