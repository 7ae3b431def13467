// What is owned goes with its owner.
#include <map>
#include <memory>

struct Session {
  int bytes = 0;
};

int closeWrong(std::map<int, std::unique_ptr<Session>> &sessions, int id) {
  Session *session = sessions[id].get();
  sessions.erase(id);
  return session->bytes; // expect: owner-gone
}

int closeRight(std::map<int, std::unique_ptr<Session>> &sessions, int id) {
  int bytes = sessions[id]->bytes;
  sessions.erase(id);
  return bytes;
}
