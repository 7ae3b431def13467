// RUN: %refleak facts %s -- -std=c++20 | FileCheck %s
#include <memory>
#include <vector>

struct Log {
  ~Log();
  void write();
};

struct Section {
  explicit Section(Log &l);
  ~Section();
  Log &log;
};

struct Report {
  explicit Report(Section *given) : extra(given), own(log) {}
  ~Report() { log.write(); }
  std::vector<std::unique_ptr<Section>> more;
  std::unique_ptr<Section> extra;
  Section own;
  int pages = 0;
  Log log;
};
// CHECK:      function @"life:_ZN6ReportC1EP7Section" "Report::Report(Section *)" life at
// CHECK:        live l0
// CHECK-NEXT:   borrow this <- l0 ref this
// CHECK-NEXT:   call @_ZN6ReportC1EP7Section(this=this, arg0)
// CHECK-NEXT:   borrow [[L:%.]] <- this*."Report::log" ref this
// CHECK-NEXT:   use this*."Report::log" call
// CHECK-NEXT:   call @_ZN3Log5writeEv(this=[[L]])
// CHECK-NEXT:   borrow [[L:%.]] <- this*."Report::log" ref this
// CHECK-NEXT:   call @_ZN3LogD1Ev(this=[[L]])
// CHECK-NEXT:   expire this*."Report::log" scope
// CHECK-NEXT:   borrow [[O:%.]] <- this*."Report::own" ref this
// CHECK-NEXT:   call @_ZN7SectionD1Ev(this=[[O]])
// CHECK-NEXT:   expire this*."Report::own" scope
// CHECK-NEXT:   call @_ZN7SectionD1Ev(this=this*."Report::extra")
// CHECK-NEXT:   expire this*."Report::extra" scope
// CHECK-NEXT:   call @_ZN7SectionD1Ev(this=this*."Report::more"[])
// CHECK-NEXT:   expire this*."Report::more" scope

// Destructors that nobody wrote run those that somebody did, of what is shared as well.
struct Marked : Section {
  explicit Marked(Log &l) : Section(l), mark(l) {}
  Section mark;
};
struct Cover {
  explicit Cover(std::shared_ptr<Marked> given) : marked(given) {}
  std::shared_ptr<Marked> marked;
  std::vector<int> pages;
};
// CHECK:      function @"life:_ZN5CoverC1ESt10shared_ptrI6MarkedE"
// CHECK:        expire this*."Cover::pages" scope
// CHECK-NEXT:   borrow [[M:%.]] <- this*."Cover::marked"*."Marked::mark" ref this
// CHECK-NEXT:   call @_ZN7SectionD1Ev(this=[[M]])
// CHECK-NEXT:   borrow [[B:%.]] <- this*."Cover::marked"* ref this
// CHECK-NEXT:   call @_ZN7SectionD1Ev(this=[[B]])
// CHECK-NEXT:   expire this*."Cover::marked" scope

// Nothing ends by code that somebody wrote before another member does.
struct Plain {
  explicit Plain(int n) : numbers(n) {}
  std::vector<int> numbers;
  Log log;
};
struct InOrder {
  InOrder() : own(log) {}
  Log *given = nullptr;
  Log &log = *given;
  Section own;
};
// A deleter may do anything, and so may a destructor that is written elsewhere.
struct Close {
  void operator()(Section *section) const;
};
struct Handle {
  Handle() = default;
  std::unique_ptr<Section, Close> section;
  std::vector<int> buffer;
};
struct Elsewhere {
  Elsewhere() : own(log) {}
  ~Elsewhere();
  Section own;
  Log log;
};
// What a union holds, somebody ends by hand.
struct Result {
  Result() {}
  ~Result() { own.~Section(); }
  union {
    Log log;
  };
  union {
    Section own;
  };
};
// CHECK-NOT: life:
