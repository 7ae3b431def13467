#include "RandomFacts.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"
#include <random>

using namespace refleak;
using llvm::StringRef;

namespace {

/// Writes facts. Storage has a purpose, so that most facts mean something: of the locals, the first are containers,
/// then pointers, then objects with fields, then flags.
class Generator {
public:
  explicit Generator(uint32_t Seed) : Dice(Seed) {}

  std::string text() {
    Out = "refleak-facts 1\n";
    function();
    for (unsigned I = 0; I != NumEffects; ++I) effects(I);
    if (chance(50)) ownersOfCall();
    return Out + "end\n";
  }

private:
  static constexpr unsigned Containers = 2, Pointers = 3, Objects = 2, Flags = 2, Temps = 6, Heaps = 2, NumEffects = 4;
  std::mt19937 Dice;
  std::string Out;
  bool Formal = false;

  unsigned below(unsigned N) { return unsigned(Dice() % N); }
  bool chance(unsigned Percent) { return below(100) < Percent; }
  StringRef pick(std::initializer_list<StringRef> Choices) { return Choices.begin()[below(unsigned(Choices.size()))]; }
  std::string number(unsigned N) { return llvm::utostr(N); }

  std::string container() {
    if (Formal) return pick({"this*", "arg0*", "this*.f", "@g"}).str();
    switch (below(6)) {
    case 0:
      return "arg0*";
    case 1:
      return "l" + number(Containers + Pointers + below(Objects)) + ".f";
    case 2:
      return "@g";
    default:
      return "l" + number(below(Containers));
    }
  }

  std::string pointer() {
    if (Formal) return pick({"arg0", "arg1", "ret", "this*.p", "arg1*.p", "%0"}).str();
    switch (below(7)) {
    case 0:
      return "arg1";
    case 1:
      return "%" + number(below(Temps));
    case 2:
      return "l" + number(Containers + Pointers + below(Objects)) + ".p";
    case 3:
      return container() + "[]";
    case 4:
      return "@p";
    default:
      return "l" + number(Containers + below(Pointers));
    }
  }

  /// Storage that something may be lent of, or that may be copied.
  std::string place() {
    switch (below(8)) {
    case 0:
      return container() + "[]";
    case 1:
      return container() + "[].second";
    case 2:
      return container();
    case 3:
      return pointer() + "*";
    case 4:
      return pointer() + "*" + pick({".p", ".f", "[]", "*", "[in]"}).str();
    case 5:
      return Formal ? "heap0" : "heap" + number(below(Heaps));
    case 6:
      return Formal ? "this*" : "l" + number(Containers + Pointers + below(Objects));
    default:
      return pointer();
    }
  }

  std::string flag() {
    unsigned Which = below(Flags + 1);
    return Which == Flags ? "arg2" : "l" + number(Containers + Pointers + Objects + Which);
  }
  /// A flag, or a temporary that no pointer is kept in, or the result, where only calls write them.
  std::string resultFlag() { return chance(60) ? flag() : chance(60) ? "%" + number(Temps) : "ret"; }
  StringRef truth() { return pick({" true", " false"}); }

  std::string assumption() {
    if (chance(30)) return "assume " + pointer() + (chance(50) ? " on " : " off ") + place();
    if (chance(20)) return "assume " + (chance(50) ? "arg1" : "l" + number(Containers + below(Pointers))) + " null";
    if (chance(20)) return "assume " + (chance(50) ? pointer() + "*" : container() + "[]") + " null";
    return "assume " + (chance(80) ? flag() : resultFlag()) + truth().str();
  }

  std::string key() { return chance(50) ? "const\"" + number(below(2)) + "\"" : pointer(); }
  StringRef loan() { return pick({"ref", "ref", "ref", "iterator", "end", "view", "own", "share", "weak"}); }
  StringRef sure() { return chance(85) ? "" : chance(50) ? " may" : " assumed"; }

  std::string invalidate() {
    std::string Text = "invalidate " + (chance(80) ? container() : pointer() + "*") + "[] ";
    Text += pick({"ref,iterator,end,view", "iterator,end", "ref", "ref,iterator,end,view,own,share"});
    Text += pick({" all moved", " all destroyed", " one destroyed", " one moved", " after moved"});
    Text += pick({"", "", " grows", " absent", " inside"});
    return Text + " by " + key();
  }

