/// Fuzzes the reader of model files. What a file says of some well-known functions is asked for and instantiated.

#include "model/Models.h"
#include "Fuzz.h"

using namespace refleak;

static Argument argument(Argument::Way How, TypeKind What) {
  Argument A;
  A.How = How;
  A.What = What;
  if (What == TypeKind::Owner) A.Content = ProjectionKind::Elem;
  return A;
}

/// \p Class: empty for functions that are no members.
static void ask(const Models &All, llvm::StringRef Class, llvm::StringRef Name, llvm::ArrayRef<Argument> Arguments) {
  Query Q;
  if (!Class.empty()) Q.Classes.push_back(Class);
  Q.Name = Name;
  Q.Arguments.append(Arguments.begin(), Arguments.end());
  const MethodModel *Found = All.find(Q);
  if (!Found) return;
  Unit U;
  Found->instantiate(U, U.Symbols.intern("callee"), Q);
  Found->constructions(U, Q);
  Found->pure();
  Found->needsResult();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  Models All;
  if (llvm::Error E = All.addText(fuzz::text(Data, Size), "input")) {
    fuzz::require(!llvm::toString(std::move(E)).empty());
    return 0;
  }
  Argument Key = argument(Argument::ByLvalue, TypeKind::Number);
  Argument Value = argument(Argument::ByRvalue, TypeKind::Owner);
  Argument Iterator = argument(Argument::ByValue, TypeKind::Iterator);
  Argument Code = argument(Argument::ByValue, TypeKind::Callable);
  for (llvm::StringRef Class : {"std::vector", "std::map", "std::basic_string", "std::unique_ptr", "std::function"})
    for (llvm::StringRef Name : {"operator[]", "push_back", "erase", "constructor", "destructor", "emplace", "swap"}) {
      ask(All, Class, Name, {});
      ask(All, Class, Name, {Key});
      ask(All, Class, Name, {Iterator, Value});
    }
  for (llvm::StringRef Name : {"std::move", "std::sort", "std::for_each", "std::make_unique", "memcpy"})
    ask(All, "", Name, {Iterator, Iterator, Code});
  return 0;
}
