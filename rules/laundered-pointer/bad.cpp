#include <cstdint>
#include <string>
#include <vector>

using Callback = void (*)(void *);

// A C library: it calls back later, with the user data it was given.
struct Transfer {
  Callback done = nullptr;
  void *user = nullptr;
};

void whenDone(Transfer &transfer, Callback done, void *user) {
  transfer.done = done;
  transfer.user = user;
}

void print(void *user) { static_cast<std::string *>(user)->clear(); }

class Download {
public:
  void start() {
    std::string buffer(100, ' ');
    whenDone(transfer, print, &buffer); // expect: laundered-pointer: 'transfer.user'
  }
  void finish() { transfer.done(transfer.user); }

private:
  Transfer transfer;
};

// A submission queue that keeps addresses as numbers.
struct Entry {
  std::uint64_t address;
  std::uint32_t length;
};

class Ring {
public:
  void push(const char *data, std::uint32_t length) {
    entries.push_back(Entry{reinterpret_cast<std::uintptr_t>(data), length});
  }

private:
  std::vector<Entry> entries;
};

void send(Ring &ring, int id) {
  std::string line = "id " + std::to_string(id);
  ring.push(line.data(), static_cast<std::uint32_t>(line.size())); // expect: laundered-pointer
}

// User data that is an element of a vector, which the next call moves.
class Timers {
public:
  void add(int id) {
    ids.push_back(id);
    active.push_back(Transfer{print, &ids.back()}); // expect: laundered-pointer
  }

private:
  std::vector<int> ids;
  std::vector<Transfer> active;
};
