#include "model/Models.h"
#include "model/Embedded.h"
#include "model/Entry.h"
#include "support/RegularFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <deque>

using namespace refleak;
using namespace refleak::model;
using llvm::Error;
using llvm::Expected;
using llvm::SmallVector;
using llvm::StringLiteral;
using llvm::StringRef;
using llvm::Twine;

static constexpr StringLiteral FileKeys[] = {"$schema", "about",   "source",  "headers",
                                             "flags",   "package", "classes", "functions"};
static constexpr StringLiteral ClassKeys[] = {"kind",      "content",  "like",    "without",
                                              "iterators", "instance", "methods", "source"};
static constexpr StringLiteral ContentWords[] = {"[]", "[in]", "*", "none"};

/// `like` is followed this far, which ends the search also when classes are like each other in a circle.
static constexpr unsigned MaxLike = 8;

const ClassModel *Entry::objectClass(const Query &Q) const {
  for (StringRef Name : Q.Classes)
    if (auto It = All.find(Name); It != All.end()) return &It->second->Public;
  return Class;
}

struct Models::Tables {
  std::vector<std::unique_ptr<JsonFile>> Files;
  std::deque<Entry> Entries;
  ClassTable Classes;
  EntryTable Functions;

  /// The classes whose models \p Name goes by: itself, what it is like, and what holds for any class of its kind.
  SmallVector<const KnownClass *, 4> chain(StringRef Name) const;
  const KnownClass *find(StringRef Name) const {
    auto It = Classes.find(Name);
    return It == Classes.end() ? nullptr : It->second.get();
  }
  /// Gives classes that are like others what they do not say themselves; fails if there is no such other.
  Error resolveLikes();
  const MethodModel *findMember(const Query &Q, StringRef Name) const;
  const MethodModel *findFunction(const Query &Q) const;
};

namespace refleak::model {

/// Enters what one file says into the tables.
class ModelFile {
public:
  ModelFile(Models::Tables &All, const JsonFile &File) : All(All), File(File) {}
  Error add();
  size_t firstEntry() const { return First; }

private:
  Error addClass(const Json &Class);
  Error readClass(const Json &Class, KnownClass &Known);
  Error readContent(const Json &V, KnownClass &Known);
  Error addIterators(const Json &Names);
  Error addEntries(const Json &Object, const ClassModel *Class, EntryTable &Table);
  Error checkObject(const Json &V, llvm::ArrayRef<StringLiteral> Known, const Twine &What);
  Error expect(const Json &V, Json::Kind Kind, const Twine &What);
  KnownClass &known(StringRef Name);

  Models::Tables &All;
  const JsonFile &File;
  size_t First = All.Entries.size();
};

} // namespace refleak::model

//===- Reading a file ---------------------------------------------------------------------------------------------===//

Error ModelFile::expect(const Json &V, Json::Kind Kind, const Twine &What) {
  if (V.Type == Kind) return Error::success();
  return File.error(V, "expected " + Json::kindName(Kind) + " for " + What + ", found " + Json::kindName(V.Type));
}

Error ModelFile::checkObject(const Json &V, llvm::ArrayRef<StringLiteral> Known, const Twine &What) {
  if (Error E = expect(V, Json::Object, What)) return E;
  for (const Json &Item : V.Items)
    if (!llvm::is_contained(Known, Item.Key))
      return File.keyError(Item, "unknown key '" + Item.Key + "' in " + What + suggestion(Item.Key, Known) +
                                     " (known keys: " + llvm::join(Known, ", ") + ")");
  return Error::success();
}

KnownClass &ModelFile::known(StringRef Name) {
  std::unique_ptr<KnownClass> &Class = All.Classes[Name];
  if (!Class) Class = std::make_unique<KnownClass>();
  Class->Public.Name = Name.str();
  return *Class;
}

Error ModelFile::readContent(const Json &V, KnownClass &Known) {
  if (Error E = expect(V, Json::String, "'content'")) return E;
  Known.SaysContent = true;
  if (V.Text == "[]")
    Known.Public.Content = ProjectionKind::Elem;
  else if (V.Text == "[in]")
    Known.Public.Content = ProjectionKind::Inline;
  else if (V.Text == "*")
    Known.Public.Content = ProjectionKind::Deref;
  else if (V.Text == "none")
    Known.Public.Content = std::nullopt;
  else
    return File.error(V, "'" + V.Text + "' is not a place for content (one of " +
                             llvm::join(llvm::ArrayRef(ContentWords), ", ") + ")");
  return Error::success();
}

