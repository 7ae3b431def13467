#include <cstdint>
#include <memory>
#include <string>
#include <vector>

using Callback = void (*)(void *);

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
  void start() { whenDone(transfer, print, &buffer); }
  void finish() { transfer.done(transfer.user); }

private:
  std::string buffer;
  Transfer transfer;
};

// The address is taken back before what it leads to ends.
void runNow(Transfer &transfer) {
  std::string buffer(100, ' ');
  whenDone(transfer, print, &buffer);
  transfer.done(transfer.user);
  transfer.user = nullptr;
}

// The callback runs while the call lasts.
void each(const std::vector<int> &values, void (*visit)(int, void *), void *user) {
  for (int value : values) visit(value, user);
}

int sum(const std::vector<int> &values) {
  int total = 0;
  each(values, [](int value, void *user) { *static_cast<int *>(user) += value; }, &total);
  return total;
}

// A number made of an address that nobody makes an address of again.
std::uintptr_t misalignment(const char *text) { return reinterpret_cast<std::uintptr_t>(text) % alignof(int); }

// The handle leads to something that stays.
class Documents {
public:
  std::intptr_t open(const char *name) {
    documents.push_back(std::make_unique<std::string>(name));
    return reinterpret_cast<std::intptr_t>(documents.back().get());
  }

private:
  std::vector<std::unique_ptr<std::string>> documents;
};
