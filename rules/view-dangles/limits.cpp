// What view-dangles gets wrong.
#include <string>
#include <string_view>

std::string_view trimmed(std::string_view text); // no body, no annotation

char unknown() {
  std::string_view view = trimmed(std::string(" a "));
  return view[0]; // FN_view-dangles
}
