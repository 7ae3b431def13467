// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
struct S {
  int *p;
  void method() {
    auto f = [this] { return p; };
    auto g = [*this] { return p; };
    auto h = [=] { return this->p; };
  }
};
int *captures(int &r) {
  int x, y;
  auto f = [&x, y, &r, z = &y] {
    x = y + r;
    return z;
  };
  return f();
}
// CHECK-LABEL: "S::method()"
// CHECK:       borrow l0 <- code@[[F:.*]] code init
// CHECK-NEXT:  copy l0.this <- this capture
// CHECK:       borrow l1 <- code@[[G:.*]] code init
// CHECK-NEXT:  use this*
// CHECK-NEXT:  copy l1.this <- this* capture
// CHECK:       copy l2.this <- this capture

// CHECK-LABEL: "captures(int &)"
// CHECK:       borrow l2 <- code@[[LAMBDA:.*]] code init
// CHECK-NEXT:  borrow l2.x <- l0 ref capture
// CHECK-NEXT:  borrow l2.r <- arg0* ref capture
// CHECK-NEXT:  borrow l2.z <- l1 ref address-of
// CHECK:       borrow %0 <- l2 ref this
// CHECK-NEXT:  call %1 <- @[[LAMBDA]](this=%0)
// CHECK-NEXT:  copy ret <- %1 return

void nested(int *p) {
  auto outer = [&] {
    auto inner = [&] { return *p; };
    return inner();
  };
}
int *(*converted())(int *) {
  return [](int *q) { return q; };
}
// CHECK-LABEL: "converted()"
// CHECK:       borrow ret <- code@{{.*}} code

// CHECK:       function @[[F]] "lambda"
// CHECK:       use this*.this*."S::p"
// CHECK-NEXT:  copy ret <- this*.this*."S::p" return
// CHECK:       function @[[G]] "lambda"
// CHECK:       copy ret <- this*.this."S::p" return

// CHECK:       function @[[LAMBDA]] "lambda" {{.*}}method lambda parent @_Z8capturesRi
// CHECK:       use this*.y
// CHECK-NEXT:  use this*.r*
// CHECK-NEXT:  use this*.x* write
// CHECK:       copy ret <- this*.z return

// CHECK-LABEL: "lambda" {{.*}} parent @_Z6nestedPi
// CHECK:       borrow l0.p <- this*.p* ref capture
// CHECK:       function {{.*}} "lambda"
// CHECK:       use this*.p*
// CHECK-NEXT:  use this*.p**
