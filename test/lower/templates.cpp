// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
template <class T> struct Box {
  T *p;
  T *get() { return p; }
  void unused() { p = nullptr; }
  template <class U> U *as(U *u) { return p ? u : nullptr; }
  friend T *peek(Box &b) { return b.p; }
};
template <> struct Box<char> {
  char *get() { return nullptr; }
};
template <class T> T *make(T *t) { return t; }
template <> char *make(char *) { return nullptr; }

int *use(Box<int> b, Box<char> c, long *l) {
  c.get();
  make(l);
  b.as(l);
  peek(b);
  return b.get();
}
// CHECK-NOT:   unused
// CHECK-LABEL: function @_ZN3BoxIiE3getEv "Box<int>::get()"
// CHECK:       use this*."Box<int>::p"
// CHECK-NOT:   unused
// CHECK-LABEL: function @_ZN3BoxIiE2asIlEEPT_S3_
// CHECK-LABEL: function @_Z4peekR3BoxIiE
// CHECK-LABEL: function @_ZN3BoxIcE3getEv
// CHECK-LABEL: function @_Z4makeIlEPT_S1_
// CHECK-LABEL: function @_Z4makeIcEPT_S1_
// CHECK-NOT:   function @_ZN3BoxIcE3getEv
// CHECK-LABEL: "use(Box<int>, Box<char>, long *)"