static std::optional<ProjectionKind> usualContent(TypeKind K) {
  switch (K) {
  case TypeKind::View:
  case TypeKind::Iterator:
  case TypeKind::Own:
  case TypeKind::Share:
  case TypeKind::Weak:
    return ProjectionKind::Deref;
  case TypeKind::Thread:
    return ProjectionKind::Inline;
  default:
    return std::nullopt;
  }
}

Error ModelFile::readClass(const Json &Class, KnownClass &Known) {
  if (const Json *Like = Class.member("like")) {
    if (Error E = expect(*Like, Json::String, "'like'")) return E;
    Known.Like = Like;
    Known.LikeFile = &File;
  }
  if (const Json *Kind = Class.member("kind")) {
    if (Error E = expect(*Kind, Json::String, "'kind'")) return E;
    std::optional<TypeKind> Found = kindFromWord(Kind->Text);
    if (!Found) return File.error(*Kind, "'" + Kind->Text + "' is not a kind of type (one of " + allKindWords() + ")");
    Known.Public.Kind = *Found;
    Known.Public.Content = usualContent(*Found);
    Known.SaysKind = true;
  }
  if (const Json *Content = Class.member("content")) return readContent(*Content, Known);
  return Error::success();
}

Error ModelFile::addIterators(const Json &Names) {
  if (Error E = expect(Names, Json::Array, "'iterators'")) return E;
  for (const Json &Name : Names.Items) {
    if (Error E = expect(Name, Json::String, "the name of an iterator class")) return E;
    KnownClass &Iterator = known(Name.Text);
    Iterator.Public.Kind = TypeKind::Iterator;
    Iterator.Public.Content = ProjectionKind::Deref;
    Iterator.SaysKind = true;
  }
  return Error::success();
}

/// Later files go before earlier ones; in a file, the order is that of the file.
static void enter(EntryTable &Table, const Entry &New) {
  auto &Entries = Table[New.Overloads.Name];
  Entries.insert(llvm::find_if(Entries, [&](const Entry *E) { return &E->File != &New.File; }), &New);
}

Error ModelFile::addEntries(const Json &Object, const ClassModel *Class, EntryTable &Table) {
  for (const Json &Item : Object.Items) {
    if (Error E = expect(Item, Json::Object, "'" + Item.Key + "'")) return E;
    for (StringRef Text : splitSignatures(Item.Key)) {
      Expected<Signature> S = parseSignature(Text);
      if (!S) return File.keyError(Item, llvm::toString(S.takeError()));
      enter(Table, All.Entries.emplace_back(File, Item, std::move(*S), Class, All.Classes));
    }
  }
  return Error::success();
}

Error ModelFile::addClass(const Json &Class) {
  if (Error E = checkObject(Class, ClassKeys, "the class '" + Class.Key + "'")) return E;
  KnownClass &Known = known(Class.Key);
  if (Error E = readClass(Class, Known)) return E;
  if (const Json *Iterators = Class.member("iterators"))
    if (Error E = addIterators(*Iterators)) return E;
  const Json *Methods = Class.member("methods");
  if (!Methods) return Error::success();
  if (Error E = expect(*Methods, Json::Object, "'methods'")) return E;
  if (const Json *Destructor = Methods->member("destructor"))
    Known.Public.LooksAround |= Destructor->member("uses") != nullptr;
  return addEntries(*Methods, &Known.Public, Known.Methods);
}

Error ModelFile::add() {
  const Json &Root = File.root();
  if (Error E = checkObject(Root, FileKeys, "a model file")) return E;
  if (const Json *Classes = Root.member("classes")) {
    if (Error E = expect(*Classes, Json::Object, "'classes'")) return E;
    for (const Json &Class : Classes->Items)
      if (Error E = addClass(Class)) return E;
  }
  const Json *Functions = Root.member("functions");
  if (!Functions) return Error::success();
  if (Error E = expect(*Functions, Json::Object, "'functions'")) return E;
  return addEntries(*Functions, nullptr, All.Functions);
}

//===- Looking up -------------------------------------------------------------------------------------------------===//

/// The namespace or class that \p Name stands in; empty for a global name.
static StringRef enclosing(StringRef Name) {
  size_t Colons = Name.rfind("::");
  return Colons == StringRef::npos ? StringRef() : Name.take_front(Colons);
}

SmallVector<const KnownClass *, 4> Models::Tables::chain(StringRef Name) const {
  SmallVector<const KnownClass *, 4> Found;
  const KnownClass *Class = find(Name);
  for (StringRef Space = enclosing(Name); !Class && !Space.empty(); Space = enclosing(Space))
    Class = find((Space + "::*").str());
  if (!Class) return Found;
  TypeKind Kind = Class->Public.Kind;
  for (unsigned I = 0; Class && I != MaxLike; ++I) {
    Found.push_back(Class);
    Class = Class->Like ? find(Class->Like->Text) : nullptr;
  }
  if (const KnownClass *Any = find(("any " + wordForKind(Kind)).str())) Found.push_back(Any);
  return Found;
}

