//===- prelude.h - What all generated programs need, compiled once ------------------------------------------------===//
//
// The functions here are never called. They make the compiler write the code of the types that programs use most into
// the precompiled header's own object, so that it is not compiled again with each batch.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "checked.h"

namespace checked {

template <typename C> void need_container(C &A) {
  C B = A, D = std::move(B);
  B = D;
  B = std::move(D);
  B.swap(A);
  for (auto &&Element : A) (void)Element;
  auto I = A.first();
  ++I;
  (void)(I == A.end() || I != A.end());
  I = A.begin();
  A.clear();
  (void)A.size();
}

template <typename C> void need_sequence(C &A, typename C::value_type Value) {
  need_container(A);
  A = C{Value, Value};
  A.push_back(Value);
  A.emplace_back(Value);
  A.insert(A.first(), Value);
  A.erase(A.first());
  A.front() = A.back();
  A.pop_back();
}

template <typename C> void need_table(C &A, typename C::mapped_type Value) {
  need_container(A);
  A = C{{1, Value}, {2, Value}};
  A[1] = Value;
  A.emplace(1, Value);
  A.try_emplace(1, Value);
  A.insert_or_assign(1, Value);
  A.insert({1, Value});
  A.at(1) = A.find(1)->second;
  A.erase(1);
  A.erase(A.find(1));
}

template <typename T> void need_all_of(T Value) {
  vector<T> V;
  need_sequence(V, Value);
  V[0] = V.at(0);
  deque<T> D;
  need_sequence(D, Value);
  D[0] = D.at(0);
  D.push_front(Value);
  D.pop_front();
  list<T> L;
  need_sequence(L, Value);
  map<int, T> M;
  need_table(M, Value);
  unordered_map<int, T> U;
  need_table(U, Value);
  hmap<int, T> H;
  need_table(H, Value);
#if ORACLE_ABSL
  flat_hash_map<int, T> F;
  need_table(F, Value);
  node_hash_map<int, T> N;
  need_table(N, Value);
#endif
}

template <typename T> void need_many_of(T Value) {
  std::vector<T> V;
  V.push_back(Value);
  V.clear();
  for (auto Each : V) (void)Each;
}

inline void need_all() {
  need_all_of<Int>(1);
  need_all_of<string>("text");
  need_many_of<Int *>(nullptr);
  need_many_of<string *>(nullptr);
  need_many_of<std::string_view>("text");
  need_many_of<std::function<int()>>([] { return 1; });
  std::make_unique<Int>(1);
  std::make_shared<Int>(1);
}

} // namespace checked
