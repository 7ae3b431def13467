// The interface of map and set, function by function.
//
// RUN: %clangxx -std=c++17 -Wall -Wextra -Werror -O1 %hmap %s -o %t && %run %t
// RUN: %clangxx -std=c++20 -Wall -Wextra -Werror -fsanitize=address,undefined %hmap %s -o %t && %run %t
// RUN: %clangxx -std=c++17 -DHMAP_CHECKED=1 -fsanitize=address,undefined %hmap %s -o %t && %run %t

#include "Inputs/check.h"

#include <hmap/map.h>
#include <hmap/set.h>

#include <algorithm>
#include <limits>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

void lookups() {
  hmap::map<std::string, int> m{{"one", 1}, {"two", 2}};
  const auto &c = m;
  CHECK(m.find("one")->second == 1 && c.find("one")->second == 1);
  CHECK(m.find("three") == m.end() && c.find("three") == c.cend());
  CHECK(m.at("two") == 2 && c.at("two") == 2);
  CHECK(m.contains("one") && !m.contains("x") && m.count("two") == 1 && m.count("x") == 0);
  CHECK(m.contains(std::string_view("one")) && m.find(std::string_view("two")) != m.end());
  auto [first, last] = m.equal_range("one");
  CHECK(first != last && ++first == last);
  CHECK(c.equal_range(std::string_view("one")).first->second == 1);
  bool thrown = false;
  try {
    m.at("absent");
  } catch (const std::out_of_range &) {
    thrown = true;
  }
  CHECK(thrown);
  hmap::map<int, int> empty;
  CHECK(empty.find(1) == empty.end() && !empty.contains(1) && empty.begin() == empty.end() && empty.erase(1) == 0);
}

void additions() {
  hmap::map<std::string, std::string> m;
  CHECK(m["a"].empty() && m.size() == 1);
  m["a"] = "x";
  CHECK(!m.insert({"a", "y"}).second && m.at("a") == "x");
  CHECK(m.insert(std::pair<const char *, const char *>("b", "y")).second);
  CHECK(!m.insert_or_assign("a", "z").second && m.at("a") == "z");
  CHECK(m.insert_or_assign(std::string("c"), "w").second);
  CHECK(m.try_emplace("d", 3, 'q').second && m.at("d") == "qqq");
  std::string kept = "kept";
  CHECK(!m.try_emplace("d", std::move(kept)).second && kept == "kept");
  CHECK(m.emplace("e", "v").second && !m.emplace("e", "u").second);
  CHECK(m.emplace(std::piecewise_construct, std::forward_as_tuple(2, 'f'), std::forward_as_tuple("t")).second);
  CHECK(m.at("ff") == "t");
  CHECK(m.emplace_hint(m.begin(), "g", "s")->second == "s");
  CHECK(m.try_emplace(m.begin(), "d", "p")->second == "qqq");
  CHECK(m.insert_or_assign(m.end(), "g", "r")->second == "r");
  m.insert({{"h", "1"}, {"i", "2"}, {"h", "3"}});
  CHECK(m.at("h") == "1" && m.size() == 9);
  std::vector<std::pair<std::string, std::string>> more{{"j", "1"}, {"k", "2"}};
  m.insert(more.begin(), more.end());
  CHECK(m.size() == 11);
  CHECK_SOUND(m);
}

void arguments_of_the_map_itself() { // contract 4
  hmap::map<std::string, std::string> m;
  m["first"] = "a string too long to be kept inside the object itself";
  for (int i = 0; i != 2000; ++i) {
    m.try_emplace(std::to_string(i), m.at("first"));
    m.insert_or_assign(m.at("first") + std::to_string(i), m.at("first"));
    CHECK(m.at(std::to_string(i)) == m.at("first"));
  }
  hmap::set<std::string> s{"a string too long to be kept inside the object itself"};
  for (int i = 0; i != 100; ++i) s.insert(*s.begin() + *s.begin());
}

