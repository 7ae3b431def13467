// boost::enable_shared_from_this gives out shares as that of std does.
// REQUIRES: boost
// RUN: %expect %s
#include <boost/bind/bind.hpp>
#include <boost/enable_shared_from_this.hpp>
#include <boost/function.hpp>
#include <boost/shared_ptr.hpp>
class Session : public boost::enable_shared_from_this<Session> {
public:
  void start() {
    done = boost::bind(&Session::finish, shared_from_this()); // expect: strong-cycle
  }
  void finish() {}

private:
  boost::function<void()> done;
};
