#include "driver/Options.h"
#include "Registry.h"
#include "output/Format.h"
#include "support/Error.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace refleak;

namespace {

struct Command {
  llvm::StringLiteral Name;
  Verb What;
  llvm::StringLiteral Usage;
  llvm::StringLiteral Title;
};

constexpr Command Commands[] = {
    {"scan", Verb::Scan, "[-p BUILD_DIR] [PATH...] [-- COMPILER FLAGS]",
     "find the mistakes in files, folders or a whole build"},
    {"baseline", Verb::Baseline, "[-p BUILD_DIR] [PATH...] [-- COMPILER FLAGS]",
     "accept what scan finds today: write a baseline, whose findings do not count from then on"},
    {"index", Verb::Index, "-c FILE -o FACTS [COMPILER FLAGS]",
     "write the facts of one source file, called as a compiler is"},
    {"link", Verb::Link, "FACTS... [@LIST]", "find the mistakes in the program that facts files make"},
    {"report", Verb::Report, "VERDICT [POSITIONS...] [@LIST]", "report what 'link --verdict' has found"},
    {"facts", Verb::Facts, "FILE [-- COMPILER FLAGS]", "print the facts that the analysis is made from"},
    {"effects", Verb::Effects, "FILE [-- COMPILER FLAGS]", "print what each function does to its callers"},
    {"escape", Verb::Escape, "FILE [-- COMPILER FLAGS]", "print where the address of each local and allocation goes"},
    {"rules", Verb::Rules, "", "list the rules"},
    {"models", Verb::Models, "", "list the library types and functions that are known"},
    {"explain", Verb::Explain, "RULE", "print the page of a rule"},
    {"version", Verb::Version, "", "print the version"},
    {"help", Verb::Help, "[COMMAND]", "print this, or how a command is used"},
};

constexpr unsigned bit(Verb V) { return 1u << unsigned(V); }
constexpr unsigned Scanning = bit(Verb::Scan) | bit(Verb::Baseline);
constexpr unsigned Analysing = Scanning | bit(Verb::Facts) | bit(Verb::Effects) | bit(Verb::Escape);
constexpr unsigned Apart = bit(Verb::Link) | bit(Verb::Report);
constexpr unsigned Reporting = bit(Verb::Scan) | Apart;
constexpr unsigned Parsing = Analysing | bit(Verb::Index);
constexpr unsigned Writing = Analysing | Apart | bit(Verb::Rules) | bit(Verb::Models) | bit(Verb::Explain);

/// One option: how it is written, which commands take it, and what it does.
struct Option {
  llvm::StringLiteral Long;  ///< without the dashes; may be empty
  llvm::StringLiteral Short; ///< one letter; may be empty
  llvm::StringLiteral Value; ///< how help calls the value; empty: it takes none
  unsigned Takes;            ///< bits of commands
  llvm::StringLiteral Help;
  llvm::Error (*Set)(Options &O, llvm::StringRef Value);
};

llvm::Error ok() { return llvm::Error::success(); }

template <unsigned Options::*Field> llvm::Error setNumber(Options &O, llvm::StringRef Value) {
  if (!Value.getAsInteger(10, O.*Field)) return ok();
  return userError("'" + Value + "' is not a whole number");
}

llvm::Error setFormat(Options &O, llvm::StringRef Value) {
  llvm::SmallVector<llvm::StringRef> Known;
  for (const Format &F : formats()) Known.push_back(F.Name);
  if (!formatNamed(Value)) return userError("there is no format '" + Value + "'; choose " + orList(Known));
  O.Format = Value.str();
  return ok();
}

llvm::Error setFailOn(Options &O, llvm::StringRef Value) {
  O.FailOn = severityNamed(Value);
  return O.FailOn ? ok() : userError("there is no severity '" + Value + "'; choose note, warning or error");
}

llvm::Error setConfidence(Options &O, llvm::StringRef Value) {
  O.LeastSure = confidenceNamed(Value);
  return O.LeastSure ? ok() : userError("there is no confidence '" + Value + "'; choose possible, likely or definite");
}

llvm::Error enableRule(Options &O, llvm::StringRef Value) {
  Value.consume_front("refleak-");
  llvm::SmallVector<llvm::StringRef> Ids;
  for (const Rule &R : allRules()) Ids.push_back(R.Id);
  if (!llvm::is_contained(Ids, Value)) {
    std::string Advice = didYouMean(Value, Ids);
    return userError("there is no rule '" + Value + "'" + (Advice.empty() ? "; 'refleak rules' lists them" : Advice));
  }
  O.Enabled.push_back(Value.str());
  return ok();
}

llvm::Error setColour(Options &O, llvm::StringRef Value) {
  if (Value != "auto" && Value != "always" && Value != "never")
    return userError("--color is auto, always or never, not '" + Value + "'");
  O.Colour = Value == "auto" ? ColourMode::Auto : Value == "always" ? ColourMode::Always : ColourMode::Never;
  return ok();
}

llvm::Error setMaxDepth(Options &O, llvm::StringRef Value) {
  unsigned Depth = 0;
  if (Value.getAsInteger(10, Depth) || Depth < 1 || Depth > 10)
    return userError("--max-depth is a whole number from 1 to 10, not '" + Value + "'");
  O.MaxDepth = Depth;
  return ok();
}

constexpr Option OptionTable[] = {
    {"build-dir", "p", "DIR", Analysing, "take the commands from DIR/compile_commands.json",
     [](Options &O, llvm::StringRef V) {
       O.BuildDirectory = V.str();
       return ok();
     }},
    {"output", "o", "FILE", Writing,
     "write to FILE, which is replaced only when all is done (baseline: .refleak-baseline.json)",
     [](Options &O, llvm::StringRef V) {
       O.Output = V.str();
       return ok();
     }},
    {"jobs", "j", "N", Analysing, "parse N units at a time (default: one for each processor)",
     setNumber<&Options::Jobs>},
    {"format", "", "FORMAT", Reporting, "text, json or baseline (default: text)", setFormat},
    {"fail-on", "", "SEVERITY", Reporting,
     "end with status 1 for findings from note, warning or error on (default: warning)", setFailOn},
    {"enable", "", "RULE", Reporting | bit(Verb::Baseline), "check RULE, which is off by default, too; may be repeated",
     enableRule},
    {"confidence", "", "LEVEL", Reporting | bit(Verb::Baseline),
     "report findings that are at least possible, likely or definite (default: likely)", setConfidence},
    {"models", "", "FILE", Parsing, "read what a library does from FILE too; may be repeated",
     [](Options &O, llvm::StringRef V) {
       O.Models.push_back(V.str());
       return ok();
     }},
    {"config", "", "FILE", Parsing | Apart, "read this configuration instead of the nearest .refleak.json",
     [](Options &O, llvm::StringRef V) {
       O.ConfigurationFile = V.str();
       return ok();
     }},
    {"no-config", "", "", Parsing | Apart, "read no configuration",
     [](Options &O, llvm::StringRef) {
       O.ConfigurationFile = "";
       return ok();
     }},
    {"baseline", "", "FILE", Reporting, "do not count the findings that FILE accepts; 'refleak baseline' makes it",
     [](Options &O, llvm::StringRef V) {
       O.BaselineFile = V.str();
       return ok();
     }},
    {"report-unused-suppressions", "", "", Reporting,
     "report comments that suppress nothing, and what a baseline accepts that is not there",
     [](Options &O, llvm::StringRef) {
       O.ReportUnusedSuppressions = true;
       return ok();
     }},
    {"explain", "", "", bit(Verb::Escape), "show each step of a flow",
     [](Options &O, llvm::StringRef) {
       O.Explain = true;
       return ok();
     }},
    {"coverage", "", "", Reporting | bit(Verb::Baseline),
     "tell what was given up, and which models would make unknown callees known",
     [](Options &O, llvm::StringRef) {
       O.ShowCoverage = true;
       return ok();
     }},
    {"fail-on-incomplete", "", "", Reporting | bit(Verb::Baseline),
     "end with status 3 if there is nothing to report but a function was given up, not only if a unit failed",
     [](Options &O, llvm::StringRef) {
       O.FailOnIncomplete = true;
       return ok();
     }},
    {"max-depth", "", "N", (Analysing & ~bit(Verb::Facts)) | bit(Verb::Link),
     "follow N dereferences from what a function was given (default: 3)", setMaxDepth},
    {"unit-timeout", "", "SECONDS", Parsing | bit(Verb::Link),
     "give up on a unit, or later on a function, after this time (default: 300; 0: never)",
     setNumber<&Options::UnitTimeout>},
    {"unit-memory", "", "MIB", Parsing, "give up on a unit that needs more memory (default: 8192; 0: no limit)",
     setNumber<&Options::UnitMemory>},
    {"link-memory", "", "MIB", Scanning | bit(Verb::Link),
     "give up on the program that the units make if it needs more memory (default: 0: no limit)",
     setNumber<&Options::LinkMemory>},
    {"cache-dir", "", "DIR", Analysing | bit(Verb::Link),
     "keep what was found out in DIR (default: $REFLEAK_CACHE_DIR, or .refleak/cache; link: nowhere)",
     [](Options &O, llvm::StringRef V) {
       O.CacheDirectory = V.str();
       return ok();
     }},
    {"no-cache", "", "", Analysing, "use nothing that earlier runs have found out, and keep nothing",
     [](Options &O, llvm::StringRef) {
       O.UseCache = false;
       return ok();
     }},
    {"root", "", "DIR", bit(Verb::Index) | Apart,
     "names of files in facts are relative to DIR (default: the working directory)",
     [](Options &O, llvm::StringRef V) {
       O.Root = V.str();
       return ok();
     }},
    {"keep-going", "", "", bit(Verb::Index),
     "write what is known of a source with errors too, and end with status 0: link will tell of it",
     [](Options &O, llvm::StringRef) {
       O.KeepGoing = true;
       return ok();
     }},
    {"positions", "", "FILE", bit(Verb::Index),
     "write the positions to FILE and only the rest to FACTS, which an edit of comments then leaves as it was",
     [](Options &O, llvm::StringRef V) {
       O.Positions = V.str();
       return ok();
     }},
    {"verdict", "", "", bit(Verb::Link), "write what was found in a form for 'refleak report', and end with status 0",
     [](Options &O, llvm::StringRef) {
       O.WriteVerdict = true;
       return ok();
     }},
    {"keep-unchanged", "", "", bit(Verb::Index), "leave FACTS alone if it would not change: for ninja's restat",
     [](Options &O, llvm::StringRef) {
       O.KeepUnchanged = true;
       return ok();
     }},
    {"launch", "", "", bit(Verb::Index),
     "the flags are a compiler's command: write FACTS beside its output, then run it",
     [](Options &O, llvm::StringRef) {
       O.Launch = true;
       return ok();
     }},
    {"statistics", "", "", Scanning | bit(Verb::Link), "tell on standard error what was done and what it cost",
     [](Options &O, llvm::StringRef) {
       O.ShowStatistics = true;
       return ok();
     }},
    {"color", "", "WHEN", Analysing | Apart, "colour the text: auto, always or never (default: auto)", setColour},
    {"no-progress", "", "", Analysing, "show no progress line on a terminal",
     [](Options &O, llvm::StringRef) {
       O.Progress = false;
       return ok();
     }},
};

const Command *commandNamed(llvm::StringRef Name) {
  for (const Command &C : Commands)
    if (C.Name == Name) return &C;
  return nullptr;
}

llvm::Error unknownCommand(llvm::StringRef Name) {
  llvm::SmallVector<llvm::StringRef> Known;
  for (const Command &C : Commands) Known.push_back(C.Name);
  std::string Advice = didYouMean(Name, Known);
  return userError("there is no command '" + Name + "'" + (Advice.empty() ? "; 'refleak help' lists them" : Advice));
}

/// Takes arguments from the left until none is left.
class Parser {
public:
  Parser(const Command &C, llvm::ArrayRef<const char *> Rest) : C(C), Rest(Rest) {
    O.What = C.What;
    if (C.What == Verb::Index) O.Flags.emplace();
  }

