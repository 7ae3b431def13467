// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
struct K { int a; };
struct P { int *p; };
enum E { One };
void scalars(int, long, bool, E, const char *, int *, double);
void references(const int &, int &&, const K &);
void objects(K, P);
int *defaults(int *p = new int(1), int n = 2);

void pass(int n, K k, P p, int *q, P &r) {
  scalars(n, 3, true, One, "text", nullptr, n + 1);
  scalars(k.a, -3, false, One, "", q, 1.0);
  references(7, static_cast<int &&>(n), k);
  objects(k, p);
  objects(K{1}, P{q});
  objects(k, r);
  defaults();
}
// CHECK-LABEL: "pass(int, K, P, int *, P &)"
// CHECK:       call @_Z7scalarsilb1EPKcPid(arg0, const"3", const"true", const"One=0", const"\"text\"", _, _)
// CHECK:       call @_Z7scalarsilb1EPKcPid(arg1."K::a", const"-3", const"false", const"One=0", const"\"\"", arg3, _)
// CHECK:       borrow [[A:%.]] <- const"7" ref argument
// CHECK-NEXT:  borrow [[B:%.]] <- arg0 ref argument
// CHECK-NEXT:  borrow [[C:%.]] <- arg1 ref argument
// CHECK-NEXT:  call @_Z10referencesRKiOiRK1K([[A]], [[B]], [[C]])
// CHECK:       live [[D:%.]]
// CHECK-NEXT:  copy [[D]] <- arg2 argument
// CHECK-NEXT:  call @_Z7objects1K1P(arg1, [[D]])
// CHECK:       copy [[G:%.]]."P::p" <- arg3 argument
// CHECK-NEXT:  call @_Z7objects1K1P(_, [[G]])
// CHECK:       use arg4*
// CHECK:       copy [[H:%.+]] <- arg4* argument
// CHECK-NEXT:  call @_Z7objects1K1P(arg1, [[H]])
// CHECK:       borrow [[I:%.+]] <- heap0 ref new at [[AT:.*]]
// CHECK-NEXT:  call %{{.*}} <- @_Z8defaultsPii([[I]], const"2") at [[AT]]
