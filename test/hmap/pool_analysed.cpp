// What the analyzer makes of hmap::pool (contract 4): its model is rules/models/hmap/pool.json.
//
// RUN: %expect --flags "-std=c++17 %hmap" %s

#include <hmap/pool.h>

#include <string>
#include <utility>

using Texts = hmap::pool<std::string>;

std::size_t used_after_put(Texts &texts) {
  Texts::handle text = texts.get();
  std::string &kept = *text;
  text.put();
  return kept.size(); // expect: owner-gone
}

std::size_t used_after_given_back(Texts &texts) {
  Texts::handle text = texts.get();
  std::string *kept = text.get();
  texts.put(std::move(text));
  return kept->size(); // expect: owner-gone
}

std::string *left_with_handle(Texts &texts) {
  Texts::handle text = texts.get();
  return text.get(); // expect: owner-gone
}

std::size_t in_time(Texts &texts) {
  Texts::handle text = texts.get();
  std::string &kept = *text;
  std::size_t size = kept.size();
  text.put();
  return size;
}

std::unique_ptr<std::string> released(Texts &texts) {
  Texts::handle text = texts.get();
  std::string &kept = *text;
  std::unique_ptr<std::string> own = text.release();
  kept += "x";
  return own;
}

Texts::handle passed_on(Texts &texts) {
  Texts::handle text = texts.get();
  *text = "x";
  return text;
}
