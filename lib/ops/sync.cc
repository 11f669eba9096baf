#include "ops/sync.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "ops/system_error.h"
#include "posix/file_descriptor.h"

namespace minqing::ops {

Status sync_file(const std::string& path) {
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!fd.is_open()) return system_error(errno, "cannot open " + path);
  if (::fsync(fd.get()) != 0) {
    return Error{Errc::kIo, "fsync of " + path + ": " + system_message(errno)};
  }
  return ok();
}

Status sync_directory(const std::string& path) {
  const FileDescriptor fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd.is_open()) return system_error(errno, "cannot open directory " + path);
  if (::fsync(fd.get()) != 0) {
    return Error{Errc::kIo, "fsync of the directory " + path + ": " + system_message(errno)};
  }
  return ok();
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace minqing::ops
