// What global-holds-local gets wrong.
int *same(int *pointer); // no body, no annotation

static int *stored = nullptr;

void through() {
  int local = 0;
  stored = same(&local); // FN_global-holds-local
}
