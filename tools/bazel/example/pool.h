#pragma once
#include <string>
#include <vector>

class Pool {
public:
  std::string &add(const std::string &name);

private:
  std::vector<std::string> names;
};
