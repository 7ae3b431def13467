#pragma once
inline int from_library(int X) { return X; }
constexpr int constant() { return 7; }
inline auto deduced() { return 1; }
struct Class {
  int method() { return 2; }
};
