// What return-local gets wrong.
int *same(int *pointer); // no body, no annotation

int *through() {
  int local = 0;
  return same(&local); // FN_return-local
}
