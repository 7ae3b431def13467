#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class Request : public std::enable_shared_from_this<Request> {
public:
  void start() {
    onDone = [self = shared_from_this()] { self->finish(); }; // expect: strong-cycle
  }
  void finish() {}

private:
  std::function<void()> onDone;
};

struct Node {
  std::vector<std::shared_ptr<Node>> children;
  std::shared_ptr<Node> parent;
};

void connect(const std::shared_ptr<Node> &parent, const std::shared_ptr<Node> &child) {
  parent->children.push_back(child);
  child->parent = parent; // expect: strong-cycle
}

void connectAll(const std::vector<std::shared_ptr<Node>> &nodes) {
  for (std::size_t i = 1; i < nodes.size(); ++i) connect(nodes[0], nodes[i]);
}

// Through a setter, and a signal's slots.
class Signal {
public:
  void subscribe(std::function<void()> slot) { slots.push_back(std::move(slot)); }

private:
  std::vector<std::function<void()>> slots;
};

struct Button {
  Signal clicked;
  int presses = 0;
};

std::shared_ptr<Button> makeButton() {
  auto button = std::make_shared<Button>();
  button->clicked.subscribe([button] { ++button->presses; }); // expect: strong-cycle
  return button;
}

// The object owns what it gives the closure to.
class Client {
public:
  void get(std::string path, std::function<void(std::string)> done) { waiting[path] = std::move(done); }

private:
  std::map<std::string, std::function<void(std::string)>> waiting;
};

class Page : public std::enable_shared_from_this<Page> {
public:
  explicit Page(std::shared_ptr<Client> client) : client(std::move(client)) {}
  void load() {
    client->get("index.html",
                [self = shared_from_this()](std::string text) { self->show(text); }); // expect: strong-cycle
  }
  void show(std::string) {}

private:
  std::shared_ptr<Client> client;
};

// A function that holds itself.
void repeat(int count, std::function<void(std::function<void()>)> later) {
  auto step = std::make_shared<std::function<void(int)>>();
  *step = [step, later](int left) { // expect: strong-cycle
    if (left > 0) later([step, left] { (*step)(left - 1); });
  };
  (*step)(count);
}

// A link on the way is made by a constructor.
class Result {
public:
  explicit Result(std::shared_ptr<class Window> window) : window(std::move(window)) {}

private:
  std::shared_ptr<class Window> window;
};

class Window : public std::enable_shared_from_this<Window> {
public:
  void click() {
    last = std::make_shared<Result>(shared_from_this()); // expect: strong-cycle
  }

private:
  std::shared_ptr<Result> last;
};

// The destructor of an object in a ring does not run.
struct Listener : std::enable_shared_from_this<Listener> {
  ~Listener() { callback = nullptr; }
  void listen() {
    callback = std::bind(&Listener::heard, shared_from_this()); // expect: strong-cycle
  }
  void heard() {}
  std::function<void()> callback;
};

// The closure is written in a function of its own, and so is what it is stored in made.
class Pump {
public:
  explicit Pump(std::function<void(int)> arrived) : arrived_(std::move(arrived)) {}
  void run() { arrived_(3); }

private:
  std::function<void(int)> arrived_;
};
class Session : public std::enable_shared_from_this<Session> {
public:
  void start() { pump_ = makePump(); }
  void poll() { pump_->run(); }

private:
  std::shared_ptr<Pump> makePump() {
    auto self = shared_from_this();
    return std::make_shared<Pump>([self](int bytes) { self->bytes_ += bytes; }); // expect: strong-cycle
  }
  std::shared_ptr<Pump> pump_;
  int bytes_ = 0;
};

// A copy keeps alive what its original does.
struct Converter;
struct FrameData {
  std::shared_ptr<Converter> converter;
};
class Frame {
public:
  void convert();

private:
  std::shared_ptr<FrameData> data = std::make_shared<FrameData>();
};
struct Converter {
  explicit Converter(const Frame &frame) : target(std::make_shared<Frame>(frame)) {}
  std::shared_ptr<Frame> target;
};
void Frame::convert() {
  data->converter = std::make_shared<Converter>(*this); // expect: strong-cycle
}

// One of two objects, each of which keeps the hall.
class Hall;
struct Stage {
  explicit Stage(std::shared_ptr<Hall> hall) : hall(std::move(hall)) {}
  virtual ~Stage() = default;
  std::shared_ptr<Hall> hall;
};
struct Balcony : Stage {
  using Stage::Stage;
};
class Hall : public std::enable_shared_from_this<Hall> {
public:
  void build(bool high) {
    std::shared_ptr<Stage> stage;
    if (high)
      stage = std::make_shared<Balcony>(shared_from_this());
    else
      stage = std::make_shared<Stage>(shared_from_this());
    stages.push_back(stage); // expect: strong-cycle
  }

private:
  std::vector<std::shared_ptr<Stage>> stages;
};

// New, or known by its name: whichever it is.
struct Line {
  std::function<void()> hover;
  int width = 1;
};
struct Point {
  std::vector<std::shared_ptr<Point>> neighbours;
};
class Drawing {
public:
  void addLine(const std::string &name) {
    std::shared_ptr<Line> line = lineOf(name);
    line->hover = [line] { line->width = 2; }; // expect: strong-cycle
  }
  void connect(const std::string &from, const std::string &to) {
    std::shared_ptr<Point> a = pointOf(from), b = pointOf(to);
    a->neighbours.push_back(b);
    b->neighbours.push_back(a); // expect: strong-cycle
  }

private:
  std::shared_ptr<Line> lineOf(const std::string &name) {
    std::shared_ptr<Line> &line = lines[name];
    if (!line) line = std::make_shared<Line>();
    return line;
  }
  std::shared_ptr<Point> pointOf(const std::string &name) {
    auto it = points.find(name);
    if (it == points.end()) it = points.emplace(name, std::make_shared<Point>()).first;
    return it->second;
  }
  std::map<std::string, std::shared_ptr<Line>> lines;
  std::map<std::string, std::shared_ptr<Point>> points;
};

// Two elements.
struct Hop {
  std::shared_ptr<Hop> next, back;
};
void join(const std::vector<std::shared_ptr<Hop>> &hops, std::size_t i, std::size_t j) {
  std::shared_ptr<Hop> a = hops[i], b = hops[j];
  a->next = b;
  b->back = a; // expect: strong-cycle
}

// Bound, not captured: what a parameter or an element leads to.
class Panel {
public:
  void add(const std::shared_ptr<Line> &line) {
    line->hover = std::bind(&Panel::show, this, line); // expect: strong-cycle
  }
  void show(const std::shared_ptr<Line> &) {}
};

// A forwarding function passes a share on.
class Followers;
struct Follower {
  Follower(std::string name, std::shared_ptr<const Followers> leader)
      : name(std::move(name)), leader(std::move(leader)) {}
  std::string name;
  std::shared_ptr<const Followers> leader;
};
class Followers : public std::enable_shared_from_this<Followers> {
public:
  void add(const std::string &name) {
    all.push_back(std::make_shared<Follower>(name, shared_from_this())); // expect: strong-cycle
  }

private:
  std::vector<std::shared_ptr<Follower>> all;
};

// A pair that shares it.
struct Guesthouse : std::enable_shared_from_this<Guesthouse> {
  std::vector<std::pair<std::string, std::shared_ptr<Guesthouse>>> guests;
  void invite(const std::string &name) {
    guests.emplace_back(name, shared_from_this()); // expect: strong-cycle
  }
};
