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
      if (row.level > 8) alerts.push_back(std::shared_ptr<const Row>(batch, &row)); // expect: element-pins-container
  }

private:
  std::vector<std::shared_ptr<const Row>> alerts;
};

struct File {
  std::string title;
  std::vector<std::string> lines;
};

std::shared_ptr<File> read(const std::string &path);

// One title of each file is wanted, and all lines stay in memory with it.
class Titles {
public:
  const std::string &of(const std::string &path) {
    auto &slot = titles[path];
    if (!slot) {
      auto file = std::make_shared<File>();
      slot = std::shared_ptr<std::string>(file, &file->title); // expect: element-pins-container: 'titles'
    }
    return *slot;
  }

private:
  std::map<std::string, std::shared_ptr<std::string>> titles;
};

// A member is enough when what it leads to is one element of many.
class Current {
public:
  void choose(const std::shared_ptr<Batch> &batch) {
    row = std::shared_ptr<Row>(batch, &batch->rows[0]); // expect: element-pins-container: 'row'
  }

private:
  std::shared_ptr<Row> row;
};

// The alias is made in one function and kept by another one.
std::shared_ptr<Row> first(const std::shared_ptr<Batch> &batch) { return std::shared_ptr<Row>(batch, &batch->rows[0]); }

class Firsts {
public:
  void add(const std::shared_ptr<Batch> &batch) {
    firsts.push_back(first(batch)); // expect: element-pins-container: 'firsts'
  }

private:
  std::vector<std::shared_ptr<Row>> firsts;
};