  llvm::Expected<Options> run() {
    while (!Rest.empty()) {
      llvm::StringRef Argument = take();
      if (C.What == Verb::Index && !isOwn(Argument)) {
        O.Flags->push_back(Argument.str());
        continue;
      }
      if (Argument == "--") {
        if (!(Analysing & bit(C.What))) return userError("'" + C.Name + "' takes no compiler flags");
        O.Flags.emplace(Rest.begin(), Rest.end());
        break;
      }
      if (Argument.size() > 1 && Argument.starts_with("-")) {
        if (auto E = option(Argument)) return E;
      } else {
        O.Paths.push_back(Argument.str());
      }
    }
    if (auto E = checkPaths()) return E;
    return std::move(O);
  }

private:
  llvm::StringRef take() {
    llvm::StringRef First = Rest.front();
    Rest = Rest.drop_front();
    return First;
  }

  /// Whether \p Argument is an option of index itself and not one of the compiler's.
  bool isOwn(llvm::StringRef Argument) const {
    if (O.Flags->empty() && (Argument == "--help" || Argument == "-h")) return true;
    std::optional<llvm::StringRef> Attached;
    const Option *Found = Argument.starts_with("--") ? find(Argument, Attached) : nullptr;
    return Found && Found->Takes & bit(Verb::Index);
  }

