#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

class Request : public std::enable_shared_from_this<Request> {
public:
  void start() {
    onDone = [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->finish();
    };
  }
  void finish() {}

private:
  std::function<void()> onDone;
};

// The callback is run once and gone then.
class Once : public std::enable_shared_from_this<Once> {
public:
  void start() {
    onDone = [self = shared_from_this()] { self->finish(); };
  }
  void complete() {
    if (auto done = std::exchange(onDone, nullptr)) done();
  }
  void finish() {}

private:
  std::function<void()> onDone;
};

struct Node {
  std::vector<std::shared_ptr<Node>> children;
  std::weak_ptr<Node> parent;
};

void connect(const std::shared_ptr<Node> &parent, const std::shared_ptr<Node> &child) {
  parent->children.push_back(child);
  child->parent = parent;
}

struct Peer {
  std::shared_ptr<Peer> other;
  Peer *raw = nullptr;
};

void chain(const std::shared_ptr<Peer> &first, const std::shared_ptr<Peer> &second) {
  first->other = second;
  second->raw = first.get();
}

// Either way, but never both.
void oneWay(const std::shared_ptr<Node> &a, const std::shared_ptr<Node> &b, bool down) {
  if (down)
    a->children.push_back(b);
  else
    b->children.push_back(a);
}

void anyOrder(const std::shared_ptr<Node> &a, const std::shared_ptr<Node> &b, bool down) { oneWay(a, b, down); }

// A chain through the elements of a container: each element owns the next one.
struct Item {
  std::shared_ptr<Item> next;
};

void chainAll(std::vector<std::shared_ptr<Item>> &items) {
  for (std::size_t i = 1; i < items.size(); ++i) items[i - 1]->next = items[i];
}

// The graph clears the links of its nodes when it ends.
struct Vertex {
  std::vector<std::shared_ptr<Vertex>> edges;
};

class Graph {
public:
  ~Graph() {
    for (const std::shared_ptr<Vertex> &vertex : vertices) vertex->edges.clear();
  }
  void connect(std::size_t a, std::size_t b) {
    std::shared_ptr<Vertex> from = vertices[a], to = vertices[b];
    from->edges.push_back(to);
    to->edges.push_back(from);
  }

private:
  std::vector<std::shared_ptr<Vertex>> vertices;
};

// What a thread holds goes when it ends.
class Worker : public std::enable_shared_from_this<Worker> {
public:
  void start() {
    thread = std::thread([self = shared_from_this()] { self->work(); });
  }
  void work() {}

private:
  std::thread thread;
};

// The function object lets go of itself at the end.
void repeat(int count, std::function<void(std::function<void()>)> later) {
  auto step = std::make_shared<std::function<void(int)>>();
  *step = [step, later](int left) {
    if (left > 0)
      later([step, left] { (*step)(left - 1); });
    else
      *step = nullptr;
  };
  (*step)(count);
}

// The queue is somebody else's.
class Loop {
public:
  void post(std::function<void()> job) { jobs.push_back(std::move(job)); }

private:
  std::vector<std::function<void()>> jobs;
};

class Session : public std::enable_shared_from_this<Session> {
public:
  explicit Session(Loop &loop) : loop(loop) {}
  void start() {
    loop.post([self = shared_from_this()] { self->start(); });
  }

private:
  Loop &loop;
};

struct State {
  std::function<void()> next;
};

void closedAndOpened() {
  auto state = std::make_shared<State>();
  state->next = [state] {};
  state->next();
  state->next = {};
}

// Of the same two objects, one keeps the other.
struct Hop {
  std::shared_ptr<Hop> next;
};
void order(const std::vector<std::shared_ptr<Hop>> &hops, std::size_t i, std::size_t j) {
  std::shared_ptr<Hop> a = hops[i], b = hops[j];
  std::shared_ptr<Hop> low = i < j ? a : b;
  std::shared_ptr<Hop> high = i < j ? b : a;
  low->next = high;
}
void chain(const std::vector<std::shared_ptr<Hop>> &hops) {
  std::shared_ptr<Hop> last;
  for (const std::shared_ptr<Hop> &hop : hops) {
    if (last) last->next = hop;
    last = hop;
  }
}

// A callee may store either link, and never both.
struct Door {
  std::shared_ptr<Door> front, behind;
};
void hang(const std::shared_ptr<Door> &a, const std::shared_ptr<Door> &b, int side) {
  if (side > 3)
    a->front = b;
  else
    b->behind = a;
}
void hangAll(const std::shared_ptr<Door> &a, const std::shared_ptr<Door> &b, int side) { hang(a, b, side); }

// What was copied keeps a weak share.
struct Converter;
struct FrameData {
  std::shared_ptr<Converter> converter;
};
class Frame {
public:
  void convert();
  std::weak_ptr<FrameData> share() const { return data; }

private:
  std::shared_ptr<FrameData> data = std::make_shared<FrameData>();
};
struct Converter {
  explicit Converter(const Frame &frame) : target(frame.share()) {}
  std::weak_ptr<FrameData> target;
};
void Frame::convert() {
  data->converter = std::make_shared<Converter>(*this);
}

// A pointer and a weak share are bound.
struct Line {
  std::function<void()> hover, leave;
};
class Panel {
public:
  void add(const std::shared_ptr<Line> &line) {
    std::weak_ptr<Line> weak = line;
    line->hover = std::bind(&Panel::show, this, line.get());
    line->leave = std::bind(&Panel::hide, this, weak);
  }
  void show(Line *) {}
  void hide(const std::weak_ptr<Line> &) {}
};

// What a forwarding function makes of a share is weak.
class Followers;
struct Follower {
  Follower(std::string name, std::weak_ptr<Followers> leader)
      : name(std::move(name)), leader(std::move(leader)) {}
  std::string name;
  std::weak_ptr<Followers> leader;
};
class Followers : public std::enable_shared_from_this<Followers> {
public:
  void add(const std::string &name) { all.push_back(std::make_shared<Follower>(name, shared_from_this())); }

private:
  std::vector<std::shared_ptr<Follower>> all;
};

// A pair that knows weakly what is shared with it.
struct Guesthouse : std::enable_shared_from_this<Guesthouse> {
  std::vector<std::pair<std::string, std::weak_ptr<Guesthouse>>> guests;
  void invite(const std::string &name) {
    guests.emplace_back(name, shared_from_this());
    guests.push_back({name, shared_from_this()});
    guests.push_back(std::make_pair(name, shared_from_this()));
  }
};
