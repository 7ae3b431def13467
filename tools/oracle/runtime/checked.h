//===- checked.h - The library as its contract permits it to be ---------------------------------------------------===//
//
// Generated programs are run with these types in place of int, std::string and the containers. Each does whatever its
// contract allows it to do at the worst moment: a vector moves its elements at each insert that is not covered by
// reserve, a string changes its buffer at each change, an unordered container rehashes at each insert of a new key. So
// a program that relies on more than the contract fails when it is run, and not once in a while.
//
// What the program may not ask for by its own logic (an element of an empty container, a key that is not there) ends
// the run as vacuous: nothing is learnt from it.
//
//===--------------------------------------------------------------------------------------------------------------===//
#pragma once

#include "harness.h"

#if ORACLE_ABSL
#include <absl/container/flat_hash_map.h>
#include <absl/container/node_hash_map.h>
#endif

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <hmap/map.h>
#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace checked {

/// An int that fails when it is read or written after its end, wherever its storage is.
class Int {
  static constexpr unsigned Alive = 0x600d600d;
  int Value;
  unsigned Mark;

  void check() const {
    if (Mark != Alive) oracle::fail("an int is used after its end");
  }

public:
  Int(int Value = 0) : Value(Value), Mark(Alive) {}
  Int(const Int &Other) : Value(Other), Mark(Alive) {}
  ~Int() {
    check();
    Mark = 0;
  }
  /// As of an int, the value on the right is read before what stands on the left is looked up.
  Int &operator=(Int Other) {
    check();
    Value = Other;
    return *this;
  }
  Int &operator+=(int Other) {
    check();
    Value += Other;
    return *this;
  }
  operator int() const {
    check();
    return Value;
  }
};

/// A std::string whose every change takes new storage, and which does not hand its buffer over when it is moved.
class string : public std::string {
  void renew() { static_cast<std::string &>(*this) = std::string(c_str(), size()); }
  template <typename Change> string &change(Change Do) {
    std::string Fresh(c_str(), size());
    Do(Fresh);
    std::string(std::move(Fresh)).swap(*this);
    return *this;
  }

public:
  /// Not empty, so that reading its first character is always right.
  string() : std::string("the text of a string that was given none") {}
  string(const char *Text) : std::string(Text) {}
  string(std::string Text) : std::string(std::move(Text)) {}
  explicit string(std::string_view Text) : std::string(Text) {}
  string(const string &Other) : std::string(Other.c_str(), Other.size()) {}
  string(string &&Other) : std::string(Other.c_str(), Other.size()) { Other.drop(); }
  string &operator=(const string &Other) {
    return change([&](std::string &S) { S = std::string(Other.c_str(), Other.size()); });
  }
  string &operator=(string &&Other) {
    if (this == &Other) return *this;
    change([&](std::string &S) { S = std::string(Other.c_str(), Other.size()); });
    Other.drop();
    return *this;
  }
  string &operator=(const char *Text) {
    return change([&](std::string &S) { S = Text; });
  }
  string &operator+=(const char *Text) {
    return change([&](std::string &S) { S += Text; });
  }
  string &append(const char *Text) { return *this += Text; }
  void push_back(char C) {
    change([&](std::string &S) { S.push_back(C); });
  }
  void pop_back() {
    change([&](std::string &S) { S.pop_back(); });
  }
  void clear() { drop(); }
  void drop() { std::string().swap(*this); }
  char &operator[](std::size_t I) { return at(I); }
  char operator[](std::size_t I) const { return at(I); }
  char &at(std::size_t I) {
    oracle::require(I < size());
    return data()[I];
  }
  char at(std::size_t I) const {
    oracle::require(I < size());
    return data()[I];
  }
};

/// What vector, deque and list have in common.
template <typename Base> class sequence : public Base {
public:
  using Base::Base;
  using value_type = typename Base::value_type;
  sequence() = default;
  sequence(const sequence &) = default;
  sequence(sequence &&) = default;
  sequence &operator=(const sequence &Other) {
    sequence(Other).swap(*this);
    return *this;
  }
  sequence &operator=(sequence &&) = default;

  auto &front() {
    oracle::require(!this->empty());
    return Base::front();
  }
  auto &back() {
    oracle::require(!this->empty());
    return Base::back();
  }
  /// begin() of a container that is not empty.
  auto first() {
    oracle::require(!this->empty());
    return this->begin();
  }
  void pop_back() {
    oracle::require(!this->empty());
    Base::pop_back();
  }
  auto erase(typename Base::iterator At) {
    oracle::require(At != this->end());
    return Base::erase(At);
  }
};

