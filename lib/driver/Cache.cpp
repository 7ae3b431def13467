#include "driver/Cache.h"
#include "facts/Bytes.h"
#include "support/Error.h"
#include "llvm/ADT/StringExtras.h"
#include <elf.h>
#include <link.h>

using namespace refleak;
using llvm::StringRef;

namespace {

/// An entry: these bytes, the digest of the rest, and the rest, which begins with the entry's key.
constexpr llvm::StringLiteral Magic("\x89RFLC\r\n\x01");
constexpr unsigned DaysKept = 14;

StringRef bytesOf(const Digest &D) { return StringRef(reinterpret_cast<const char *>(D.data()), D.size()); }

std::string folderOf(const Digest &Key) { return toHex(Key).substr(0, 2); }
std::string nameOf(const Digest &Key, StringRef Kind) { return toHex(Key).substr(2) + Kind.str(); }

std::string sealed(const Digest &Key, StringRef Bytes) {
  std::string Rest = bytesOf(Key).str() + Bytes.str();
  return Magic.str() + bytesOf(digestOf(Rest)).str() + Rest;
}

/// What was sealed under \p Key; nothing if it was damaged since, or is another entry under a wrong name.
std::optional<StringRef> opened(StringRef Entry, const Digest &Key) {
  if (!Entry.consume_front(Magic) || Entry.size() < 2 * sizeof(Digest)) return std::nullopt;
  StringRef Check = Entry.take_front(sizeof(Digest));
  Entry = Entry.drop_front(sizeof(Digest));
  if (bytesOf(digestOf(Entry)) != Check || !Entry.consume_front(bytesOf(Key))) return std::nullopt;
  return Entry;
}

bool hasDigest(const std::optional<Digest> &D, StringRef Bytes) { return D && bytesOf(*D) == Bytes; }

/// Writes \p In and its present contents; false if something of it is gone.
bool putInputs(ByteSink &Out, const Inputs &In) {
  Contents Now;
  Out.number(In.Read.size());
  for (const std::string &File : In.Read) {
    std::optional<Digest> D = Now.file(File);
    if (!D) return false;
    Out.text(File);
    Out.text(bytesOf(*D));
  }
  Out.number(In.Listed.size());
  for (const std::string &Folder : In.Listed) {
    std::optional<Digest> D = Now.folder(Folder);
    if (!D) return false;
    Out.text(Folder);
    Out.text(bytesOf(*D));
  }
  Out.number(In.Missing.size());
  for (const std::string &Path : In.Missing) Out.text(Path);
  return true;
}

/// Whether what putInputs wrote is still so.
bool inputsHold(ByteSource &In, Contents &Now) {
  for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
    std::string File = In.text().str();
    if (!hasDigest(Now.file(File), In.text())) return false;
  }
  for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I) {
    std::string Folder = In.text().str();
    if (!hasDigest(Now.folder(Folder), In.text())) return false;
  }
  for (size_t Count = In.count(), I = 0; I != Count && In.good(); ++I)
    if (Now.exists(In.text().str())) return false;
  return In.good();
}

} // namespace

llvm::Expected<std::optional<Cache>> Cache::open(const std::string &Path) {
  Folder Top;
  if (Path.empty()) {
    Folder Own = Folder::open(".", false).sub(".refleak", true);
    if (Own.valid() && !Own.read(".gitignore")) Own.write(".gitignore", "*\n");
    Top = Own.sub("cache", true);
  } else {
    Top = Folder::open(Path, true);
    if (!Top.valid())
      return userError("cannot use '" + Path + "' as the cache's folder; choose another one, or none: --no-cache");
  }
  if (!Top.valid()) return std::nullopt;
  return Cache(std::move(Top));
}

std::optional<std::string> Cache::unit(const Digest &Key, Contents &Now) const {
  Folder In = Top.sub(folderOf(Key), false);
  std::optional<std::string> Entry = In.read(nameOf(Key, ".unit"));
  if (!Entry) return std::nullopt;
  std::optional<StringRef> Known = opened(*Entry, Key);
  if (!Known) return std::nullopt;
  ByteSource Source(*Known);
  StringRef Facts = Source.text();
  if (!Source.good() || !inputsHold(Source, Now)) return std::nullopt;
  In.touch(nameOf(Key, ".unit"));
  return Facts.str();
}

void Cache::keepUnit(const Digest &Key, StringRef Facts, const Inputs &MadeFrom, FileTime Began) const {
  ByteSink Out;
  Out.text(Facts);
  if (!putInputs(Out, MadeFrom) || changedSince(MadeFrom, Began)) return;
  Top.sub(folderOf(Key), true).write(nameOf(Key, ".unit"), sealed(Key, Out.Bytes));
}

std::optional<std::string> Cache::verdict(const Digest &Key) const {
  Folder In = Top.sub(folderOf(Key), false);
  std::optional<std::string> Entry = In.read(nameOf(Key, ".verdict"));
  if (!Entry) return std::nullopt;
  std::optional<StringRef> Known = opened(*Entry, Key);
  if (!Known) return std::nullopt;
  In.touch(nameOf(Key, ".verdict"));
  return Known->str();
}

void Cache::keepVerdict(const Digest &Key, StringRef Verdict) const {
  Top.sub(folderOf(Key), true).write(nameOf(Key, ".verdict"), sealed(Key, Verdict));
}

void Cache::tidy() const {
  std::string Today = llvm::utostr(uint64_t(time(nullptr)) / (24 * 60 * 60));
  if (Top.read("tidied") == Today) return;
  Top.write("tidied", Today);
  for (unsigned I = 0; I != 256; ++I)
    Top.sub(llvm::utohexstr(I, /*LowerCase=*/true, /*Width=*/2), false).removeUnused(DaysKept);
}

/// The build id that the linker has put into the program: a digest of its contents.
static StringRef buildId() {
  StringRef Found;
  dl_iterate_phdr(
      [](dl_phdr_info *Object, size_t, void *Out) {
        for (int I = 0; I != Object->dlpi_phnum; ++I) {
          const auto &Header = Object->dlpi_phdr[I];
          if (Header.p_type != PT_NOTE) continue;
          StringRef Notes(reinterpret_cast<const char *>(Object->dlpi_addr + Header.p_vaddr), Header.p_memsz);
          while (Notes.size() >= sizeof(ElfW(Nhdr))) {
            ElfW(Nhdr) Note;
            memcpy(&Note, Notes.data(), sizeof(Note));
            size_t Name = sizeof(Note), Text = Name + (Note.n_namesz + 3 & ~3u),
                   Next = Text + (Note.n_descsz + 3 & ~3u);
            if (Next > Notes.size()) break;
            if (Note.n_type == NT_GNU_BUILD_ID && Notes.substr(Name, 3) == "GNU")
              *static_cast<StringRef *>(Out) = Notes.substr(Text, Note.n_descsz);
            Notes = Notes.drop_front(Next);
          }
        }
        return 1; // the first object is the program itself
      },
      &Found);
  return Found;
}

const Digest &refleak::programDigest() {
  static const Digest Program = [] {
    if (StringRef Id = buildId(); !Id.empty()) return digestOf(("build id " + Id).str());
    return Contents().file("/proc/self/exe").value_or(Digest());
  }();
  return Program;
}
