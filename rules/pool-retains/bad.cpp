#include <cstddef>
#include <vector>

struct Particle {
  bool alive = false;
};

class Pool {
public:
  explicit Pool(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) slots.push_back(new Particle());
  }
  ~Pool() {
    for (Particle *particle : slots) delete particle;
  }
  Particle *take() { return slots[used++]; }
  Particle *last() { return slots[used - 1]; }
  void park() { --used; }

private:
  std::vector<Particle *> slots;
  std::size_t used = 0;
};

class System {
public:
  void dropLast() {
    Particle *particle = particles.last();
    particles.park();
    delete particle; // expect: pool-retains
  }

private:
  Pool particles{8};
};