void erasures() {
  hmap::map<int, int> m;
  for (int i = 0; i != 1000; ++i) m[i] = i;
  CHECK(m.erase(5) == 1 && m.erase(5) == 0);
  auto at = m.find(6);
  at = m.erase(at);
  CHECK(!m.contains(6));
  std::size_t walked = 0;
  for (auto it = m.begin(); it != m.end(); ++walked)
    if (it->first % 2)
      it = m.erase(it);
    else
      ++it;
  CHECK(walked == 998 && m.size() == 499);
  CHECK(hmap::erase_if(m, [](auto entry) { return entry.second < 500; }) == 249);
  CHECK_SOUND(m);
  CHECK(m.erase(m.begin(), m.end()) == m.end() && m.empty());
  m[1] = 1;
  m.clear();
  CHECK(m.empty() && m.begin() == m.end());
}

void nodes() {
  hmap::map<std::string, std::unique_ptr<int>> m, other;
  m.try_emplace("a", std::make_unique<int>(1));
  auto node = m.extract("a");
  CHECK(node && node.key() == "a" && *node.mapped() == 1 && m.empty());
  node.key() = "b";
  auto placed = other.insert(std::move(node));
  CHECK(placed.inserted && placed.position->first == "b" && placed.node.empty());
  m.try_emplace("hinted", std::make_unique<int>(9));
  CHECK(*other.insert(other.begin(), m.extract("hinted"))->second == 9 && other.erase("hinted") == 1);
  CHECK(!m.extract("absent") && !m.extract(std::string_view("absent")));
  m.try_emplace("b", std::make_unique<int>(2));
  auto refused = other.insert(m.extract("b"));
  CHECK(!refused.inserted && *refused.node.mapped() == 2 && *other.at("b") == 1);
  m.try_emplace("b", std::make_unique<int>(3));
  m.try_emplace("c", std::make_unique<int>(4));
  other.merge(m);
  CHECK(other.size() == 2 && m.size() == 1 && *other.at("b") == 1 && *other.at("c") == 4 && *m.at("b") == 3);
  hmap::map<std::string, std::unique_ptr<int>, std::hash<std::string>> otherwise_hashed;
  otherwise_hashed.try_emplace("d", std::make_unique<int>(5));
  other.merge(otherwise_hashed);
  CHECK(*other.at("d") == 5 && otherwise_hashed.empty());
}

void whole_maps() {
  hmap::map<int, std::string> a{{1, "x"}, {2, "y"}}, b{{2, "y"}, {1, "x"}};
  CHECK(a == b && !(a != b));
  b[3] = "z";
  CHECK(a != b);
  hmap::map<int, std::string> copy = b, moved = std::move(b);
  CHECK(copy == moved && b.empty());
  b = copy;
  CHECK(b == copy);
  b = std::move(copy);
  CHECK(b == moved && copy.empty());
  b = {{7, "seven"}};
  CHECK(b.size() == 1 && b.at(7) == "seven");
  swap(a, b);
  CHECK(a.size() == 1 && b.size() == 2);
  b = *&b;
  CHECK(b.size() == 2);
  hmap::map deduced{std::pair{1, 2.0}, std::pair{2, 3.0}};
  static_assert(std::is_same_v<decltype(deduced), hmap::map<int, double>>);
  std::vector<std::pair<const int, char>> source{{1, 'a'}};
  hmap::map from_range(source.begin(), source.end());
  static_assert(std::is_same_v<decltype(from_range), hmap::map<int, char>>);
}

void references_that_stay() { // contract 2 and 6
  hmap::map<int, std::string> a, b;
  a[1] = "stays";
  std::string &slot = a.at(1);
  a.insert({1, "refused"});
  a.try_emplace(1, "refused");
  a.reserve(1);
  a.erase(2);
  hmap::map<int, std::string> moved(std::move(a));
  CHECK(&moved.at(1) == &slot);
  swap(moved, b);
  CHECK(&b.at(1) == &slot && slot == "stays");
}

