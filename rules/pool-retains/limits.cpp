// What pool-retains gets wrong.
#include <cstddef>
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
