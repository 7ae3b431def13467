//===- CompilerCall.cpp -------------------------------------------------------------------------------------------===//
#include "frontend/CompilerCall.h"
#include "clang/Driver/Driver.h"
#include "clang/Options/Options.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"

namespace refleak {

namespace opts = clang::options;

std::string quotedForMake(llvm::StringRef Name) {
  std::string Quoted;
  for (char C : Name) {
    if (C == '$')
      Quoted += '$';
    else if (C == ' ' || C == '#')
      Quoted += '\\';
    Quoted += C;
  }
  return Quoted;
}

CompilerCall readCompilerCall(llvm::ArrayRef<std::string> Words) {
  std::vector<const char *> Pointers;
  for (const std::string &Word : Words) Pointers.push_back(Word.c_str());
  unsigned MissingIndex = 0, MissingCount = 0;
  llvm::opt::InputArgList Arguments = clang::getDriverOptTable().ParseArgs(Pointers, MissingIndex, MissingCount,
                                                                           llvm::opt::Visibility(opts::ClangOption));
  CompilerCall Call;
  Call.Inputs = Arguments.getAllArgValues(opts::OPT_INPUT);
  Call.Output = Arguments.getLastArgValue(opts::OPT_o).str();
  Call.Compile = Arguments.hasArg(opts::OPT_c);
  Call.Preprocess = Arguments.hasArg(opts::OPT_E);
  Call.SystemDependencies = Arguments.hasArg(opts::OPT_MD);
  Call.Dependencies = Call.SystemDependencies || Arguments.hasArg(opts::OPT_MMD);
  Call.PhonyTargets = Arguments.hasArg(opts::OPT_MP);
  Call.DependencyFile = Arguments.getLastArgValue(opts::OPT_MF).str();
  for (const llvm::opt::Arg *A : Arguments.filtered(opts::OPT_MT, opts::OPT_MQ))
    Call.Targets.push_back(A->getOption().matches(opts::OPT_MT) ? A->getValue() : quotedForMake(A->getValue()));
  return Call;
}

} // namespace refleak
