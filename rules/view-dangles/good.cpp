#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

std::size_t suffix(const std::string &name) {
  std::string full = name + ".txt";
  std::string_view view = full;
  return view.find('.');
}

char appended(std::string &text) {
  text += "more";
  std::string_view view = text;
  return view[0];
}

static std::string make() { return "made"; }

static std::size_t length(std::string_view view) { return view.size(); }

std::size_t inOneExpression() { return length(make()); }

std::size_t extended() {
  const std::string &text = make();
  std::string_view view = text;
  return view.size();
}

std::size_t literal() {
  std::string_view view = "always there";
  return view.size();
}

std::size_t again() {
  std::string text = "one";
  std::string_view view = text;
  text = "two";
  view = text;
  return view.size();
}

// A view that is given to be set is not looked at.
bool nextLine(std::string_view &line);

int lines() {
  int count = 0;
  std::string_view line;
  {
    std::string first = "one";
    line = first;
    count += int(line.size());
  }
  while (nextLine(line)) ++count;
  return count;
}

// What is given lives as long as it is kept.
struct Letter {
  std::string title;
  const std::string &subject() const { return title; }
};
std::unique_ptr<Letter> receive(int number);
void send(std::unique_ptr<Letter> letter);
size_t lengthOfSubject() {
  std::unique_ptr<Letter> letter = receive(1);
  const std::string &subject = letter->subject();
  size_t length = subject.size() + receive(2)->subject().size();
  send(std::move(letter));
  return length;
}

// The address alone is printed; the text is printed while it is there.
void print() {
  std::string text = "one";
  const char *chars = text.c_str();
  std::printf("%d %s\n", 1, chars);
  text += "more";
  std::printf("%p\n", static_cast<const void *>(chars));
}

static std::size_t lengths(int count, const char **texts) {
  std::size_t sum = 0;
  for (int i = 0; i < count; ++i) sum += std::strlen(texts[i]);
  return sum;
}

std::size_t arguments() {
  std::string name = make();
  const char *texts[] = {"name", name.c_str(), nullptr};
  return lengths(2, texts);
}

// Views of what is cleared are cleared with it, if there are any.
struct Piece {
  const char *text = "";
  Piece(const std::string &of) : text(of.data()) {}
};
class Pieces {
  std::unique_ptr<std::vector<Piece>> all;
  std::unique_ptr<std::vector<std::unique_ptr<std::string>>> copies;

public:
  void clear() {
    if (all) {
      all->clear();
      copies->clear();
    }
  }
  void push(const std::string &text) {
    if (!all) {
      all.reset(new std::vector<Piece>());
      copies.reset(new std::vector<std::unique_ptr<std::string>>());
    }
    copies->emplace_back(new std::string(text));
    all->push_back(*copies->back());
  }
  const std::vector<Piece> &get() const { return *all; }
};
int total(const std::vector<std::string> &lines) {
  Pieces pieces;
  for (const std::string &line : lines) {
    if (line.empty())
      pieces.clear();
    else
      pieces.push(line);
  }
  int sum = 0;
  for (const Piece &each : pieces.get()) sum += each.text[0];
  return sum;
}

// The view is taken anew wherever what it showed has changed.
class Page {
  std::string room;
  const char *data = "";
  std::size_t size = 0;

public:
  void copy(const char *text, std::size_t length) {
    room.assign(text, length);
    data = room.data();
    size = room.size();
  }
  int sum() const {
    int sum = 0;
    for (std::size_t i = 0; i != size; ++i) sum += data[i];
    return sum;
  }
  bool unpack(int kind) {
    if (kind == 0) return false;
    std::string text(data, size);
    copy(text.data(), text.size());
    return true;
  }
};
int unpacked(const std::string &text, int kind) {
  Page page;
  page.copy(text.data(), text.size());
  page.unpack(kind);
  return page.sum();
}
