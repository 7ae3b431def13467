#include <atomic>
#include <cstdlib>
#include <iterator>
#include <memory>
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

// Null tests that belong together: where there is no way to the caller's pointer, nothing is kept there.
static void start(Shape *now, Shape **current) {
  if (current != nullptr) *current = now;
}
static void finish(Shape **current) {
  if (current != nullptr) *current = nullptr;
}
void turn(Shape **current) {
  Shape shape{1};
  start(&shape, current);
  finish(current);
}

// Others end the wait, and take the request out of the queue before.
struct Request {
  Request *next;
  int reply;
  bool answered;
};
struct Requests {
  Request *first;
};
void poll(Requests *requests);
static void post(Requests *requests, Request *request) {
  request->next = requests->first;
  requests->first = request;
}
int ask(Requests *requests) {
  Request request{nullptr, 0, false};
  post(requests, &request);
  while (!request.answered) poll(requests);
  return request.reply;
}

// The last one takes the place of the one that leaves.
struct Seat {
  int number;
  Request *guest;
};
struct Table {
  int taken;
  Seat seats[6];
};
static void sit(Table *table, Request *guest) {
  table->seats[table->taken].guest = guest;
  table->taken++;
}
static void leave(Table *table, Request *guest) {
  for (int i = 0; i < table->taken; ++i)
    if (table->seats[i].guest == guest) {
      table->taken--;
      table->seats[i] = table->seats[table->taken];
      return;
    }
}
int dine(Table *table) {
  Request request{nullptr, 0, false};
  sit(table, &request);
  poll(nullptr);
  leave(table, &request);
  return request.reply;
}

// Neighbours in one of several rings.
struct Link {
  struct Walker *next, *prev;
};
struct Walker {
  Link links[2];
};
static void join(Walker **root, Walker *walker, int ring) {
  if (*root == nullptr) {
    *root = walker;
    walker->links[ring].next = walker->links[ring].prev = walker;
  } else {
    walker->links[ring].next = *root;
    walker->links[ring].prev = walker->links[ring].next->links[ring].prev;
    walker->links[ring].next->links[ring].prev = walker;
    walker->links[ring].prev->links[ring].next = walker;
  }
}
static void part(Walker **root, Walker *walker, int ring) {
  if (*root == walker) {
    if (walker->links[ring].next == walker) {
      *root = nullptr;
      return;
    }
    *root = walker->links[ring].next;
  }
  walker->links[ring].prev->links[ring].next = walker->links[ring].next;
  walker->links[ring].next->links[ring].prev = walker->links[ring].prev;
}
void walk(Walker **root) {
  Walker walker;
  join(root, &walker, 1);
  poll(nullptr);
  part(root, &walker, 1);
}

// Owners that move iterators take out of a container do not end with it.
struct Chunk {
  int size = 0;
};
struct Collected {
  std::vector<std::unique_ptr<Chunk>> chunks;
};
struct Finished {
  std::vector<std::unique_ptr<Chunk>> chunks;
  void finish() { chunks.push_back(std::make_unique<Chunk>()); }
};
void combine(Collected &into, Finished &from) {
  from.finish();
  into.chunks.insert(into.chunks.end(), std::make_move_iterator(from.chunks.begin()),
                     std::make_move_iterator(from.chunks.end()));
  from.chunks.clear();
}
int combined() {
  Collected all;
  Finished one;
  combine(all, one);
  return all.chunks[0]->size;
}

// What is copied, a constant tells.
enum Lifetime { Lent, Copied };
struct Statement {
  const char *text = nullptr;
  std::string own;
};
void bind(Statement &to, const std::string &text, Lifetime how) {
  to.text = text.c_str();
  if (how == Copied) {
    to.own = text;
    to.text = to.own.c_str();
  }
}
void bindNumber(Statement &to, int number) {
  std::string text = std::to_string(number);
  bind(to, text, Copied);
}
enum class Wanted { No, Yes };
void bindIf(Statement &to, const std::string &text, Wanted lent) {
  if (lent != Wanted::No) {
    to.text = text.c_str();
    return;
  }
  to.own = text;
  to.text = to.own.c_str();
}
void bindName(Statement &to, int number) {
  std::string text = std::to_string(number);
  bindIf(to, text, Wanted::No);
}

// It hangs by the links of neighbours, which are written again before it ends.
struct Waiter {
  Waiter *older = nullptr, *newer = nullptr;
  bool done = false;
};
class LinkedQueue {
  std::atomic<Waiter *> newest{nullptr};

  void linkNewer(Waiter *from) {
    for (Waiter *next = from->older; next && !next->newer; next = next->older) {
      next->newer = from;
      from = next;
    }
  }

public:
  void enter(Waiter *w) {
    Waiter *last = newest.load();
    do w->older = last;
    while (!newest.compare_exchange_weak(last, w));
  }
  void lead() { linkNewer(newest.load()); }
  void leave(Waiter *w) {
    Waiter *last = w;
    if (newest.compare_exchange_strong(last, nullptr)) return;
    linkNewer(last);
    w->newer->older = nullptr;
  }
};
void pass(LinkedQueue *queue) {
  Waiter w;
  queue->enter(&w);
  if (w.done) return;
  queue->lead();
  queue->leave(&w);
}
