// What is owned goes with its owner.
#include <memory>

struct Session {
  int bytes = 0;
};

int closeWrong() {
  auto owner = std::make_unique<Session>();
  Session *session = owner.get();
  owner.reset();
  return session->bytes; // expect: owner-gone
}

int closeRight() {
  auto owner = std::make_unique<Session>();
  int bytes = owner->bytes;
  owner.reset();
  return bytes;
}
