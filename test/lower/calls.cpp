// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
struct T { virtual int *get(); int *plain(); static int *shared(int *); int &ref(); ~T(); };
struct F final : T { int *get() override; };
struct Call { int *operator()(int *); int *operator[](int *); int *operator->(); operator int *(); };
void sink(int *);

void members(T &t, F &f, T v) {
  t.get();
  t.T::get();
  f.get();
  v.get();
  t.shared(nullptr);
  sink(&t.ref());
}
// CHECK-LABEL: "members(T &, F &, T)"
// CHECK:       use arg0* call
// CHECK-NEXT:  call %{{.}} <- @_ZN1T3getEv(this=arg0) virtual
// CHECK-NEXT:  use arg0* call
// CHECK-NEXT:  call %{{.}} <- @_ZN1T3getEv(this=arg0) at
// CHECK:       call %{{.}} <- @_ZN1F3getEv(this=arg1) at
// CHECK:       borrow [[V:%.]] <- arg2 ref this
// CHECK-NEXT:  call %{{.}} <- @_ZN1T3getEv(this=[[V]]) at
// CHECK:       call %{{.}} <- @_ZN1T6sharedEPi(_)
// CHECK:       call [[R:%.]] <- @_ZN1T3refEv(this=arg0)
// CHECK-NEXT:  borrow [[A:%.]] <- [[R]]* ref address-of
// CHECK-NEXT:  call @_Z4sinkPi([[A]])

void operators(Call &c, int *p) {
  c(p);
  c[p];
  sink(c);
}
// CHECK-LABEL: "operators(Call &, int *)"
// CHECK:       call %{{.}} <- @_ZN4CallclEPi(this=arg0, arg1)
// CHECK:       call %{{.}} <- @_ZN4CallixEPi(this=arg0, arg1)
// CHECK:       call [[R:%.]] <- @_ZN4CallcvPiEv(this=arg0)
// CHECK-NEXT:  call @_Z4sinkPi([[R]])

int *values(int *(*f)(int *), int *(T::*m)(), T *t, int *p) {
  f(p);
  (*f)(p);
  (t->*m)();
  auto g = &sink;
  g(p);
  return f(p);
}
// CHECK-LABEL: "values(
// CHECK:       call %{{.}} <- through arg0(arg3)
// CHECK-NEXT:  call %{{.}} <- through arg0(arg3)
// CHECK-NEXT:  call %{{.}} <- through arg1(this=arg2)
// CHECK:       borrow l0 <- code@_Z4sinkPi code address-of
// CHECK-NEXT:  call through l0(arg3)
// CHECK-NEXT:  call [[R:%.]] <- through arg0(arg3)
// CHECK-NEXT:  copy ret <- [[R]] return

[[noreturn]] void fail();
int *unreachable(int *p) {
  if (!p) fail();
  return p;
}
// CHECK-LABEL: "unreachable(int *)"
// CHECK:       block {{.}}{{$}}
// CHECK-NEXT:  assume arg0 null
// CHECK-NEXT:  call @_Z4failv()
