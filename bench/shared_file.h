// SharedFile: one T in a file that several processes map, so that figures pass between them without
// a call. T is made of lock-free atomics; zero bytes are its beginning.
#pragma once

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>

#include "core/result.h"
#include "posix/file_descriptor.h"

namespace minqing::bench {

template <class T>
class SharedFile {
 public:
  /// Makes it, all zero. Errors: kIo.
  static Result<SharedFile> create(const std::filesystem::path& path) {
    return map(path, O_CREAT | O_TRUNC);
  }
  /// What another process made. Errors: kIo.
  static Result<SharedFile> open(const std::filesystem::path& path) { return map(path, 0); }

  SharedFile(SharedFile&& other) noexcept : value_{std::exchange(other.value_, nullptr)} {}
  SharedFile& operator=(SharedFile&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;
  ~SharedFile() {
    if (value_ != nullptr) ::munmap(value_, sizeof(T));
  }

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  explicit SharedFile(T* value) : value_{value} {}

  static Result<SharedFile> map(const std::filesystem::path& path, int flags) {
    const auto failed = [&](const char* what) {
      return Error{Errc::kIo, std::string{"cannot "} + what + " " + path.string() + ": " +
                                  std::strerror(errno)};
    };
    const FileDescriptor fd{::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, 0600)};
    if (!fd.is_open()) return failed("open");
    if (flags != 0 && ::ftruncate(fd.get(), sizeof(T)) != 0) return failed("size");
    void* memory = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
    if (memory == MAP_FAILED) return failed("map");
    return SharedFile{static_cast<T*>(memory)};
  }

  T* value_ = nullptr;
};

}  // namespace minqing::bench