/// Elements move at each insert for which reserve has not made room.
template <typename T> class vector : public sequence<std::vector<T>> {
  using Base = sequence<std::vector<T>>;
  static constexpr std::size_t Reserved = 64; ///< the generated programs reserve that much, or nothing
  void tighten() {
    if (this->capacity() < Reserved) this->shrink_to_fit();
  }

public:
  using Base::Base;
  vector() = default;
  vector(std::initializer_list<T> Values) : Base(Values) { this->shrink_to_fit(); }

  T &operator[](std::size_t I) {
    oracle::require(I < this->size());
    return Base::operator[](I);
  }
  T &at(std::size_t I) { return (*this)[I]; }
  void push_back(T Value) {
    tighten();
    Base::push_back(std::move(Value));
  }
  template <typename... Args> T &emplace_back(Args &&...Values) {
    push_back(T(std::forward<Args>(Values)...));
    return Base::back();
  }
  typename Base::iterator insert(typename Base::iterator At, T Value) {
    auto Index = At - this->begin();
    tighten();
    return std::vector<T>::insert(this->begin() + Index, std::move(Value));
  }
  void resize(std::size_t Size) {
    if (Size > this->size()) tighten();
    Base::resize(Size);
  }
  /// Erasing the first element concerns all, so they may as well move.
  typename Base::iterator erase(typename Base::iterator At) {
    oracle::require(At != this->end());
    bool First = At == this->begin();
    auto Next = Base::erase(At);
    if (!First) return Next;
    this->shrink_to_fit();
    return this->begin();
  }
};

template <typename T> class deque : public sequence<std::deque<T>> {
  using Base = sequence<std::deque<T>>;

public:
  using Base::Base;
  deque() = default;
  T &operator[](std::size_t I) {
    oracle::require(I < this->size());
    return Base::operator[](I);
  }
  T &at(std::size_t I) { return (*this)[I]; }
  /// New storage for what comes next.
  void clear() { deque().swap(*this); }
  void pop_front() {
    oracle::require(!this->empty());
    Base::pop_front();
  }
};

template <typename T> class list : public sequence<std::list<T>> {
public:
  using sequence<std::list<T>>::sequence;
};

/// The value of a key that was given none: not empty, so that what is done to each of its elements is done.
template <typename T> T unset() {
  if constexpr (std::is_same_v<T, vector<Int>>)
    return T{1, 2, 3};
  else
    return T();
}

/// What maps have in common. After each insert of a new key, `Disturb` does the worst that the map's contract allows.
template <typename Base, typename Disturb> class table : public Base {
public:
  using Base::Base;
  using key_type = typename Base::key_type;
  using mapped_type = typename Base::mapped_type;
  table() = default;
  table(const table &) = default;
  table(table &&) = default;
  table &operator=(const table &Other) {
    table(Other).swap(*this);
    return *this;
  }
  table &operator=(table &&) = default;

  mapped_type &operator[](int Key) {
    if (auto At = Base::find(Key); At != Base::end()) return At->second;
    Disturb::before(*this);
    Base::insert({Key, unset<mapped_type>()});
    Disturb::after(*this);
    return Base::find(Key)->second;
  }
  mapped_type &at(int Key) { return find(Key)->second; }
  /// A search that fails is not what the programs are about.
  auto find(int Key) {
    auto At = Base::find(Key);
    oracle::require(At != Base::end(), "key");
    return At;
  }
  auto first() {
    oracle::require(!Base::empty());
    return Base::begin();
  }
  auto erase(typename Base::iterator At) {
    oracle::require(At != this->end());
    return Base::erase(At);
  }
  auto erase(int Key) { return Base::erase(Key); }
  /// Makes room first, and reads the arguments then: they may lead into the table.
  template <typename... Args> auto try_emplace(int Key, Args &&...Values) {
    bool Added = Base::find(Key) == Base::end();
    if (Added) {
      mapped_type &Slot = (*this)[Key];
      Slot = mapped_type(std::forward<Args>(Values)...);
    }
    return std::pair(Base::find(Key), Added);
  }
  template <typename... Args> auto emplace(int Key, Args &&...Values) {
    return try_emplace(Key, std::forward<Args>(Values)...);
  }
  auto insert(std::pair<int, mapped_type> Entry) { return try_emplace(Entry.first, std::move(Entry.second)); }
  template <typename Value> auto insert_or_assign(int Key, Value &&New) {
    bool Added = Base::find(Key) == Base::end();
    mapped_type &Slot = (*this)[Key];
    Slot = mapped_type(std::forward<Value>(New));
    return std::pair(Base::find(Key), Added);
  }
};

