#include <string>
#include <string_view>
#include <vector>

void split(const std::string &text, std::vector<std::string_view> &parts) {
  std::string lower = text + " ";
  parts.push_back(lower); // expect: outparam-escape
}

void locate(int **result) {
  int found = 1;
  *result = &found; // expect: outparam-escape
}

void name(std::string given, std::string_view &result) {
  result = given; // expect: outparam-escape
}

// A loop that looks at a variable that nobody else has waits for nobody.
struct Job {
  Job *next;
  int steps;
};
struct Jobs {
  Job *first;
};
bool step(Jobs *jobs);
static void post(Jobs *jobs, Job *job) {
  job->next = jobs->first;
  jobs->first = job;
}
int hurry(Jobs *jobs) {
  Job job{nullptr, 0};
  post(jobs, &job); // expect: outparam-escape
  int tries = 3;
  while (tries > 0)
    if (step(jobs)) --tries;
  return job.steps;
}

// What is copied, a constant tells.
enum Lifetime { Lent, Copied };
struct Statement {
  const char *text = nullptr;
  std::string own;
};
void bind(Statement &to, const std::string &text, Lifetime how) {
  to.text = text.c_str();
  if (how == Copied) {
    to.own = text;
    to.text = to.own.c_str();
  }
}
void bindNumber(Statement &to, int number) {
  std::string text = std::to_string(number);
  bind(to, text, Lent); // expect: outparam-escape
}
