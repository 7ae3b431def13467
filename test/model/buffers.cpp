// A stream keeps the buffer that it reads into or writes from until its handler has run.
// REQUIRES: boost
// RUN: %expect %s
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <vector>

namespace asio = boost::asio;
using Socket = asio::ip::tcp::socket;
using Error = boost::system::error_code;

void greet(Socket &socket, int id) {
  std::string text = "hello " + std::to_string(id);
  asio::async_write(socket, asio::buffer(text), [](const Error &, std::size_t) {}); // expect: outparam-escape
}
void greetKept(Socket &socket, int id) {
  auto text = std::make_shared<std::string>("hello " + std::to_string(id));
  asio::async_write(socket, asio::buffer(*text), [text](const Error &, std::size_t) {});
}
int greetAndWait(int id) {
  std::string text = "hello " + std::to_string(id);
  int done = 0;
  asio::io_context context;
  Socket socket(context);
  asio::async_write(socket, asio::buffer(text), [&done](const Error &, std::size_t) { ++done; });
  context.run();
  return done;
}
class Reader {
public:
  explicit Reader(asio::io_context &context) : socket_(context) {}
  void start() {
    asio::async_read(socket_, asio::buffer(header_), [this](const Error &, std::size_t) { rest(); });
  }
  void rest() {
    std::vector<char> body(100);
    socket_.async_read_some(asio::buffer(body), [this](const Error &, std::size_t n) { size_ += n; }); // expect: field-holds-local
  }

private:
  Socket socket_;
  std::vector<char> header_ = std::vector<char>(8);
  std::size_t size_ = 0;
};
