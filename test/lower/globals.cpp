// RUN: %refleak facts %s -- -std=c++20 -w | FileCheck %s
extern int *shared;
int *global = shared;
static int *hidden = shared;
int constant = 3;
int *table[] = {shared, global};
namespace ns { inline int *named = shared; thread_local int *own; }
namespace { int *anonymous() { return hidden; } }
struct S { static int *member; };
int *S::member = nullptr;

// CHECK-LABEL: function @"init:global"
// CHECK:       copy @global <- @shared init
// CHECK-LABEL: function @"init:{{.*}}globals.cpp:hidden"
// CHECK-NOT:   "init:constant"
// CHECK-LABEL: function @"init:table"
// CHECK:       copy @table[in] <- @shared init
// CHECK-NEXT:  copy @table[in] <- @global init
// CHECK-LABEL: function @"init:ns::named"
// CHECK-LABEL: function @"{{.*}}globals.cpp:_ZN12_GLOBAL__N_19anonymousEv" "anonymous()"

int *uses(S &s) {
  static int *once = anonymous();
  once = ns::own;
  s.member = once;
  return S::member;
}
// CHECK-LABEL: "uses(S &)"
// CHECK:       block 0 -> 1 2
// CHECK:       copy @"{{.*}}uses(S &)::once" <- %0 init
// CHECK:       block 2 -> 3
// CHECK-NEXT:  copy @"{{.*}}uses(S &)::once" <- @"ns::own" assign
// CHECK-NEXT:  copy @"S::member" <- @"{{.*}}uses(S &)::once" assign
// CHECK-NEXT:  copy ret <- @"S::member" return
