// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
int *f(int *);
struct S { int *p; S *next; int n; };

int *comma(int *p) { return f(p), p; }
// CHECK-LABEL: "comma(int *)"
// CHECK:       call %0 <- @_Z1fPi(arg0)
// CHECK-NEXT:  copy ret <- arg0 return

int *statements(int *p) {
  return ({
    int *q = p;
    q;
  });
}
// CHECK-LABEL: "statements(int *)"
// CHECK:       copy l0 <- arg0 init
// CHECK-NEXT:  copy [[T:%.]] <- l0
// CHECK:       copy ret <- [[T]] return

int unevaluated(S *s) { return sizeof(s->next->n) + alignof(S) + noexcept(f(s->p)); }
// CHECK-LABEL: "unevaluated(S *)"
// CHECK-NOT:   use
// CHECK-NOT:   call
// CHECK:       block 1

void chains(S *s, int *q) {
  s->next->p = s->p;
  (*s).next = s;
  ++s->n;
  s->n += 2;
  int *&alias = s->p;
  alias = q;
  int *S::*member = &S::p;
  s->*member = q;
}
// CHECK-LABEL: "chains(S *, int *)"
// CHECK:       use arg0*."S::p"
// CHECK:       use arg0*."S::next"
// CHECK:       use arg0*."S::next"*."S::p" write
// CHECK-NEXT:  copy arg0*."S::next"*."S::p" <- arg0*."S::p" assign
// CHECK:       copy arg0*."S::next" <- arg0 assign
// CHECK:       use arg0*."S::n" write
// CHECK:       use arg0*."S::n" write
// CHECK:       borrow l0 <- arg0*."S::p" ref bind
// CHECK:       use l0* write
// CHECK-NEXT:  copy l0* <- arg1 assign
// CHECK:       use arg0* write

struct Range { int *from, *to; };
int *first(Range);
int *literal(int *p) { return first((Range){p, p}); }
// CHECK-LABEL: "literal(int *)"
// CHECK:       copy %[[RANGE:[0-9]+]]."Range::from" <- arg0
// CHECK:       call {{.*}}(%[[RANGE]])
int *element(int *p) { return ((int *[]){p, p})[1]; }
// CHECK-LABEL: "element(int *)"
// CHECK:       copy %[[ARRAY:[0-9]+]][in] <- arg0
// CHECK:       copy ret <- %[[ARRAY]][in]
