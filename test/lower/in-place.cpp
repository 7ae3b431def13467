// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
// What a library function constructs of its arguments is constructed at the call.
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
struct W {
  int &r;
  std::string_view s;
  W(int &x, std::string_view v) : r(x), s(v) {}
};
struct Aggregate { int *p; int n; };

std::unique_ptr<W> unique(int &x, std::string &s) { return std::make_unique<W>(x, s); }
// CHECK-LABEL: "unique(int &, std::string &)"
// CHECK:       call ret <- @{{.*}}make_unique{{.*}}(arg0, arg1)
// CHECK-NEXT:  live heap0
// CHECK-NEXT:  borrow [[V:%.]] <- arg1*{{.*}} view argument
// CHECK-NEXT:  borrow [[O:%.]] <- heap0 ref this
// CHECK-NEXT:  call @_ZN1WC1ERi{{.*}}(this=[[O]], arg0, [[V]])
// CHECK-NEXT:  borrow ret <- heap0 own new

void shared(int *p) { auto a = std::make_shared<Aggregate>(p, 1); }
// CHECK-LABEL: "shared(int *)"
// CHECK:       copy heap0."Aggregate::p" <- [[T:%.]]* field
// CHECK:       borrow l0 <- heap0 share new

void emplaced(std::vector<W> &v, int &x, std::string_view s, std::vector<int *> &p, int *q) {
  v.emplace_back(x, s);
  p.emplace_back(q);
}
// CHECK-LABEL: "emplaced(
// CHECK:       borrow [[O:%.]] <- arg0*[] ref this
// CHECK-NEXT:  call @_ZN1WC1ERi{{.*}}(this=[[O]], arg1,
// CHECK:       call {{.*}}emplace_back
// CHECK:       copy arg3*[] <- %{{.*}}* insert

void optional(int &x, std::string_view s) {
  std::optional<W> o;
  o.emplace(x, s);
}
// CHECK-LABEL: "optional(
// CHECK:       borrow [[O:%.]] <- %{{.}}*[in] ref this
// CHECK-NEXT:  call @_ZN1WC1ERi{{.*}}(this=[[O]], arg0,