  llvm::Error option(llvm::StringRef Argument) {
    if (Argument == "--help" || Argument == "-h") {
      O.What = Verb::Help;
      O.Paths = {C.Name.str()};
      Rest = {};
      return ok();
    }
    std::optional<llvm::StringRef> Attached;
    const Option *Found = find(Argument, Attached);
    if (!Found) return unknown(Argument);
    if (!(Found->Takes & bit(C.What)))
      return userError("'" + C.Name + "' has no option '" + Argument + "'; see 'refleak help " + C.Name + "'");
    if (Found->Value.empty()) {
      if (Attached) return userError("'--" + Found->Long + "' takes no value");
      return Found->Set(O, "");
    }
    if (!Attached && Rest.empty()) return userError("'" + Argument + "' needs a value: " + Found->Value);
    llvm::StringRef Value = Attached ? *Attached : take();
    if (Value.empty()) return userError("'" + Argument + "' needs a value: " + Found->Value);
    return Found->Set(O, Value);
  }

  /// `--long`, `--long=value`, `-s`, `-svalue`.
  static const Option *find(llvm::StringRef Argument, std::optional<llvm::StringRef> &Attached) {
    if (Argument.consume_front("--")) {
      auto [Name, Value] = Argument.split('=');
      if (Name.size() != Argument.size()) Attached = Value;
      for (const Option &X : OptionTable)
        if (X.Long == Name) return &X;
      return nullptr;
    }
    if (Argument.size() > 2) Attached = Argument.drop_front(2);
    for (const Option &X : OptionTable)
      if (!X.Short.empty() && X.Short == Argument.substr(1, 1)) return &X;
    return nullptr;
  }

