// A C interface must not be left with the address of something that ends first.
#include <string>

using Done = void (*)(void *);

struct Transfer {
  Done done = nullptr;
  void *user = nullptr;
};

void onDone(Transfer &transfer, Done done, void *user) {
  transfer.done = done;
  transfer.user = user;
}

void clearText(void *user) { static_cast<std::string *>(user)->clear(); }

class Download {
public:
  void startWrong() {
    std::string text(100, ' ');
    onDone(transfer, clearText, &text); // expect: laundered-pointer
  }

  void startRight() { onDone(transfer, clearText, &kept); }

private:
  std::string kept;
  Transfer transfer;
};