void room() {
  hmap::map<int, int> m;
  CHECK(m.bucket_count() == 0 && m.load_factor() == 0);
  m.reserve(1000);
  std::size_t buckets = m.bucket_count();
  for (int i = 0; i != 1000; ++i) m[i] = i;
  CHECK(m.bucket_count() == buckets && m.load_factor() <= m.max_load_factor());
  m.reserve(100000);
  CHECK(m.bucket_count() > buckets && m.size() == 1000);
  m.rehash(0);
  CHECK(m.bucket_count() == buckets);
  for (int i = 0; i != 1000; ++i) CHECK(m.at(i) == i);
  CHECK_SOUND(m);
  m.clear();
  m.rehash(0);
  CHECK(m.bucket_count() == 0);
  int refused = 0;
  for (std::size_t too_much : {m.max_size() + 1, std::numeric_limits<std::size_t>::max()})
    for (bool rehash : {false, true}) try {
        rehash ? m.rehash(too_much) : m.reserve(too_much);
      } catch (const std::length_error &) {
        ++refused;
      }
  CHECK(refused == 4 && m.bucket_count() == 0);
}

struct point {
  int x, y;
  friend bool operator==(point a, point b) { return a.x == b.x && a.y == b.y; }
};
struct point_hash {
  std::size_t operator()(point p) const { return static_cast<std::size_t>(p.x) * 31 + static_cast<std::size_t>(p.y); }
};
struct length_equal {
  using is_transparent = void;
  bool operator()(const std::string &a, const std::string &b) const { return a.size() == b.size(); }
  bool operator()(const std::string &a, std::size_t b) const { return a.size() == b; }
};
struct length_hash {
  using is_transparent = void;
  std::size_t operator()(const std::string &a) const { return a.size(); }
  std::size_t operator()(std::size_t a) const { return a; }
};
/// Strings that are equal whatever the case of their letters.
struct folded : std::char_traits<char> {
  static char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
  static int compare(const char *a, const char *b, std::size_t n) {
    for (; n != 0; --n, ++a, ++b)
      if (lower(*a) != lower(*b)) return lower(*a) < lower(*b) ? -1 : 1;
    return 0;
  }
};
using folded_string = std::basic_string<char, folded>;
struct folded_hash {
  std::size_t operator()(const folded_string &text) const {
    std::string lower;
    for (char c : text) lower += folded::lower(c);
    return std::hash<std::string>()(lower);
  }
};
std::size_t constant_hash(const int &) { return 42; }

void custom_parts() {
  hmap::map<point, int, point_hash, std::equal_to<point>> points;
  for (int i = 0; i != 500; ++i) points[{i, -i}] = i;
  CHECK(points.at({7, -7}) == 7);
  hmap::map<std::string, int, length_hash, length_equal> lengths{{"aa", 2}, {"bbb", 3}};
  CHECK(lengths.at("xx") == 2 && lengths.find(std::size_t{3})->second == 3 && lengths.erase(std::size_t{2}) == 1);
  hmap::map<int, int, std::size_t (*)(const int &)> one_chain(0, constant_hash);
  for (int i = 0; i != 300; ++i) one_chain[i] = i;
  for (int i = 0; i != 300; i += 3) CHECK(one_chain.erase(i) == 1);
  CHECK(one_chain.size() == 200 && one_chain.at(4) == 4);
  CHECK(one_chain.hash_function() == constant_hash && one_chain.key_eq()(4, 4) && one_chain.max_size() > 200);
  CHECK_SOUND(one_chain);
  hmap::map<folded_string, int, folded_hash> headers{{"Content-Length", 1}};
  CHECK(headers.contains("content-length") && !headers.try_emplace("CONTENT-LENGTH").second);
  hmap::map<std::string, int, hmap::hash<>, std::equal_to<>> any{{"k", 1}};
  CHECK(any.at(std::string_view("k")) == 1 && any.contains("k"));
  hmap::map<std::pair<int, std::string>, int> pairs;
  pairs[{1, "a"}] = 2;
  CHECK(pairs.contains({1, "a"}) && !pairs.contains({1, "b"}));
}

