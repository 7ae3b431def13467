#include "support/RegularFile.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"

using namespace refleak;
namespace fs = llvm::sys::fs;

llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> refleak::readRegularFile(llvm::StringRef Path) {
  fs::file_status Status;
  if (std::error_code Problem = fs::status(Path, Status)) return Problem;
  if (!fs::is_regular_file(Status)) return llvm::make_error_code(llvm::errc::not_supported);
  return llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
}

llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> refleak::readNamedFile(llvm::StringRef Path) {
  fs::file_status Status;
  if (std::error_code Problem = fs::status(Path, Status)) return Problem;
  if (Status.type() == fs::file_type::character_file || Status.type() == fs::file_type::block_file)
    return llvm::make_error_code(llvm::errc::not_supported);
  return llvm::MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
}
