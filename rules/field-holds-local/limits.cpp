// What field-holds-local gets wrong.
int *same(int *pointer); // no body, no annotation

struct Handle {
  int *address = nullptr;

  void open() {
    int local = 0;
    address = same(&local); // FN_field-holds-local
  }
};
