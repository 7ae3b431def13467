//===- SharedMemory.h - What a process and those that it starts see alike -----------------------------------------===//
#pragma once

#include "llvm/Support/ErrorHandling.h"
#include <new>
#include <sys/mman.h>

namespace refleak {

/// One T, in memory that a process shares with all that it forks from then on. What several of them write has to be
/// atomic.
template <class T> class SharedMemory {
public:
  SharedMemory() {
    void *Memory = mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (Memory == MAP_FAILED) llvm::report_fatal_error("no shared memory to be had");
    Object = new (Memory) T();
  }
  ~SharedMemory() { munmap(Object, sizeof(T)); }
  SharedMemory(const SharedMemory &) = delete;
  SharedMemory &operator=(const SharedMemory &) = delete;

  T *operator->() { return Object; }
  const T *operator->() const { return Object; }

private:
  T *Object;
};

} // namespace refleak
