// Lowers one file and prints its facts: lower-facts FILE [FLAGS...]
#include "facts/Text.h"
#include "lower/Lower.h"
#include "model/Models.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/Format.h"
#include <chrono>

using namespace refleak;

static bool Quiet = false;

namespace {
class Consumer : public clang::ASTConsumer {
public:
  void HandleTranslationUnit(clang::ASTContext &AST) override {
    llvm::Expected<Models> Library = Models::load();
    if (!Library) {
      llvm::errs() << llvm::toString(Library.takeError()) << '\n';
      std::exit(1);
    }
    Unit Out;
    auto Start = std::chrono::steady_clock::now();
    lowerUnit(AST, *Library, Out);
    std::chrono::duration<double> Took = std::chrono::steady_clock::now() - Start;
    if (!Quiet) printFacts(llvm::outs(), Out);
    size_t Facts = 0;
    for (const Function &F : Out.Functions)
      for (const Block &B : F.Blocks) Facts += B.Facts.size();
    if (Quiet)
      llvm::outs() << Out.Functions.size() << " functions, " << Facts << " facts, "
                   << llvm::format("%.3f s\n", Took.count());
  }
};

class Action : public clang::ASTFrontendAction {
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance &, llvm::StringRef) override {
    return std::make_unique<Consumer>();
  }
};
} // namespace

int main(int argc, const char **argv) {
  std::vector<std::string> Flags{"clang++", "-resource-dir", "/usr/lib/llvm-22/lib/clang/22", "-fsyntax-only"};
  std::string File;
  for (int I = 1; I != argc; ++I) {
    if (llvm::StringRef(argv[I]) == "-quiet")
      Quiet = true;
    else if (File.empty())
      File = argv[I];
    else
      Flags.push_back(argv[I]);
  }
  Flags.push_back(File);
  auto Files = llvm::makeIntrusiveRefCnt<clang::FileManager>(clang::FileSystemOptions());
  clang::tooling::ToolInvocation Run(Flags, std::make_unique<Action>(), Files.get());
  return !Run.run();
}
