// Objects that own each other are never destroyed.
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

class Download : public std::enable_shared_from_this<Download> {
public:
  void startWrong() {
    onDone = [self = shared_from_this()] { self->finish(); }; // expect: strong-cycle
  }

  void startRight() {
    onDone = [weak = weak_from_this()] {
      if (auto self = weak.lock()) self->finish();
    };
  }

private:
  void finish() {}

  std::function<void()> onDone;
};

struct FolderWrong {
  std::vector<std::shared_ptr<FolderWrong>> children;
  std::shared_ptr<FolderWrong> parent;
};

void addWrong(const std::shared_ptr<FolderWrong> &parent, const std::shared_ptr<FolderWrong> &child) {
  parent->children.push_back(child);
  child->parent = parent; // expect: strong-cycle
}

struct FolderRight {
  std::vector<std::shared_ptr<FolderRight>> children;
  std::weak_ptr<FolderRight> parent;
};

void addRight(const std::shared_ptr<FolderRight> &parent, const std::shared_ptr<FolderRight> &child) {
  parent->children.push_back(child);
  child->parent = parent;
}
