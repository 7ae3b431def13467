#include "driver/Driver.h"

int main(int Count, char **Arguments) {
  return refleak::run(Arguments[0], llvm::ArrayRef<const char *>(Arguments + 1, Arguments + Count));
}
