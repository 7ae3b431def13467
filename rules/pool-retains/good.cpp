#include <algorithm>
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
    particle->alive = false;
    particles.park();
  }

private:
  Pool particles{8};
};

// What is destroyed is taken out, overwritten, or ends with its owner.
class List {
public:
  ~List() { clearAll(); }
  void add() { items.push_back(new Particle()); }
  Particle *first() { return items.front(); }
  void removeLast() {
    Particle *particle = items.back();
    items.pop_back();
    delete particle;
  }
  void removeAt(std::size_t index) {
    delete items[index];
    items.erase(items.begin() + index);
  }
  void renew(std::size_t index) {
    delete items[index];
    items[index] = new Particle();
  }
  void forget(std::size_t index) {
    delete items[index];
    items[index] = nullptr;
  }
  void shrink(std::size_t size) {
    for (std::size_t i = size; i < items.size(); ++i) delete items[i];
    items.resize(size);
  }

private:
  void clearAll() {
    for (Particle *particle : items) delete particle;
  }

  std::vector<Particle *> items;
};
