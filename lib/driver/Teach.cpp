#include "driver/Teach.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/JSON.h"
#include <cstdlib>

using namespace refleak;
using llvm::StringRef;

namespace {

/// A symbol taken apart. Those that are not mangled are C functions and have a name only.
struct CalleeName {
  std::string Shown;
  std::string Scope; ///< of namespaces and classes, without template arguments
  std::string Base;  ///< `get`, `operator[]`
  std::optional<std::string> Parameters;
  bool Constructor = false;
  bool Destructor = false;

  explicit CalleeName(StringRef Symbol);

private:
  std::string Memory; ///< the demangler needs a symbol that ends in a zero
};

/// \p Text without `<...>` at any depth. An operator's own signs are no brackets, but no scope has those.
std::string withoutTemplateArguments(StringRef Text) {
  std::string Result;
  unsigned Depth = 0;
  for (char C : Text) {
    Depth += C == '<';
    if (!Depth) Result += C;
    Depth -= C == '>' && Depth;
  }
  return Result;
}

/// What one of the demangler's questions answers, in a buffer that it allocates.
template <class Question> std::string answer(Question Ask) {
  size_t Size = 0;
  char *Text = Ask(nullptr, &Size);
  std::string Result = Text ? Text : "";
  free(Text);
  return Result;
}

CalleeName::CalleeName(StringRef Symbol) : Shown(Symbol), Base(Symbol), Memory(Symbol) {
  llvm::ItaniumPartialDemangler D;
  if (!Symbol.starts_with("_Z") || D.partialDemangle(Memory.c_str()) || !D.isFunction()) return;
  Shown = answer([&](char *B, size_t *N) { return D.finishDemangle(B, N); });
  Scope = withoutTemplateArguments(answer([&](char *B, size_t *N) { return D.getFunctionDeclContextName(B, N); }));
  Base = answer([&](char *B, size_t *N) { return D.getFunctionBaseName(B, N); });
  Parameters = answer([&](char *B, size_t *N) { return D.getFunctionParameters(B, N); });
  Destructor = D.isCtorOrDtor() && StringRef(Base).starts_with("~");
  Constructor = D.isCtorOrDtor() && !Destructor;
}

/// `(_, _, ...)` for `(int, std::pair<int, int>, ...)`.
std::string anyArguments(StringRef Parameters) {
  Parameters.consume_front("(");
  Parameters.consume_back(")");
  if (Parameters.empty() || Parameters == "void") return "()";
  std::vector<std::string> Words;
  unsigned Depth = 0;
  for (size_t At = 0, Begin = 0; At <= Parameters.size(); ++At) {
    char C = At < Parameters.size() ? Parameters[At] : ',';
    Depth += StringRef("(<[{").contains(C);
    if (StringRef(")>]}").contains(C) && Depth) --Depth;
    if (C != ',' || (Depth && At < Parameters.size())) continue;
    Words.emplace_back(Parameters.slice(Begin, At).trim() == "..." ? "..." : "_");
    Begin = At + 1;
  }
  return "(" + llvm::join(Words, ", ") + ")";
}

std::string signatureOf(const CalleeName &Name) {
  if (Name.Destructor) return "destructor";
  std::string Text = Name.Constructor ? "constructor" : Name.Base;
  return Name.Parameters ? Text + anyArguments(*Name.Parameters) : Text;
}

std::string print(const llvm::json::Value &V) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << V;
  return Text;
}

using llvm::json::Object;

std::string modelOf(const CalleeName &Name, bool Member) {
  std::string Signature = signatureOf(Name);
  if (Member)
    return print(Object{{"classes", Object{{Name.Scope, Object{{"methods", Object{{Signature, Object{}}}}}}}}});
  if (!Name.Scope.empty()) Signature = Name.Scope + "::" + Signature;
  return print(Object{{"functions", Object{{Signature, Object{}}}}});
}

/// The mangled scope of a function, the same for static members and others: `_ZN3app5Store`.
std::string mangledScope(StringRef Symbol, StringRef Base) {
  size_t End = Symbol.rfind((llvm::Twine(Base.size()) + Base).str());
  std::string Text = Symbol.substr(0, End == StringRef::npos ? 0 : End).str();
  return StringRef(Text).starts_with("_ZNK") ? "_ZN" + Text.substr(4) : Text;
}

/// Which scopes are classes is read off the calls that have an object.
class Classes {
public:
  explicit Classes(const Program &P) : P(P) {}

  bool hasMember(NameId Symbol) const { return Members.contains(Symbol); }

  /// Whether \p Symbol, which is called without an object, is a static member.
  bool hasStatic(NameId Symbol, const CalleeName &Name) const {
    if (Name.Scope.empty()) return false;
    std::string Scope = mangledScope(P.Symbols.text(Symbol), Name.Base);
    if (Scope.empty()) return false;
    std::string Const = "_ZNK" + Scope.substr(3);
    return llvm::any_of(Members, [&](NameId Member) {
      StringRef Text = P.Symbols.text(Member);
      return (Text.consume_front(Scope) || Text.consume_front(Const)) && isLastName(Text);
    });
  }

  void see(const Mention &M) {
    if (M.OnObject) Members.insert(M.Name);
  }

private:
  /// Whether \p Rest, the end of a mangled name, names a member of what stands before it and nothing deeper.
  static bool isLastName(StringRef Rest) {
    unsigned Size = 0;
    if (Rest.consumeInteger(10, Size)) return !Rest.empty() && !llvm::isDigit(Rest[0]); // constructors, operators
    return Rest.drop_front(std::min<size_t>(Size, Rest.size())).starts_with("E");
  }

  const Program &P;
  llvm::DenseSet<NameId> Members;
};

} // namespace

std::vector<UnknownCallee> refleak::mostUnknown(const Solved &S, size_t Most) {
  std::vector<UnknownCallee> Result;
  if (S.Unknown.empty()) return Result;
  Classes Known(S.P);
  for (const Mention &M : S.P.Mentions) Known.see(M);
  for (const auto &[Symbol, Calls] : llvm::ArrayRef(S.Unknown).take_front(Most)) {
    CalleeName Name(S.P.Symbols.text(Symbol));
    bool Member = !Name.Scope.empty() &&
                  (Known.hasMember(Symbol) || Name.Constructor || Name.Destructor || Known.hasStatic(Symbol, Name));
    Result.push_back({Name.Shown, Calls, modelOf(Name, Member)});
  }
  return Result;
}
