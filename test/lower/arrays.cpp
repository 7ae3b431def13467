// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
void sink(int *);
struct S { int *in[2]; };

void arrays(S &s, int *q) {
  int a[3];
  int *p = a;
  p = &a[1];
  p[1] = 2;
  *(p + 1) = 3;
  p++;
  s.in[0] = q;
  int *both[] = {p, q};
  sink(both[1]);
  sink(a + 1);
}
// CHECK-LABEL: "arrays(S &, int *)"
// CHECK:       borrow l1 <- l0[in] ref decay
// CHECK:       borrow l1 <- l0[in] ref address-of
// CHECK:       use l1* write
// CHECK:       use l1* write
// CHECK:       use arg0*."S::in"[in] write
// CHECK-NEXT:  copy arg0*."S::in"[in] <- arg1 assign
// CHECK:       copy l2[in] <- l1 init
// CHECK-NEXT:  copy l2[in] <- arg1 init
// CHECK:       call @_Z4sinkPi(l2[in])
// CHECK:       borrow [[T:%.]] <- l0[in] ref decay
// CHECK-NEXT:  call @_Z4sinkPi([[T]])

struct Grid { int *cells[2][2]; };
int *grid(Grid &g) { return g.cells[1][0]; }
// CHECK-LABEL: "grid(Grid &)"
// CHECK:       copy ret <- arg0*."Grid::cells"[in] return

Grid copied(const Grid &g) { return g; }
// CHECK-LABEL: "copied(const Grid &)"
// CHECK:       use arg0*
// CHECK-NEXT:  copy ret <- arg0* return

const char *literal() { return "text"; }
// CHECK-LABEL: "literal()"
// CHECK:       clear ret

// What a pointer leads to that is indexed or moved along is an array, if its objects can hold loans.
struct Named { const char *name; };
void walk(Named *all, int **table, char *text, int n) {
  all[n].name = text;
  table[0] = &n;
  text[n] = 0;
  for (int **each = table; n--; ++each) *each = nullptr;
}
// CHECK-LABEL: "walk(Named *, int **, char *, int)"
// CHECK:       array arg0*
// CHECK-NEXT:  array l0*
// CHECK-NEXT:  block 0
