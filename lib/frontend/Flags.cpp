//===- Flags.cpp --------------------------------------------------------------------------------------------------===//
#include "frontend/Flags.h"
#include "clang/Driver/Driver.h"
#include "clang/Driver/Types.h"
#include "clang/Options/Options.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"
#include "llvm/TargetParser/X86TargetParser.h"

namespace refleak {
namespace {

namespace opts = clang::options;
namespace types = clang::driver::types;
using llvm::StringRef;

//===- The compiler's name ----------------------------------------------------------------------------------------===//

enum class Family { Clang, ClangCl, Nvcc, Other };

struct Compiler {
  Family Kind = Family::Other;
  /// Whether it takes every C file for C++, as g++ does.
  bool CxxDriver = false;
  /// From a cross compiler's name: "arm-linux-gnueabihf" of arm-linux-gnueabihf-g++-12. May be empty.
  std::string Target;
};

/// "g++" of "/usr/bin/x86_64-linux-gnu-g++-12.exe".
StringRef withoutVersion(StringRef Name) {
  StringRef Base = Name.rtrim("0123456789.");
  return Base != Name && Base.ends_with("-") ? Base.drop_back() : Name;
}

Compiler compilerNamed(StringRef Program) {
  StringRef Name = llvm::sys::path::filename(Program, llvm::sys::path::Style::windows);
  Name.consume_back_insensitive(".exe");
  Name = withoutVersion(Name);
  Compiler Result;
  Result.CxxDriver = Name.ends_with("++") || Name.ends_with_insensitive("icpc") || Name.ends_with_insensitive("icpx");
  if (Name.equals_insensitive("cl") || Name.ends_with_insensitive("clang-cl"))
    Result.Kind = Family::ClangCl;
  else if (Name.contains("clang"))
    Result.Kind = Family::Clang;
  else if (Name == "nvcc")
    Result.Kind = Family::Nvcc;
  auto [Prefix, Tool] = Name.rsplit('-');
  if (!Tool.empty() && Prefix.contains('-') && llvm::Triple(Prefix).getArch() != llvm::Triple::UnknownArch)
    Result.Target = Prefix.str();
  return Result;
}

bool isLauncher(StringRef Program) {
  StringRef Name = llvm::sys::path::filename(Program);
  Name.consume_back(".exe");
  return llvm::StringSwitch<bool>(Name)
      .Cases({"ccache", "distcc", "sccache", "icecc", "icerun", "pump", "buildcache", "cachepot", "goma", "gomacc"},
             true)
      .Cases({"rewrapper", "env", "nohup", "libtool"}, true)
      .Default(false);
}

/// NAME=VALUE as the shell and env take it; also the settings that ccache takes in this form.
bool isAssignment(StringRef Word) {
  auto [Name, Value] = Word.split('=');
  return Name.size() != Word.size() && !Name.empty() &&
         llvm::all_of(Name, [](char C) { return llvm::isAlnum(C) || C == '_'; });
}

//===- Options that Clang does not know ---------------------------------------------------------------------------===//

/// Options of other compilers whose value is the next word. What Clang does not know and is not here is dropped alone.
bool takesNextWord(StringRef Option) {
  return llvm::StringSwitch<bool>(Option)
      .Cases({"-aux-info", "-auxbase", "-auxbase-strip", "-dumpbase", "-dumpbase-ext", "-dumpdir"}, true)
      .Cases({"-wrapper", "-specs", "-imultilib", "-imultiarch", "-iplugindir", "-isystem-after"}, true)
      .Default(false);
}

bool nvccDropsNextWord(StringRef Option) {
  return llvm::StringSwitch<bool>(Option)
      .Cases({"-gencode", "--generate-code", "-arch", "--gpu-architecture", "-code", "--gpu-code"}, true)
      .Cases({"-ccbin", "--compiler-bindir", "-Xptxas", "--ptxas-options", "-Xnvlink", "--nvlink-options"}, true)
      .Cases({"-Xlinker", "--linker-options", "-Xarchive", "--archive-options", "-Xcudafe", "-Xfatbin"}, true)
      .Cases({"-maxrregcount", "--maxrregcount", "-rdc", "--relocatable-device-code", "-cudart", "--cudart"}, true)
      .Cases({"-cudadevrt", "--cudadevrt", "-ftz", "--ftz", "-prec-div", "-prec-sqrt", "-fmad", "--fmad"}, true)
      .Cases({"-t", "--threads", "-diag-suppress", "--diag-suppress", "-diag-error", "--diag-error"}, true)
      .Cases({"-diag-warn", "--diag-warn", "-odir", "--output-directory", "-target-dir", "--target-directory"}, true)
      .Cases({"-default-stream", "--default-stream", "-libdevice-directory", "--libdevice-directory"}, true)
      .Cases({"-opt-info", "--optimization-info", "-idp", "--input-drive-prefix", "-ddp", "-dp", "-ar"}, true)
      .Default(false);
}

/// nvcc's spelling of options that Clang has under another name; empty if there is none.
StringRef nvccSpelledForClang(StringRef Option) {
  return llvm::StringSwitch<StringRef>(Option)
      .Cases({"-include-path", "--include-path"}, "-I")
      .Case("--system-include", "-isystem")
      .Case("--pre-include", "-include")
      .Case("--define-macro", "-D")
      .Case("--undefine-macro", "-U")
      .Cases({"-std", "--std"}, "-std=")
      .Default({});
}

bool nvccDropsAlone(StringRef Option) {
  return llvm::StringSwitch<bool>(Option)
      .Cases({"-G", "--device-debug", "-dc", "-dw", "-dlink", "-lineinfo", "-keep", "-dryrun", "-ewp"}, true)
      .Default(false);
}

/// nvcc's words to those of the compiler that it hands C++ to.
std::vector<std::string> withoutNvcc(llvm::ArrayRef<std::string> Words) {
  std::vector<std::string> Result;
  for (size_t Index = 0; Index < Words.size(); ++Index) {
    auto [Option, Value] = StringRef(Words[Index]).split('=');
    bool Joined = Option.size() != Words[Index].size();
    auto Take = [&] { return Joined ? Value : Index + 1 < Words.size() ? StringRef(Words[++Index]) : StringRef(); };
    if (Option == "-Xcompiler" || Option == "--compiler-options") {
      llvm::SmallVector<StringRef> Parts;
      Take().split(Parts, ',', -1, /*KeepEmpty=*/false);
      for (StringRef Part : Parts) Result.push_back(Part.str());
    } else if (StringRef Own = nvccSpelledForClang(Option); !Own.empty()) {
      StringRef Argument = Take();
      if (Own.ends_with("=")) {
        Result.push_back((Own + Argument).str());
      } else {
        Result.push_back(Own.str());
        Result.push_back(Argument.str());
      }
    } else if (Joined && (Option == "-isystem" || Option == "-include" || Option == "-I")) {
      Result.push_back(Option.str());
      Result.push_back(Value.str());
    } else if (nvccDropsNextWord(Option)) {
      Take();
    } else if (!nvccDropsAlone(Option)) {
      Result.push_back(Words[Index]);
    }
  }
  return Result;
}

//===- Options that Clang knows -----------------------------------------------------------------------------------===//

/// Whether the word after -Xclang asks for an output, and the next such word is part of it or not.
bool isOutputForCc1(StringRef Word) {
  return Word.starts_with("-emit-") || Word == "-fno-pch-timestamp" || Word == "-fpch-instantiate-templates";
}

/// Precompiled headers are of one compiler's version, and plugins are code; both take the next -Xclang word.
bool isForeignToCc1(StringRef Word) {
  return Word == "-include-pch" || Word == "-load" || Word == "-plugin" || Word == "-add-plugin" ||
         Word.starts_with("-plugin-arg-");
}

/// Whether the option is about code for other processors than the host's. Only the host's code is looked at, and to
/// find out which others there are the driver would run programs.
bool isForDevices(const llvm::opt::Option &Option) {
  return Option.matches(opts::OPT_offload_Group) || Option.matches(opts::OPT_hip_Group) ||
         Option.matches(opts::OPT_cuda_Group) ||
         llvm::StringSwitch<bool>(Option.getName())
             .StartsWith("fopenmp-targets", true)
             .StartsWith("Xopenmp-target", true)
             .StartsWith("Xarch_device", true)
             .StartsWith("offload", true)
             .StartsWith("no-offload", true)
             .Default(false);
}

/// Whether the option says nothing about which program the text is.
bool isIrrelevant(const llvm::opt::Option &Option) {
  static constexpr unsigned Groups[] = {opts::OPT_Action_Group,
                                        opts::OPT_M_Group,
                                        opts::OPT_Diag_Group,
                                        opts::OPT_pedantic_Group,
                                        opts::OPT_g_Group,
                                        opts::OPT_DebugInfo_Group,
                                        opts::OPT_Link_Group,
                                        opts::OPT_StaticAnalyzer_Group,
                                        opts::OPT_fsan_cov_Group,
                                        opts::OPT_clang_ignored_f_Group,
                                        opts::OPT_clang_ignored_m_Group,
                                        opts::OPT_clang_ignored_gcc_optimization_f_Group};
  if (llvm::any_of(Groups, [&](unsigned Group) { return Option.matches(Group); })) return true;
  return llvm::StringSwitch<bool>(Option.getName())
      .Cases({"o", "c", "S", "E", "MF", "MQ", "MT", "MJ", "pipe", "v", "###", "w", "p", "pg"}, true)
      .Cases({"include-pch", "serialize-diagnostics", "save-temps", "save-temps=", "save-stats", "save-stats=", "Wa,",
              "param", "param="},
             true)
      .Cases({"resource-dir", "resource-dir=", "time", "static", "shared", "rdynamic", "pie", "no-pie", "s"}, true)
      .Cases({"mtune=", "specs", "specs=", "dumpdir", "ccc-print-phases", "gen-cdb-fragment-path"}, true)
      .Cases({"index-store-path", "fmax-errors=", "ferror-limit=", "fcrash-diagnostics-dir="}, true)
      .StartsWith("fsanitize", true)
      .StartsWith("fno-sanitize", true)
      .StartsWith("fprofile", true)
      .StartsWith("fno-profile", true)
      .StartsWith("fcs-profile", true)
      .StartsWith("fcoverage", true)
      .StartsWith("fno-coverage", true)
      .StartsWith("flto", true)
      .StartsWith("ffat-lto", true)
      .StartsWith("fno-lto", true)
      .StartsWith("fplugin", true)
      .StartsWith("fpass-plugin", true)
      .StartsWith("fdiagnostics", true)
      .StartsWith("fno-diagnostics", true)
      .StartsWith("fcolor", true)
      .StartsWith("fno-color", true)
      .StartsWith("ftime-", true)
      .StartsWith("fsave-optimization", true)
      .StartsWith("foptimization-record", true)
      .StartsWith("fproc-stat", true)
      .StartsWith("fuse-ld", true)
      .StartsWith("print-", true)
      .Default(false);
}

/// clang-cl's outputs, warnings and precompiled headers.
bool isIrrelevantToCl(const llvm::opt::Option &Option) {
  if (Option.matches(opts::OPT_cl_ignored_Group)) return true;
  StringRef Name = Option.getName();
  return Name.starts_with("F") || Name.starts_with("Y") || Name.starts_with("W") || Name.starts_with("w") ||
         Name.starts_with("showIncludes") || Name == "c" || Name == "P" || Name == "MP" || Name == "TC" ||
         Name == "TP" || Name == "link";
}

bool isUnknownProcessor(const llvm::opt::Arg &Argument) {
  if (!Argument.getOption().matches(opts::OPT_march_EQ)) return false;
  StringRef Name = Argument.getValue();
  return Name != "native" && llvm::Triple(LLVM_HOST_TRIPLE).isX86() &&
         llvm::X86::parseArchX86(Name) == llvm::X86::CK_None;
}

class Rewriter {
public:
  Rewriter(const Compiler &From, StringRef File) : From(From), File(File) {}

