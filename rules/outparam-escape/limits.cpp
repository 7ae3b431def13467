// What outparam-escape gets wrong.
int *same(int *pointer); // no body, no annotation

void through(int **result) {
  int local = 0;
  *result = same(&local); // FN_outparam-escape
}
