#include "support/OutputFile.h"
#include "support/Error.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

using namespace refleak;

namespace fs = llvm::sys::fs;

static llvm::Error cannotWrite(llvm::StringRef Name, const llvm::Twine &Why) {
  return userError("cannot write " + Name + ": " + Why);
}

llvm::Error refleak::writeOutputStream(llvm::raw_fd_ostream &OS, llvm::StringRef Name,
                                       llvm::function_ref<void(llvm::raw_ostream &)> Write) {
  Write(OS);
  OS.flush();
  if (!OS.has_error()) return llvm::Error::success();
  std::string Why = OS.error().message();
  OS.clear_error();
  return cannotWrite(Name, Why);
}

llvm::Error refleak::writeOutputFile(llvm::StringRef Path, llvm::function_ref<void(llvm::raw_ostream &)> Write) {
  std::string Name = ("'" + Path + "'").str();
  llvm::SmallString<256> Target;
  if (fs::real_path(Path, Target)) Target = Path;
  fs::file_status Status;
  if (!fs::status(Target, Status) && !fs::is_regular_file(Status)) {
    std::error_code Problem;
    llvm::raw_fd_ostream OS(Target, Problem);
    return Problem ? cannotWrite(Name, Problem.message()) : writeOutputStream(OS, Name, Write);
  }
  llvm::Expected<fs::TempFile> Temporary = fs::TempFile::create(Target + ".%%%%%%", fs::all_read | fs::all_write);
  if (!Temporary) return cannotWrite(Name, llvm::errorToErrorCode(Temporary.takeError()).message());
  llvm::Error Failed = llvm::Error::success();
  {
    llvm::raw_fd_ostream OS(Temporary->FD, /*shouldClose=*/false);
    Failed = llvm::joinErrors(std::move(Failed), writeOutputStream(OS, Name, Write));
  }
  if (Failed) return llvm::joinErrors(std::move(Failed), Temporary->discard());
  if (llvm::Error E = Temporary->keep(Target)) return cannotWrite(Name, llvm::errorToErrorCode(std::move(E)).message());
  return llvm::Error::success();
}