Error Models::Tables::resolveLikes() {
  for (auto &[Name, Class] : Classes) {
    const KnownClass *Other = Class.get();
    bool Kind = Class->SaysKind, Content = Class->SaysKind || Class->SaysContent;
    for (unsigned I = 0; Other->Like && I != MaxLike; ++I) {
      const Json &Like = *Other->Like;
      const KnownClass *Next = find(Like.Text);
      if (!Next || Next == Class.get())
        return Other->LikeFile->error(Like, "no other class '" + Like.Text + "' is known");
      Other = Next;
      Class->Public.LooksAround |= Other->Public.LooksAround;
      if (!Kind && Other->SaysKind) Class->Public.Kind = Other->Public.Kind, Kind = true;
      if (!Content && (Other->SaysContent || Other->SaysKind))
        Class->Public.Content = Other->Public.Content, Content = true;
    }
  }
  return Error::success();
}

static const MethodModel *firstMatch(const EntryTable &Table, StringRef Name, const Query &Q) {
  auto It = Table.find(Name);
  if (It == Table.end()) return nullptr;
  for (const Entry *E : It->second)
    if (E->Overloads.matches(Q)) return &E->Method;
  return nullptr;
}

const MethodModel *Models::Tables::findMember(const Query &Q, StringRef Name) const {
  for (StringRef Class : Q.Classes)
    for (const KnownClass *Known : chain(Class))
      if (const MethodModel *M = firstMatch(Known->Methods, Name, Q)) return M;
  return nullptr;
}

const MethodModel *Models::Tables::findFunction(const Query &Q) const {
  if (const MethodModel *M = firstMatch(Functions, Q.Name, Q)) return M;
  StringRef Space = enclosing(Q.Name), Unqualified = Space.empty() ? Q.Name : Q.Name.drop_front(Space.size() + 2);
  const MethodModel *M = firstMatch(Functions, ("*::" + Unqualified).str(), Q);
  for (; !M && !Space.empty(); Space = enclosing(Space)) M = firstMatch(Functions, (Space + "::*").str(), Q);
  return M;
}

const MethodModel *Models::find(const Query &Q) const {
  if (Q.Classes.empty()) return All->findFunction(Q);
  if (const MethodModel *M = All->findMember(Q, Q.Name)) return M;
  return All->findMember(Q, "*");
}

const ClassModel *Models::findClass(StringRef Name) const {
  const KnownClass *Class = All->find(Name);
  return Class ? &Class->Public : nullptr;
}

//===- Models -----------------------------------------------------------------------------------------------------===//

Models::Models() : All(std::make_unique<Tables>()) {}
Models::Models(Models &&) = default;
Models &Models::operator=(Models &&) = default;
Models::~Models() = default;

Expected<Models> Models::load() {
  Models M;
  for (const EmbeddedFile &Embedded : embeddedFiles()) {
    auto File = JsonFile::parseBorrowed(Embedded.Text, Embedded.Name);
    if (!File) return File.takeError();
    if (Error E = ModelFile(*M.All, **File).add()) return E;
    M.All->Files.push_back(std::move(*File));
  }
  if (Error E = M.All->resolveLikes()) return E;
  return M;
}

Expected<Models> Models::load(llvm::ArrayRef<std::string> Files) {
  Expected<Models> M = load();
  if (!M) return M;
  for (StringRef Path : Files)
    if (Error E = M->addFile(Path)) return E;
  return M;
}

Error Models::addFile(StringRef Path) {
  auto Buffer = readNamedFile(Path);
  if (!Buffer)
    return llvm::createStringError("cannot read the model file '" + Path + "': " + Buffer.getError().message());
  return addText((*Buffer)->getBuffer(), Path);
}

Error Models::addText(StringRef Text, StringRef BufferName) {
  auto File = JsonFile::parse(Text.str(), BufferName);
  if (!File) return File.takeError();
  ModelFile Adding(*All, **File);
  All->Files.push_back(std::move(*File));
  if (Error E = Adding.add()) return E;
  if (Error E = All->resolveLikes()) return E;
  for (size_t I = Adding.firstEntry(); I != All->Entries.size(); ++I)
    if (Error E = checkEntry(All->Entries[I])) return E;
  return Error::success();
}

Error Models::check() const {
  Error Found = Error::success();
  for (const Entry &E : All->Entries) Found = llvm::joinErrors(std::move(Found), checkEntry(E));
  return Found;
}
