// Packs files into one archive, each deflated by itself, so that a reader inflates only what it opens.
//
//   refleak-embed-headers FOLDER LIST ARCHIVE
//
// LIST holds the files' names below FOLDER, sorted, one a line. The archive, in the machine's byte order:
//   u32 count, then for each file six u32: name offset, name length, data offset, deflated size, size, 0;
//   then names and data; offsets count from the start of the archive.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>
#include <zlib.h>

static std::string deflated(const std::string &Text) {
  uLongf Size = compressBound(Text.size());
  std::string Out(Size, '\0');
  if (compress2(reinterpret_cast<Bytef *>(Out.data()), &Size, reinterpret_cast<const Bytef *>(Text.data()), Text.size(),
                Z_BEST_COMPRESSION) != Z_OK)
    return {};
  Out.resize(Size);
  return Out;
}

int main(int Argc, char **Argv) {
  if (Argc != 4) {
    std::fprintf(stderr, "usage: refleak-embed-headers FOLDER LIST ARCHIVE\n");
    return 2;
  }
  std::vector<std::string> Names;
  std::ifstream List(Argv[2]);
  for (std::string Line; std::getline(List, Line);)
    if (!Line.empty()) Names.push_back(Line);

  std::vector<uint32_t> Index{static_cast<uint32_t>(Names.size())};
  std::string Data;
  const size_t Start = 4 * (1 + 6 * Names.size());
  for (const std::string &Name : Names) {
    std::ifstream File(std::string(Argv[1]) + "/" + Name, std::ios::binary);
    const std::string Text((std::istreambuf_iterator<char>(File)), {});
    const std::string Packed = deflated(Text);
    if (!File || Packed.empty()) {
      std::fprintf(stderr, "refleak-embed-headers: cannot read or pack %s/%s\n", Argv[1], Name.c_str());
      return 1;
    }
    const size_t NameAt = Start + Data.size();
    Data += Name;
    for (size_t Field : {NameAt, Name.size(), Start + Data.size(), Packed.size(), Text.size(), size_t(0)})
      Index.push_back(static_cast<uint32_t>(Field));
    Data += Packed;
  }
  std::ofstream Out(Argv[3], std::ios::binary);
  Out.write(reinterpret_cast<const char *>(Index.data()), 4 * Index.size());
  Out.write(Data.data(), Data.size());
  if (!Out.flush()) {
    std::fprintf(stderr, "refleak-embed-headers: cannot write %s\n", Argv[3]);
    return 1;
  }
}
