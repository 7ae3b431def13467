#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

void split(const std::string &text, std::vector<std::string> &parts) {
  std::string lower = text + " ";
  parts.push_back(lower);
}

void locate(int **result) {
  static int found = 1;
  *result = &found;
}

void name(const std::string &given, std::string_view &result) { result = given; }

void briefly(int **result) {
  int found = 1;
  *result = &found;
  ++**result;
  *result = nullptr;
}

/// Text inside the buffer is copied, other text is taken over.
struct Buffer {
  Buffer() { data = store; }
  void take(Buffer &other) {
    char *text = other.data;
    if (text == other.store) {
      data = store;
      for (int i = 0; i != 16; ++i) store[i] = other.store[i];
    } else {
      data = text;
      other.data = other.store;
    }
  }
  char *data;
  char store[16];
};
void push(Buffer &last) {
  Buffer buffer;
  last.take(buffer);
}

// It is filled anew, and what it kept of the old text with it, if there is something to keep.
struct Setting {
  std::string text;
  std::string_view value;
};
void set(Setting &result, bool named, std::string_view text) {
  result.text = std::string(text);
  if (named) result.value = std::string_view(result.text).substr(result.text.find('=') + 1);
}

// A list of those that wait: who takes itself out writes through its own links, which may lead to itself.
struct Waiting {
  Waiting *next, *prev;
  bool woken;
};
struct WaitingList {
  Waiting *first;
  bool ended;
};
bool sleep(Waiting *who);
void wait(WaitingList *list) {
  Waiting self;
  if (list->first == nullptr) {
    list->first = self.next = self.prev = &self;
  } else {
    self.next = list->first;
    self.prev = self.next->prev;
    self.next->prev = self.prev->next = &self;
  }
  self.woken = false;
  while (!list->ended && !self.woken && !sleep(&self)) {
  }
  if (&self == list->first) {
    list->first = self.next;
    if (&self == list->first) list->first = nullptr;
  }
  self.next->prev = self.prev;
  self.prev->next = self.next;
}

// What malloc gave does not end with the variable that holds it.
struct Shape {
  int kind;
};
struct Circle {
  Shape shape;
  int radius;
};
void makeCircle(Shape **made) {
  Circle *circle = static_cast<Circle *>(malloc(sizeof(Circle)));
  if (circle) *made = &circle->shape;
}