  llvm::Error unknown(llvm::StringRef Argument) {
    std::vector<std::string> Spelled;
    for (const Option &X : OptionTable)
      if (X.Takes & bit(C.What)) Spelled.push_back(("--" + X.Long).str());
    llvm::SmallVector<llvm::StringRef> Known(Spelled.begin(), Spelled.end());
    std::string Advice = didYouMean(Argument.split('=').first, Known);
    if (Advice.empty() && !Argument.starts_with("--") && (Analysing & bit(C.What)))
      Advice = "; compiler flags stand after '--'";
    if (Advice.empty()) Advice = ("; see 'refleak help " + C.Name + "'").str();
    return userError("unknown option '" + Argument + "'" + Advice);
  }

  llvm::Error checkPaths() {
    size_t Count = O.Paths.size();
    if (llvm::is_contained(O.Paths, "")) return userError("an argument is empty; the working directory is '.'");
    switch (O.What) {
    case Verb::Scan:
    case Verb::Baseline:
      if (!Count && O.Flags)
        return userError("flags are given but no file; write: refleak " + C.Name + " FILE... -- FLAGS");
      return ok();
    case Verb::Index:
      return ok();
    case Verb::Link:
      return Count ? ok() : userError("no facts to link; write: refleak link " + C.Usage);
    case Verb::Report:
      return Count ? ok() : userError("no verdict; write: refleak report " + C.Usage);
    case Verb::Facts:
    case Verb::Effects:
    case Verb::Escape:
    case Verb::Explain:
      if (Count == 1) return ok();
      return userError("'" + C.Name + "' takes one argument; write: refleak " + C.Name + " " + C.Usage);
    case Verb::Help:
      if (Count <= 1) return ok();
      return userError("'help' takes one command");
    case Verb::Rules:
    case Verb::Models:
    case Verb::Version:
      return Count ? userError("'" + C.Name + "' takes no argument") : ok();
    }
    return ok();
  }

