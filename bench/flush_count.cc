// A shared library for LD_PRELOAD: counts what a program asks the disk to make durable, in the file
// that the environment names (flush_totals.h), and passes every call on.
//
// Counted: fsync, fdatasync, sync_file_range, syncfs, sync, and msync with MS_SYNC. Not seen:
// writes to a descriptor opened with O_SYNC or O_DSYNC, and io_uring; the programs measured use
// neither. Cost: one readlink a flush, well under 1 % of the flush itself.
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <dlfcn.h>

#include "bench/flush_totals.h"

namespace {

using minqing::bench::FlushTotals;

FlushTotals* open_totals() {
  const char* path = std::getenv(minqing::bench::kFlushFileVariable);
  if (path == nullptr) return nullptr;
  const int fd = ::open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return nullptr;
  void* memory = ::mmap(nullptr, sizeof(FlushTotals), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  return memory == MAP_FAILED ? nullptr : static_cast<FlushTotals*>(memory);
}

FlushTotals* totals() {
  static FlushTotals* const opened = open_totals();
  return opened;
}

bool is_log(int fd) {
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
  if (length <= 0) return false;
  const std::string_view name{path, static_cast<std::size_t>(length)};
  return name.ends_with("-wal") || name.ends_with(".aof");
}

void count(bool of_log) {
  FlushTotals* const to = totals();
  if (to == nullptr) return;
  to->all.fetch_add(1, std::memory_order_relaxed);
  if (of_log) to->of_log.fetch_add(1, std::memory_order_relaxed);
}

/// The function that this library stands in front of.
template <class Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

int fsync(int fd) {
  static auto* const real = next<int(int)>("fsync");
  count(is_log(fd));
  return real(fd);
}

int fdatasync(int fd) {
  static auto* const real = next<int(int)>("fdatasync");
  count(is_log(fd));
  return real(fd);
}

int sync_file_range(int fd, off64_t offset, off64_t bytes, unsigned int flags) {
  static auto* const real = next<int(int, off64_t, off64_t, unsigned int)>("sync_file_range");
  count(is_log(fd));
  return real(fd, offset, bytes, flags);
}

int syncfs(int fd) noexcept {
  static auto* const real = next<int(int)>("syncfs");
  count(false);
  return real(fd);
}

void sync() noexcept {
  static auto* const real = next<void()>("sync");
  count(false);
  real();
}

int msync(void* address, std::size_t bytes, int flags) {
  static auto* const real = next<int(void*, std::size_t, int)>("msync");
  if ((flags & MS_SYNC) != 0) count(false);
  return real(address, bytes, flags);
}

}  // extern "C"
