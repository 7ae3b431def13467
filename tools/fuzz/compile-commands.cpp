/// Fuzzes what becomes of a compile_commands.json, and of the response file that a command of it may name.

#include "Fuzz.h"
#include "frontend/CompileCommands.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace refleak;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  llvm::StringRef Text = fuzz::text(Data, Size);
  auto Files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  auto add = [&](llvm::StringRef Name, llvm::StringRef Content) {
    Files->addFile(Name, 0, llvm::MemoryBuffer::getMemBufferCopy(Content));
  };
  add("/project/compile_commands.json", Text);
  add("/project/flags.rsp", Text);
  add("/project/a.cpp", "");
  add("/project/include/b.h", "");
  UnitRequest Request;
  Request.WorkingDirectory = Request.BuildDirectory = "/project";
  for (std::vector<std::string> Paths : {std::vector<std::string>(), {"a.cpp"}, {"include/b.h", "."}}) {
    Request.Paths = std::move(Paths);
    llvm::Expected<std::vector<CompileUnit>> Units = loadUnits(Request, Files);
    fuzz::succeeded(Units);
  }
  return 0;
}