  const Command &C;
  llvm::ArrayRef<const char *> Rest;
  Options O;
};

/// `  -p, --build-dir DIR   what it does`
void printOption(llvm::raw_ostream &OS, const Option &X) {
  std::string Left = X.Short.empty() ? "    " : ("-" + X.Short + ", ").str();
  Left += ("--" + X.Long).str();
  if (!X.Value.empty()) Left += (" " + X.Value).str();
  OS << "  " << Left << std::string(Left.size() < 32 ? 32 - Left.size() : 1, ' ') << X.Help << '\n';
}

} // namespace

llvm::Expected<Options> refleak::parseOptions(llvm::ArrayRef<const char *> Arguments) {
  if (Arguments.empty()) return userError("what is to be done? Try: refleak scan FILE, or refleak help");
  llvm::StringRef First = Arguments.front();
  if (First == "--version") First = "version";
  if (First == "--help" || First == "-h") First = "help";
  const Command *C = commandNamed(First);
  if (!C) return unknownCommand(First);
  return Parser(*C, Arguments.drop_front()).run();
}

llvm::Error refleak::printHelp(llvm::raw_ostream &OS, llvm::StringRef Name) {
  if (Name.empty()) {
    OS << "refleak finds where a C++ program keeps a reference longer than the thing referred to.\n\n";
    for (const Command &C : Commands)
      OS << "  refleak " << C.Name << std::string(9 - C.Name.size(), ' ') << C.Title << '\n';
    OS << "\nExit status: 0 nothing to report; 1 findings; 2 wrong usage or configuration; 3 something could not be\n"
          "analysed and nothing was found.\n";
    return ok();
  }
  const Command *C = commandNamed(Name);
  if (!C) return unknownCommand(Name);
  OS << "refleak " << C->Name << (C->Usage.empty() ? "" : " ") << C->Usage << "\n\n  " << C->Title << "\n";
  llvm::StringRef Separator = "\n";
  for (const Option &X : OptionTable)
    if (X.Takes & bit(C->What)) {
      OS << Separator;
      Separator = "";
      printOption(OS, X);
    }
  return ok();
}
