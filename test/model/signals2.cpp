// A signal keeps its slots, until they are disconnected or a scoped connection does so.
// REQUIRES: boost
// RUN: %expect %s
#include <boost/signals2/signal.hpp>
#include <memory>
using Signal = boost::signals2::signal<void(int)>;
int now(Signal &signal) {
  int sum = 0;
  boost::signals2::scoped_connection connection = signal.connect([&sum](int n) { sum += n; });
  signal(3);
  return sum;
}
int byHand(Signal &signal) {
  int sum = 0;
  boost::signals2::connection connection = signal.connect([&sum](int n) { sum += n; });
  signal(3);
  connection.disconnect();
  return sum;
}
void later(Signal &signal) {
  int sum = 0;
  signal.connect([&sum](int n) { sum += n; }); // expect: closure-captures-local
}
class Window {
public:
  void listen(Signal &signal) {
    connection = signal.connect([this](int n) { width = n; });
  }

private:
  boost::signals2::scoped_connection connection;
  int width = 0;
};
struct Button {
  boost::signals2::signal<void()> clicked;
  int clicks = 0;
};
std::shared_ptr<Button> make() {
  auto button = std::make_shared<Button>();
  button->clicked.connect([button] { ++button->clicks; }); // expect: strong-cycle
  return button;
}
std::shared_ptr<Button> makeWeak() {
  auto button = std::make_shared<Button>();
  button->clicked.connect([weak = std::weak_ptr<Button>(button)] {
    if (auto self = weak.lock()) ++self->clicks;
  });
  return button;
}
