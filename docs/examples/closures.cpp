// A closure that runs later must not refer to what is gone by then.
#include <functional>
#include <string>
#include <vector>

class Queue {
public:
  void post(std::function<void()> job) { jobs.push_back(std::move(job)); }

private:
  std::vector<std::function<void()>> jobs;
};

void greetWrong(Queue &queue, std::string name) {
  queue.post([&name] { name += "!"; }); // expect: closure-captures-local
}

void greetRight(Queue &queue, std::string name) {
  queue.post([name]() mutable { name += "!"; });
}

class Players {
public:
  void join(const std::string &name) { names.push_back(name); }

  void renameWrong(std::size_t index) {
    std::string &name = names[index];
    later.push_back([&name] { name = "renamed"; }); // expect: closure-captures-element
  }

  void renameRight(std::size_t index) {
    later.push_back([this, index] { names[index] = "renamed"; });
  }

private:
  std::vector<std::string> names;
  std::vector<std::function<void()>> later;
};
