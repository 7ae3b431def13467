#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct Parser {
  std::string input;

  void start(std::string text) { input = std::move(text); }
};

struct Listener {
  int *counter = nullptr;

  void listen(int &count) { counter = &count; }

  void briefly() {
    int count = 0;
    counter = &count;
    ++*counter;
    counter = nullptr;
  }
};

struct Names {
  std::vector<std::string> all;

  void add(int number) {
    std::string name = std::to_string(number);
    all.push_back(name);
  }
};

struct Server {
  std::deque<int *> jobs;
  void post(int *job) { jobs.push_back(job); }
  void serve() {
    *jobs.front() = 1;
    jobs.pop_front();
  }
};

void sleepUntilServed();

int posted(Server &server) {
  int done = 0;
  server.post(&done);
  sleepUntilServed();
  return done;
}

struct Task {
  virtual ~Task() = default;
  virtual void run() = 0;
};

template <class F> struct TaskOf final : Task {
  explicit TaskOf(F f) : callable(static_cast<F &&>(f)) {}
  void run() override { callable(); }
  F callable;
};

struct Tasks {
  std::vector<std::unique_ptr<Task>> all;

  template <class F> void add(F f) { all.push_back(std::make_unique<TaskOf<F>>(static_cast<F &&>(f))); }
};

void greet(Tasks &tasks, std::string name) {
  tasks.add([text = "dear " + name] { return text.size(); });
}

class View {
public:
  void show(std::string_view text) { shown = text; }
  std::size_t length() const { return shown.size(); }

private:
  std::string_view shown;
};

// Nobody looks at it once the text is gone.
std::size_t lengthOf(int number) {
  View view;
  std::string text = std::to_string(number);
  view.show(text);
  return view.length();
}

// What is attached to it is told when it ends.
class Settings;
class Reader {
public:
  virtual ~Reader() = default;
  virtual void forget(const Settings *source) = 0;
};

class Settings {
public:
  ~Settings() {
    for (Reader *each : listeners) each->forget(this);
  }
  void attach(Reader *listener) { listeners.push_back(listener); }
  std::size_t attached() const { return listeners.size(); }

private:
  std::vector<Reader *> listeners;
};

class Player final : public Reader {
public:
  ~Player() override {
    if (settings) others = settings->attached();
  }
  void use(Settings *given) {
    settings = given;
    settings->attach(this);
  }
  void forget(const Settings *source) override {
    if (settings == source) settings = nullptr;
  }

private:
  Settings *settings = nullptr;
  std::size_t others = 0;
};

void play() {
  Player player;
  Settings settings;
  player.use(&settings);
}
