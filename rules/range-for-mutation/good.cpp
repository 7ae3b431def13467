#include <map>
#include <string>
#include <unordered_map>
#include <vector>

void repeat(std::vector<int> &values) {
  std::vector<int> more;
  for (int value : values)
    if (value > 10) more.push_back(value);
  for (int value : more) values.push_back(value);
}

void first(std::vector<int> &values) {
  for (int value : values)
    if (value > 10) {
      values.push_back(value);
      break;
    }
}

void change(std::vector<int> &values) {
  for (int &value : values) ++value;
}

void copied(std::map<int, int> &table) {
  std::map<int, int> before = table;
  for (auto &entry : before)
    if (entry.second == 0) table.erase(entry.first);
}

void others(std::vector<int> &values, std::vector<int> &more) {
  for (int value : values) more.push_back(value);
}

void inner(std::map<int, std::vector<int>> &table) {
  for (auto &entry : table) entry.second.push_back(1);
}
