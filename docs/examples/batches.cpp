// A pointer to one element must not keep all the others in memory.
#include <memory>
#include <string>
#include <vector>

struct Batch {
  std::vector<std::string> lines;
};

class Errors {
public:
  void rememberWrong(const std::shared_ptr<Batch> &batch, std::size_t index) {
    errors.push_back(std::shared_ptr<std::string>(batch, &batch->lines[index])); // expect: element-pins-container
  }

  void rememberRight(const std::shared_ptr<Batch> &batch, std::size_t index) {
    errors.push_back(std::make_shared<std::string>(batch->lines[index]));
  }

private:
  std::vector<std::shared_ptr<std::string>> errors;
};
