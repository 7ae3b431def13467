//===- Program.h - Many units' facts as one program ---------------------------------------------------------------===//
//
// Linking interns all names and paths in one table, keeps one body for each symbol (inline functions and template
// instances come from every unit that uses them), resolves calls and orders functions callees first.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "link/Bodies.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"
#include <memory>

namespace refleak {

using FunctionId = Id<struct FunctionTag>;

/// What the body of a function names.
struct Mention {
  enum Kind : uint8_t {
    Call,   ///< a function that it calls; Virtual: or what overrides that one
    Code,   ///< a function whose address it takes, or a closure that it makes
    GiveUp, ///< what was not modelled there; may be invalid
  };
  NameId Name;
  Kind How = Call;
  bool Virtual = false;
  bool OnObject = false; ///< Call: as a member function
};

struct Program {
  std::vector<std::string> Files;
  Names Symbols;
  Paths Storage;
  std::vector<Function> Functions;  ///< in the order of units and of their functions, without their bodies
  std::vector<Effects> Known;       ///< models and annotations, one for each symbol
  std::vector<std::string> Partial; ///< the main files of units that were not wholly analysed
  llvm::BitVector NamesGlobal;      ///< by function: whether its body names a global

  /// The function with its parameters, locals, calls and blocks.
  Function whole(FunctionId F) const;
  /// What the body of \p F names: its calls in their order, then the rest. What a life names, others do already.
  llvm::ArrayRef<Mention> mentions(FunctionId F) const {
    return llvm::ArrayRef(Mentions).slice(FirstMention[F.index()],
                                          FirstMention[F.index() + 1] - FirstMention[F.index()]);
  }
  /// How the parameters of \p F are passed.
  llvm::ArrayRef<Passing> passed(FunctionId F) const {
    return llvm::ArrayRef(Passed).slice(FirstPassed[F.index()], FirstPassed[F.index() + 1] - FirstPassed[F.index()]);
  }
  /// The function that has the name \p Symbol, invalid when no unit has its body.
  FunctionId body(NameId Symbol) const;
  /// The call \p Site as \p Callee gets it: of an argument by reference a parameter by value has what is referred to.
  Call bound(const Call &Site, NameId Callee);
  /// What a model or annotation says of \p Symbol, or null.
  const Effects *known(NameId Symbol) const;
  /// What lowering has declared under \p Of and \p Name (lib/lower/Owners.h), or null.
  const Effects *declaration(llvm::StringRef Of, llvm::StringRef Name) const;
  /// Whether that says that \p Cell owns what it leads to.
  bool declaresOwner(llvm::StringRef Of, llvm::StringRef Name, PathId Cell) const;
  /// Whether \p Cell stands for a share that a function without a body may keep (lib/lower/Owners.h): all that is known
  /// of it is that it owns.
  bool isUnseen(PathId Cell) const;
  /// The functions that override the virtual function \p Symbol, directly or not.
  llvm::ArrayRef<FunctionId> overriders(NameId Symbol) const;
  /// What a virtual call of \p Symbol may run, itself included: of these functions those that objects run which the
  /// program makes (lib/lower/Objects.h); all, if it makes none.
  llvm::SmallVector<NameId, 4> dispatched(NameId Symbol) const;
  /// The same for an object that \p Constructor has made, if that is known; else empty.
  llvm::SmallVector<NameId, 4> dispatched(NameId Symbol, NameId Constructor) const;

  /// Whether \p Field is a data member of a class: its name carries the class. Captures and halves of pairs have plain
  /// ones.
  bool isMember(NameId Field) const { return Symbols.text(Field).contains("::"); }
  /// The name of the class that the data member \p Field is declared in.
  llvm::StringRef classOf(NameId Field) const { return Symbols.text(Field).rsplit("::").first; }

  /// The number of strongly connected components of the call graph.
  size_t components() const { return ComponentEnds.size(); }
  /// Such a component; callees come first, in each the functions are in the order in which a walk along the calls
  /// leaves them.
  llvm::ArrayRef<FunctionId> component(size_t I) const {
    size_t First = I ? ComponentEnds[I - 1] : 0;
    return llvm::ArrayRef(CalleesFirst).slice(First, ComponentEnds[I] - First);
  }

  /// Adds \p F, whose names and paths are those of the program.
  void add(Function F);

  Bodies Packed;                         ///< by function
  std::vector<Mention> Mentions;         ///< of all functions, one after another
  std::vector<uint64_t> FirstMention{0}; ///< by function, and where the last one's end
  std::vector<Passing> Passed;           ///< how each parameter of all functions is passed
  std::vector<uint32_t> FirstPassed{0};  ///< by function, and where the last one's end
  std::vector<FunctionId> CalleesFirst;  ///< one component after another
  std::vector<uint32_t> ComponentEnds;   ///< where each ends in CalleesFirst
  Table<NameId, FunctionId> BodyOf;
  Table<NameId, uint32_t> KnownOf;
  Table<NameId, std::vector<FunctionId>> OverridersOf;
  llvm::DenseSet<NameId> RunByObjects; ///< virtual functions that calls on objects made in the program end in

private:
  void collectMentions(const Function &F);
  bool namesGlobal(const Function &F) const;
};

/// The blocks of \p F that control may come to from the end of \p From without going through \p Avoided.
llvm::BitVector blocksBehind(const Function &F, uint32_t From, uint32_t Avoided = ~0u);

/// Makes one program of units that come one after another, so that not all of them need to be in memory.
class Linker {
public:
  Linker();
  ~Linker();

  /// \p IsPartial: not all of the unit was analysed.
  void add(Unit U, bool IsPartial = false);
  /// The program; nothing can be added any more.
  Program finish();

private:
  struct State;
  std::unique_ptr<State> S;
};

/// Makes one program of \p Units. The result depends on their order only in which of several equal bodies is kept.
Program link(std::vector<Unit> Units);

} // namespace refleak