  std::vector<std::string> rewrite(llvm::ArrayRef<std::string> Words);

private:
  void add(const llvm::opt::Arg &Argument, const llvm::opt::ArgList &All);
  void addUnknown(const llvm::opt::Arg &Argument);
  void addForCc1(StringRef Word);
  void addLanguage();
  bool foreign() const { return From.Kind != Family::Clang && From.Kind != Family::ClangCl; }

  const Compiler &From;
  StringRef File;
  std::vector<std::string> Out;
  std::string Language;
  bool DropNextForCc1 = false;
};

void Rewriter::addForCc1(StringRef Word) {
  if (std::exchange(DropNextForCc1, false)) return;
  DropNextForCc1 = isForeignToCc1(Word);
  if (DropNextForCc1 || isOutputForCc1(Word)) return;
  Out.emplace_back("-Xclang");
  Out.push_back(Word.str());
}

void Rewriter::addUnknown(const llvm::opt::Arg &Argument) {
  if (!foreign()) Out.push_back(Argument.getSpelling().str());
}

void Rewriter::add(const llvm::opt::Arg &Argument, const llvm::opt::ArgList &All) {
  const llvm::opt::Option &Option = Argument.getOption();
  if (Option.matches(opts::OPT__DASH_DASH)) return;
  if (Option.matches(opts::OPT_INPUT)) {
    // A response file that could not be read: the parser tells of it.
    if (StringRef(Argument.getValue()).starts_with("@")) Out.emplace_back(Argument.getValue());
    return;
  }
  if (Option.matches(opts::OPT_UNKNOWN)) return addUnknown(Argument);
  if (Option.matches(opts::OPT_Xclang)) return addForCc1(Argument.getValue());
  if (Option.matches(opts::OPT_x)) {
    // A language that Clang does not have is a word of another compiler, such as icpc's -xHost.
    if (!foreign() || types::lookupTypeForTypeSpecifier(Argument.getValue()) != types::TY_INVALID)
      Language = Argument.getValue();
    return;
  }
  if (From.Kind == Family::ClangCl) {
    if (Option.getName() == "TC") Language = "c";
    if (Option.getName() == "TP") Language = "c++";
    if (isIrrelevantToCl(Option)) return;
  }
  if (isIrrelevant(Option) || isForDevices(Option)) return;
  if (foreign() && (Option.hasFlag(opts::Unsupported) || isUnknownProcessor(Argument))) return;
  llvm::opt::ArgStringList Words;
  Argument.render(All, Words);
  Out.insert(Out.end(), Words.begin(), Words.end());
}

/// Says what language the file is in where its name alone does not, or says too little.
void Rewriter::addLanguage() {
  StringRef Extension = llvm::sys::path::extension(File);
  Extension.consume_front(".");
  types::ID ByName = types::lookupTypeForExtension(Extension);
  if (Language.empty() && ByName == types::TY_CHeader) Language = "c++-header";
  if (Language.empty() && ByName == types::TY_C && From.CxxDriver && foreign()) Language = "c++";
  if (!Language.empty()) Out.push_back(From.Kind == Family::ClangCl ? "/TP" : "-x" + Language);
  types::ID Type = Language.empty() ? ByName : types::lookupTypeForTypeSpecifier(Language.c_str());
  if (Type == types::TY_CUDA || Type == types::TY_HIP)
    Out.insert(Out.end(), {"--cuda-host-only", "-nocudainc", "-nocudalib"});
}

std::vector<std::string> Rewriter::rewrite(llvm::ArrayRef<std::string> Words) {
  std::vector<const char *> Pointers;
  for (const std::string &Word : Words) Pointers.push_back(Word.c_str());
  unsigned MissingIndex = 0, MissingCount = 0;
  unsigned Visible = From.Kind == Family::ClangCl ? opts::CLOption : opts::ClangOption;
  llvm::opt::InputArgList Arguments =
      clang::getDriverOptTable().ParseArgs(Pointers, MissingIndex, MissingCount, llvm::opt::Visibility(Visible));
  for (const llvm::opt::Arg *Argument : Arguments) add(*Argument, Arguments);
  addLanguage();
  return std::move(Out);
}

/// Drops each unknown option's next word where that is its value, lest it be taken for an input.
std::vector<std::string> withoutForeignValues(llvm::ArrayRef<std::string> Words) {
  std::vector<std::string> Result;
  for (size_t Index = 0; Index < Words.size(); ++Index)
    if (takesNextWord(Words[Index]))
      ++Index;
    else
      Result.push_back(Words[Index]);
  return Result;
}

} // namespace

llvm::ArrayRef<std::string> withoutLauncher(llvm::ArrayRef<std::string> Command) {
  llvm::ArrayRef<std::string> Rest = Command;
  bool Launched = false;
  while (!Rest.empty()) {
    if (isLauncher(Rest.front()))
      Launched = true;
    else if (!isAssignment(Rest.front()) && !(Launched && StringRef(Rest.front()).starts_with("-")))
      return Rest;
    Rest = Rest.drop_front();
  }
  return Command;
}

std::vector<std::string> adjustFlags(llvm::ArrayRef<std::string> Command, StringRef File) {
  Command = withoutLauncher(Command);
  std::string Program = Command.empty() ? "clang++" : Command.front();
  const Compiler From = compilerNamed(Program);
  std::vector<std::string> Words(Command.begin() + !Command.empty(), Command.end());
  if (From.Kind == Family::Nvcc) Words = withoutNvcc(Words);
  if (From.Kind == Family::Nvcc || From.Kind == Family::Other) Words = withoutForeignValues(Words);

  std::vector<std::string> Result{Program};
  if (From.Kind == Family::ClangCl) Result.emplace_back("--driver-mode=cl");
  if (!From.Target.empty()) Result.push_back("--target=" + From.Target);
  for (std::string &Word : Rewriter(From, File).rewrite(Words)) Result.push_back(std::move(Word));
  Result.emplace_back("--");
  Result.push_back(File.str());
  return Result;
}

} // namespace refleak
