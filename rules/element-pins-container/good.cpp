#include <map>
#include <memory>
#include <string>
#include <vector>

struct Row {
  std::string text;
  int level = 0;
};

struct Batch {
  std::vector<Row> rows;
};

class Alerts {
public:
  void scan(const std::shared_ptr<const Batch> &batch) {
    for (const Row &row : batch->rows)
      if (row.level > 8) alerts.push_back(std::make_shared<const Row>(row));
  }

private:
  std::vector<std::shared_ptr<const Row>> alerts;
};

struct File {
  std::string title;
  std::vector<std::string> lines;
};

class Titles {
public:
  const std::string &of(const std::string &path) {
    auto &slot = titles[path];
    if (!slot) {
      auto file = std::make_shared<File>();
      slot = std::make_shared<std::string>(file->title);
    }
    return *slot;
  }

private:
  std::map<std::string, std::shared_ptr<std::string>> titles;
};

// An alias that is handed to the caller lives as long as the caller wants.
std::shared_ptr<const std::string> titleOf(const std::shared_ptr<File> &file) {
  return std::shared_ptr<const std::string>(file, &file->title);
}

// The whole is kept on purpose, beside a way to one of its parts.
class Cursor {
public:
  void open(const std::shared_ptr<Batch> &from) {
    batch = from;
    row = std::shared_ptr<Row>(from, &from->rows[0]);
  }

private:
  std::shared_ptr<Batch> batch;
  std::shared_ptr<Row> row;
};

// One member, one part that is no element: an object seen by one of its interfaces.
class Session {
public:
  explicit Session(const std::shared_ptr<File> &file) : title(file, &file->title) {}

private:
  std::shared_ptr<std::string> title;
};

// The whole is a member already.
class Page {
public:
  void mark(std::size_t index) { marked.push_back(std::shared_ptr<Row>(batch, &batch->rows[index])); }

private:
  std::shared_ptr<Batch> batch;
  std::vector<std::shared_ptr<Row>> marked;
};
