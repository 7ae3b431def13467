// What is owned goes with its owner.
#include <memory>

struct Session {
  int bytes = 0;
};

int closeWrong(std::unique_ptr<Session> &owner) {
  Session *session = owner.get();
  owner.reset();
  return session->bytes; // expect: owner-gone
}

int closeRight(std::unique_ptr<Session> &owner) {
  int bytes = owner->bytes;
  owner.reset();
  return bytes;
}
