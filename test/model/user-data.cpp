// What pthread_create and epoll_ctl are given stays with them: until the thread is joined, until events are waited for.
// RUN: %expect %s
#include <memory>
#include <pthread.h>
#include <sys/epoll.h>
#include <vector>

void *count(void *data) {
  ++*static_cast<int *>(data);
  return nullptr;
}

void startAndLeave() {
  int counter = 0;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, count, &counter) == 0) // expect: laundered-pointer: 'counter'
    pthread_detach(thread);
}

int startAndJoin() {
  int counter = 0;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, count, &counter) == 0) pthread_join(thread, nullptr);
  return counter;
}

struct Connection {
  int fd;
  int bytes = 0;
};

class Server {
public:
  void accept(int fd) {
    connections.push_back(Connection{fd});
    epoll_event event{};
    event.data.ptr = &connections.back(); // expect: laundered-pointer: an element of 'connections'
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }

private:
  int epoll = 0;
  std::vector<Connection> connections;
};

class StableServer {
public:
  void accept(int fd) {
    stable.push_back(std::make_unique<Connection>(Connection{fd}));
    epoll_event event{};
    event.data.ptr = stable.back().get();
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  }

private:
  int epoll = 0;
  std::vector<std::unique_ptr<Connection>> stable;
};

int waitHere(int epoll, int fd) {
  Connection connection{fd};
  epoll_event event{};
  event.data.ptr = &connection;
  epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
  epoll_event ready;
  epoll_wait(epoll, &ready, 1, -1);
  return static_cast<Connection *>(ready.data.ptr)->bytes;
}