  std::string event() {
    switch (below(12)) {
    case 0:
      if (chance(25)) return "borrow " + pointer() + " <- code@e" + number(below(NumEffects)) + " code";
      [[fallthrough]];
    case 1:
    case 2:
      return "borrow " + pointer() + (chance(15) ? "*" : "") + " <- " + place() + " " + loan().str() +
             (chance(15) ? " bypass" : "") + (chance(20) ? " by " + key() : "");
    case 3:
      return "copy " + pointer() + " <- " + pointer() + (chance(20) ? " except " + place() : "");
    case 4:
      return "copy " + place() + " <- " + place();
    case 5:
      return "move " + (chance(50) ? container() + " <- " + container() : pointer() + " <- " + pointer());
    case 6:
      return "clear " + place();
    case 7:
      return "use " + place() + pick({"", " write", " value", " call", " wait"}).str();
    case 8:
    case 9:
      return invalidate();
    case 10:
      return (chance(50) ? "advance " + pointer() : "reserve " + container());
    default:
      return "expire " + (chance(50) ? pointer() + "*" : place()) +
             pick({" delete", " reset", " release", " moved"}).str();
    }
  }

  std::string call() {
    std::string Text = "call ";
    if (chance(60)) Text += (chance(60) ? pointer() : resultFlag()) + " <- ";
    if (chance(15)) return Text + "through " + pointer() + "(%" + number(below(Temps)) + ", " + pointer() + ")";
    Text += "@" + (chance(85) ? "e" + number(below(NumEffects)) : std::string("unknown"));
    Text += "(this=%" + number(below(Temps)) + ", " + pointer();
    Text += chance(30) ? ", _" : ", %" + number(below(Temps));
    Text += ", " + (chance(50) ? flag() : pick({"_", "const\"true\"", "const\"0\"", "const\"x\""}).str()) + ")";
    return Text + (chance(20) ? " by " + (chance(50) ? pointer() : place()) : "");
  }

  void block(unsigned Number, unsigned Blocks) {
    Out += "  block " + number(Number);
    if (Number + 1 != Blocks) {
      Out += " -> " + number(Number + 1);
      if (chance(40)) Out += " " + number(below(Blocks));
    }
    Out += "\n";
    if (Number + 1 == Blocks) return;
    if (chance(30)) line(assumption());
    for (unsigned I = below(6); I != 0; --I) {
      line(chance(15) ? call() : event() + sure().str());
      if (chance(5)) line("clear " + flag());
      if (chance(5)) line(assumption());
    }
  }

  void line(const std::string &Text) { Out += "    " + Text + "\n"; }

  void function() {
    Out += "function @f \"f\" method\n  param 0 ref \"c\"\n  param 1 pointer \"p\"\n  param 2 value \"b\"\n";
    unsigned Locals = Containers + Pointers + Objects + Flags;
    // Those without a name are what range-based loops run with.
    for (unsigned I = 0; I != Locals; ++I)
      Out += "  local " + number(I) + (I == Containers ? " \"\"\n" : " \"v" + number(I) + "\"\n");
    Out += "  temps " + number(Temps + 1) + "\n  heaps " + number(Heaps) + "\n";
    if (chance(25)) Out += "  array " + pointer() + "*\n";
    unsigned Blocks = 3 + below(5);
    Out += "  block 0 -> 1\n";
    for (unsigned I = 0; I != Locals; ++I) line("live l" + number(I));
    for (unsigned I = 0; I != Temps; ++I)
      if (chance(60)) line("borrow %" + number(I) + " <- " + place() + " ref");
    for (unsigned I = 1; I + 1 < Blocks; ++I) block(I, Blocks + 1);
    Out += "  block " + number(Blocks - 1) + " -> " + number(Blocks) + "\n";
    for (unsigned I = Locals; I-- != 0;) line("expire l" + number(I) + " scope");
    block(Blocks, Blocks + 1);
  }

  void effects(unsigned Index) {
    Formal = true;
    Out += "effects @e" + number(Index) + " \"e" + number(Index) + "\" " + pick({"model", "body"}).str() + "\n";
    unsigned Count = below(4);
    for (unsigned I = 0; I != Count; ++I)
      line(event() + sure().str() +
           (chance(30) ? (chance(60) ? " if arg2" : " if ret") + truth().str() : std::string()));
    if (Count && chance(30)) line("need " + place() + " after " + number(below(Count)));
    Formal = false;
  }

  /// What the function without effects gives and may share.
  void ownersOfCall() {
    Out += "effects @\"call of unknown\" \"call of unknown\" annotation\n";
    line("copy @\"unseen_share 0 unknown\" <- arg0");
    line("live heap0");
    line("borrow ret <- heap0 own");
  }
};

} // namespace

std::string refleak::randomFacts(uint32_t Seed) { return Generator(Seed).text(); }
