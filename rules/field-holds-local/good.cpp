#include <deque>
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
