// The story goes into the closures that a callee runs: what ends something stands there.
// RUN: not %refleak scan %s -- -std=c++20 | FileCheck %s
#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

void addMissing(std::vector<int> &values) {
  std::for_each(values.begin(), values.end(), [&](int value) {
    if (value > 0) values.push_back(-value);
  });
}
// CHECK:      closure.cpp:[[#@LINE-4]]:3: note: 'for_each' may move or destroy it here
// CHECK:      closure.cpp:[[#@LINE-4]]:20: note: inside, by this
// CHECK:      closure.cpp:[[#@LINE-6]]:3: note: it is used here

class Bell {
public:
  void add(std::function<void()> ring) { rings.push_back({std::move(ring), 0}); }
  void strike() {
    Ring &first = rings.front();
    first.ring();
    ++first.count;
  }

private:
  struct Ring {
    std::function<void()> ring;
    int count;
  };
  std::vector<Ring> rings;
};
// CHECK:      closure.cpp:[[#@LINE-11]]:5: note: 'operator()' may move or destroy it here
// CHECK:      closure.cpp:[[#@LINE-15]]:42: note: inside, by this
// CHECK:      closure.cpp:[[#@LINE-12]]:5: note: it is used here

void service() {
  Bell bell;
  bell.add([&bell] { bell.add([] {}); });
  bell.strike();
}