struct nothing {
  template <typename Map> static void before(Map &) {}
  template <typename Map> static void after(Map &) {}
};

/// libstdc++ rehashes at the next insert if the load would be beyond what is allowed then.
struct rehashes_at_insert {
  template <typename Map> static void before(Map &M) {
    M.max_load_factor(float(std::max<std::size_t>(11, M.size() + 1)) / float(M.bucket_count() + 1));
  }
  template <typename Map> static void after(Map &) {}
};

/// abseil allocates anew when told to rehash to no size in particular.
struct rehashes_after_insert {
  template <typename Map> static void before(Map &) {}
  template <typename Map> static void after(Map &M) { M.rehash(0); }
};

template <typename K, typename V> using map = table<std::map<K, V>, nothing>;
template <typename K, typename V> using unordered_map = table<std::unordered_map<K, V>, rehashes_at_insert>;
#if ORACLE_ABSL
template <typename K, typename V> using flat_hash_map = table<absl::flat_hash_map<K, V>, rehashes_after_insert>;
template <typename K, typename V> using node_hash_map = table<absl::node_hash_map<K, V>, rehashes_after_insert>;
#endif

} // namespace checked

namespace checked {
/// Objects of this kind are counted: after a run none should be left.
class Counted {
  static inline int Number = 0;

public:
  Counted() { ++Number; }
  Counted(const Counted &) = delete;
  ~Counted() { --Number; }
  /// How many there are; counts from none again.
  static int forget() { return std::exchange(Number, 0); }
};

/// A container of owners with some of them in it.
template <typename C> C filled() {
  C Made;
  for (int Key : {1, 2, 3, -1, -2, -3, -4, -5})
    if constexpr (requires { Made.push_back(std::make_unique<Int>(Key)); })
      Made.push_back(std::make_unique<Int>(Key));
    else
      Made[Key] = std::make_unique<Int>(Key);
  return Made;
}
} // namespace checked

/// The bundled map in checked mode needs little help: a search that fails is vacuous, and a loop that goes on after a
/// swap or an assignment fails, where the map itself ends it.
namespace checked {
template <typename K, typename V> class hmap : public ::hmap::map<K, V> {
  using Base = ::hmap::map<K, V>;
  unsigned Exchanged = 0; ///< how often all that it holds was

public:
  class iterator : public Base::iterator {
    const hmap *Map = nullptr;
    unsigned Exchanged = 0;

  public:
    iterator() = default;
    iterator(typename Base::iterator At, const hmap &Of) : Base::iterator(At), Map(&Of), Exchanged(Of.Exchanged) {}
    iterator &operator++() {
      if (Map && Map->Exchanged != Exchanged) oracle::fail("a loop goes on after its map was exchanged");
      Base::iterator::operator++();
      return *this;
    }
  };

  hmap() = default;
  hmap(std::initializer_list<typename Base::value_type> Entries) : Base(Entries) {}
  hmap(const hmap &Other) : Base(Other) {}
  hmap(hmap &&Other) : Base(std::move(Other)) { ++Other.Exchanged; }
  hmap &operator=(const hmap &Other) {
    ++Exchanged;
    Base::operator=(Other);
    return *this;
  }
  hmap &operator=(hmap &&Other) {
    ++Exchanged, ++Other.Exchanged;
    Base::operator=(std::move(Other));
    return *this;
  }
  void swap(hmap &Other) {
    ++Exchanged, ++Other.Exchanged;
    Base::swap(Other);
  }

  iterator begin() { return {Base::begin(), *this}; }
  iterator end() { return {Base::end(), *this}; }
  iterator first() {
    oracle::require(!Base::empty());
    return begin();
  }
  iterator find(int Key) {
    oracle::require(Base::contains(Key), "key");
    return {Base::find(Key), *this};
  }
  iterator erase(iterator At) { return {Base::erase(At), *this}; }
  auto erase(int Key) { return Base::erase(Key); }
  V &at(int Key) {
    oracle::require(Base::contains(Key), "key");
    return Base::at(Key);
  }
  V &operator[](int Key) {
    if (!Base::contains(Key)) Base::try_emplace(Key, unset<V>());
    return Base::at(Key);
  }
};
} // namespace checked
