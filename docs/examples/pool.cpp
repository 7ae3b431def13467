// A pool must not be left with an object that has been destroyed.
#include <cstddef>
#include <vector>

struct Particle {
  bool alive = false;
};

class Pool {
public:
  explicit Pool(std::size_t capacity) {
    for (std::size_t i = 0; i < capacity; ++i) particles.push_back(new Particle);
  }
  ~Pool() {
    for (Particle *particle : particles) delete particle;
  }

  Particle *last() { return particles.back(); }

private:
  std::vector<Particle *> particles;
};

class Fountain {
public:
  void dropWrong() {
    Particle *particle = pool.last();
    delete particle; // expect: pool-retains
  }

  void dropRight() {
    Particle *particle = pool.last();
    particle->alive = false;
  }

private:
  Pool pool{8};
};
