// What element-pins-container gets wrong.
#include <memory>
#include <string>
#include <vector>

struct Batch {
  std::vector<std::string> rows;
};

// A deleter that owns the whole keeps it just as well.
class Firsts {
public:
  void add(const std::shared_ptr<Batch> &batch) {
    firsts.push_back(
        std::shared_ptr<std::string>(&batch->rows[0], [batch](std::string *) {})); // FN_element-pins-container
  }

private:
  std::vector<std::shared_ptr<std::string>> firsts;
};