void allocators() {
  allocation_counts counts;
  {
    using counted = hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, counting_allocator<std::pair<int, int>>>;
    counted m{counting_allocator<std::pair<int, int>>(counts)};
    CHECK(counts.calls == 0); // contract 1
    for (int i = 0; i != 5000; ++i) m[i] = i;
    counted copy(m);
    counted moved(std::move(m), counting_allocator<std::pair<int, int>>(counts));
    CHECK(copy == moved && counts.live != 0);
    allocation_counts elsewhere;
    {
      counted far(std::move(copy), counting_allocator<std::pair<int, int>>(elsewhere));
      CHECK(far == moved && copy.empty());
    }
    CHECK(elsewhere.calls != 0 && elsewhere.live == 0);
  }
  CHECK(counts.live == 0 && counts.bytes == 0);
  std::pmr::monotonic_buffer_resource arena;
  hmap::map<int, int, hmap::hash<int>, hmap::equal_to<int>, std::pmr::polymorphic_allocator<std::pair<int, int>>>
      pooled(&arena);
  for (int i = 0; i != 100; ++i) pooled[i] = i;
  CHECK(pooled.at(50) == 50);
}

void sets() {
  hmap::set<std::string> s{"a", "b"};
  CHECK(s.insert("c").second && !s.insert("c").second && s.emplace(3, 'd').second);
  CHECK(s.contains("ddd") && s.contains(std::string_view("a")) && s.size() == 4);
  CHECK(*s.extract("a") == "a" && !s.extract(std::string_view("a")));
  CHECK(*s.emplace_hint(s.begin(), "b") == "b");
  hmap::set<std::string> other{"b", "z"};
  s.merge(other);
  CHECK(s.contains("z") && other.size() == 1);
  CHECK(hmap::erase_if(s, [](const std::string &key) { return key.size() == 1; }) == 3);
  CHECK(s == hmap::set<std::string>{"ddd"});
  std::vector<int> many(500);
  for (int i = 0; i != 500; ++i) many[static_cast<std::size_t>(i)] = i / 2;
  hmap::set unique(many.begin(), many.end());
  static_assert(std::is_same_v<decltype(unique), hmap::set<int>>);
  CHECK(unique.size() == 250 && std::count_if(unique.begin(), unique.end(), [](int i) { return i < 100; }) == 100);
  CHECK_SOUND(unique);
}

void iterators() {
  hmap::map<int, int> m{{1, 10}};
  hmap::map<int, int>::const_iterator c = m.begin();
  auto it = m.begin();
  CHECK(c == it && it->first == 1 && (*it).second == 10);
  it->second = 11;
  for (auto [key, value] : m) value += key;
  CHECK(m.at(1) == 12);
  for (auto &&[key, value] : m) value += key;
  for (const auto &[key, value] : m) value += key;
  CHECK(m.at(1) == 14);
  CHECK(it++ == m.find(1) && it == m.end());
  static_assert(std::is_trivially_copyable_v<hmap::map<int, int>::iterator>);
#if defined(__cpp_lib_concepts)
  static_assert(std::forward_iterator<hmap::map<int, int>::iterator>);
  static_assert(std::forward_iterator<hmap::set<int>::iterator>);
#endif
}

} // namespace

int main() {
  lookups();
  additions();
  arguments_of_the_map_itself();
  erasures();
  nodes();
  whole_maps();
  references_that_stay();
  room();
  custom_parts();
  allocators();
  sets();
  iterators();
}
