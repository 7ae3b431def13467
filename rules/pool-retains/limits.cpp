// What pool-retains gets wrong.
#include <cstddef>
#include <hmap/pool.h>
#include <string>
#include <vector>

struct Particle {};

class Free {
public:
  ~Free() {
    for (Particle *particle : idle) delete particle;
  }
  void give(Particle *particle) { idle.push_back(particle); }
  Particle *peek() { return idle.back(); }

private:
  std::vector<Particle *> idle;
};

// What give puts in its place again is not told apart from what was there.
void drop(Free &pool) { delete pool.peek(); } // FN_pool-retains

struct Request {
  const std::string *line = nullptr;
};

// The pool keeps the request, and the request a line that has ended. With a reset hook the request would let go of it.
void serve(hmap::pool<Request> &pool, const std::string &text) {
  std::string line = text + "\n";
  hmap::pool<Request>::handle request = pool.get();
  request->line = &line;
} // FN_pool-retains
